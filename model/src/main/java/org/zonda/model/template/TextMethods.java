package org.zonda.model.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Supplier;

/** The methods of Python's strings. What they return keeps the marks of its characters. */
final class TextMethods {

  private static final Set<String> NAMES =
      Set.of(
          "capitalize",
          "casefold",
          "center",
          "count",
          "endswith",
          "expandtabs",
          "find",
          "format",
          "index",
          "isalnum",
          "isalpha",
          "isascii",
          "isdecimal",
          "isdigit",
          "islower",
          "isnumeric",
          "isspace",
          "istitle",
          "isupper",
          "join",
          "ljust",
          "lower",
          "lstrip",
          "partition",
          "removeprefix",
          "removesuffix",
          "replace",
          "rfind",
          "rindex",
          "rjust",
          "rpartition",
          "rsplit",
          "rstrip",
          "split",
          "splitlines",
          "startswith",
          "strip",
          "swapcase",
          "title",
          "upper",
          "zfill");

  private final Budget budget;
  private final TextFormat format;

  TextMethods(Budget budget, Members members) {
    this.budget = budget;
    this.format = new TextFormat(budget, members);
  }

  static boolean has(String name) {
    return NAMES.contains(name);
  }

  Callable bind(Text text, String name) {
    return arguments -> {
      budget.scan(text.length());
      Object result =
          call(text, name, new Arguments(name, arguments.positional(), arguments.named()));
      if (result instanceof Text made) {
        budget.text(made.length());
      }
      return result;
    };
  }

  private Object call(Text text, String name, Arguments arguments) {
    Texts texts = new Texts(budget);
    return switch (name) {
      case "lower", "casefold" -> without(arguments, () -> texts.lower(text));
      case "upper" -> without(arguments, () -> texts.upper(text));
      case "capitalize" -> without(arguments, () -> texts.capitalize(text));
      case "title" -> without(arguments, () -> texts.title(text));
      case "swapcase" -> without(arguments, () -> texts.swapCase(text));
      case "strip" -> stripped(text, arguments, true, true);
      case "lstrip" -> stripped(text, arguments, true, false);
      case "rstrip" -> stripped(text, arguments, false, true);
      case "split" -> split(text, arguments.bind(0, "sep", "maxsplit"), false);
      case "rsplit" -> split(text, arguments.bind(0, "sep", "maxsplit"), true);
      case "splitlines" -> listed(texts.lines(text, arguments.bind(0, "keepends").flag(0)));
      case "partition" -> partition(text, arguments.bind(1, "sep").text(0), false);
      case "rpartition" -> partition(text, arguments.bind(1, "sep").text(0), true);
      case "join" -> join(text, arguments.bind(1, "iterable").value(0, null));
      case "replace" -> replace(text, arguments.bind(2, "old", "new", "count"));
      case "startswith" -> beginsOrEnds(text, arguments, true);
      case "endswith" -> beginsOrEnds(text, arguments, false);
      case "removeprefix" -> removed(text, arguments.bind(1, "prefix").text(0), true);
      case "removesuffix" -> removed(text, arguments.bind(1, "suffix").text(0), false);
      case "count", "find", "index", "rfind", "rindex" -> search(text, name, arguments);
      case "center", "ljust", "rjust" -> padded(text, name, arguments.bind(1, "width", "fillchar"));
      case "zfill" -> texts.zeroFill(text, arguments.bind(1, "width").integer(0));
      case "expandtabs" -> texts.expandTabs(text, arguments.bind(0, "tabsize").integer(0, 8));
      case "format" -> format.format(text, arguments);
      default -> without(arguments, () -> is(text, name));
    };
  }

  private static Object without(Arguments arguments, Supplier<Object> body) {
    arguments.none();
    return body.get();
  }

  private static boolean is(Text text, String name) {
    return switch (name) {
      case "isspace" -> all(text, Characters::isSpace);
      case "isalpha" -> all(text, Characters::isAlphabetic);
      case "isdigit" -> all(text, Characters::isDigit);
      case "isdecimal" -> all(text, Characters::isDecimal);
      case "isnumeric" -> all(text, Characters::isNumeric);
      case "isalnum" -> all(text, c -> Characters.isAlphabetic(c) || Characters.isNumeric(c));
      case "isascii" -> text.isEmpty() || all(text, c -> c < 0x80);
      case "islower" -> Texts.isCased(text, Character::isLowerCase);
      case "isupper" -> Texts.isCased(text, Character::isUpperCase);
      default -> Texts.isTitle(text);
    };
  }

  private static boolean all(Text text, IntPredicate kind) {
    for (int i = 0; i < text.length(); i++) {
      if (!kind.test(text.at(i))) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  private static Text stripped(Text text, Arguments arguments, boolean front, boolean back) {
    Arguments.Bound bound = arguments.bind(0, "chars");
    return Texts.strip(text, bound.given(0) ? bound.text(0) : null, front, back);
  }

  private List<Object> listed(List<Text> parts) {
    budget.elements(parts.size());
    parts.forEach(part -> budget.text(part.length()));
    return Collections.unmodifiableList(parts);
  }

  private List<Object> split(Text text, Arguments.Bound bound, boolean fromEnd) {
    int most = bound.integer(1, -1);
    int limit = most < 0 ? Integer.MAX_VALUE : most;
    if (!bound.given(0)) {
      return listed(
          fromEnd ? reverse(Texts.words(text.reversed(), limit)) : Texts.words(text, limit));
    }
    Text separator = separator(bound.text(0));
    return listed(
        fromEnd
            ? reverse(Texts.split(text.reversed(), separator.reversed(), limit))
            : Texts.split(text, separator, limit));
  }

  /** Parts of a reversed text, as parts of the text. */
  private static List<Text> reverse(List<Text> parts) {
    List<Text> reversed = new ArrayList<>();
    parts.reversed().forEach(part -> reversed.add(part.reversed()));
    return reversed;
  }

  private static Text separator(Text separator) {
    if (separator.isEmpty()) {
      throw new TemplateException(
          "the separator is an empty string; the filter 'list' splits into characters");
    }
    return separator;
  }

  private static Tuple partition(Text text, Text part, boolean last) {
    Text separator = separator(part);
    int place =
        last
            ? text.lastIndexOf(separator, 0, text.length())
            : text.indexOf(separator, 0, text.length());
    if (place < 0) {
      return last ? Tuple.of(Text.EMPTY, Text.EMPTY, text) : Tuple.of(text, Text.EMPTY, Text.EMPTY);
    }
    int end = place + separator.length();
    return Tuple.of(text.slice(0, place), text.slice(place, end), text.slice(end, text.length()));
  }

  private Text join(Text separator, Object items) {
    TextBuilder joined = new TextBuilder(budget);
    int index = 0;
    for (Iterator<Object> i = Values.iterate(items); i.hasNext(); index++) {
      budget.step();
      Object item = i.next();
      if (!(item instanceof Text text)) {
        throw item instanceof Undefined undefined
            ? undefined.fault()
            : new TemplateException(
                "'join' expects strings, and item %d is of type '%s'; the filter takes all"
                    .formatted(index, Values.typeName(item)));
      }
      joined.append(index > 0 ? separator : Text.EMPTY).append(text);
    }
    return joined.build();
  }

  private Text replace(Text text, Arguments.Bound bound) {
    int count = bound.integer(2, -1);
    return new Texts(budget)
        .replace(text, bound.text(0), bound.text(1), count < 0 ? Integer.MAX_VALUE : count);
  }

  private boolean beginsOrEnds(Text text, Arguments arguments, boolean begins) {
    Arguments.Bound bound = arguments.bind(1, "prefix", "start", "end");
    int[] range = range(text, bound);
    List<Object> choices =
        bound.value(0, null) instanceof Tuple tuple ? tuple.items() : List.of(bound.text(0));
    for (Object choice : choices) {
      if (!(choice instanceof Text part)) {
        throw new TemplateException(
            "'%s' expects a tuple of strings, not one with '%s'"
                .formatted(arguments.callee(), Values.typeName(choice)));
      }
      int place = begins ? range[0] : range[1] - part.length();
      boolean within = place >= range[0] && place + part.length() <= range[1];
      if (within && text.matches(part, place)) {
        return true;
      }
    }
    return false;
  }

  /** The range that the second and third argument name. */
  private static int[] range(Text text, Arguments.Bound bound) {
    int length = text.length();
    return new int[] {place(bound.integer(1, 0), length), place(bound.integer(2, length), length)};
  }

  private static int place(int index, int length) {
    return index < 0 ? Math.max(0, index + length) : Math.min(index, length);
  }

  private static Text removed(Text text, Text part, boolean front) {
    int rest = text.length() - part.length();
    if (front) {
      return text.matches(part, 0) ? text.slice(part.length(), text.length()) : text;
    }
    return rest >= 0 && text.matches(part, rest) ? text.slice(0, rest) : text;
  }

  private static long search(Text text, String name, Arguments arguments) {
    Arguments.Bound bound = arguments.bind(1, "sub", "start", "end");
    Text part = bound.text(0);
    int[] range = range(text, bound);
    if (name.equals("count")) {
      return Texts.count(text.slice(range[0], range[1]), part);
    }
    int place =
        name.startsWith("r")
            ? text.lastIndexOf(part, range[0], range[1])
            : text.indexOf(part, range[0], range[1]);
    if (place < 0 && name.endsWith("index")) {
      throw new TemplateException(
          "'%s' does not find %s; 'find' gives -1 then".formatted(name, Values.brief(part)));
    }
    return place;
  }

  private Text padded(Text text, String name, Arguments.Bound bound) {
    Text fill = bound.text(1, Text.of(" "));
    if (fill.length() != 1) {
      throw new TemplateException(
          "'%s' fills up with one character, not with %s".formatted(name, Values.brief(fill)));
    }
    Texts texts = new Texts(budget);
    int room = Math.max(0, bound.integer(0) - text.length());
    return switch (name) {
      case "ljust" -> texts.pad(text, fill, 0, room);
      case "rjust" -> texts.pad(text, fill, room, 0);
      default -> centred(texts, text, fill, bound.integer(0));
    };
  }

  /** As Python: where the room is odd, the odd one goes to the front if the width is odd. */
  static Text centred(Texts texts, Text text, Text fill, int width) {
    int room = Math.max(0, width - text.length());
    int front = room / 2 + (room & width & 1);
    return texts.pad(text, fill, front, room - front);
  }
}
