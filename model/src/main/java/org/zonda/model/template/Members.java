package org.zonda.model.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** What a dot or brackets behind a value reach: methods, map entries, items, slices. */
final class Members {

  private static final Set<String> MAP_CHANGES =
      Set.of("clear", "pop", "popitem", "setdefault", "update");
  private static final Set<String> LIST_CHANGES =
      Set.of("append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort");

  private final Budget budget;
  private final TextMethods texts;

  Members(Budget budget) {
    this.budget = budget;
    this.texts = new TextMethods(budget, this);
  }

  /** {@code target.name}: a method, else what a map holds under that name. */
  Object attribute(Object target, String name) {
    Object method = own(target, name);
    if (method != Values.ABSENT) {
      return method;
    }
    if (target instanceof Map<?, ?> map) {
      Text key = Text.of(name);
      if (map.containsKey(key)) {
        return map.get(key);
      }
    }
    return Undefined.attribute(target, name);
  }

  /** {@code target[index]}: what a map or list holds, else a method of that name. */
  Object item(Object target, Object index) {
    Object item =
        switch (target) {
          case Map<?, ?> map -> entry(map, index);
          case List<?> items -> element(items, index);
          case Tuple tuple -> element(tuple.items(), index);
          case View view when view.isRange() -> element(view.items(), index);
          case Text text -> character(text, index);
          case Undefined undefined -> throw undefined.fault();
          case null, default -> Values.ABSENT;
        };
    if (item == Values.ABSENT && index instanceof Text name) {
      item = own(target, name.toString());
      return item != Values.ABSENT ? item : Undefined.attribute(target, name.toString());
    }
    return item != Values.ABSENT ? item : Undefined.element(target, index);
  }

  private static Object entry(Map<?, ?> map, Object index) {
    boolean possible = index == null || index instanceof Text || Numbers.isNumber(index);
    return possible && map.containsKey(index) ? map.get(index) : Values.ABSENT;
  }

  private static Object element(List<?> items, Object index) {
    int place = place(index, items.size());
    return place < 0 ? Values.ABSENT : items.get(place);
  }

  private static Object character(Text text, Object index) {
    int place = place(index, text.length());
    return place < 0 ? Values.ABSENT : text.character(place);
  }

  /** An index from the front, where it may be given from the end; -1 where it is outside. */
  private static int place(Object index, int length) {
    if (!Numbers.isInteger(index)) {
      return -1;
    }
    long given = Numbers.clamp(index);
    long place = given < 0 ? given + length : given;
    return place >= 0 && place < length ? (int) place : -1;
  }

  /** What belongs to the value itself, not to what it holds. */
  private Object own(Object target, String name) {
    if (name.startsWith("__")) {
      throw new TemplateException(
          "access to '%s' of '%s' is refused: templates reach values alone"
              .formatted(name, Values.typeName(target)));
    }
    return switch (target) {
      case Undefined undefined -> throw undefined.fault();
      case Text text -> TextMethods.has(name) ? texts.bind(text, name) : Values.ABSENT;
      case Map<?, ?> map -> ofMap(map, name);
      case List<?> items ->
          LIST_CHANGES.contains(name) ? unsafe("list", name) : ofList(items, name);
      case Tuple tuple -> ofList(tuple.items(), name);
      case View view when view.isRange() -> ofList(view.items(), name);
      case Namespace namespace -> namespace.get(name);
      case Loop loop -> loop.member(name);
      case Macro macro -> macro.member(name);
      case null, default -> Values.ABSENT;
    };
  }

  private static Undefined unsafe(String type, String name) {
    return new Undefined(
        "'%s' would change a value of type '%s', and only members of a namespace() can change"
            .formatted(name, type));
  }

  private Object ofMap(Map<?, ?> map, String name) {
    if (MAP_CHANGES.contains(name)) {
      return unsafe("dict", name);
    }
    return switch (name) {
      case "keys" -> method(() -> view("dict_keys", new ArrayList<>(map.keySet())));
      case "values" -> method(() -> view("dict_values", new ArrayList<>(map.values())));
      case "items" -> method(() -> items(map));
      case "copy" -> method(() -> map);
      case "get" -> (Callable) arguments -> get(map, arguments);
      default -> Values.ABSENT;
    };
  }

  private View view(String type, List<Object> items) {
    budget.elements(items.size());
    return new View(type, null, Collections.unmodifiableList(items));
  }

  /** A map's entries as pairs. */
  View items(Map<?, ?> map) {
    List<Object> pairs = new ArrayList<>(map.size());
    map.forEach((key, value) -> pairs.add(Tuple.of(key, value)));
    budget.elements(2L * pairs.size());
    return view("dict_items", pairs);
  }

  private static Object get(Map<?, ?> map, Arguments arguments) {
    Arguments.Bound bound = arguments.bind(1, "key", "default");
    Object key = Values.key(bound.value(0, null));
    return map.containsKey(key) ? map.get(key) : bound.value(1, null);
  }

  private Object ofList(List<?> items, String name) {
    return switch (name) {
      case "count" ->
          (Callable) arguments -> count(items, arguments.bind(1, "value").value(0, null));
      case "index" ->
          (Callable) arguments -> index(items, arguments.bind(1, "value").value(0, null));
      case "copy" -> method(() -> items);
      default -> Values.ABSENT;
    };
  }

  private long count(List<?> items, Object value) {
    return items.stream().filter(item -> Values.equal(item, value, budget)).count();
  }

  private long index(List<?> items, Object value) {
    for (int i = 0; i < items.size(); i++) {
      if (Values.equal(items.get(i), value, budget)) {
        return i;
      }
    }
    throw new TemplateException(
        "'index' does not find %s in this list; test with 'in' first"
            .formatted(Values.brief(value)));
  }

  private static Callable method(Supplier<Object> body) {
    return arguments -> {
      arguments.none();
      return body.get();
    };
  }

  /** {@code target[start:stop:step]}, each of which may be null. */
  Object slice(Object target, Object start, Object stop, Object step) {
    return switch (target) {
      case Text text -> {
        int[] places = places(text.length(), start, stop, step);
        int[] marked = new int[places.length];
        for (int i = 0; i < places.length; i++) {
          marked[i] = text.marked(places[i]);
        }
        yield Text.ofMarked(marked);
      }
      case List<?> items -> slice(items, places(items.size(), start, stop, step));
      case Tuple tuple ->
          new Tuple(slice(tuple.items(), places(tuple.items().size(), start, stop, step)));
      case View view when view.isRange() ->
          slice(view.items(), places(view.items().size(), start, stop, step));
      case Undefined undefined -> throw undefined.fault();
      case null, default ->
          throw new TemplateException(
              "a value of type '%s' has no slices; strings, lists, tuples and ranges have"
                  .formatted(Values.typeName(target)));
    };
  }

  private static List<Object> slice(List<?> items, int[] places) {
    List<Object> slice = new ArrayList<>(places.length);
    for (int place : places) {
      slice.add(items.get(place));
    }
    return Collections.unmodifiableList(slice);
  }

  private int[] places(int length, Object start, Object stop, Object step) {
    long stride = step == null ? 1 : bound(step);
    if (stride == 0) {
      throw new TemplateException("a slice cannot go on in steps of 0; any other integer works");
    }
    long first = start == null ? (stride > 0 ? 0 : length - 1) : from(bound(start), length, stride);
    long end = stop == null ? (stride > 0 ? length : -1) : from(bound(stop), length, stride);
    long count = Math.max(0, Math.ceilDiv(end - first, stride));
    budget.elements(count);
    int[] places = new int[Math.toIntExact(count)];
    for (int i = 0; i < places.length; i++) {
      places[i] = (int) (first + i * stride);
    }
    return places;
  }

  private static long bound(Object value) {
    if (!Numbers.isInteger(value)) {
      throw value instanceof Undefined undefined
          ? undefined.fault()
          : new TemplateException(
              "a slice is bounded by a value of type '%s', where an integer or None fits"
                  .formatted(Values.typeName(value)));
    }
    return Numbers.clamp(value);
  }

  private static long from(long index, int length, long stride) {
    long place = index < 0 ? index + length : index;
    return stride > 0 ? Math.clamp(place, 0, length) : Math.clamp(place, -1, length - 1);
  }
}
