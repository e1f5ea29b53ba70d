package org.zonda.model.template;

import java.util.List;

/** What {@code loop} is within a loop. One thread. */
final class Loop {

  private final List<Object> items;
  private final Budget budget;
  private int index;
  private List<Object> lastChecked;

  Loop(List<Object> items, Budget budget) {
    this.items = items;
    this.budget = budget;
  }

  void at(int newIndex) {
    index = newIndex;
  }

  Object member(String name) {
    return switch (name) {
      case "index" -> index + 1L;
      case "index0" -> (long) index;
      case "revindex" -> (long) items.size() - index;
      case "revindex0" -> items.size() - index - 1L;
      case "first" -> index == 0;
      case "last" -> index == items.size() - 1;
      case "length" -> (long) items.size();
      case "depth" -> 1L;
      case "depth0" -> 0L;
      case "previtem" ->
          index > 0
              ? items.get(index - 1)
              : new Undefined("'loop.previtem' has no value for the first item; test 'loop.first'");
      case "nextitem" ->
          index + 1 < items.size()
              ? items.get(index + 1)
              : new Undefined("'loop.nextitem' has no value for the last item; test 'loop.last'");
      case "cycle" -> (Callable) this::cycle;
      case "changed" -> (Callable) this::changed;
      default -> Values.ABSENT;
    };
  }

  private Object cycle(Arguments arguments) {
    List<Object> values = arguments.positional();
    if (values.isEmpty()) {
      throw new TemplateException(
          "'loop.cycle' is called without values; give it those to take turns");
    }
    return values.get(index % values.size());
  }

  private Object changed(Arguments arguments) {
    List<Object> now = arguments.positional();
    boolean same = lastChecked != null && Values.equal(lastChecked, now, budget);
    lastChecked = now;
    return !same;
  }
}
