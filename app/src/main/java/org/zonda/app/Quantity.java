package org.zonda.app;

import java.util.Locale;

/** Large numbers as people read them. */
final class Quantity {

  private Quantity() {}

  /** Bytes in binary units: {@code 1.13 MiB}. */
  static String bytes(long bytes) {
    return scaled(bytes, 1024, "B", "KiB", "MiB", "GiB", "TiB");
  }

  /** A count in decimal units: {@code 1.24 billion}. */
  static String count(long count) {
    return count < 10_000
        ? Long.toString(count)
        : scaled(count, 1000, "", "thousand", "million", "billion", "trillion");
  }

  private static String scaled(long number, int step, String... units) {
    double value = number;
    int unit = 0;
    // 999.5 would be rounded to 1000 of the smaller unit.
    while (value >= step - 0.5 && unit < units.length - 1) {
      value /= step;
      unit++;
    }
    if (unit == 0) {
      return (number + " " + units[0]).strip();
    }
    int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
    return String.format(Locale.ROOT, "%." + decimals + "f %s", value, units[unit]);
  }
}
