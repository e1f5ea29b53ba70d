package org.zonda.runtime.cpu;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.zonda.model.graph.Block;
import org.zonda.model.graph.Operation;
import org.zonda.model.graph.Operation.Activate;
import org.zonda.model.graph.Operation.Add;
import org.zonda.model.graph.Operation.Attention;
import org.zonda.model.graph.Operation.Embed;
import org.zonda.model.graph.Operation.Experts;
import org.zonda.model.graph.Operation.Gate;
import org.zonda.model.graph.Operation.Linear;
import org.zonda.model.graph.Operation.Norm;
import org.zonda.model.graph.Operation.Rotate;
import org.zonda.model.graph.Operation.Scale;
import org.zonda.model.graph.Operation.SoftCap;
import org.zonda.model.graph.Value;

/**
 * Gives each value of a block memory that no living value uses. An operation that works row by row
 * and element by element may write where its first input lay, if that is read no more.
 */
final class BufferAllocation {
  private final Map<Value, Buffer> places = new HashMap<>();
  private final Buffer output;

  BufferAllocation(Block block, Buffer input, List<Buffer> free) {
    Map<Value, Integer> lastUse = new HashMap<>();
    List<Operation> operations = block.operations();
    for (int i = 0; i < operations.size(); i++) {
      for (Value value : operations.get(i).inputs()) {
        lastUse.put(value, i);
      }
    }
    lastUse.put(block.output(), operations.size());
    places.put(block.input(), input);
    input.fit(block.input().width());
    if (!lastUse.containsKey(block.input())) {
      free.add(input);
    }
    for (int i = 0; i < operations.size(); i++) {
      Operation operation = operations.get(i);
      boolean inPlace =
          switch (operation) {
            case Norm op -> true;
            case Rotate op -> true;
            case Gate op -> true;
            case Add op -> true;
            case Activate op -> true;
            case Scale op -> true;
            case SoftCap op -> true;
            case Embed op -> false;
            case Linear op -> false;
            case Attention op -> false;
            case Experts op -> false;
          };
      if (inPlace) {
        release(operation, i, lastUse, free);
      }
      Buffer place = free.isEmpty() ? new Buffer() : free.removeLast();
      place.fit(operation.output().width());
      places.put(operation.output(), place);
      if (!inPlace) {
        release(operation, i, lastUse, free);
      }
    }
    output = places.get(block.output());
  }

  private void release(
      Operation operation, int index, Map<Value, Integer> lastUse, List<Buffer> free) {
    for (Value value : operation.inputs()) {
      if (lastUse.get(value) == index && !free.contains(places.get(value))) {
        free.add(places.get(value));
      }
    }
  }

  Buffer of(Value value) {
    return places.get(value);
  }

  Buffer output() {
    return output;
  }

  void ensure(int rows) {
    for (Buffer buffer : places.values()) {
      buffer.ensure(rows);
    }
  }
}
