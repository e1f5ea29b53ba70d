package org.zonda.model.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Filters of whatever can be gone through. Some make a generator, which is gone through once. */
final class SequenceFilters {

  private final Budget budget;
  private final Members members;
  private final Filters filters;
  private final Printer printer;

  SequenceFilters(Budget budget, Members members, Filters filters) {
    this.budget = budget;
    this.members = members;
    this.filters = filters;
    this.printer = new Printer(budget);
  }

  Object apply(String name, Object value, Arguments arguments) {
    return switch (name) {
      case "list" -> list(value, arguments);
      case "first" -> first(value, arguments);
      case "last" -> last(value, arguments);
      case "reverse" -> reverse(value, arguments);
      case "map" -> map(value, arguments);
      case "select" -> chosen(value, test(arguments, false), true);
      case "reject" -> chosen(value, test(arguments, false), false);
      case "selectattr" -> chosen(value, test(arguments, true), true);
      case "rejectattr" -> chosen(value, test(arguments, true), false);
      case "sort" -> sort(value, arguments.bind(0, "reverse", "case_sensitive", "attribute"));
      case "dictsort" -> sortMap(value, arguments.bind(0, "case_sensitive", "by", "reverse"));
      case "unique" -> unique(value, arguments.bind(0, "case_sensitive", "attribute"));
      case "min" -> extreme(value, arguments.bind(0, "case_sensitive", "attribute"), -1);
      case "max" -> extreme(value, arguments.bind(0, "case_sensitive", "attribute"), 1);
      case "sum" -> sum(value, arguments.bind(0, "attribute", "start"));
      case "groupby" -> group(value, arguments.bind(1, "attribute", "default", "case_sensitive"));
      case "batch" -> batch(value, arguments.bind(1, "linecount", "fill_with"));
      case "slice" -> slice(value, arguments.bind(1, "slices", "fill_with"));
      default ->
          throw new TemplateException(
              "there is no filter '%s'; most of Jinja2's are known, and no others".formatted(name));
    };
  }

  private List<Object> items(Object value) {
    return Values.items(value, budget);
  }

  private Object list(Object value, Arguments arguments) {
    arguments.none();
    return items(value);
  }

  private Object first(Object value, Arguments arguments) {
    arguments.none();
    Iterator<Object> items = Values.iterate(value);
    return items.hasNext() ? items.next() : nothing("first", value);
  }

  private Object last(Object value, Arguments arguments) {
    arguments.none();
    if (value instanceof Iterator<?>) {
      throw new TemplateException(
          "'last' cannot start at the end of a value of type 'generator'; put 'list' before it");
    }
    List<Object> items = items(value);
    return items.isEmpty() ? nothing("last", value) : items.getLast();
  }

  private static Undefined nothing(String filter, Object value) {
    return new Undefined(
        "'%s' finds no item in an empty value of type '%s'"
            .formatted(filter, Values.typeName(value)));
  }

  private Object reverse(Object value, Arguments arguments) {
    arguments.none();
    return value instanceof Text text ? text.reversed() : items(value).reversed().iterator();
  }

  private Object map(Object value, Arguments arguments) {
    if (arguments.positional().isEmpty() && arguments.named().containsKey("attribute")) {
      Arguments.Bound bound =
          new Arguments("map", List.of(), arguments.named()).bind(0, "attribute", "default");
      return lazy(value, getter(bound.value(0, null), bound.value(1, null)));
    }
    String filter = first(arguments, "a filter").toString();
    Arguments rest = arguments.rest(filter);
    return lazy(value, item -> filters.apply(filter, item, rest));
  }

  private static Text first(Arguments arguments, String what) {
    if (!arguments.positional().isEmpty()
        && arguments.positional().getFirst() instanceof Text text) {
      return text;
    }
    throw new TemplateException("'%s' needs the name of %s".formatted(arguments.callee(), what));
  }

  /** As Jinja2: what is false, even if it is no sequence, has no items. */
  private static Iterator<Object> iterateIfTrue(Object value) {
    return Values.isTrue(value) ? Values.iterate(value) : Collections.emptyIterator();
  }

  private Iterator<Object> lazy(Object value, Function<Object, Object> change) {
    Iterator<Object> items = iterateIfTrue(value);
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return items.hasNext();
      }

      @Override
      public Object next() {
        budget.step();
        return change.apply(items.next());
      }
    };
  }

  private Predicate<Object> test(Arguments arguments, boolean ofAttribute) {
    Arguments rest = arguments;
    Function<Object, Object> getter = Function.identity();
    if (ofAttribute) {
      if (arguments.positional().isEmpty()) {
        throw new TemplateException(
            "'%s' needs the name of an attribute".formatted(arguments.callee()));
      }
      getter = getter(arguments.positional().getFirst(), null);
      rest = arguments.rest(arguments.callee());
    }
    Function<Object, Object> get = getter;
    if (rest.positional().isEmpty()) {
      return item -> Values.isTrue(get.apply(item));
    }
    String name = first(rest, "a test").toString();
    Arguments forTest = rest.rest(name);
    return item -> filters.test(name, get.apply(item), forTest);
  }

  private Iterator<Object> chosen(Object value, Predicate<Object> test, boolean wanted) {
    Iterator<Object> items = iterateIfTrue(value);
    return new Iterator<>() {
      private Object next = Values.ABSENT;

      @Override
      public boolean hasNext() {
        while (next == Values.ABSENT && items.hasNext()) {
          budget.step();
          Object item = items.next();
          next = test.test(item) == wanted ? item : Values.ABSENT;
        }
        return next != Values.ABSENT;
      }

      @Override
      public Object next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        Object item = next;
        next = Values.ABSENT;
        return item;
      }
    };
  }

  /**
   * What finds an item's attribute.
   *
   * @param path an index, or names and indices with dots between
   * @param otherwise what stands for one that is not there, unless null
   */
  private Function<Object, Object> getter(Object path, Object otherwise) {
    List<Object> parts = new ArrayList<>();
    if (path instanceof Text text) {
      for (Text part : Texts.split(text, Text.of("."), Integer.MAX_VALUE)) {
        String name = part.toString();
        boolean index =
            !name.isEmpty()
                && name.length() < 10
                && name.chars().allMatch(c -> c >= '0' && c <= '9');
        parts.add(index ? (Object) Long.parseLong(name) : part);
      }
    } else if (path != null) {
      parts.add(path);
    }
    return item -> {
      Object value = item;
      for (Object part : parts) {
        value = members.item(value, part);
        if (value instanceof Undefined && otherwise != null) {
          value = otherwise;
        }
      }
      return value;
    };
  }

  /** Strings without their case, unless it counts. */
  private Function<Object, Object> key(Object attribute, boolean caseSensitive) {
    Function<Object, Object> getter = getter(attribute, null);
    return caseSensitive
        ? getter
        : getter.andThen(
            value -> value instanceof Text text ? new Texts(budget).lower(text) : value);
  }

  private Comparator<Object> order(Function<Object, Object> key, boolean reverse) {
    Comparator<Object> order = (a, b) -> Values.compare(key.apply(a), key.apply(b), "<", budget);
    return reverse ? order.reversed() : order;
  }

  private List<Object> sorted(List<Object> items, Comparator<Object> order) {
    List<Object> sorted = new ArrayList<>(items);
    sorted.sort(order);
    return Collections.unmodifiableList(sorted);
  }

  private Object sort(Object value, Arguments.Bound bound) {
    List<Function<Object, Object>> keys = new ArrayList<>();
    if (bound.given(2)) {
      for (Text path : Texts.split(printer.str(bound.value(2, null)), Text.of(","), 100)) {
        keys.add(key(path, bound.flag(1)));
      }
    } else {
      keys.add(key(null, bound.flag(1)));
    }
    // Compared as tuples are: what is equal need not have an order.
    Function<Object, Object> key =
        item -> new Tuple(keys.stream().map(one -> one.apply(item)).collect(Collectors.toList()));
    return sorted(items(value), order(key, bound.flag(0)));
  }

  private Object sortMap(Object value, Arguments.Bound bound) {
    if (!(value instanceof Map<?, ?> map)) {
      throw new TemplateException(
          "'dictsort' expects a mapping, not '%s'".formatted(Values.typeName(value)));
    }
    String by = bound.text(1, Text.of("key")).toString();
    if (!by.equals("key") && !by.equals("value")) {
      throw new TemplateException(
          "'dictsort' cannot sort by %s; known: key, value".formatted(Values.brief(Text.of(by))));
    }
    Function<Object, Object> key = key(by.equals("key") ? 0L : 1L, bound.flag(0));
    return sorted(members.items(map).items(), order(key, bound.flag(2)));
  }

  private Object unique(Object value, Arguments.Bound bound) {
    Function<Object, Object> key = key(bound.value(1, null), bound.flag(0));
    List<Object> seen = new ArrayList<>();
    Predicate<Object> isNew =
        item -> {
          Object one = key.apply(item);
          if (seen.stream().anyMatch(other -> Values.equal(other, one, budget))) {
            return false;
          }
          seen.add(one);
          return true;
        };
    return chosen(items(value), isNew, true);
  }

  private Object extreme(Object value, Arguments.Bound bound, int sign) {
    Function<Object, Object> key = key(bound.value(1, null), bound.flag(0));
    Object best = Values.ABSENT;
    for (Object item : items(value)) {
      boolean better =
          best == Values.ABSENT
              || Values.compare(key.apply(item), key.apply(best), sign < 0 ? "<" : ">", budget)
                      * sign
                  > 0;
      best = better ? item : best;
    }
    return best == Values.ABSENT ? nothing(sign < 0 ? "min" : "max", value) : best;
  }

  private Object sum(Object value, Arguments.Bound bound) {
    Function<Object, Object> getter = getter(bound.value(0, null), null);
    Operators operators = new Operators(budget, members);
    Object sum = bound.value(1, 0L);
    for (Object item : items(value)) {
      sum = operators.binary("+", sum, getter.apply(item));
    }
    return sum;
  }

  private Object group(Object value, Arguments.Bound bound) {
    Function<Object, Object> getter = getter(bound.value(0, null), bound.value(1, null));
    Function<Object, Object> key = key(null, bound.flag(2));
    List<Object> groups = new ArrayList<>();
    List<Object> group = new ArrayList<>();
    Object first = null;
    for (Object item : sorted(items(value), order(getter.andThen(key), false))) {
      Object name = getter.apply(item);
      if (!group.isEmpty() && !Values.equal(key.apply(first), key.apply(name), budget)) {
        groups.add(Tuple.of(first, List.copyOf(group)));
        group.clear();
      }
      first = group.isEmpty() ? name : first;
      group.add(item);
    }
    if (!group.isEmpty()) {
      groups.add(Tuple.of(first, List.copyOf(group)));
    }
    return Collections.unmodifiableList(groups);
  }

  private Object batch(Object value, Arguments.Bound bound) {
    int size = positive(bound.integer(0));
    List<Object> items = items(value);
    List<Object> batches = new ArrayList<>();
    for (int start = 0; start < items.size(); start += size) {
      List<Object> batch =
          new ArrayList<>(items.subList(start, Math.min(start + size, items.size())));
      if (bound.given(1)) {
        budget.elements(size - batch.size());
        batch.addAll(Collections.nCopies(size - batch.size(), bound.value(1, null)));
      }
      batches.add(Collections.unmodifiableList(batch));
    }
    return batches.iterator();
  }

  private Object slice(Object value, Arguments.Bound bound) {
    int count = positive(bound.integer(0));
    budget.elements(count);
    List<Object> items = items(value);
    int size = items.size() / count;
    int longer = items.size() % count;
    List<Object> slices = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < count; i++) {
      int end = start + size + (i < longer ? 1 : 0);
      List<Object> slice = new ArrayList<>(items.subList(start, end));
      if (bound.given(1) && i >= longer) {
        slice.add(bound.value(1, null));
      }
      slices.add(Collections.unmodifiableList(slice));
      start = end;
    }
    return slices.iterator();
  }

  private static int positive(int count) {
    if (count < 1) {
      throw new TemplateException("a number of at least 1 is expected, not " + count);
    }
    return count;
  }

  Text join(Object value, Arguments.Bound bound) {
    Text separator = printer.str(bound.value(0, Text.EMPTY));
    Function<Object, Object> getter =
        bound.given(1) ? getter(bound.value(1, null), null) : Function.identity();
    TextBuilder out = new TextBuilder(budget);
    boolean first = true;
    for (Iterator<Object> i = Values.iterate(value); i.hasNext(); first = false) {
      budget.step();
      out.append(first ? Text.EMPTY : separator).append(printer.str(getter.apply(i.next())));
    }
    return out.build();
  }
}
