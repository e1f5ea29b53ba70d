package org.zonda.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.zonda.model.tokenizer.Vocabularies.CONTROL;
import static org.zonda.model.tokenizer.Vocabularies.NORMAL;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zonda.model.ZondaException;
import org.zonda.model.gguf.MetadataBuilder;
import org.zonda.model.tokenizer.Tokenizer.Specials;

class WordPieceTest {

  private static final String P = "tokenizer.ggml.";

  /** Ids 0 to 2 are {@code [UNK] [CLS] [SEP]}; the pieces are those of the test. */
  private static Vocabularies vocabulary(String... pieces) {
    return new Vocabularies().add(CONTROL, "[UNK]", "[CLS]", "[SEP]").add(NORMAL, pieces);
  }

  private static Tokenizer tokenizer(String... pieces) {
    return Tokenizers.of(vocabulary(pieces).bert(metadata -> {}));
  }

  private static List<String> words(boolean cased, String text) {
    List<String> words = new ArrayList<>();
    new BertWords(!cased, !cased).split(text, word -> words.add(word.toString()));
    return words;
  }

  @Test
  void theLongestPieceIsTakenFirst() {
    Tokenizer tokenizer = tokenizer("\u2581un", "\u2581una", "aff", "ffable", "able", "ff");
    // una, not un + aff, since it is longer; then ffable, not ff + able.
    assertThat(tokenizer.encode("unaffable", Specials.PLAIN)).containsExactly(4, 6);
  }

  @Test
  void aWordThatCannotBeCutIsUnknownAsAWhole() {
    Tokenizer tokenizer = tokenizer("\u2581un", "able", "a", "\u2581b");
    assertThat(tokenizer.encode("unable unax b", Specials.PLAIN)).containsExactly(3, 4, 0, 6);
    // What continues a word does not begin one.
    assertThat(tokenizer.encode("able", Specials.PLAIN)).containsExactly(0);
  }

  @Test
  void aHundredCharactersAreAWordAndOneMoreAreUnknown() {
    Tokenizer tokenizer = tokenizer("\u2581\uD83D\uDE80", "\uD83D\uDE80");
    assertThat(tokenizer.encode("\uD83D\uDE80".repeat(100), Specials.PLAIN)).hasSize(100);
    assertThat(tokenizer.encode("\uD83D\uDE80".repeat(101), Specials.PLAIN)).containsExactly(0);
  }

  @Test
  void wordsAreCleanedAndCut() {
    assertThat(words(false, "H\u00C9llo, W\u00F6rld!")).containsExactly("hello", ",", "world", "!");
    assertThat(words(true, "H\u00C9llo, W\u00F6rld!"))
        .containsExactly("H\u00C9llo", ",", "W\u00F6rld", "!");
    assertThat(words(false, "a\u0000b\u200Dc\uFFFDd\te\u00A0f\u3000g"))
        .containsExactly("abcd", "e", "f", "g");
    assertThat(words(false, "x\u4E2D\u6587y")).containsExactly("x", "\u4E2D", "\u6587", "y");
    assertThat(words(false, "$5+a_b`")).containsExactly("$", "5", "+", "a", "_", "b", "`");
    assertThat(words(false, "\u0130I")).containsExactly("ii");
    assertThat(words(false, " \n\u0301\u200B ")).isEmpty();
  }

  @Test
  void promptsStandBetweenClsAndSep() {
    Tokenizer tokenizer = tokenizer("\u2581a");
    assertThat(tokenizer.encodePrompt("a", Specials.PLAIN)).containsExactly(1, 3, 2);
    assertThat(tokenizer.encodePrompt("", Specials.PLAIN)).containsExactly(1, 2);
    assertThat(tokenizer.encodePrompt("[CLS]a[SEP]", Specials.PARSED)).containsExactly(1, 3, 2);
    assertThat(tokenizer.bos()).hasValue(1);
    assertThat(tokenizer.eos()).hasValue(2);
    Tokenizer bare =
        Tokenizers.of(
            vocabulary("\u2581a")
                .bert(
                    m ->
                        m.putBoolean(P + "add_bos_token", false)
                            .putBoolean(P + "add_sep_token", false)));
    assertThat(bare.encodePrompt("a", Specials.PLAIN)).containsExactly(3);
  }

  @Test
  void declaredTokensComeBeforeNames() {
    Tokenizer tokenizer =
        Tokenizers.of(
            vocabulary("\u2581a")
                .add(CONTROL, "<s>", "</s>")
                .bert(m -> m.putUint32(P + "bos_token_id", 4).putUint32(P + "eos_token_id", 5)));
    assertThat(tokenizer.encodePrompt("a", Specials.PLAIN)).containsExactly(4, 3, 5);
  }

  @Test
  void decodingPutsASpaceBetweenWords() {
    Tokenizer tokenizer = tokenizer("\u2581hello", "\u2581,", "\u2581world", "ly");
    assertThat(tokenizer.decode(new int[] {1, 3, 4, 5, 6, 2})).isEqualTo("hello , worldly");
    assertThat(tokenizer.encode("hello , worldly", Specials.PLAIN)).containsExactly(3, 4, 5, 6);
  }

  @Test
  void theVocabularyTellsWhetherItKnowsUpperCase() {
    assertThat(tokenizer("\u2581a", "\u2581The").description())
        .isEqualTo("WordPiece (bert, cased)");
    // Names in brackets are no words.
    assertThat(tokenizer("\u2581a", "[X]", "\u2581<S>").description())
        .isEqualTo("WordPiece (bert, lower case)");
    Tokenizer told =
        Tokenizers.of(
            vocabulary("\u2581a", "\u2581The", "\u2581the")
                .bert(m -> m.putBoolean(P + "normalizer.lowercase", true)));
    assertThat(told.encode("The", Specials.PLAIN)).containsExactly(5);
    Tokenizer accents =
        Tokenizers.of(
            vocabulary("\u2581\u00E9", "\u2581e")
                .bert(m -> m.putBoolean(P + "normalizer.strip_accents", false)));
    assertThat(accents.encode("\u00C9 e", Specials.PLAIN)).containsExactly(3, 4);
  }

  @Test
  void loneSurrogatesAreDropped() {
    assertThat(tokenizer("\u2581ab").encode("a\uD83Db\uDE00", Specials.PLAIN)).containsExactly(3);
  }

  @Test
  void emptyAndEqualPieces() {
    Tokenizer tokenizer = tokenizer("", "\u2581a", "\u2581a", "\u2581");
    assertThat(tokenizer.encode("a", Specials.PLAIN)).containsExactly(4);
    assertThat(tokenizer.encode("b", Specials.PLAIN)).containsExactly(0);
  }

  @Test
  void faultsAreNamed() {
    fault(
        "no token begins with '\u2581'",
        new Vocabularies().add(CONTROL, "[UNK]", "[CLS]", "[SEP]").add(NORMAL, "a"),
        m -> {});
    fault(
        "no [SEP]; expected tokenizer.ggml.seperator_token_id",
        new Vocabularies().add(CONTROL, "[UNK]", "[CLS]").add(NORMAL, "\u2581a"),
        m -> {});
    fault(
        "no [CLS]; expected tokenizer.ggml.cls_token_id",
        new Vocabularies().add(CONTROL, "[UNK]", "[SEP]").add(NORMAL, "\u2581a"),
        m -> {});
    fault(
        "no unknown token",
        new Vocabularies().add(CONTROL, "[CLS]", "[SEP]").add(NORMAL, "\u2581a"),
        m -> {});
    fault(
        "cls_token_id is 9; expected an id from 0 to 3",
        vocabulary("\u2581a"),
        m -> m.putUint32(P + "cls_token_id", 9));
  }

  private static void fault(String part, Vocabularies vocabulary, Consumer<MetadataBuilder> more) {
    assertThatThrownBy(() -> Tokenizers.of(vocabulary.bert(more)))
        .isInstanceOf(ZondaException.class)
        .hasMessageStartingWith("test.gguf: ")
        .hasMessageContaining(part);
  }

  /** What decoding gives is a text that has the same tokens, and nothing is lost but unknowns. */
  @Property(tries = 500)
  void decodedTextEncodesAlike(@ForAll @StringLength(max = 40) String text) {
    Tokenizer tokenizer =
        Tokenizers.of(
            Vocabularies.wordPiece(
                Golden.resource("tokenizer/wordpiece.json").get("tokenizers").get(0)));
    int[] tokens = tokenizer.encode(text, Specials.PLAIN);
    int[] again = tokenizer.encode(tokenizer.decode(tokens), Specials.PLAIN);
    assertThat(again)
        .isEqualTo(java.util.Arrays.stream(tokens).filter(token -> token != 1).toArray());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", " ", "\u4E2D", "!", "\u0301\u0316", "\u0130", "\uD83D\uDE80", "a "})
  void aMillionCharactersTakeNoLong(String unit) {
    Tokenizer tokenizer = tokenizer("\u2581a", "a", "\u2581!", "\u2581\u4E2D");
    String text = unit.repeat(1_000_000 / unit.length());
    assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () -> assertThat(tokenizer.encode(text, Specials.PLAIN).length).isLessThan(1_000_001));
  }
}
