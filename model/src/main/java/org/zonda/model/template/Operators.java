package org.zonda.model.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Arithmetic and comparisons, as Python has them for each type. */
final class Operators {

  private final Budget budget;
  private final TextFormat format;

  Operators(Budget budget, Members members) {
    this.budget = budget;
    this.format = new TextFormat(budget, members);
  }

  Object binary(String operator, Object a, Object b) {
    if (Numbers.isNumber(a) && Numbers.isNumber(b)) {
      return Numbers.binary(operator, a, b);
    }
    return switch (operator) {
      case "+" -> plus(a, b);
      case "*" -> Numbers.isInteger(b) ? times(a, b) : times(b, a);
      default -> {
        if (operator.equals("%") && a instanceof Text text) {
          yield percent(text, b);
        }
        throw Values.unsupported(a, b, operator);
      }
    };
  }

  private Object plus(Object a, Object b) {
    if (a instanceof Text text) {
      if (b instanceof Text other) {
        budget.text((long) text.length() + other.length());
        return text.plus(other);
      }
      throw Values.unsupported(a, b, "+");
    }
    if (a instanceof List<?> items && b instanceof List<?> others) {
      return joined(items, others);
    }
    if (a instanceof Tuple tuple && b instanceof Tuple other) {
      return new Tuple(joined(tuple.items(), other.items()));
    }
    throw Values.unsupported(a, b, "+");
  }

  private List<Object> joined(List<?> items, List<?> others) {
    budget.elements((long) items.size() + others.size());
    List<Object> joined = new ArrayList<>(items);
    joined.addAll(others);
    return Collections.unmodifiableList(joined);
  }

  private Object times(Object value, Object count) {
    if (!Numbers.isInteger(count)) {
      throw Values.unsupported(value, count, "*");
    }
    int times = Math.max(0, Numbers.clamp(count));
    return switch (value) {
      case Text text -> new Texts(budget).repeat(text, text.isEmpty() ? 0 : times);
      case List<?> items -> repeated(items, times);
      case Tuple tuple -> new Tuple(repeated(tuple.items(), times));
      case null, default -> throw Values.unsupported(value, count, "*");
    };
  }

  private List<Object> repeated(List<?> items, int times) {
    budget.elements((long) items.size() * times);
    List<Object> repeated = new ArrayList<>();
    for (int i = 0; i < times && !items.isEmpty(); i++) {
      repeated.addAll(items);
    }
    return Collections.unmodifiableList(repeated);
  }

  private Text percent(Text text, Object values) {
    List<Object> items = values instanceof Tuple tuple ? tuple.items() : Values.list(values);
    boolean hasItems =
        switch (values) {
          case Map<?, ?> _, List<?> _, Undefined _ -> true;
          case View view -> view.isRange();
          case null, default -> false;
        };
    return format.percent(text, items, values instanceof Map<?, ?> map ? map : null, hasItems);
  }

  Object sign(boolean negative, Object value) {
    if (value instanceof Undefined undefined) {
      throw undefined.fault();
    }
    if (!Numbers.isNumber(value)) {
      throw new TemplateException(
          "the sign %s stands before a value of type '%s', where a number fits"
              .formatted(negative ? "-" : "+", Values.typeName(value)));
    }
    return negative
        ? Numbers.negate(value)
        : value instanceof Boolean flag ? (flag ? 1L : 0L) : value;
  }

  boolean compare(String operator, Object a, Object b) {
    return switch (operator) {
      case "==" -> Values.equal(a, b, budget);
      case "!=" -> !Values.equal(a, b, budget);
      case "in" -> Values.contains(b, a, budget);
      case "not in" -> !Values.contains(b, a, budget);
      case "<" -> Values.compare(a, b, operator, budget) < 0;
      case "<=" -> Values.compare(a, b, operator, budget) <= 0;
      case ">" -> Values.compare(a, b, operator, budget) > 0;
      default -> Values.compare(a, b, operator, budget) >= 0;
    };
  }
}
