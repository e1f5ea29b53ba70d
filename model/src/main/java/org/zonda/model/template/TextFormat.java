package org.zonda.model.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Python's two ways to put values into a text: {@code '%s' % x} and {@code '{}'.format(x)}. */
final class TextFormat {

  private static final int MAX_WIDTH = 10_000;

  private final Budget budget;
  private final Members members;
  private final Printer printer;

  TextFormat(Budget budget, Members members) {
    this.budget = budget;
    this.members = members;
    this.printer = new Printer(budget);
  }

  /** How a value is to be shown; a negative precision is none. */
  private record Spec(
      int fill, char align, char sign, boolean grouped, int width, int precision, char type) {}

  /**
   * {@code text % values}.
   *
   * @param named where the values are those of a map
   * @param lenient whether values may be left over, as with all that has items but a tuple
   */
  Text percent(Text text, List<Object> values, Map<?, ?> named, boolean lenient) {
    TextBuilder out = new TextBuilder(budget);
    Cursor cursor = new Cursor(text);
    int used = 0;
    while (cursor.hasNext()) {
      int marked = cursor.next();
      if (Text.unmark(marked) != '%') {
        out.append(marked);
        continue;
      }
      if (cursor.skip('%')) {
        out.append("%");
        continue;
      }
      Text key = cursor.skip('(') ? cursor.until(')') : null;
      Spec spec = percentSpec(cursor);
      Object value;
      if (key != null) {
        if (named == null || !named.containsKey(key)) {
          throw new TemplateException("the format has no value '" + key + "'");
        }
        value = named.get(key);
      } else if (used < values.size()) {
        value = values.get(used++);
      } else {
        throw new TemplateException(
            "the format has more fields than values (%d)".formatted(values.size()));
      }
      out.append(convert(value, spec));
    }
    if (!lenient && used < values.size()) {
      throw new TemplateException(
          "the format has fewer fields (%d) than values (%d)".formatted(used, values.size()));
    }
    return out.build();
  }

  private static Spec percentSpec(Cursor cursor) {
    int fill = ' ';
    char align = '>';
    char sign = '-';
    while (true) {
      if (cursor.skip('-')) {
        align = '<';
      } else if (cursor.skip('0')) {
        fill = '0';
      } else if (cursor.skip('+')) {
        sign = '+';
      } else if (cursor.skip(' ')) {
        sign = ' ';
      } else if (!cursor.skip('#')) {
        break;
      }
    }
    int width = cursor.number(0);
    int precision = cursor.skip('.') ? cursor.number(0) : -1;
    if (!cursor.hasNext()) {
      throw new TemplateException(
          "the format ends within a field; a percent sign itself is written %%");
    }
    char type = (char) Text.unmark(cursor.next());
    if (align == '<') {
      fill = ' ';
    } else if (fill == '0') {
      align = "sr".indexOf(type) >= 0 ? '>' : '=';
      fill = align == '=' ? '0' : ' ';
    }
    return new Spec(fill, align, sign, false, width, precision, type);
  }

  private Text convert(Object value, Spec spec) {
    return switch (spec.type) {
      case 's' -> padded(cut(printer.str(value), spec), spec);
      case 'r' -> padded(cut(printer.repr(value), spec), spec);
      case 'd', 'i', 'u' -> {
        Object whole = value instanceof Double real ? truncate(real) : value;
        yield number(whole, spec, 'd');
      }
      default -> number(value, spec, Character.toLowerCase(spec.type));
    };
  }

  private static Object truncate(double value) {
    return Numbers.narrow(new BigDecimal(value).toBigInteger());
  }

  /** {@code text.format(values)}. */
  Text format(Text text, Arguments arguments) {
    TextBuilder out = new TextBuilder(budget);
    Cursor cursor = new Cursor(text);
    int automatic = 0;
    while (cursor.hasNext()) {
      int marked = cursor.next();
      int c = Text.unmark(marked);
      if (c == '}' && !cursor.skip('}') || c == '{' && !cursor.hasNext()) {
        throw new TemplateException(
            "the format has a '%c' that belongs to no field; the character itself is written twice"
                .formatted(c));
      }
      if (c != '{' || cursor.skip('{')) {
        out.append(marked);
        continue;
      }
      Text field = cursor.until('}');
      int colon = field.indexOf(Text.of(":"), 0, field.length());
      Text spec = colon < 0 ? Text.EMPTY : field.slice(colon + 1, field.length());
      Text name = colon < 0 ? field : field.slice(0, colon);
      int bang = name.indexOf(Text.of("!"), 0, name.length());
      String path = name.slice(0, bang < 0 ? name.length() : bang).toString();
      boolean numbered = !path.isEmpty() && path.charAt(0) != '.' && path.charAt(0) != '[';
      Object value = field(numbered ? path : automatic++ + path, arguments);
      if (bang >= 0) {
        boolean repr = name.slice(bang, name.length()).equals(Text.of("!r"));
        value = repr ? printer.repr(value) : printer.str(value);
      }
      out.append(formatted(value, spec));
    }
    return out.build();
  }

  /** The value of a field such as {@code 0}, {@code name.attribute} or {@code name[index]}. */
  private Object field(String path, Arguments arguments) {
    String[] parts = path.split("(?=[.\\[])");
    boolean number = parts[0].chars().allMatch(c -> c >= '0' && c <= '9');
    Object value;
    if (number) {
      int index = parts[0].length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(parts[0]);
      if (index >= arguments.positional().size()) {
        throw new TemplateException(
            "the format has no value %d; it is given %d, counted from 0"
                .formatted(index, arguments.positional().size()));
      }
      value = arguments.positional().get(index);
    } else if (arguments.named().containsKey(parts[0])) {
      value = arguments.named().get(parts[0]);
    } else {
      throw new TemplateException("the format has no value '" + parts[0] + "'");
    }
    for (int i = 1; i < parts.length; i++) {
      String part = parts[i].substring(1);
      if (parts[i].charAt(0) == '.') {
        value = members.attribute(value, part);
      } else {
        String key = part.endsWith("]") ? part.substring(0, part.length() - 1) : part;
        boolean index =
            !key.isEmpty() && key.length() < 10 && key.chars().allMatch(c -> c >= '0' && c <= '9');
        value = members.item(value, index ? (Object) Long.parseLong(key) : Text.of(key));
      }
    }
    return value;
  }

  private Text formatted(Object value, Text text) {
    Cursor cursor = new Cursor(text);
    boolean numeric = Numbers.isNumber(value) && !(value instanceof Boolean && text.isEmpty());
    int fill = ' ';
    char align = numeric ? '>' : '<';
    if (text.length() > 1 && "<>=^".indexOf(text.at(1)) >= 0) {
      fill = Text.unmark(cursor.next());
      align = (char) Text.unmark(cursor.next());
    } else if (!text.isEmpty() && "<>=^".indexOf(text.at(0)) >= 0) {
      align = (char) Text.unmark(cursor.next());
    }
    char sign = cursor.skip('+') ? '+' : cursor.skip(' ') ? ' ' : '-';
    cursor.skip('-');
    if (cursor.skip('0') && fill == ' ') {
      fill = '0';
      align = numeric ? '=' : align;
    }
    int width = cursor.number(0);
    boolean grouped = cursor.skip(',');
    int precision = cursor.skip('.') ? cursor.number(0) : -1;
    char type = cursor.hasNext() ? (char) Text.unmark(cursor.next()) : '\0';
    if (cursor.hasNext()) {
      throw new TemplateException(
          "the format ':%s' goes on after its type; one such as ':>8.2f' works".formatted(text));
    }
    Spec spec = new Spec(fill, align, sign, grouped, width, precision, type);
    if (!numeric || type == 's') {
      return padded(cut(printer.str(value), spec), spec);
    }
    char usual = value instanceof Double ? 'r' : 'd';
    return number(value, spec, type == '\0' ? usual : Character.toLowerCase(type));
  }

  private static Text cut(Text text, Spec spec) {
    return spec.precision < 0 ? text : text.slice(0, Math.min(spec.precision, text.length()));
  }

  private Text number(Object value, Spec spec, char type) {
    if (!Numbers.isNumber(value)) {
      throw value instanceof Undefined undefined
          ? undefined.fault()
          : new TemplateException(
              "the format '%c' shows numbers, not a value of type '%s'"
                  .formatted(type, Values.typeName(value)));
    }
    String digits =
        switch (type) {
          case 'd' -> whole(value, type).toString();
          case 'x' -> whole(value, type).toString(16);
          case 'o' -> whole(value, type).toString(8);
          case 'b' -> whole(value, type).toString(2);
          case 'f' -> decimals(value, spec.precision < 0 ? 6 : spec.precision);
          case '%' ->
              decimals(Numbers.binary("*", value, 100.0), spec.precision < 0 ? 6 : spec.precision)
                  + "%";
          case 'r' -> {
            if (spec.precision >= 0) {
              throw unknown('\0');
            }
            yield Numbers.show(value);
          }
          default -> throw unknown(spec.type);
        };
    boolean negative = digits.startsWith("-");
    String magnitude = negative ? digits.substring(1) : digits;
    if (Character.isUpperCase(spec.type)) {
      magnitude = magnitude.toUpperCase(Locale.ROOT);
    }
    if (spec.grouped) {
      magnitude = group(magnitude);
    }
    String sign = negative ? "-" : spec.sign == '-' ? "" : String.valueOf(spec.sign);
    if (spec.align == '=') {
      int room = Math.max(0, width(spec) - sign.length() - magnitude.length());
      String filling = Character.toString(spec.fill).repeat(room);
      return Text.of(sign + filling + magnitude);
    }
    return padded(Text.of(sign + magnitude), spec);
  }

  private static BigInteger whole(Object value, char type) {
    if (!Numbers.isInteger(value)) {
      throw new TemplateException(
          "the format '%c' shows integers, not a value of type '%s'"
              .formatted(type, Values.typeName(value)));
    }
    return Numbers.integer(value);
  }

  private static String decimals(Object value, int places) {
    double number = Numbers.real(value);
    if (!Double.isFinite(number)) {
      return Numbers.show(number);
    }
    String digits =
        new BigDecimal(number)
            .setScale(Math.min(places, MAX_WIDTH), RoundingMode.HALF_EVEN)
            .toPlainString();
    boolean lostSign = number < 0 && !digits.startsWith("-");
    return lostSign ? "-" + digits : digits;
  }

  private static String group(String magnitude) {
    int point = magnitude.indexOf('.');
    String whole = point < 0 ? magnitude : magnitude.substring(0, point);
    StringBuilder grouped = new StringBuilder(whole);
    for (int i = whole.length() - 3; i > 0; i -= 3) {
      grouped.insert(i, ',');
    }
    return grouped + (point < 0 ? "" : magnitude.substring(point));
  }

  private static TemplateException unknown(char type) {
    return new TemplateException(
        "the format '%s' is not supported; known: s, r, d, x, o, b, f and %%".formatted(type));
  }

  private static int width(Spec spec) {
    if (spec.width > MAX_WIDTH) {
      throw new TemplateException("a format's width is more than " + MAX_WIDTH);
    }
    return spec.width;
  }

  private Text padded(Text text, Spec spec) {
    int room = Math.max(0, width(spec) - text.length());
    int front =
        switch (spec.align) {
          case '<' -> 0;
          case '^' -> room / 2;
          default -> room;
        };
    Text fill = Text.of(Character.toString(spec.fill));
    return new Texts(budget).pad(text, fill, front, room - front);
  }

  /** A place in a text. */
  private static final class Cursor {

    private final Text text;
    private int position;

    Cursor(Text text) {
      this.text = text;
    }

    boolean hasNext() {
      return position < text.length();
    }

    /** The next character, with its mark. */
    int next() {
      return text.marked(position++);
    }

    boolean skip(char c) {
      boolean there = hasNext() && text.at(position) == c;
      position += there ? 1 : 0;
      return there;
    }

    int number(int otherwise) {
      int start = position;
      long number = 0;
      while (hasNext() && text.at(position) >= '0' && text.at(position) <= '9') {
        number = Math.min(number * 10 + text.at(position++) - '0', MAX_WIDTH + 1);
      }
      return position == start ? otherwise : (int) number;
    }

    Text until(char end) {
      int place = text.indexOf(Text.of(String.valueOf(end)), position, text.length());
      if (place < 0) {
        throw new TemplateException("a field of the format has no end, '%c'".formatted(end));
      }
      Text part = text.slice(position, place);
      position = place + 1;
      return part;
    }
  }
}
