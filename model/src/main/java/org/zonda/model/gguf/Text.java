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
}
