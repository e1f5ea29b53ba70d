package org.zonda.bench.picture;

/** Text in XML and HTML. */
final class Markup {

  private Markup() {}

  /**
   * The text with what would be taken for markup replaced, and what XML cannot hold or what turns
   * the direction of other text shown as U+FFFD; also fit for attributes.
   */
  static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.appendCodePoint(allowed(c) ? c : 0xFFFD);
              }
            });
    return escaped.toString();
  }

  /** XML 1.0, production 2, without the control characters that it only discourages. */
  private static boolean allowed(int c) {
    return c == '\t'
        || c == '\n'
        || c >= ' ' && c < 0x7F
        || c >= 0xA0 && c < 0xD800 && !turns(c)
        || c >= 0xE000 && c < 0xFFFE
        || c >= 0x10000;
  }

  /** Unicode's embeddings, overrides and isolates. */
  private static boolean turns(int c) {
    return c >= 0x202A && c <= 0x202E || c >= 0x2066 && c <= 0x2069;
  }

  /** A name for a file that holds what is called so. */
  static String fileName(String title, String ending) {
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < title.length() && name.length() < 60; i++) {
      char c = Character.toLowerCase(title.charAt(i));
      if (c >= 'a' && c <= 'z' || c >= '0' && c <= '9') {
        name.append(c);
      } else if (!name.isEmpty() && name.charAt(name.length() - 1) != '-') {
        name.append('-');
      }
    }
    int end = name.length();
    if (end > 0 && name.charAt(end - 1) == '-') {
      name.setLength(end - 1);
    }
    return (name.isEmpty() ? "zonda" : name) + ending;
  }
}
