package org.zonda.bench.picture;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;
import org.zonda.bench.Spread;

/** Numbers as people read them. */
final class Figures {

  /** Where there is nothing to say. */
  static final String NONE = "-";

  /** What lies beyond is an accident, and would only make an axis of nothing else. */
  private static final double LARGEST = 1e100;

  private static final double SMALLEST = 1e-100;

  private Figures() {}

  /** Whether a value has a place on an axis that begins at zero. */
  static boolean drawable(double value) {
    return value == 0 || value >= SMALLEST && value <= LARGEST;
  }

  /** Whether all values have a place on an axis that begins at zero. */
  static boolean drawable(Spread spread) {
    return spread.values().stream().allMatch(Figures::drawable);
  }

  /** Whether all values have a place on a logarithmic axis. */
  static boolean drawableInLog(Spread spread) {
    return drawable(spread) && spread.min() > 0;
  }

  /** A measured value for a table, in four digits. */
  static String of(double value) {
    return digits(4, value, value);
  }

  static String min(Spread spread) {
    return digits(4, spread.min(), spread.median());
  }

  static String max(Spread spread) {
    return digits(4, spread.max(), spread.median());
  }

  /** A measured value for a picture, in three digits. */
  static String brief(double value) {
    return digits(3, value, value);
  }

  /** Whether there is anything between its smallest and its largest value. */
  static boolean varies(Spread spread) {
    return spread.min() != spread.max();
  }

  /** The median, and where not all values are the same, from where to where. */
  static String brief(Spread spread) {
    double median = spread.median();
    return !varies(spread)
        ? brief(median)
        : "%s (%s to %s)"
            .formatted(
                brief(median), digits(3, spread.min(), median), digits(3, spread.max(), median));
  }

  static String brief(Optional<Spread> spread) {
    return spread.map(Figures::brief).orElse(NONE);
  }

  /** A value with as many decimals as another has in so many digits. */
  private static String digits(int digits, double value, double like) {
    if (!Double.isFinite(value)) {
      return NONE;
    }
    if (value == 0) {
      return "0";
    }
    double size = Math.abs(Double.isFinite(like) && like != 0 ? like : value);
    if (Math.max(size, Math.abs(value)) >= 1e6 || size < 1e-3) {
      return exponent(String.format(Locale.ROOT, "%." + (digits - 1) + "e", value));
    }
    int before = (int) Math.floor(Math.log10(size)) + 1;
    return String.format(Locale.ROOT, "%,." + Math.max(0, digits - before) + "f", value);
  }

  /** A share; of one that cannot be only its size. */
  static String percent(double share) {
    double percent = 100 * share;
    if (!Double.isFinite(percent)) {
      return NONE;
    }
    return (percent < 1e4 ? String.format(Locale.ROOT, "%.0f", percent) : brief(percent)) + "%";
  }

  /** A round number beside an axis, or a size: no digit that says nothing. */
  static String round(double value) {
    if (!Double.isFinite(value)) {
      return NONE;
    }
    double size = Math.abs(value);
    if (size >= 1e6 || size != 0 && size < 1e-4) {
      return exponent(String.format(Locale.ROOT, "%.2e", value).replaceFirst("\\.?0+e", "e"));
    }
    BigDecimal plain = new BigDecimal(String.format(Locale.ROOT, "%.6f", value));
    plain = plain.signum() == 0 ? BigDecimal.ZERO : plain.stripTrailingZeros();
    return String.format(Locale.ROOT, "%,." + Math.max(0, plain.scale()) + "f", plain);
  }

  /** A coordinate. */
  static String coordinate(double value) {
    String text = String.format(Locale.ROOT, "%.1f", value);
    text = text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    return text.equals("-0") ? "0" : text;
  }

  private static String exponent(String text) {
    return text.replace("e+0", "e").replace("e-0", "e-").replace("e+", "e");
  }
}
