package org.zonda.model.tokenizer;

import java.nio.charset.StandardCharsets;

/**
 * The letters that byte-level BPE writes bytes with, so that every piece is printable text without
 * spaces: the printable characters of Latin-1 stand for themselves, the other 68 bytes are the
 * characters from U+0100 on, in order (Radford et al. 2019, GPT-2's {@code bytes_to_unicode}).
 */
final class ByteAlphabet {

  private static final char[] LETTERS = new char[256];

  /** The byte of each letter, or -1. */
  private static final short[] BYTES = new short[256 + 68];

  static {
    java.util.Arrays.fill(BYTES, (short) -1);
    char next = 256;
    for (int value = 0; value < 256; value++) {
      boolean printable =
          value >= '!' && value <= '~'
              || value >= 0xA1 && value <= 0xAC
              || value >= 0xAE && value <= 0xFF;
      LETTERS[value] = printable ? (char) value : next++;
      BYTES[LETTERS[value]] = (short) value;
    }
  }

  private ByteAlphabet() {}

  /** The letter of a byte from 0 to 255. */
  static char letter(int value) {
    return LETTERS[value];
  }

  /** Writes bytes as letters. */
  static String write(byte[] bytes) {
    char[] letters = new char[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      letters[i] = LETTERS[bytes[i] & 0xFF];
    }
    return new String(letters);
  }

  /** Reads letters as bytes; a character that is no letter stands for its own UTF-8. */
  static byte[] read(String piece) {
    byte[] bytes = new byte[piece.length()];
    for (int i = 0; i < bytes.length; i++) {
      char letter = piece.charAt(i);
      if (letter >= BYTES.length || BYTES[letter] < 0) {
        return piece.getBytes(StandardCharsets.UTF_8);
      }
      bytes[i] = (byte) BYTES[letter];
    }
    return bytes;
  }
}
