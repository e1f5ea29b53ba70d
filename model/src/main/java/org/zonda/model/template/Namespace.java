package org.zonda.model.template;

import java.util.LinkedHashMap;
import java.util.Map;

/** The one value that can be changed: its members can be set. One thread. */
final class Namespace {

  private final Map<String, Object> members = new LinkedHashMap<>();

  Object get(String name) {
    return members.getOrDefault(name, Values.ABSENT);
  }

  void set(String name, Object value) {
    members.put(name, value);
  }
}
