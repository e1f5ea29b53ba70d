package org.zonda.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.zonda.model.tokenizer.Vocabularies.BYTE;
import static org.zonda.model.tokenizer.Vocabularies.CONTROL;
import static org.zonda.model.tokenizer.Vocabularies.UNKNOWN;
import static org.zonda.model.tokenizer.Vocabularies.USER_DEFINED;

import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zonda.model.ZondaException;
import org.zonda.model.tokenizer.Tokenizer.Specials;

class UnigramTest {

  private static final String P = "tokenizer.ggml.";
  private static final int UNUSED = 5;

  /** Ids 0 and 1 are {@code <unk>} and {@code </s>}. */
  private static Vocabularies vocabulary() {
    return new Vocabularies().add(UNKNOWN, "<unk>").add(CONTROL, "</s>");
  }

  private static int[] encode(Vocabularies vocabulary, String text) {
    return Tokenizers.of(vocabulary.t5(m -> m.putBoolean(P + "add_space_prefix", false)))
        .encode(text, Specials.PLAIN);
  }

  @Test
  void theGreatestSumWins() {
    // abc: a+bc = -5, ab+c = -6, a+b+c = -7; greedy or longest-first would begin with ab.
    Vocabularies vocabulary =
        vocabulary()
            .score(-2, "a")
            .score(-2.5f, "b")
            .score(-2.5f, "c")
            .score(-3.5f, "ab")
            .score(-3, "bc");
    assertThat(encode(vocabulary, "abc")).containsExactly(2, 6);
  }

  @Test
  void ofEqualSumsTheFirstFoundStays() {
    // a+aa and aa+a both have -3: the last piece that begins earlier is found first.
    Vocabularies vocabulary = vocabulary().score(-1, "a").score(-2, "aa").score(-9, "b");
    assertThat(encode(vocabulary, "aa")).containsExactly(3);
    assertThat(encode(vocabulary, "aaa")).containsExactly(2, 3);
  }

  @Test
  void anUnknownCharacterScoresTenLessThanTheWorstPiece() {
    // x is unknown at -1 - 10 = -11; the piece axa as a whole beats a+x+a at -13.
    assertThat(encode(vocabulary().score(-1, "a").score(-1, "axa"), "axa")).containsExactly(3);
    // Its worst piece at -12 lowers unknown to -22, but a+x+a with x at -12 is -14.
    assertThat(encode(vocabulary().score(-1, "a").score(-12, "x"), "axa")).containsExactly(2, 3, 2);
    // A run of unknown characters is one token.
    assertThat(encode(vocabulary().score(-1, "a"), "axyzax")).containsExactly(2, 0, 2, 0);
  }

  @Test
  void bytesStandForWhatHasNoPiece() {
    Vocabularies vocabulary = vocabulary().addBytes().score(-1, "a");
    assertThat(encode(vocabulary, "a\u00E9a")).containsExactly(258, 2 + 0xC3, 2 + 0xA9, 258);
  }

  @Test
  void loneSurrogatesAreTheReplacementCharacter() {
    Vocabularies vocabulary = vocabulary().score(-1, "\uFFFD", "a");
    assertThat(encode(vocabulary, "a\uD83Da\uDE00")).containsExactly(3, 2, 3, 2);
  }

  @Test
  void someBytesMissingMeansUnknown() {
    Vocabularies vocabulary = vocabulary().add(BYTE, "<0xC3>").score(-1, "a");
    assertThat(encode(vocabulary, "a\u00E9\u00E9a")).containsExactly(3, 0, 3);
  }

  @Test
  void unusedPiecesAreNotUsed() {
    Vocabularies vocabulary = vocabulary().score(-1, "a").score(-1, "b").add(UNUSED, "ab");
    assertThat(encode(vocabulary, "ab")).containsExactly(2, 3);
  }

  /** The published example of T5: no space token stands before a sentinel. */
  @Test
  void eachStretchBetweenSentinelsIsNormalisedForItself() {
    Vocabularies vocabulary =
        vocabulary()
            .score(-1, "\u2581the", "\u2581walks", "\u2581in", "\u2581park", "\u2581")
            .add(USER_DEFINED, "<extra_id_0>", "<extra_id_1>");
    Tokenizer tokenizer =
        Tokenizers.of(vocabulary.t5(m -> m.putBoolean(P + "remove_extra_whitespaces", true)));
    assertThat(
            tokenizer.encodePrompt(" the  <extra_id_0> walks in <extra_id_1> park", Specials.PLAIN))
        .containsExactly(2, 7, 3, 4, 8, 5, 1);
  }

  @Test
  void spacesAreKeptWhereTheMetadataSaysNothing() {
    Vocabularies vocabulary = vocabulary().score(-1, "\u2581", "\u2581a", "a");
    Tokenizer tokenizer = Tokenizers.of(vocabulary.t5(m -> {}));
    assertThat(tokenizer.encode("a  a ", Specials.PLAIN)).containsExactly(3, 2, 3, 2);
    assertThat(tokenizer.decode(new int[] {3, 2, 3, 2, 1})).isEqualTo("a  a ");
    Tokenizer plain =
        Tokenizers.of(
            vocabulary()
                .score(-1, " a", "a")
                .t5(m -> m.putBoolean(P + "escape_whitespaces", false)));
    assertThat(plain.encode("a a", Specials.PLAIN)).containsExactly(2, 2);
  }

  @Test
  void promptsEndWithEos() {
    Tokenizer tokenizer = Tokenizers.of(vocabulary().score(-1, "\u2581a").t5(m -> {}));
    assertThat(tokenizer.encodePrompt("a", Specials.PLAIN)).containsExactly(2, 1);
    assertThat(tokenizer.description()).isEqualTo("SentencePiece unigram (t5)");
  }

  @Test
  void missingPartsAreNamed() {
    assertThatThrownBy(
            () ->
                Tokenizers.of(
                    MemoryModel.of(
                        m ->
                            m.putString(P + "model", "t5")
                                .putStrings(P + "tokens", List.of("<unk>")))))
        .isInstanceOf(ZondaException.class)
        .hasMessageContaining("tokenizer.ggml.scores");
    assertThatThrownBy(() -> Tokenizers.of(new Vocabularies().score(-1, "a").t5(m -> {})))
        .isInstanceOf(ZondaException.class)
        .hasMessageContaining("neither all byte tokens <0x00> to <0xFF> nor an unknown token");
  }

  @Test
  void anEmptyPieceIsNoPartOfAText() {
    assertThat(encode(vocabulary().score(0, "").score(-1, "a"), "aa")).containsExactly(3, 3);
  }

  @Property(tries = 500)
  void decodingGivesTheTextWhereNothingIsNormalised(@ForAll @StringLength(max = 40) String text) {
    Tokenizer tokenizer =
        Tokenizers.of(
            Vocabularies.unigram(
                Golden.resource("tokenizer/unigram.json").get("tokenizers").get(1)));
    String spaces = text.replace('\u2581', ' ').replaceAll("\\p{Cs}", "?");
    assertThat(tokenizer.decode(tokenizer.encode(spaces, Specials.PLAIN))).isEqualTo(spaces);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", " ", "the wind ", "\u4E2D", "\uD83D\uDE80", "ab"})
  void aMillionCharactersTakeNoLong(String unit) {
    String text = unit.repeat(1_000_000 / unit.length());
    for (int i = 0; i < 3; i++) {
      Tokenizer tokenizer =
          Tokenizers.of(
              Vocabularies.unigram(
                  Golden.resource("tokenizer/unigram.json").get("tokenizers").get(i)));
      assertTimeoutPreemptively(
          Duration.ofSeconds(60),
          () -> assertThat(tokenizer.encode(text, Specials.PLAIN)).hasSizeLessThan(6_000_000));
    }
  }
}
