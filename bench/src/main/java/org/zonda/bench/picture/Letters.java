package org.zonda.bench.picture;

/**
 * How much room text takes. Nobody knows the fonts of a reader, so each letter is taken to be as
 * wide as in the wider of the usual sans-serif ones.
 */
final class Letters {

  /** What is cut off ends so. */
  private static final String CUT = "…";

  private Letters() {}

  /** The width of a text in a size, both in pixels. */
  static double width(String text, double size) {
    return size * text.codePoints().mapToDouble(Letters::width).sum();
  }

  private static double width(int c) {
    if (Character.isISOControl(c)) {
      return 1.05; // it is shown as a sign of its own
    }
    if (c >= 0x300) {
      return c < 0x370 ? 0 : c == '…' ? 1 : 1.05;
    }
    return switch (c) {
      case 'i', 'j', 'l', 'I', '.', ',', ':', ';', '|', '!', '\'' -> 0.34;
      case ' ', 'f', 't', 'r', '(', ')', '[', ']', '/', '-' -> 0.43;
      case 'm', 'w', 'M', 'W', '@', '%' -> 1;
      default -> Character.isUpperCase(c) ? 0.76 : 0.64;
    };
  }

  /** As much of a text as there is room for. */
  static String fit(String text, double room, double size) {
    if (width(text, size) <= room) {
      return text;
    }
    double left = room / size - width(CUT, 1);
    StringBuilder kept = new StringBuilder();
    for (int c : text.codePoints().toArray()) {
      left -= width(c);
      if (left < 0) {
        break;
      }
      kept.appendCodePoint(c);
    }
    return kept.toString().stripTrailing() + CUT;
  }
}
