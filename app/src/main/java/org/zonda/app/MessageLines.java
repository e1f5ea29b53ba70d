package org.zonda.app;

/**
 * The two ways to write a message of several lines: a backslash at a line's end continues it, and
 * {@code """} begins a block that ends with {@code """}.
 */
final class MessageLines {

  private static final String BLOCK = "\"\"\"";

  private MessageLines() {}

  /** Whether the lines typed so far are a whole message. */
  static boolean complete(String typed) {
    String text = typed.strip();
    if (text.startsWith(BLOCK)) {
      return text.length() >= 2 * BLOCK.length() && text.endsWith(BLOCK);
    }
    return !typed.endsWith("\\");
  }

  /** The message without the marks. */
  static String message(String typed) {
    String text = typed.strip();
    if (text.startsWith(BLOCK)) {
      int end = text.length();
      if (end >= 2 * BLOCK.length() && text.endsWith(BLOCK)) {
        end -= BLOCK.length();
      }
      return text.substring(BLOCK.length(), end).strip();
    }
    return text.replace("\\\n", "\n").strip();
  }
}
