package org.zonda.model.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The values of templates: null (None), Boolean, Long or BigInteger (int), Double (float), {@link
 * Text} (str), List (list), Map (dict), {@link Tuple}, {@link View}, Iterator (a generator), {@link
 * Undefined}, {@link Namespace}, {@link Loop} and {@link Callable}; nothing else of Java's.
 */
final class Values {

  /** No value at all, where null is one. */
  static final Object ABSENT = new Object();

  private static final int MAX_NESTING = 500;

  private Values() {}

  /** A list that cannot be changed and may hold null. */
  static List<Object> list(Object... items) {
    return Collections.unmodifiableList(Arrays.asList(items));
  }

  /**
   * Makes a value of what a program has.
   *
   * @param value null, a boolean, number, string, list, map or {@link Untrusted}
   */
  static Object of(Object value) {
    return of(value, true, 0);
  }

  private static Object of(Object value, boolean trusted, int depth) {
    if (depth > MAX_NESTING) {
      throw new TemplateException(
          "lists and maps are nested more than %d deep".formatted(depth - 1));
    }
    return switch (value) {
      case null -> null;
      case Boolean flag -> flag;
      case String text -> text(text, trusted);
      case BigInteger integer -> Numbers.narrow(integer);
      case Double number -> number;
      case Float number -> number.doubleValue();
      case BigDecimal number -> number.doubleValue();
      case Number integer -> integer.longValue();
      case Untrusted untrusted -> of(untrusted.value(), false, depth);
      case List<?> items -> {
        List<Object> copy = new ArrayList<>(items.size());
        items.forEach(item -> copy.add(of(item, trusted, depth + 1)));
        yield Collections.unmodifiableList(copy);
      }
      case Map<?, ?> map -> {
        Map<Object, Object> copy = new LinkedHashMap<>();
        map.forEach(
            (key, item) -> copy.put(text((String) key, trusted), of(item, trusted, depth + 1)));
        yield Collections.unmodifiableMap(copy);
      }
      default ->
          throw new IllegalArgumentException(
              "no value of templates: " + value.getClass().getName());
    };
  }

  private static Text text(String text, boolean trusted) {
    return trusted ? Text.of(text) : Text.untrusted(text);
  }

  /** What Python calls a value's type. */
  static String typeName(Object value) {
    return switch (value) {
      case null -> "NoneType";
      case Boolean _ -> "bool";
      case Long _, BigInteger _ -> "int";
      case Double _ -> "float";
      case Text _ -> "str";
      case List<?> _ -> "list";
      case Map<?, ?> _ -> "dict";
      case Tuple _ -> "tuple";
      case View view -> view.type();
      case Iterator<?> _ -> "generator";
      case Undefined _ -> "Undefined";
      case Namespace _ -> "Namespace";
      case Loop _ -> "LoopContext";
      case Macro _ -> "Macro";
      default -> "function";
    };
  }

  /** A value in a message. */
  static String brief(Object value) {
    return switch (value) {
      case null -> "None";
      case Boolean flag -> flag ? "True" : "False";
      case Text text -> "'" + text.slice(0, Math.min(text.length(), 60)) + "'";
      case Number number -> number.toString();
      default -> "of type '" + typeName(value) + "'";
    };
  }

  static boolean isTrue(Object value) {
    return switch (value) {
      case null -> false;
      case Boolean flag -> flag;
      case Long number -> number != 0;
      case Double number -> number != 0;
      case Text text -> !text.isEmpty();
      case List<?> items -> !items.isEmpty();
      case Map<?, ?> map -> !map.isEmpty();
      case Tuple tuple -> !tuple.items().isEmpty();
      case View view -> !view.items().isEmpty();
      case Undefined _ -> false;
      default -> true;
    };
  }

  /** Python's {@code ==}. */
  static boolean equal(Object a, Object b, Budget budget) {
    budget.step();
    if (Numbers.isNumber(a) && Numbers.isNumber(b)) {
      return Numbers.compare(a, b) == 0;
    }
    return switch (a) {
      case null -> b == null;
      case Text text -> {
        budget.scan(text.length());
        yield text.equals(b);
      }
      case List<?> items -> b instanceof List<?> others && equalItems(items, others, budget);
      case Tuple tuple ->
          b instanceof Tuple other && equalItems(tuple.items(), other.items(), budget);
      case View view when view.isRange() ->
          b instanceof View other
              && other.isRange()
              && equalItems(view.items(), other.items(), budget);
      case Map<?, ?> map -> b instanceof Map<?, ?> other && equalMaps(map, other, budget);
      case Undefined _ -> b instanceof Undefined;
      default -> a == b;
    };
  }

  private static boolean equalItems(List<?> a, List<?> b, Budget budget) {
    if (a.size() != b.size()) {
      return false;
    }
    budget.enter();
    boolean equal = true;
    Iterator<?> others = b.iterator();
    for (Iterator<?> items = a.iterator(); equal && items.hasNext(); ) {
      equal = equal(items.next(), others.next(), budget);
    }
    budget.leave();
    return equal;
  }

  private static boolean equalMaps(Map<?, ?> a, Map<?, ?> b, Budget budget) {
    if (a.size() != b.size()) {
      return false;
    }
    budget.enter();
    boolean equal = true;
    for (Iterator<? extends Map.Entry<?, ?>> i = a.entrySet().iterator(); equal && i.hasNext(); ) {
      Map.Entry<?, ?> entry = i.next();
      equal =
          b.containsKey(entry.getKey()) && equal(entry.getValue(), b.get(entry.getKey()), budget);
    }
    budget.leave();
    return equal;
  }

  /**
   * Which of two values comes first.
   *
   * @param operator for the message where they have no order
   */
  static int compare(Object a, Object b, String operator, Budget budget) {
    budget.step();
    if (Numbers.isNumber(a) && Numbers.isNumber(b)) {
      return Numbers.compare(a, b);
    }
    if (a instanceof Text text && b instanceof Text other) {
      budget.scan(text.length());
      return text.compareTo(other);
    }
    if (a instanceof List<?> items && b instanceof List<?> others) {
      return compareItems(items, others, operator, budget);
    }
    if (a instanceof Tuple tuple && b instanceof Tuple other) {
      return compareItems(tuple.items(), other.items(), operator, budget);
    }
    throw unsupported(a, b, operator);
  }

  private static int compareItems(List<?> a, List<?> b, String operator, Budget budget) {
    budget.enter();
    int order = 0;
    for (int i = 0; order == 0 && i < Math.min(a.size(), b.size()); i++) {
      if (!equal(a.get(i), b.get(i), budget)) {
        order = compare(a.get(i), b.get(i), operator, budget);
      }
    }
    budget.leave();
    return order != 0 ? order : Integer.compare(a.size(), b.size());
  }

  /** The fault of an operator that has no meaning for two values. */
  static TemplateException unsupported(Object a, Object b, String operator) {
    if (a instanceof Undefined undefined) {
      return undefined.fault();
    }
    if (b instanceof Undefined undefined) {
      return undefined.fault();
    }
    return new TemplateException(
        "the operator %s does not take '%s' with '%s'; filters such as 'string' and 'int' convert"
            .formatted(operator, typeName(a), typeName(b)));
  }

  /** Goes through a value: a map's keys, a string's characters; a generator only once. */
  @SuppressWarnings("unchecked")
  static Iterator<Object> iterate(Object value) {
    return switch (value) {
      case List<?> items -> (Iterator<Object>) items.iterator();
      case Tuple tuple -> tuple.items().iterator();
      case View view -> view.items().iterator();
      case Map<?, ?> map -> (Iterator<Object>) map.keySet().iterator();
      case Iterator<?> items -> (Iterator<Object>) items;
      case Undefined _ -> Collections.emptyIterator();
      case Text text -> characters(text);
      case null, default ->
          throw new TemplateException(
              "a value of type '%s' has no items; lists, dicts and strings have"
                  .formatted(typeName(value)));
    };
  }

  static boolean isIterable(Object value) {
    return switch (value) {
      case List<?> _, Tuple _, View _, Map<?, ?> _, Iterator<?> _, Undefined _, Text _ -> true;
      case null, default -> false;
    };
  }

  private static Iterator<Object> characters(Text text) {
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < text.length();
      }

      @Override
      public Object next() {
        return text.character(next++);
      }
    };
  }

  /** All that {@link #iterate} goes through. */
  static List<Object> items(Object value, Budget budget) {
    switch (value) {
      case List<?> items -> {
        return Collections.unmodifiableList(items);
      }
      case Tuple tuple -> {
        return tuple.items();
      }
      case View view -> {
        return view.items();
      }
      case null, default -> {}
    }
    List<Object> items = new ArrayList<>();
    iterate(value).forEachRemaining(items::add);
    budget.elements(items.size());
    return Collections.unmodifiableList(items);
  }

  static int length(Object value) {
    return switch (value) {
      case Text text -> text.length();
      case List<?> items -> items.size();
      case Map<?, ?> map -> map.size();
      case Tuple tuple -> tuple.items().size();
      case View view -> view.items().size();
      case Undefined _ -> 0;
      case null, default ->
          throw new TemplateException(
              "a value of type '%s' has no length; strings, lists and dicts have"
                  .formatted(typeName(value)));
    };
  }

  /** Python's {@code in}. */
  static boolean contains(Object container, Object value, Budget budget) {
    switch (container) {
      case Text text -> {
        if (value instanceof Text part) {
          budget.scan((long) text.length() + part.length());
          return text.contains(part);
        }
        throw value instanceof Undefined undefined
            ? undefined.fault()
            : new TemplateException(
                "'in' looks for strings in a string, not for a value of type '%s'"
                    .formatted(typeName(value)));
      }
      case Map<?, ?> map -> {
        // A tuple or an undefined value may be looked for, and is never there.
        boolean hashable = !(value instanceof List<?>) && !(value instanceof Map<?, ?>);
        return hashable ? isKey(value) && map.containsKey(value) : map.containsKey(key(value));
      }
      case null, default -> {
        if (!isIterable(container)) {
          throw new TemplateException(
              "'in' cannot look into a value of type '%s'; lists, dicts and strings work"
                  .formatted(typeName(container)));
        }
        for (Iterator<Object> items = iterate(container); items.hasNext(); ) {
          if (equal(items.next(), value, budget)) {
            return true;
          }
        }
        return false;
      }
    }
  }

  /** A map's key: strings, numbers, booleans and None, as in JSON. */
  static Object key(Object value) {
    if (isKey(value)) {
      return value;
    }
    throw new TemplateException(
        "a value of type '%s' cannot be a dict's key; strings, numbers, booleans and None can"
            .formatted(typeName(value)));
  }

  private static boolean isKey(Object value) {
    return value == null || value instanceof Text || Numbers.isNumber(value);
  }
}
