package org.zonda.model.template;

import java.util.List;

/**
 * Python's tuple.
 *
 * @param items in order
 */
record Tuple(List<Object> items) {

  static Tuple of(Object... items) {
    return new Tuple(Values.list(items));
  }
}
