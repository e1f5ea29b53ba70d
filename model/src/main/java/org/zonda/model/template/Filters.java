package org.zonda.model.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** The filters, as in {@code value|name(arguments)}, and the tests, by their names. */
final class Filters {

  private final Budget budget;
  private final Members members;
  private final Texts texts;
  private final TextFormat format;
  private final Printer printer;
  private final SequenceFilters sequences;
  private final Tests tests;

  Filters(Budget budget, Members members) {
    this.budget = budget;
    this.members = members;
    this.texts = new Texts(budget);
    this.format = new TextFormat(budget, members);
    this.printer = new Printer(budget);
    this.sequences = new SequenceFilters(budget, members, this);
    this.tests = new Tests(budget);
  }

  /**
   * Applies a test.
   *
   * @throws TemplateException if there is none of that name
   */
  boolean test(String name, Object value, Arguments arguments) {
    return tests.test(name, value, arguments);
  }

  /**
   * Applies a filter.
   *
   * @throws TemplateException if there is none of that name
   */
  Object apply(String name, Object value, Arguments arguments) {
    if (value instanceof Text text) {
      budget.scan(text.length());
    }
    return switch (name) {
      case "tojson" -> JsonText.of(value, arguments, budget);
      case "default", "d" -> byDefault(value, arguments.bind(0, "default_value", "boolean"));
      case "string" -> plain(arguments, printer.str(value));
      case "safe" -> plain(arguments, printer.str(value));
      case "escape", "e", "forceescape" -> plain(arguments, texts.escape(printer.str(value)));
      case "length", "count" -> plain(arguments, (long) Values.length(value));
      case "int" -> integer(value, arguments.bind(0, "default", "base"));
      case "float" -> real(value, arguments.bind(0, "default"));
      case "abs" -> plain(arguments, Numbers.absolute(number(name, value)));
      case "round" -> round(value, arguments.bind(0, "precision", "method"));
      case "items" -> items(value, arguments);
      case "attr" -> attribute(value, arguments.bind(1, "name").text(0));
      case "join" -> sequences.join(value, arguments.bind(0, "d", "attribute"));
      case "format" -> format(printer.str(value), arguments);
      default -> {
        Object made = ofText(name, value, arguments);
        yield made != Values.ABSENT ? made : sequences.apply(name, value, arguments);
      }
    };
  }

  /** Filters of texts; other values are taken as they are printed. */
  private Object ofText(String name, Object value, Arguments arguments) {
    return switch (name) {
      case "trim" -> {
        Arguments.Bound bound = arguments.bind(0, "chars");
        yield Texts.strip(printer.str(value), bound.given(0) ? bound.text(0) : null, true, true);
      }
      case "upper" -> plain(arguments, texts.upper(printer.str(value)));
      case "lower" -> plain(arguments, texts.lower(printer.str(value)));
      case "capitalize" -> plain(arguments, texts.capitalize(printer.str(value)));
      case "title" -> plain(arguments, texts.titleOfFilter(printer.str(value)));
      case "wordcount" -> {
        arguments.none();
        yield wordCount(printer.str(value));
      }
      case "urlencode" -> plain(arguments, urlEncode(value));
      case "center" -> {
        int width = arguments.bind(0, "width").integer(0, 80);
        yield TextMethods.centred(texts, printer.str(value), Text.of(" "), width);
      }
      case "replace" -> replace(printer.str(value), arguments.bind(2, "old", "new", "count"));
      case "indent" -> indent(text(name, value), arguments.bind(0, "width", "first", "blank"));
      case "truncate" -> {
        Arguments.Bound bound = arguments.bind(0, "length", "killwords", "end", "leeway");
        Text end = bound.text(2, Text.of("..."));
        if (!(value instanceof Text)
            && Values.length(value) <= (long) bound.integer(0, 255) + bound.integer(3, 5)) {
          yield value;
        }
        yield texts.truncate(
            text(name, value), bound.integer(0, 255), bound.flag(1), end, bound.integer(3, 5));
      }
      default -> Values.ABSENT;
    };
  }

  private static Object plain(Arguments arguments, Object result) {
    arguments.none();
    return result;
  }

  private static Object byDefault(Object value, Arguments.Bound bound) {
    boolean absent = value instanceof Undefined || bound.flag(1) && !Values.isTrue(value);
    return absent ? bound.value(0, Text.EMPTY) : value;
  }

  private static Text text(String filter, Object value) {
    return switch (value) {
      case Text text -> text;
      case Undefined undefined -> throw undefined.fault();
      case null, default ->
          throw new TemplateException(
              "'%s' expects a string, not '%s'".formatted(filter, Values.typeName(value)));
    };
  }

  private static Object number(String filter, Object value) {
    if (Numbers.isNumber(value)) {
      return value;
    }
    throw value instanceof Undefined undefined
        ? undefined.fault()
        : new TemplateException(
            "'%s' expects a number, not '%s'".formatted(filter, Values.typeName(value)));
  }

  private static Object integer(Object value, Arguments.Bound bound) {
    int base = bound.integer(1, 10);
    return switch (value) {
      case Double real when Double.isFinite(real) ->
          Numbers.narrow(new BigDecimal(real).toBigInteger());
      case Boolean flag -> flag ? 1L : 0L;
      case Long _, BigInteger _ -> value;
      case Text text -> {
        Object parsed = NumberText.integer(text.toString(), base);
        yield parsed != null ? parsed : bound.value(0, 0L);
      }
      case Undefined undefined -> throw undefined.fault();
      case null, default -> bound.value(0, 0L);
    };
  }

  private static Object real(Object value, Arguments.Bound bound) {
    if (Numbers.isNumber(value)) {
      return Numbers.real(value);
    }
    if (value instanceof Undefined undefined) {
      throw undefined.fault();
    }
    Double parsed = value instanceof Text text ? NumberText.real(text.toString()) : null;
    return parsed != null ? parsed : bound.value(0, 0.0);
  }

  private static Object round(Object value, Arguments.Bound bound) {
    Object number = number("round", value);
    int precision = bound.integer(0, 0);
    String method = bound.text(1, Text.of("common")).toString();
    return switch (method) {
      case "common" -> Numbers.round(number, precision, RoundingMode.HALF_EVEN);
      case "ceil", "floor" -> {
        Object factor = Numbers.binary("**", 10L, (long) precision);
        double scaled = Numbers.real(Numbers.binary("*", number, factor));
        double rounded = method.equals("ceil") ? Math.ceil(scaled) : Math.floor(scaled);
        yield Numbers.binary("/", rounded, factor);
      }
      default ->
          throw new TemplateException(
              "'round' has no method %s; known: common, ceil, floor"
                  .formatted(Values.brief(Text.of(method))));
    };
  }

  private Object items(Object value, Arguments arguments) {
    arguments.none();
    return switch (value) {
      case Undefined _ -> Collections.emptyIterator();
      case Map<?, ?> map -> members.items(map).items().iterator();
      case null, default ->
          throw new TemplateException(
              "'items' expects a dict, not '%s'".formatted(Values.typeName(value)));
    };
  }

  private Object attribute(Object value, Text name) {
    if (value instanceof Map<?, ?>) {
      // Unlike a dot, this filter does not look into a map.
      return members.attribute(Collections.emptyMap(), name.toString()) instanceof Undefined
          ? Undefined.attribute(value, name.toString())
          : members.attribute(value, name.toString());
    }
    return members.attribute(value, name.toString());
  }

  private Text format(Text text, Arguments arguments) {
    Map<Object, Object> named = Functions.map(arguments.named());
    if (!named.isEmpty() && !arguments.positional().isEmpty()) {
      throw new TemplateException(
          "'format' is given values both with and without names; give them all in one way");
    }
    boolean byName = !named.isEmpty();
    return format.percent(text, arguments.positional(), byName ? named : null, byName);
  }

  private Text replace(Text text, Arguments.Bound bound) {
    int count = bound.integer(2, -1);
    Text old = printer.str(bound.value(0, null));
    Text replacement = printer.str(bound.value(1, null));
    return texts.replace(text, old, replacement, count < 0 ? Integer.MAX_VALUE : count);
  }

  private Text indent(Text text, Arguments.Bound bound) {
    Text indentation =
        bound.value(0, null) instanceof Text given
            ? given
            : texts.repeat(Text.of(" "), bound.integer(0, 4));
    return texts.indent(text, indentation, bound.flag(1), bound.flag(2));
  }

  private static long wordCount(Text text) {
    long words = 0;
    boolean within = false;
    for (int i = 0; i < text.length(); i++) {
      int c = text.at(i);
      boolean letter = Characters.isAlphabetic(c) || Characters.isNumeric(c) || c == '_';
      words += letter && !within ? 1 : 0;
      within = letter;
    }
    return words;
  }

  /** One text, or the pairs of a query. */
  private Text urlEncode(Object value) {
    if (!(value instanceof Map<?, ?>) && (value instanceof Text || !Values.isIterable(value))) {
      return encoded(printer.str(value), true);
    }
    TextBuilder out = new TextBuilder(budget);
    Object pairs = value instanceof Map<?, ?> map ? members.items(map) : value;
    for (Iterator<Object> i = Values.iterate(pairs); i.hasNext(); ) {
      List<Object> pair = Values.items(i.next(), budget);
      if (pair.size() != 2) {
        throw new TemplateException(
            "'urlencode' expects pairs of key and value, not groups of %d".formatted(pair.size()));
      }
      out.append(out.length() > 0 ? "&" : "");
      out.append(encoded(printer.str(pair.get(0)), false)).append("=");
      out.append(encoded(printer.str(pair.get(1)), false));
    }
    return out.build();
  }

  private Text encoded(Text text, boolean path) {
    TextBuilder out = new TextBuilder(budget);
    for (int i = 0; i < text.length(); i++) {
      int c = text.at(i);
      if (c == '~' || path && c == '/') {
        out.append(text.marked(i));
      } else if (c == '*') {
        out.append("%2A", text.marked(i));
      } else {
        String code = URLEncoder.encode(Character.toString(c), StandardCharsets.UTF_8);
        out.append(path && c == ' ' ? "%20" : code, text.marked(i));
      }
    }
    return out.build();
  }
}
