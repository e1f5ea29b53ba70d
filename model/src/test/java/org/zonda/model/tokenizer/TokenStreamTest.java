package org.zonda.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.zonda.model.tokenizer.Tokenizer.Specials;

class TokenStreamTest {

  private static final Tokenizer LLAMA = Vocabularies.golden();
  private static final Tokenizer BYTE_LEVEL = Vocabularies.goldenByteLevel("gpt-2");

  @Test
  void holdsBytesBackUntilTheCharacterIsWhole() {
    TokenStream stream = LLAMA.stream(true);
    int rocket = 3; // the token of byte 0x00; bytes follow in order
    assertThat(stream.push(rocket + 0xF0)).isEmpty();
    assertThat(stream.push(rocket + 0x9F)).isEmpty();
    assertThat(stream.push(rocket + 0x9A)).isEmpty();
    assertThat(stream.push(rocket + 0x80)).isEqualTo("\uD83D\uDE80");
    assertThat(stream.finish()).isEmpty();
  }

  @Test
  void whatCanBecomeNoCharacterIsReplacedAtOnceAndWhatIsUnfinishedAtTheEnd() {
    TokenStream stream = LLAMA.stream(true);
    assertThat(stream.push(3 + 0xFF)).isEqualTo("\uFFFD");
    assertThat(stream.push(3 + 0xE4)).isEmpty();
    assertThat(stream.push(3 + 'a')).isEqualTo("\uFFFDa");
    assertThat(stream.push(3 + 0xE4)).isEmpty();
    assertThat(stream.push(3 + 0xBD)).isEmpty();
    assertThat(stream.finish()).isEqualTo("\uFFFD");
    assertThat(stream.finish()).isEmpty();
    assertThatThrownBy(() -> stream.push(3)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void theFirstSpaceIsDroppedOnlyAtTheBeginning() {
    int[] tokens = LLAMA.encode("the the", Specials.PLAIN);
    assertThat(tokens).hasSize(2).containsOnly(tokens[0]);
    assertThat(LLAMA.piece(tokens[0])).isEqualTo("\u2581the");
    TokenStream fresh = LLAMA.stream(false);
    assertThat(fresh.push(1)).isEmpty(); // BOS is no text: the beginning is still to come
    assertThat(fresh.push(tokens[0])).isEqualTo("the");
    assertThat(fresh.push(tokens[1])).isEqualTo(" the");
    assertThat(LLAMA.stream(true).push(tokens[0])).isEqualTo(" the");
    int space = BYTE_LEVEL.encode(" ", Specials.PLAIN)[0];
    assertThat(BYTE_LEVEL.stream(false).push(space)).isEqualTo(" ");
  }

  @Property(tries = 3000)
  void streamedEqualsWhole(@ForAll("tokens") int[] tokens) {
    for (Tokenizer tokenizer : new Tokenizer[] {LLAMA, BYTE_LEVEL}) {
      TokenStream stream = tokenizer.stream(false);
      StringBuilder text = new StringBuilder();
      for (int token : tokens) {
        String part = stream.push(token);
        assertThat(part.chars().filter(c -> Character.isSurrogate((char) c)).count())
            .as("whole surrogate pairs in '%s'", part)
            .isEqualTo(2 * part.codePoints().filter(Character::isSupplementaryCodePoint).count());
        text.append(part);
      }
      text.append(stream.finish());
      assertThat(tokenizer.decode(tokens)).isEqualTo(text.toString());
    }
  }

  /** The oracle is the JDK's decoder of whole byte arrays. */
  @Property(tries = 3000)
  void malformedBytesBecomeWhatTheJdkMakesOfThem(@ForAll("tokens") int[] tokens) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    StringBuilder text = new StringBuilder();
    TokenStream stream = BYTE_LEVEL.stream(false);
    for (int token : tokens) {
      bytes.writeBytes(BYTE_LEVEL.bytes(token));
      text.append(stream.push(token));
    }
    text.append(stream.finish());
    assertThat(text.toString()).isEqualTo(bytes.toString(StandardCharsets.UTF_8));
  }

  /** Mostly bytes, so that truncated, overlong and stray sequences are common. */
  @Provide
  Arbitrary<int[]> tokens() {
    Arbitrary<Integer> multiByte =
        Arbitraries.of(0x80, 0xBF, 0x9F, 0xA0, 0xC0, 0xC3, 0xE0, 0xE4, 0xED, 0xEF, 0xF0, 0xF4, 0xF5)
            .map(value -> BYTE_LEVEL.findToken("" + ByteAlphabet.letter(value)).getAsInt());
    return Arbitraries.oneOf(multiByte, Arbitraries.integers().between(0, 359))
        .array(int[].class)
        .ofMaxSize(12);
  }
}
