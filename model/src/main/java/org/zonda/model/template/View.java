package org.zonda.model.template;

import java.util.List;

/**
 * What Python makes of a map's keys, values or items, and of a range: can be gone through again and
 * again, and is no list.
 *
 * @param type such as {@code dict_items}
 * @param shown how it is printed; null for the type's name with the items
 * @param items in order
 */
record View(String type, String shown, List<Object> items) {

  static final String RANGE = "range";

  boolean isRange() {
    return type.equals(RANGE);
  }
}
