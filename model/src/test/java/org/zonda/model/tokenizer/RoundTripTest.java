package org.zonda.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.zonda.model.tokenizer.Tokenizer.Specials;

/** Decoding what was encoded gives the text again, whatever the text. */
class RoundTripTest {

  private static final List<Tokenizer> TOKENIZERS =
      List.of(
          Vocabularies.golden(),
          Vocabularies.goldenByteLevel("gpt-2"),
          Vocabularies.goldenByteLevel("llama-bpe"),
          Vocabularies.goldenByteLevel("qwen2"));

  @Property(tries = 3000)
  void ofAnyUnicodeText(@ForAll("texts") String text) {
    for (Tokenizer tokenizer : TOKENIZERS) {
      int[] tokens = tokenizer.encode(text, Specials.PLAIN);
      assertThat(tokenizer.decode(tokens)).as(tokenizer.description()).isEqualTo(text);
      assertThat(Arrays.stream(tokens)).noneMatch(tokenizer::isControl);
      assertThat(tokenizer.decode(tokenizer.encodePrompt(text, Specials.PLAIN))).isEqualTo(text);
    }
  }

  /** All code points but U+2581, which SentencePiece writes spaces with, and lone surrogates. */
  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> any =
        Arbitraries.integers()
            .between(0, Character.MAX_CODE_POINT)
            .filter(c -> c != 0x2581 && (c < 0xD800 || c > 0xDFFF))
            .map(Character::toString);
    Arbitrary<String> usual =
        Arbitraries.of(
            "the",
            " ",
            "  ",
            "\n",
            "rain",
            "Zonda",
            "wind",
            "é",
            "'s",
            "12",
            "\t",
            "\uFFFD",
            "<s>",
            "</s>",
            "<0x41>",
            "<|im_end|>",
            "<unk>",
            "\uD83D\uDE00");
    return Arbitraries.oneOf(usual, any).list().ofMaxSize(20).map(parts -> String.join("", parts));
  }

  @Test
  void loneSurrogatesBecomeTheReplacementCharacter() {
    for (Tokenizer tokenizer : TOKENIZERS) {
      String text = "a\uD83Db\uDE00\uD83D\uDE00\uD83D";
      assertThat(tokenizer.decode(tokenizer.encode(text, Specials.PLAIN)))
          .isEqualTo("a\uFFFDb\uFFFD\uD83D\uDE00\uFFFD");
    }
  }

  @Test
  void everyTokenHasThePieceAndTheBytesOfItsText() {
    for (Tokenizer tokenizer : TOKENIZERS) {
      for (int token = 0; token < tokenizer.vocabularySize(); token++) {
        assertThat(tokenizer.findToken(tokenizer.piece(token))).hasValue(token);
        assertThat(tokenizer.bytes(token).length == 0).isEqualTo(tokenizer.isControl(token));
      }
    }
  }
}
