package org.zonda.runtime.tornado;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.zonda.model.graph.Block;
import org.zonda.model.graph.Value;

/**
 * Gives each value of a block, and each step's own workspace, memory that no living value uses.
 *
 * <p>The block's input is where the caller says, and so is its output, unless a living value is
 * there when it is written: then it comes to lie elsewhere and has to be copied.
 */
final class Places {

  private final Map<Value, Place> places = new HashMap<>();
  private final Map<Step, List<Slot>> workspaces = new HashMap<>();
  private final Map<Value, Integer> lastUse = new HashMap<>();

  /** What overwrites a value in its place. */
  private final Map<Value, Value> successors = new HashMap<>();

  private final Value result;
  private final Slot output;
  private final List<Slot> free;
  private final Supplier<Slot> more;

  /**
   * Places a block's values.
   *
   * @param block the block
   * @param steps its steps
   * @param input where its input lies
   * @param output where its output is wanted
   * @param free slots that nobody uses while it runs; those that it adds are added here too
   * @param more makes a slot
   */
  Places(
      Block block,
      List<Step> steps,
      Slot input,
      Slot output,
      List<Slot> free,
      Supplier<Slot> more) {
    result = block.output();
    this.output = output;
    this.free = free;
    this.more = more;
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      for (Value value : step.inputs()) {
        lastUse.put(value, i);
      }
      step.overwrites().ifPresent(value -> successors.put(value, step.outputs().getFirst()));
    }
    lastUse.put(block.output(), steps.size());
    input.fit(block.input().width());
    places.put(block.input(), new Place(input, 0, block.input().width()));
    for (int i = 0; i < steps.size(); i++) {
      place(steps.get(i), i);
    }
    release(List.of(result), steps.size());
  }

  private void place(Step step, int at) {
    List<Slot> workspace = step.workspace().stream().map(this::take).toList();
    workspaces.put(step, workspace);
    Optional<Value> overwritten = step.overwrites();
    if (overwritten.isPresent()) {
      places.put(step.outputs().getFirst(), places.get(overwritten.get()));
    } else {
      int width = step.outputs().stream().mapToInt(Value::width).sum();
      Slot slot = becomesResult(step.outputs()) && isFree(output, at) ? output : take(width);
      slot.fit(width);
      int offset = 0;
      for (Value value : step.outputs()) {
        places.put(value, new Place(slot, offset, width));
        offset += value.width();
      }
    }
    free.addAll(workspace);
    release(step.inputs(), at);
  }

  /** Whether one of the values is the block's output, or what overwrites it is, and so on. */
  private boolean becomesResult(List<Value> values) {
    return values.stream()
        .anyMatch(
            value ->
                Stream.iterate(value, Objects::nonNull, successors::get).anyMatch(result::equals));
  }

  /** Frees what lies where no value lives any more; input and output belong to the caller. */
  private void release(List<Value> values, int at) {
    for (Value value : values) {
      Slot slot = places.get(value).slot();
      if (slot.isShared() && !free.contains(slot) && isFree(slot, at + 1)) {
        free.add(slot);
      }
    }
  }

  /** Whether no value that lies in a slot is read by a step or by one after it. */
  private boolean isFree(Slot slot, int at) {
    return places.entrySet().stream()
        .filter(entry -> entry.getValue().slot() == slot)
        .noneMatch(entry -> lastUse.getOrDefault(entry.getKey(), -1) >= at);
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

  /** Memory that a step uses while it runs, one for each of its {@link Step#workspace}. */
  List<Slot> workspace(Step step) {
    return workspaces.get(step);
  }
}
