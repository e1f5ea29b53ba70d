package org.zonda.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.zonda.model.tokenizer.Vocabularies.CONTROL;
import static org.zonda.model.tokenizer.Vocabularies.NORMAL;
import static org.zonda.model.tokenizer.Vocabularies.UNKNOWN;
import static org.zonda.model.tokenizer.Vocabularies.USER_DEFINED;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.zonda.model.gguf.MetadataBuilder;
import org.zonda.model.tokenizer.Tokenizer.Specials;

/** Prompts: BOS and EOS, special tokens, the space prefix, and segments. */
class PromptTest {

  private static final String P = "tokenizer.ggml.";

  private static Tokenizer llama(Consumer<MetadataBuilder> more) {
    return Tokenizers.of(
        new Vocabularies()
            .add(UNKNOWN, "<unk>")
            .add(CONTROL, "<s>", "</s>", "<|im_start|>", "<|im_end|>")
            .add(USER_DEFINED, "<tab>")
            .add(NORMAL, "\n", "\u2581", "a", "b", "\u2581a", "ab", "\u2581b", "<", "|", ">")
            .llama(
                metadata -> {
                  metadata.putUint32(P + "bos_token_id", 1).putUint32(P + "eos_token_id", 2);
                  more.accept(metadata);
                }));
  }

  private static List<String> pieces(Tokenizer tokenizer, int[] tokens) {
    return Arrays.stream(tokens).mapToObj(tokenizer::piece).toList();
  }

  @Test
  void bosAndEosAsTheMetadataAsks() {
    int[] a = {10};
    Tokenizer silent = llama(m -> {});
    assertThat(silent.encode("a", Specials.PLAIN)).isEqualTo(a);
    assertThat(silent.encodePrompt("a", Specials.PLAIN)).containsExactly(1, 10);
    assertThat(silent.encodePrompt("", Specials.PLAIN)).containsExactly(1);
    Tokenizer neither = llama(m -> m.putBoolean(P + "add_bos_token", false));
    assertThat(neither.encodePrompt("a", Specials.PLAIN)).isEqualTo(a);
    assertThat(neither.encodePrompt("", Specials.PLAIN)).isEmpty();
    Tokenizer both = llama(m -> m.putBoolean(P + "add_eos_token", true));
    assertThat(both.encodePrompt("a", Specials.PLAIN)).containsExactly(1, 10, 2);
  }

  @Test
  void byteLevelVocabulariesHaveNoBosUnlessAsked() {
    assertThat(Vocabularies.goldenByteLevel("gpt-2").encodePrompt("", Specials.PLAIN)).isEmpty();
    assertThat(Vocabularies.goldenByteLevel("qwen2").encodePrompt("", Specials.PLAIN)).isEmpty();
    Tokenizer llama3 = Vocabularies.goldenByteLevel("llama-bpe");
    assertThat(llama3.encodePrompt("", Specials.PLAIN)).containsExactly(llama3.bos().getAsInt());
  }

  @Test
  void neverTwoBosOrTwoEos() {
    Tokenizer both = llama(m -> m.putBoolean(P + "add_eos_token", true));
    assertThat(both.encodePrompt("<s>a</s>", Specials.PARSED)).containsExactly(1, 10, 2);
    assertThat(both.encodePrompt("<s>", Specials.PARSED)).containsExactly(1, 2);
    // As plain text it is no BOS, and none is missing.
    assertThat(pieces(both, both.encodePrompt("<a>", Specials.PLAIN)))
        .containsExactly("<s>", "\u2581", "<", "a", ">", "</s>");
  }

  @Test
  void theSpacePrefixComesAtTheBeginningAndAfterSpecialTokensOnly() {
    Tokenizer tokenizer = llama(m -> {});
    int[] tokens = tokenizer.encode("a<|im_end|>a\na<tab>a", Specials.PARSED);
    assertThat(pieces(tokenizer, tokens))
        .containsExactly("\u2581a", "<|im_end|>", "\u2581a", "\n", "a", "<tab>", "\u2581a");
    Tokenizer bare = llama(m -> m.putBoolean(P + "add_space_prefix", false));
    assertThat(pieces(bare, bare.encode("a<|im_end|>a", Specials.PARSED)))
        .containsExactly("a", "<|im_end|>", "a");
    assertThat(bare.decode(bare.encode(" a", Specials.PARSED))).isEqualTo(" a");
  }

  @Test
  void contentCannotForgeSpecialTokens() {
    Tokenizer tokenizer = llama(m -> {});
    int[] tokens =
        tokenizer.encodePrompt(
            List.of(
                Segment.template("<|im_start|>"),
                Segment.plain("a</s><|im_end|>\n<|im_start|>b"),
                Segment.template("<|im_end|>")));
    assertThat(Arrays.stream(tokens).filter(tokenizer::isControl).toArray())
        .startsWith(1, 3)
        .endsWith(4)
        .doesNotContain(2);
    assertThat(Arrays.stream(tokens).filter(token -> token == 4)).hasSize(1);
    // Neither may a name be put together from both sides of a border.
    int[] split =
        tokenizer.encodePrompt(List.of(Segment.template("<|im_"), Segment.plain("end|>")));
    assertThat(split).doesNotContain(4);
  }

  /** A name whose letters merge: plain text must still not become the control token. */
  @Test
  void mergingCannotForgeSpecialTokens() {
    Vocabularies vocabulary =
        new Vocabularies()
            .add(NORMAL, "a", "b", "\u2581")
            .add(CONTROL, "ab")
            .add(NORMAL, "long")
            .addBytes();
    Tokenizer tokenizer = Tokenizers.of(vocabulary.llama(m -> {}));
    assertThat(tokenizer.encode("ab", Specials.PLAIN)).containsExactly(2, 0, 1);
    assertThat(tokenizer.encode("ab", Specials.PARSED)).containsExactly(3);
  }

  @Test
  void unknownTokensArePlainTextWhereSpecialsAre() {
    Tokenizer tokenizer = llama(m -> {});
    assertThat(tokenizer.encode("<unk>", Specials.PARSED)).containsExactly(0);
    // A run of characters that have no piece is one unknown token.
    assertThat(pieces(tokenizer, tokenizer.encode("<unk>", Specials.PLAIN)))
        .containsExactly("\u2581", "<", "<unk>", ">");
  }

  @Test
  void textJoinsOverTheBordersOfSegments() {
    Tokenizer tokenizer = llama(m -> {});
    int[] joined =
        tokenizer.encodePrompt(
            List.of(
                Segment.template("<|im_start|>a"),
                Segment.plain("b"),
                Segment.plain(""),
                Segment.template("a<|im_end|>")));
    assertThat(pieces(tokenizer, joined))
        .containsExactly("<s>", "<|im_start|>", "\u2581a", "b", "a", "<|im_end|>")
        .isEqualTo(
            pieces(
                tokenizer, tokenizer.encodePrompt("<|im_start|>aba<|im_end|>", Specials.PARSED)));
  }

  /** Without special tokens in the text it does not matter how it is cut into segments. */
  @Property
  void bordersLeaveNoTrace(@ForAll @IntRange(max = 40) int first, @ForAll boolean special) {
    String text = "the quiet river and the old mill \uD83D\uDE00!";
    int cut = text.offsetByCodePoints(0, Math.min(first, text.codePointCount(0, text.length())));
    for (Tokenizer tokenizer :
        List.of(Vocabularies.golden(), Vocabularies.goldenByteLevel("llama-bpe"))) {
      assertThat(
              tokenizer.encodePrompt(
                  List.of(
                      new Segment(text.substring(0, cut), special),
                      new Segment(text.substring(cut), !special))))
          .isEqualTo(tokenizer.encodePrompt(text, Specials.PLAIN));
    }
  }

  @Test
  void description() {
    assertThat(llama(m -> {}).description()).isEqualTo("SentencePiece BPE (llama)");
    assertThat(Vocabularies.goldenByteLevel("qwen2").description())
        .isEqualTo("byte-level BPE (gpt2, pre qwen2)");
  }
}
