package org.zonda.runtime.placement;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.zonda.model.ModelSource;
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
import org.zonda.model.graph.Rotary;
import org.zonda.model.graph.Value;
import org.zonda.model.graph.Weight;
import org.zonda.model.tensor.TensorType;

/**
 * What one block takes on a device. Matrices keep the size that they have in the file: planes of
 * packed numbers and of scales are the file's blocks taken apart. Vectors become floats.
 */
final class BlockSizes {

  private final ModelSource source;
  private final Map<MemoryKind, Long> weights = new EnumMap<>(MemoryKind.class);
  private final Set<Rotary> rotaries = new HashSet<>();
  private final Map<Value, Linear> linears = new HashMap<>();
  private final Set<Linear> aroundAttention = new HashSet<>();
  private long largestArray;
  private long floatsPerRow;
  private long partialsPerRow;
  private long cachedPerPosition;
  private long largestCached;

  /**
   * Measures a block.
   *
   * @param block the block
   * @param matrices what kind its matrices are of; null for a layer, whose are told apart by what
   *     they are connected with
   * @param source has the tensors
   */
  BlockSizes(Block block, MemoryKind matrices, ModelSource source) {
    this.source = source;
    if (matrices == null) {
      findAttention(block.operations());
    }
    for (Operation operation : block.operations()) {
      floatsPerRow += operation.output().width();
      measure(operation, matrices);
    }
  }

  private void measure(Operation operation, MemoryKind matrices) {
    switch (operation) {
      case Embed op -> addArray(MemoryKind.EMBEDDING, bytes(op.table()));
      case Norm op -> {
        add(MemoryKind.NORMS, vectorBytes(op.weight()));
        op.bias().ifPresent(bias -> add(MemoryKind.NORMS, vectorBytes(bias)));
      }
      case Linear op -> {
        MemoryKind kind = matrices != null ? matrices : kind(op);
        linears.put(op.output(), op);
        addArray(kind, bytes(op.weight()));
        op.bias().ifPresent(bias -> add(kind, vectorBytes(bias)));
      }
      case Rotate op -> rotaries.add(op.rotary());
      case Attention op -> {
        long keys = (long) op.kvHeads() * op.keyWidth();
        long values = (long) op.kvHeads() * op.valueWidth();
        cachedPerPosition += keys + values;
        largestCached = Math.max(largestCached, Math.max(keys, values));
        // A largest score and a sum beside the weighted values.
        partialsPerRow = Math.max(partialsPerRow, (long) op.heads() * (op.valueWidth() + 2));
      }
      case Gate op -> gate(op);
      case Add op -> {}
      case Activate op -> {}
      case Scale op -> {}
      case SoftCap op -> {}
      case Experts op -> {
        add(MemoryKind.FEED_FORWARD, bytes(op.router()));
        addArray(MemoryKind.FEED_FORWARD, bytes(op.gate()) + bytes(op.up()));
        addArray(MemoryKind.FEED_FORWARD, bytes(op.down()));
        // Each row has gates and results of each expert that it uses.
        floatsPerRow +=
            op.router().rows() + (long) op.used() * (op.gate().rows() + op.down().rows() + 2);
      }
    }
  }

  /** The two matrices before a gate may lie in one array, so that one kernel reads both. */
  private void gate(Gate op) {
    Linear gate = linears.get(op.gate());
    Linear up = linears.get(op.up());
    if (gate != null && up != null) {
      largestArray = Math.max(largestArray, bytes(gate.weight()) + bytes(up.weight()));
    }
  }

  /** Finds the matrices that write what attention reads, or read what it writes. */
  private void findAttention(List<Operation> operations) {
    Map<Value, Operation> writers = new HashMap<>();
    Set<Value> attended = new HashSet<>();
    for (Operation operation : operations) {
      writers.put(operation.output(), operation);
      if (operation instanceof Attention) {
        operation.inputs().forEach(input -> findWriters(input, writers));
        attended.add(operation.output());
      } else if (operation.inputs().stream().anyMatch(attended::contains)) {
        if (operation instanceof Linear linear) {
          aroundAttention.add(linear);
        } else if (!(operation instanceof Add)) {
          attended.add(operation.output());
        }
      }
    }
  }

  private void findWriters(Value value, Map<Value, Operation> writers) {
    Operation writer = writers.get(value);
    if (writer instanceof Linear linear) {
      aroundAttention.add(linear);
    } else if (writer != null) {
      writer.inputs().forEach(input -> findWriters(input, writers));
    }
  }

  private MemoryKind kind(Linear op) {
    return aroundAttention.contains(op) ? MemoryKind.ATTENTION : MemoryKind.FEED_FORWARD;
  }

  private void addArray(MemoryKind kind, long bytes) {
    add(kind, bytes);
    largestArray = Math.max(largestArray, bytes);
  }

  private void add(MemoryKind kind, long bytes) {
    weights.merge(kind, bytes, Math::addExact);
  }

  /** A matrix, with rows filled up to whole blocks, and to pairs of plain numbers. */
  private long bytes(Weight weight) {
    TensorType type = source.tensor(weight.name()).type();
    long block = Math.max(2, type.blockElements());
    long columns = Math.ceilDiv(weight.columns(), block) * block;
    long rows = Math.multiplyExact((long) weight.rows(), weight.matrices());
    return Math.multiplyExact(type.bytes(columns), rows);
  }

  private static long vectorBytes(Weight weight) {
    return (long) weight.columns() * weight.rows() * Float.BYTES;
  }

  /** Bytes of its weights. */
  Map<MemoryKind, Long> weights() {
    return weights;
  }

  /** Bytes of the largest array that cannot be divided. */
  long largestArray() {
    return largestArray;
  }

  /** Floats that all its values take for one row. */
  long floatsPerRow() {
    return floatsPerRow;
  }

  /** Floats of one part of a row's attention that is not yet joined with the others. */
  long partialsPerRow() {
    return partialsPerRow;
  }

  /** Numbers that the KV cache keeps for one position. */
  long cachedPerPosition() {
    return cachedPerPosition;
  }

  /** The greater of its keys and values of one position, which are arrays of their own. */
  long largestCached() {
    return largestCached;
  }

  /** What it rotates by, each with a table of its own. */
  Set<Rotary> rotaries() {
    return rotaries;
  }
}
