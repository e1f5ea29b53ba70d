package org.zonda.bench.compare;

/** Text in a page. */
final class Html {

  private Html() {}

  /** The text with what HTML would take for markup replaced; also fit for attributes. */
  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
