package org.zonda.model.template;

/** Kinds of characters, as Python tells them apart. */
final class Characters {

  private Characters() {}

  static boolean isSpace(int c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
  }

  /** Whether a character ends a line, by {@code str.splitlines}. */
  static boolean isLineBreak(int c) {
    return c >= '\n' && c <= '\r'
        || c >= 0x1C && c <= 0x1E
        || c == 0x85
        || c == 0x2028
        || c == 0x2029;
  }

  static boolean isAlphabetic(int c) {
    return Character.isLetter(c);
  }

  static boolean isDecimal(int c) {
    return Character.getType(c) == Character.DECIMAL_DIGIT_NUMBER;
  }

  /** Decimal digits and such as superscripts and circled ones. */
  static boolean isDigit(int c) {
    int value = Character.getNumericValue(c);
    return isDecimal(c)
        || Character.getType(c) == Character.OTHER_NUMBER && value >= 0 && value <= 9;
  }

  /** Digits, superscripts and fractions among them. */
  static boolean isNumeric(int c) {
    int type = Character.getType(c);
    return isDecimal(c) || type == Character.OTHER_NUMBER || type == Character.LETTER_NUMBER;
  }

  static boolean isCased(int c) {
    return Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
  }

  /** Whether {@code repr} writes a character as it is. */
  static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> c == ' ';
      default -> true;
    };
  }
}
