package org.zonda.app;

/**
 * Text from files made harmless for a line on a terminal: a model's metadata or a file's name may
 * hold anything, escape codes included.
 */
final class Printable {

  private Printable() {}

  /** One line: control characters are written as Java escapes. */
  static String line(String text) {
    StringBuilder line = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c) || isDirectional(c)) {
        if (line == null) {
          line = new StringBuilder(text.length() + 16).append(text, 0, i);
        }
        switch (c) {
          case '\n' -> line.append("\\n");
          case '\r' -> line.append("\\r");
          case '\t' -> line.append("\\t");
          default -> line.append("\\u").append("%04x".formatted((int) c));
        }
      } else if (line != null) {
        line.append(c);
      }
    }
    return line == null ? text : line.toString();
  }

  /** One line of at most so many characters, with an ellipsis where it was cut. */
  static String line(String text, int length) {
    String head = text.length() > length ? text.substring(0, length - 1) + "…" : text;
    return line(head);
  }

  /** Running text for a terminal: line breaks and tabs stay, other control characters become �. */
  static String text(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (isHarmful(text.charAt(i))) {
        StringBuilder clean = new StringBuilder(text);
        for (int j = i; j < clean.length(); j++) {
          if (isHarmful(clean.charAt(j))) {
            clean.setCharAt(j, '\uFFFD');
          }
        }
        return clean.toString();
      }
    }
    return text;
  }

  private static boolean isHarmful(char c) {
    return Character.isISOControl(c) && c != '\n' && c != '\t';
  }

  /** Overrides and isolates of the writing direction, with which text can pose as other text. */
  private static boolean isDirectional(char c) {
    return c >= '\u202A' && c <= '\u202E' || c >= '\u2066' && c <= '\u2069';
  }
}
