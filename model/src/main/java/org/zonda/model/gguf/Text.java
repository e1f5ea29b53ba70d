package org.zonda.model.gguf;

/** Texts from files in one-line messages. */
final class Text {
  private static final int MAX_SHOWN = 60;

  private Text() {}

  /**
   * Quotes a text that may be long or hold anything.
   *
   * @param text the text
   * @return one line: the beginning in quotation marks, control characters replaced
   */
  static String quote(String text) {
    StringBuilder shown = new StringBuilder("'");
    text.codePoints()
        .limit(MAX_SHOWN)
        .map(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029 ? '\uFFFD' : c)
        .forEach(shown::appendCodePoint);
    boolean cut = text.codePointCount(0, text.length()) > MAX_SHOWN;
    return shown.append(cut ? "...'" : "'").toString();
  }

  /**
   * Whether a text could break a one-line message.
   *
   * @param text the text
   * @return true if it holds an ISO control character
   */
  static boolean hasControlCharacter(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether a text is what the specification allows in keys.
   *
   * @param text the text
   * @return true if it holds printable ASCII alone
   */
  static boolean isPrintableAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < 0x20 || text.charAt(i) > 0x7E) {
        return false;
      }
    }
    return true;
  }
}
