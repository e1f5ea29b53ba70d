package org.zonda.runtime.tornado;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.zonda.model.graph.Block;
import org.zonda.model.graph.Value;

/**
 * Gives each value of a block, and each step's own workspace, memory that no living value uses.
 *
 * <p>The block's input is where the caller says; its output comes to lie there too if it was added
 * to it, or else elsewhere, so that it has to be copied.
 */
final class Places {

  private final Map<Value, Place> places = new HashMap<>();
  private final Map<Step, List<Slot>> workspaces = new HashMap<>();
  private final List<Slot> free;
  private final Supplier<Slot> more;

  /**
   * Places a block's values.
   *
   * @param block the block
   * @param steps its steps
   * @param input where its input lies
   * @param free slots that nobody uses while it runs; those that it adds are added here too
   * @param more makes a slot
   */
  Places(Block block, List<Step> steps, Slot input, List<Slot> free, Supplier<Slot> more) {
    this.free = free;
    this.more = more;
    Map<Value, Integer> lastUse = new HashMap<>();
    for (int i = 0; i < steps.size(); i++) {
      for (Value value : steps.get(i).inputs()) {
        lastUse.put(value, i);
      }
    }
    lastUse.put(block.output(), steps.size());
    input.fit(block.input().width());
    places.put(block.input(), new Place(input, 0, block.input().width()));
    for (int i = 0; i < steps.size(); i++) {
      place(steps.get(i), i, lastUse, input);
    }
    Slot output = places.get(block.output()).slot();
    if (output != input) {
      free.add(output);
    }
  }

  private void place(Step step, int at, Map<Value, Integer> lastUse, Slot input) {
    List<Slot> workspace = Workspaces.widths(step).stream().map(this::take).toList();
    Optional<Value> residual = step.accumulatesInto();
    if (residual.isPresent()) {
      places.put(step.outputs().getFirst(), places.get(residual.get()));
    } else {
      int width = step.outputs().stream().mapToInt(Value::width).sum();
      Slot slot = take(width);
      int offset = 0;
      for (Value output : step.outputs()) {
        places.put(output, new Place(slot, offset, width));
        offset += output.width();
      }
    }
    workspaces.put(step, workspace);
    free.addAll(workspace);
    for (Value value : step.inputs()) {
      Slot slot = places.get(value).slot();
      if (lastUse.get(value) == at
          && slot != input
          && !free.contains(slot)
          && noneLivesIn(slot, at, lastUse)) {
        free.add(slot);
      }
    }
  }

  private boolean noneLivesIn(Slot slot, int at, Map<Value, Integer> lastUse) {
    return places.entrySet().stream()
        .filter(entry -> entry.getValue().slot() == slot)
        .noneMatch(entry -> lastUse.getOrDefault(entry.getKey(), -1) > at);
  }

  private Slot take(int width) {
    Slot slot = free.isEmpty() ? more.get() : free.removeLast();
    slot.fit(width);
    return slot;
  }

  /** Where a value of the block lies. */
  Place of(Value value) {
    return places.get(value);
  }

  /** Memory that a step uses while it runs, one for each of its {@link Workspaces#widths}. */
  List<Slot> workspace(Step step) {
    return workspaces.get(step);
  }
}
