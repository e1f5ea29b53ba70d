package org.zonda.model.template;

import java.util.HashMap;
import java.util.Map;

/** Names and their values; what is not here is looked for outside. One thread. */
final class Scope {

  private final Scope outer;
  private final Map<String, Object> values = new HashMap<>();

  Scope(Scope outer) {
    this.outer = outer;
  }

  /** A value, or {@link Values#ABSENT}. */
  Object get(String name) {
    for (Scope scope = this; scope != null; scope = scope.outer) {
      Object value = scope.values.getOrDefault(name, Values.ABSENT);
      if (value != Values.ABSENT) {
        return value;
      }
    }
    return Values.ABSENT;
  }

  void set(String name, Object value) {
    values.put(name, value);
  }
}
