package org.zonda.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.zonda.model.ZondaException;
import org.zonda.model.tokenizer.Tokenizer.Specials;

class CharsMapTest {

  /** A map as SentencePiece compiled it; among its rules: ab to x, abc to yz, ß to ss. */
  private static byte[] compiled() {
    JsonNode golden = Golden.resource("tokenizer/unigram.json").get("tokenizers").get(0);
    return Base64.getDecoder().decode(golden.get("precompiled_charsmap").asText());
  }

  private static String replacement(CharsMap map, String text) {
    CharsMap.Match match = map.longest(text.getBytes(StandardCharsets.UTF_8), 0);
    return match == null
        ? null
        : match.length()
            + new String(
                map.replacements(),
                match.start(),
                match.end() - match.start(),
                StandardCharsets.UTF_8);
  }

  @Test
  void theLongestRuleWins() {
    CharsMap map = new CharsMap(compiled(), "test.gguf");
    assertThat(replacement(map, "abd")).isEqualTo("2x");
    assertThat(replacement(map, "abcd")).isEqualTo("3yz");
    assertThat(replacement(map, "\u00DF")).isEqualTo("2ss");
    assertThat(replacement(map, "a")).isNull();
    assertThat(replacement(map, "")).isNull();
  }

  private static byte[] map(int size, int units, String replacements) {
    ByteBuffer buffer =
        ByteBuffer.allocate(4 + 4 * units + replacements.length()).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putInt(size);
    buffer.position(4 + 4 * units);
    return buffer.put(replacements.getBytes(StandardCharsets.ISO_8859_1)).array();
  }

  @Test
  void sizesThatContradictEachOtherAreRefused() {
    refused(new byte[3], "has 3 bytes; expected at least 4");
    refused(map(0, 1, ""), "has 8 bytes and a trie of 0; expected a multiple of 4 from 4 to 4");
    refused(map(6, 2, ""), "a trie of 6; expected a multiple of 4 from 4 to 8");
    refused(map(12, 2, ""), "a trie of 12;");
    refused(map(-4, 2, ""), "a trie of 4294967292;");
    refused(map(4, 1, "x".repeat(1025)), "has a replacement of 1025 bytes; expected at most 1024");
    assertThatCode(() -> new CharsMap(map(4, 1, "x".repeat(1024)), "test.gguf"))
        .doesNotThrowAnyException();
  }

  private static void refused(byte[] data, String part) {
    assertThatThrownBy(() -> new CharsMap(data, "test.gguf"))
        .isInstanceOf(ZondaException.class)
        .hasMessageStartingWith("test.gguf: tokenizer.ggml.precompiled_charsmap ")
        .hasMessageContaining(part);
  }

  @Test
  void aTrieThatPointsOutsideIsRefusedWhenItIsReached() {
    byte[] data = map(4, 1, "");
    ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).putInt(4, 5 << 10);
    CharsMap map = new CharsMap(data, "test.gguf");
    assertThatThrownBy(() -> replacement(map, "\u0001"))
        .isInstanceOf(ZondaException.class)
        .hasMessage("test.gguf: tokenizer.ggml.precompiled_charsmap names unit 4 of a trie of 1");
  }

  @Test
  void aReplacementThatIsNotThereIsRefused() {
    // The root leads 'a' to unit 96, a value follows it at 97: byte 7 of 0.
    byte[] data = map(4 * 98, 98, "");
    ByteBuffer units = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    units.putInt(4, 1 << 10);
    units.putInt(4 + 4 * 96, 'a' | 1 << 8 | 1 << 10);
    units.putInt(4 + 4 * 97, 7 | 1 << 31);
    CharsMap map = new CharsMap(data, "test.gguf");
    assertThatThrownBy(() -> replacement(map, "a"))
        .isInstanceOf(ZondaException.class)
        .hasMessageContaining("names a replacement at byte 7 of 0");
  }

  /** Else the search at each of the text's places would go on to its end. */
  @Test
  void aTrieThatLeadsInACircleIsRefusedWhenItIsFollowed() {
    byte[] data = map(4 * 512, 512, "");
    ByteBuffer units = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    units.putInt(4, 256 << 10);
    for (int c = 0; c < 256; c++) {
      units.putInt(4 + 4 * (256 ^ c), c | c << 10);
    }
    CharsMap map = new CharsMap(data, "test.gguf");
    assertThat(replacement(map, "a".repeat(256))).isNull();
    for (int length : new int[] {257, 200_000}) {
      assertThatThrownBy(() -> replacement(map, "a".repeat(length)))
          .isInstanceOf(ZondaException.class)
          .hasMessage(
              "test.gguf: tokenizer.ggml.precompiled_charsmap has a string of more than 256 bytes,"
                  + " or a trie that leads in a circle; expected at most 256");
    }
  }

  /** Whatever a map says, a text is encoded or the map is refused by name. */
  @Test
  void randomDamageIsFoundOrHarmless() {
    byte[] sound = compiled();
    Random random = new Random(5);
    int refused = 0;
    for (int round = 0; round < 2000; round++) {
      byte[] damaged = sound.clone();
      for (int i = 0; i < 20; i++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      int[] bytes = new int[damaged.length];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = damaged[i] & 0xFF;
      }
      try {
        Tokenizers.of(
                new Vocabularies()
                    .add(Vocabularies.UNKNOWN, "<unk>")
                    .score(-1, "a")
                    .t5(m -> m.putInts(CharsMap.KEY, bytes)))
            .encode("abc\u00DF\u00BD \uD83D\uDE80 \u4E2D...\t\u0001", Specials.PLAIN);
      } catch (ZondaException e) {
        assertThat(e).hasMessageContaining("tokenizer.ggml.precompiled_charsmap");
        refused++;
      }
    }
    assertThat(refused).isBetween(1, 1999);
  }

  @Test
  void anElementThatIsNoByteIsRefused() {
    assertThatThrownBy(
            () ->
                Tokenizers.of(
                    new Vocabularies()
                        .add(Vocabularies.UNKNOWN, "<unk>")
                        .t5(m -> m.putInts(CharsMap.KEY, 1, 256))))
        .isInstanceOf(ZondaException.class)
        .hasMessage("test.gguf: tokenizer.ggml.precompiled_charsmap[1] is 256; expected a byte");
  }
}
