package org.zonda.model.tokenizer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What SentencePiece does to a text before it cuts it (Kudo and Richardson 2018, arXiv:1808.06226):
 * characters are replaced by the model's map, spaces at both ends dropped and runs of them made
 * one, one space put in front, and spaces written {@code ▁}.
 *
 * @param charsMap the model's normal form, or empty for none
 * @param removeExtraSpaces whether spaces at the ends and beside others go
 * @param spacePrefix whether a text that is not empty gets a space in front
 * @param escapeSpaces whether spaces are written {@code ▁}
 */
record SentencePieceNormalizer(
    Optional<CharsMap> charsMap,
    boolean removeExtraSpaces,
    boolean spacePrefix,
    boolean escapeSpaces) {

  /**
   * Normalises a text.
   *
   * @param text well-formed text
   * @return its normal form; empty where nothing but extra spaces is left
   */
  String normalise(String text) {
    byte[] input = text.getBytes(StandardCharsets.UTF_8);
    byte[] replaced = charsMap.map(map -> replace(input, map)).orElse(input);
    String normal = new String(replaced, StandardCharsets.UTF_8);
    String spaced = removeExtraSpaces ? withoutExtraSpaces(normal) : normal;
    if (removeExtraSpaces && spaced.isEmpty()) {
      return spaced;
    }
    String prefixed = spacePrefix ? ' ' + spaced : spaced;
    return escapeSpaces ? prefixed.replace(' ', SentencePieceTokenizer.SPACE) : prefixed;
  }

  private static byte[] replace(byte[] input, CharsMap map) {
    ByteArrayOutputStream output = new ByteArrayOutputStream(input.length + 16);
    for (int i = 0; i < input.length; ) {
      CharsMap.Match match = map.longest(input, i);
      if (match != null) {
        output.write(map.replacements(), match.start(), match.end() - match.start());
        i += match.length();
      } else {
        // A character goes as a whole, so that no later byte of it can begin a match.
        int end = i + 1;
        while (end < input.length && (input[end] & 0xC0) == 0x80) {
          end++;
        }
        output.write(input, i, end - i);
        i = end;
      }
    }
    return output.toByteArray();
  }

  private static String withoutExtraSpaces(String text) {
    StringBuilder output = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != ' ' || !output.isEmpty() && output.charAt(output.length() - 1) != ' ') {
        output.append(c);
      }
    }
    if (!output.isEmpty() && output.charAt(output.length() - 1) == ' ') {
      output.setLength(output.length() - 1);
    }
    return output.toString();
  }
}
