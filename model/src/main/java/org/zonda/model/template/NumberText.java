package org.zonda.model.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Pattern;

/** Numbers that stand in texts, as Python's {@code int} and {@code float} read them. */
final class NumberText {

  /** As Python bounds it. */
  private static final int MAX_LENGTH = 4300;

  private static final String DIGITS = "[0-9]++(?:_[0-9]++)*+";
  private static final Pattern REAL =
      Pattern.compile("[+-]?(?:%1$s(?:\\.(?:%1$s)?)?|\\.%1$s)(?:[eE][+-]?%1$s)?".formatted(DIGITS));

  private NumberText() {}

  /** An integer, or what is before the point of a decimal; null for neither. */
  static Object integer(String text, int base) {
    String digits = text.strip().replaceAll("(?<=[0-9a-zA-Z])_(?=[0-9a-zA-Z])", "");
    String prefix =
        switch (base) {
          case 2 -> "0b";
          case 8 -> "0o";
          case 16 -> "0x";
          default -> "";
        };
    boolean negative = digits.startsWith("-");
    String magnitude = negative || digits.startsWith("+") ? digits.substring(1) : digits;
    if (!prefix.isEmpty() && magnitude.toLowerCase(Locale.ROOT).startsWith(prefix)) {
      magnitude = magnitude.substring(2);
    }
    boolean valid =
        base >= 2
            && base <= Character.MAX_RADIX
            && !magnitude.isEmpty()
            && magnitude.length() <= MAX_LENGTH
            && magnitude.chars().allMatch(c -> Character.digit(c, base) >= 0);
    if (valid) {
      return Numbers.narrow(new BigInteger(negative ? "-" + magnitude : magnitude, base));
    }
    Double real = real(text);
    boolean whole = real != null && Double.isFinite(real);
    return whole ? Numbers.narrow(new BigDecimal(real).toBigInteger()) : null;
  }

  /** A float; null where the text is none. */
  static Double real(String text) {
    String number = text.strip();
    if (number.length() <= MAX_LENGTH && REAL.matcher(number).matches()) {
      return Double.valueOf(number.replace("_", ""));
    }
    return switch (number.toLowerCase(Locale.ROOT)) {
      case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
      case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
      case "nan", "+nan", "-nan" -> Double.NaN;
      default -> null;
    };
  }
}
