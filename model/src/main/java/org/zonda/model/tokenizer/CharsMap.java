package org.zonda.model.tokenizer;

import java.util.Arrays;
import org.zonda.model.ZondaException;

/**
 * A text's normal form as SentencePiece compiles it ({@code precompiled_charsmap}): a double-array
 * trie of byte strings, and what each is replaced by. The longest string that fits is replaced;
 * what fits none stays.
 *
 * <p>Layout, little-endian: 4 bytes, the trie's size in bytes; the trie, units of 4 bytes
 * (darts-clone: bits 0 to 7 and 31 the label, bit 8 whether a value follows, bits 10 to 30 the
 * offset, shifted by 8 more where bit 9 is set; in a value, bits 0 to 30 the replacement's place);
 * then the replacements, each ended by a zero byte.
 *
 * <p>A file can say anything, so that every step is checked, and neither a string nor a replacement
 * is long: a trie whose offsets lead in circles is refused where a text follows them, and the time
 * that a text takes is in proportion to its length.
 */
final class CharsMap {

  static final String KEY = "tokenizer.ggml.precompiled_charsmap";

  /** The longest of Unicode's, U+FDFA's, has 33 bytes. */
  private static final int LONGEST_REPLACEMENT = 1024;

  /** Bytes; what is equivalent to U+FDFA, 18 characters, has at most 72. */
  private static final int LONGEST_STRING = 256;

  private final String label;
  private final int[] units;
  private final byte[] replacements;

  /** Length of the string that was found last, and the replacement's place. */
  record Match(int length, int start, int end) {}

  /**
   * Reads the map.
   *
   * @param data the metadata's bytes
   * @param label what error messages call the model
   * @throws ZondaException if the sizes contradict each other
   */
  CharsMap(byte[] data, String label) {
    this.label = label;
    if (data.length < 4) {
      throw fault("has %d bytes; expected at least 4".formatted(data.length));
    }
    long size = word(data, 0) & 0xFFFF_FFFFL;
    if (size == 0 || size % 4 != 0 || size > data.length - 4) {
      throw fault(
          "has %d bytes and a trie of %d; expected a multiple of 4 from 4 to %d"
              .formatted(data.length, size, (data.length - 4) / 4 * 4));
    }
    this.units = new int[(int) size / 4];
    for (int i = 0; i < units.length; i++) {
      units[i] = word(data, 4 + 4 * i);
    }
    this.replacements = Arrays.copyOfRange(data, 4 + (int) size, data.length);
    int start = 0;
    for (int i = 0; i <= replacements.length; i++) {
      if (i == replacements.length || replacements[i] == 0) {
        if (i - start > LONGEST_REPLACEMENT) {
          throw fault(
              "has a replacement of %d bytes; expected at most %d"
                  .formatted(i - start, LONGEST_REPLACEMENT));
        }
        start = i + 1;
      }
    }
  }

  private static int word(byte[] data, int offset) {
    return data[offset] & 0xFF
        | (data[offset + 1] & 0xFF) << 8
        | (data[offset + 2] & 0xFF) << 16
        | data[offset + 3] << 24;
  }

  /**
   * Finds the longest string of the map that a text goes on with.
   *
   * @param text UTF-8
   * @param from where
   * @return the match, or null
   * @throws ZondaException if the trie points outside itself, or goes on for too long
   */
  Match longest(byte[] text, int from) {
    int length = 0;
    int value = 0;
    long node = offset(units[0]);
    for (int i = from; i < text.length; i++) {
      int label = text[i] & 0xFF;
      int unit = unit(node ^ label);
      if ((unit & 0x8000_00FF) != label) {
        break;
      }
      if (i - from == LONGEST_STRING) {
        throw fault(
            "has a string of more than %d bytes, or a trie that leads in a circle; expected at most %d"
                .formatted(LONGEST_STRING, LONGEST_STRING));
      }
      node = node ^ label ^ offset(unit);
      if ((unit >>> 8 & 1) == 1) {
        length = i + 1 - from;
        value = unit(node) & Integer.MAX_VALUE;
      }
    }
    return length == 0 ? null : new Match(length, value, end(value));
  }

  /** The replacements' bytes; a match says which. */
  byte[] replacements() {
    return replacements;
  }

  private int end(int start) {
    if (start >= replacements.length) {
      throw fault("names a replacement at byte %d of %d".formatted(start, replacements.length));
    }
    int end = start;
    while (end < replacements.length && replacements[end] != 0) {
      end++;
    }
    return end;
  }

  private int unit(long index) {
    if (index >= units.length) {
      throw fault("names unit %d of a trie of %d".formatted(index, units.length));
    }
    return units[(int) index];
  }

  private static long offset(int unit) {
    return (long) (unit >>> 10) << ((unit & 1 << 9) >>> 6);
  }

  private ZondaException fault(String what) {
    return new ZondaException("%s: %s %s".formatted(label, KEY, what));
  }
}
