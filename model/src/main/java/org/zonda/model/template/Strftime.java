package org.zonda.model.template;

import java.time.LocalDateTime;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.Locale;

/** Times by the patterns of C's {@code strftime}, in the C locale. */
final class Strftime {

  private Strftime() {}

  /**
   * Writes a time.
   *
   * @param format such as {@code %d %b %Y}; what it does not know stays as it is
   * @param time without a zone
   */
  static String format(String format, LocalDateTime time) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      if (c != '%' || i + 1 == format.length()) {
        out.append(c);
        continue;
      }
      char flag = format.charAt(i + 1);
      boolean flagged = (flag == '-' || flag == '_' || flag == '0') && i + 2 < format.length();
      char code = format.charAt(flagged ? i + 2 : i + 1);
      String field = field(code, flagged ? flag : '\0', time);
      int end = i + (flagged ? 2 : 1);
      out.append(field == null ? format.substring(i, end + 1) : field);
      i = end;
    }
    return out.toString();
  }

  private static String field(char code, char flag, LocalDateTime time) {
    return switch (code) {
      case 'Y' -> number(time.getYear(), 1, '0', flag);
      case 'C' -> number(time.getYear() / 100, 2, '0', flag);
      case 'y' -> number(time.getYear() % 100, 2, '0', flag);
      case 'm' -> number(time.getMonthValue(), 2, '0', flag);
      case 'd' -> number(time.getDayOfMonth(), 2, '0', flag);
      case 'e' -> number(time.getDayOfMonth(), 2, ' ', flag);
      case 'j' -> number(time.getDayOfYear(), 3, '0', flag);
      case 'H' -> number(time.getHour(), 2, '0', flag);
      case 'k' -> number(time.getHour(), 2, ' ', flag);
      case 'I' -> number(time.get(ChronoField.CLOCK_HOUR_OF_AMPM), 2, '0', flag);
      case 'l' -> number(time.get(ChronoField.CLOCK_HOUR_OF_AMPM), 2, ' ', flag);
      case 'M' -> number(time.getMinute(), 2, '0', flag);
      case 'S' -> number(time.getSecond(), 2, '0', flag);
      case 'f' -> number(time.getNano() / 1000, 6, '0', '\0');
      case 'u' -> number(time.getDayOfWeek().getValue(), 1, '0', flag);
      case 'w' -> number(time.getDayOfWeek().getValue() % 7, 1, '0', flag);
      case 'U' ->
          number((time.getDayOfYear() + 6 - time.getDayOfWeek().getValue() % 7) / 7, 2, '0', flag);
      case 'W' ->
          number((time.getDayOfYear() + 7 - time.getDayOfWeek().getValue()) / 7, 2, '0', flag);
      case 'V' -> number(time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR), 2, '0', flag);
      case 'G' -> number(time.get(IsoFields.WEEK_BASED_YEAR), 1, '0', flag);
      case 'g' -> number(time.get(IsoFields.WEEK_BASED_YEAR) % 100, 2, '0', flag);
      case 'a' -> time.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
      case 'A' -> time.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      case 'b', 'h' -> time.getMonth().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
      case 'B' -> time.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      case 'p' -> time.getHour() < 12 ? "AM" : "PM";
      case 'P' -> time.getHour() < 12 ? "am" : "pm";
      case 'D', 'x' -> format("%m/%d/%y", time);
      case 'F' -> format("%Y-%m-%d", time);
      case 'T', 'X' -> format("%H:%M:%S", time);
      case 'R' -> format("%H:%M", time);
      case 'r' -> format("%I:%M:%S %p", time);
      case 'c' -> format("%a %b %e %H:%M:%S %Y", time);
      case 'z', 'Z' -> "";
      case 'n' -> "\n";
      case 't' -> "\t";
      case '%' -> "%";
      default -> null;
    };
  }

  private static String number(int value, int width, char usual, char flag) {
    String digits = Integer.toString(value);
    char filling = flag == '_' ? ' ' : flag == '0' ? '0' : usual;
    return flag == '-'
        ? digits
        : String.valueOf(filling).repeat(Math.max(0, width - digits.length())) + digits;
  }
}
