package org.zonda.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.zonda.model.tokenizer.Vocabularies.CONTROL;
import static org.zonda.model.tokenizer.Vocabularies.NORMAL;
import static org.zonda.model.tokenizer.Vocabularies.UNKNOWN;
import static org.zonda.model.tokenizer.Vocabularies.USER_DEFINED;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.zonda.model.UnsupportedModelException;
import org.zonda.model.ZondaException;
import org.zonda.model.gguf.MetadataBuilder;

/** What a broken or unusual vocabulary is answered with. */
class VocabularyTest {

  private static final String P = "tokenizer.ggml.";

  private static Vocabularies three() {
    return new Vocabularies().add(UNKNOWN, "<unk>").add(CONTROL, "<s>").add(NORMAL, "a");
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        fault("tokens", m -> m.putInts(P + "tokens", 1), "tokenizer.ggml.tokens"),
        fault("no tokens", m -> m.putStrings(P + "tokens", List.of()), "tokens is empty"),
        fault(
            "types too short",
            m -> m.putInts(P + "token_type", 1, 1),
            "token_type has 2 elements, but tokenizer.ggml.tokens has 3"),
        fault(
            "a type of no meaning",
            m -> m.putInts(P + "token_type", 1, 7, 1),
            "token_type[1] is 7; expected 1 to 6"),
        fault(
            "a byte that is none",
            m -> m.putInts(P + "token_type", 2, 3, 6),
            "tokens[2] is 'a' and a byte; expected <0x00> to <0xFF>"),
        fault(
            "scores too long",
            m -> m.putFloats(P + "scores", 1, 2, 3, 4),
            "scores has 4 elements, but tokenizer.ggml.tokens has 3"),
        fault(
            "a score that is none",
            m -> m.putFloats(P + "scores", 1, Float.NaN, 3),
            "scores[1] is NaN"),
        fault(
            "an id outside",
            m -> m.putUint32(P + "bos_token_id", 3),
            "bos_token_id is 3; expected an id from 0 to 2"),
        fault(
            "an end of turn outside",
            m -> m.putUint32(P + "eot_token_id", 99),
            "eot_token_id is 99; expected an id from 0 to 2"),
        fault(
            "a BOS wanted but not there",
            m -> m.putBoolean(P + "add_bos_token", true),
            "add_bos_token is true, but tokenizer.ggml.bos_token_id names no token"),
        fault(
            "an EOS wanted but not there",
            m -> m.putBoolean(P + "add_eos_token", true),
            "add_eos_token is true, but tokenizer.ggml.eos_token_id names no token"));
  }

  private static Arguments fault(
      String name, Consumer<MetadataBuilder> change, String messagePart) {
    return Arguments.of(name, change, messagePart);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void faultsAreNamed(String name, Consumer<MetadataBuilder> change, String messagePart) {
    MemoryModel broken = three().llama(change);
    assertThatThrownBy(() -> Tokenizers.of(broken))
        .isInstanceOf(ZondaException.class)
        .hasMessageStartingWith("test.gguf: ")
        .hasMessageContaining(messagePart);
    assertThat(Tokenizers.of(three().llama(metadata -> {})).vocabularySize()).isEqualTo(3);
  }

  @Test
  void missingParts() {
    MemoryModel noScores =
        MemoryModel.of(
            m -> m.putString(P + "model", "llama").putStrings(P + "tokens", List.of("<unk>")));
    assertThatThrownBy(() -> Tokenizers.of(noScores))
        .isInstanceOf(ZondaException.class)
        .hasMessageContaining("tokenizer.ggml.scores");
    MemoryModel noMerges =
        MemoryModel.of(
            m -> m.putString(P + "model", "gpt2").putStrings(P + "tokens", List.of("a")));
    assertThatThrownBy(() -> Tokenizers.of(noMerges))
        .isInstanceOf(ZondaException.class)
        .hasMessageContaining("tokenizer.ggml.merges");
    assertThatThrownBy(() -> Tokenizers.of(MemoryModel.of(m -> {})))
        .isInstanceOf(ZondaException.class)
        .hasMessageContaining("tokenizer.ggml.model");
  }

  @Test
  void withoutByteTokensThereMustBeAnUnknownOne() {
    assertThatThrownBy(
            () -> Tokenizers.of(new Vocabularies().add(NORMAL, "a").llama(metadata -> {})))
        .isInstanceOf(ZondaException.class)
        .hasMessageContaining("neither all byte tokens <0x00> to <0xFF> nor an unknown token");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", " a", "a ", ""})
  void aMergeThatIsNoPair(String line) {
    assertThatThrownBy(() -> Tokenizers.of(pair(line)))
        .isInstanceOf(ZondaException.class)
        .hasMessage(
            "test.gguf: tokenizer.ggml.merges[0] is '%s': expected two pieces with a space between",
            line);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a x", "x a", "b a", "< s>"})
  void aMergeOfUnknownPieces(String line) {
    assertThatThrownBy(() -> Tokenizers.of(pair(line)))
        .isInstanceOf(ZondaException.class)
        .hasMessageStartingWith("test.gguf: tokenizer.ggml.merges[0] is '" + line + "': ")
        .hasMessageContaining("the vocabulary has no text token");
    assertThat(Tokenizers.of(pair("a b")).vocabularySize()).isEqualTo(6);
  }

  @Test
  void aMergeThatIsListedTwiceKeepsItsBetterRank() {
    MemoryModel model =
        new Vocabularies()
            .add(NORMAL, "a", "b", "c", "ab", "bc")
            .gpt2("gpt-2", List.of("a b", "b c", "a b"), metadata -> {});
    assertThat(Tokenizers.of(model).encode("abc", Tokenizer.Specials.PLAIN)).containsExactly(3, 2);
  }

  private static MemoryModel pair(String merge) {
    return new Vocabularies()
        .add(NORMAL, "a", "b", "ab", "<", "s>")
        .add(CONTROL, "<s>")
        .gpt2("gpt-2", List.of(merge), metadata -> {});
  }

  @ParameterizedTest
  @ValueSource(strings = {"rwkv", "plamo2", "none", "no_vocab"})
  void otherModelsAreRefusedWithTheKnownOnes(String model) {
    assertThatThrownBy(() -> Tokenizers.of(MemoryModel.of(m -> m.putString(P + "model", model))))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessage(
            "test.gguf: tokenizer.ggml.model '%s' is not supported; known: llama (SentencePiece"
                + " BPE), gpt2 (byte-level BPE), bert (WordPiece), t5 (SentencePiece unigram)",
            model);
  }

  @Test
  void anotherPreTokenizerThanTheModelsCanBeChosen() {
    MemoryModel model =
        new Vocabularies().add(NORMAL, "1", "2", "12").gpt2("zonda-9", List.of("1 2"), m -> {});
    assertThatThrownBy(() -> Tokenizers.of(model)).hasMessageContaining("'zonda-9'");
    Tokenizer whole = Tokenizers.of(model, Optional.of("default"));
    assertThat(whole.encode("12", Tokenizer.Specials.PLAIN)).containsExactly(2);
    assertThat(whole.description())
        .isEqualTo("byte-level BPE (gpt2, pre default instead of zonda-9)");
    Tokenizer digits = Tokenizers.of(model, Optional.of("qwen2"));
    assertThat(digits.encode("12", Tokenizer.Specials.PLAIN)).containsExactly(0, 1);
    assertThatThrownBy(() -> Tokenizers.of(model, Optional.of("zonda-8")))
        .isInstanceOf(ZondaException.class)
        .hasMessageStartingWith("pre-tokenizer 'zonda-8' was asked for; known: default, gpt-2, ");
    assertThatThrownBy(() -> Tokenizers.of(three().llama(m -> {}), Optional.of("default")))
        .isInstanceOf(ZondaException.class)
        .hasMessage(
            "test.gguf: pre-tokenizer 'default' was asked for, but tokenizer.ggml.model is 'llama';"
                + " only gpt2 (byte-level BPE) has one");
  }

  /** RoBERTa's prompts have both, whatever a converter left out. */
  @Test
  void encodersWithByteLevelBpeHaveBosAndEos() {
    MemoryModel model =
        new Vocabularies()
            .add(CONTROL, "<s>", "</s>")
            .add(NORMAL, "a")
            .gpt2(
                "roberta-bpe",
                List.of(),
                m -> m.putUint32(P + "bos_token_id", 0).putUint32(P + "eos_token_id", 1));
    assertThat(Tokenizers.of(model).encodePrompt("a", Tokenizer.Specials.PLAIN))
        .containsExactly(0, 2, 1);
  }

  @Test
  void tokensOutsideTheVocabularyAreRefused() {
    Tokenizer tokenizer = Tokenizers.of(three().llama(metadata -> {}));
    for (int token : new int[] {-1, 3, Integer.MAX_VALUE}) {
      assertThatThrownBy(() -> tokenizer.decode(new int[] {2, token}))
          .isInstanceOf(ZondaException.class)
          .hasMessage(
              "test.gguf: token %d is outside the vocabulary; expected 0 to 2".formatted(token));
      assertThatThrownBy(() -> tokenizer.piece(token)).isInstanceOf(ZondaException.class);
      assertThatThrownBy(() -> tokenizer.isEndOfGeneration(token))
          .isInstanceOf(ZondaException.class);
    }
  }

  @Test
  void withoutTypesTheDeclaredTokensAndBytesAreTold() {
    MemoryModel model =
        MemoryModel.of(
            m ->
                m.putString(P + "model", "llama")
                    .putStrings(P + "tokens", List.of("<unk>", "<s>", "</s>", "<0x41>", "a"))
                    .putFloats(P + "scores", 0, 0, 0, 0, 0)
                    .putUint32(P + "unknown_token_id", 0)
                    .putUint32(P + "bos_token_id", 1)
                    .putUint32(P + "eos_token_id", 2));
    Tokenizer tokenizer = Tokenizers.of(model);
    assertThat(tokenizer.isControl(0)).isTrue();
    assertThat(tokenizer.isControl(1)).isTrue();
    assertThat(tokenizer.isControl(2)).isTrue();
    assertThat(tokenizer.bytes(3)).containsExactly('A');
    assertThat(tokenizer.bytes(4)).containsExactly('a');
  }

  @Test
  void endsOfGeneration() {
    Vocabularies vocabulary =
        new Vocabularies()
            .add(UNKNOWN, "<unk>")
            .add(NORMAL, "</s>", "<|end_of_text|>", "x", "y", "z") // text, whatever it looks like
            .add(CONTROL, "<s>", "<|im_start|>", "<|im_end|>", "<|eot_id|>", "<|endoftext|>")
            .add(USER_DEFINED, "<end_of_turn>", "<eos>")
            .add(CONTROL, "</s>");
    Tokenizer tokenizer =
        Tokenizers.of(
            vocabulary.llama(
                m ->
                    m.putUint32(P + "eos_token_id", 3)
                        .putUint32(P + "eot_token_id", 4)
                        .putUint32(P + "eom_token_id", 5)));
    assertThat(tokenizer.endOfGenerationTokens()).containsExactly(3, 4, 5, 8, 9, 10, 11, 13);
    assertThat(tokenizer.isEndOfGeneration(8)).isTrue();
    assertThat(tokenizer.isEndOfGeneration(7)).isFalse();
  }

  @Test
  void anIdOfAllOnesMeansNone() {
    MemoryModel model = three().llama(m -> m.putUint32(P + "bos_token_id", 0xFFFF_FFFFL));
    assertThat(Tokenizers.of(model).bos()).isEmpty();
  }
}
