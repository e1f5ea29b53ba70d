package org.zonda.model.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a function, filter, test or macro is called with.
 *
 * @param callee its name, for messages
 * @param positional in order
 * @param named by name
 */
record Arguments(String callee, List<Object> positional, Map<String, Object> named) {

  static Arguments of(String callee, Object... positional) {
    return new Arguments(callee, Values.list(positional), Map.of());
  }

  /** Without the first, for another callee. */
  Arguments rest(String other) {
    return new Arguments(other, positional.subList(1, positional.size()), named);
  }

  void none() {
    bind(0);
  }

  /**
   * Gives each parameter its argument.
   *
   * @param required how many of the first must be there
   * @param names of the parameters
   */
  Bound bind(int required, String... names) {
    if (positional.size() > names.length) {
      throw new TemplateException(
          "'%s' has fewer parameters (%d) than this call has values (%d)"
              .formatted(callee, names.length, positional.size()));
    }
    Object[] values = new Object[names.length];
    Map<String, Object> left = new LinkedHashMap<>(named);
    for (int i = 0; i < names.length; i++) {
      if (i < positional.size()) {
        values[i] = positional.get(i);
      } else if (left.containsKey(names[i])) {
        values[i] = left.remove(names[i]);
      } else if (i < required) {
        throw new TemplateException("'%s' lacks the argument '%s'".formatted(callee, names[i]));
      } else {
        values[i] = Values.ABSENT;
      }
    }
    for (String name : left.keySet()) {
      throw new TemplateException(
          "'%s' has no parameter '%s'; it has: %s".formatted(callee, name, listed(List.of(names))));
    }
    return new Bound(callee, names, values);
  }

  /** Names in a message. */
  static String listed(List<String> names) {
    return names.isEmpty() ? "none" : String.join(", ", names);
  }

  /** Arguments by their parameters. */
  static final class Bound {

    private final String callee;
    private final String[] names;
    private final Object[] values;

    private Bound(String callee, String[] names, Object[] values) {
      this.callee = callee;
      this.names = names;
      this.values = values;
    }

    boolean has(int index) {
      return values[index] != Values.ABSENT;
    }

    /** Whether it is there and not None. */
    boolean given(int index) {
      return has(index) && values[index] != null;
    }

    Object value(int index, Object otherwise) {
      return has(index) ? values[index] : otherwise;
    }

    Text text(int index) {
      if (values[index] instanceof Text text) {
        return text;
      }
      throw wrong(index, "a string");
    }

    Text text(int index, Text otherwise) {
      return has(index) ? text(index) : otherwise;
    }

    boolean flag(int index) {
      return has(index) && Values.isTrue(values[index]);
    }

    int integer(int index) {
      if (Numbers.isInteger(values[index])) {
        return Numbers.clamp(values[index]);
      }
      throw wrong(index, "an integer");
    }

    int integer(int index, int otherwise) {
      return given(index) ? integer(index) : otherwise;
    }

    private TemplateException wrong(int index, String expected) {
      if (values[index] instanceof Undefined undefined) {
        return undefined.fault();
      }
      return new TemplateException(
          "'%s' expects %s as '%s', not '%s'"
              .formatted(callee, expected, names[index], Values.typeName(values[index])));
    }
  }
}
