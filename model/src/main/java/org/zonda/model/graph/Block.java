package org.zonda.model.graph;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A list of operations from one value to another, in the order in which they run.
 *
 * @param name for people, such as {@code layer 3}
 * @param input what the block reads; only the embedding block, which reads token ids, ignores it
 * @param operations each reads values written before it
 * @param output the last value, read by the next block
 */
public record Block(String name, Value input, List<Operation> operations, Value output) {

  /** Checks that values are written once and before they are read. */
  public Block {
    operations = List.copyOf(operations);
    Set<Value> written = new HashSet<>(Set.of(input));
    for (Operation operation : operations) {
      for (Value value : operation.inputs()) {
        if (!written.contains(value)) {
          throw new IllegalArgumentException(name + ": " + value + " is read before it is written");
        }
      }
      if (!written.add(operation.output())) {
        throw new IllegalArgumentException(name + ": " + operation.output() + " is written twice");
      }
    }
    if (!written.contains(output)) {
      throw new IllegalArgumentException(name + ": nothing writes the output " + output);
    }
  }

  /**
   * The block up to what its last linear layer reads.
   *
   * @return a shorter block with that output; this one if it has no linear layer
   */
  Block beforeLastLinear() {
    for (int i = operations.size() - 1; i >= 0; i--) {
      if (operations.get(i) instanceof Operation.Linear linear) {
        return new Block(name, input, operations.subList(0, i), linear.input());
      }
    }
    return this;
  }
}
