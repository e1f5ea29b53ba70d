package org.zonda.runtime.tornado;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.zonda.model.UnsupportedModelException;
import org.zonda.model.graph.Block;
import org.zonda.model.graph.Mask;
import org.zonda.model.graph.NormKind;
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

/**
 * Turns a block's operations into few {@link Step}s:
 *
 * <ul>
 *   <li>linear layers of one input and format whose results attention takes become one matrix;
 *   <li>rotations go into the attention that reads them;
 *   <li>two linear layers and the gate over them become one gated matrix;
 *   <li>an addition of what a linear layer or a mixture computed to something that nobody reads
 *       later is done in place.
 * </ul>
 *
 * Every other operation becomes a step of its own.
 */
final class Fusion {

  private final Block block;
  private final Function<Weight, ?> format;
  private final List<Operation> operations;

  /**
   * For each value, the places of the operations that read it; the block's end reads its output.
   */
  private final Map<Value, List<Integer>> readers = new HashMap<>();

  private final Map<Value, Operation> writers = new HashMap<>();
  private final Set<Operation> done = new HashSet<>();
  private final List<Step> steps = new ArrayList<>();

  private Fusion(Block block, Function<Weight, ?> format) {
    this.block = block;
    this.format = format;
    operations = block.operations();
    for (int i = 0; i < operations.size(); i++) {
      for (Value input : operations.get(i).inputs()) {
        readers.computeIfAbsent(input, value -> new ArrayList<>()).add(i);
      }
      writers.put(operations.get(i).output(), operations.get(i));
    }
    readers.computeIfAbsent(block.output(), value -> new ArrayList<>()).add(operations.size());
  }

  /**
   * Makes a block's steps.
   *
   * @param block the block
   * @param format how a weight is stored; only weights of equal formats are joined
   * @return the steps in their order
   * @throws UnsupportedModelException if devices have no kernel for an operation
   */
  static List<Step> of(Block block, Function<Weight, ?> format) {
    Fusion fusion = new Fusion(block, format);
    for (int i = 0; i < fusion.operations.size(); i++) {
      if (!fusion.done.contains(fusion.operations.get(i))) {
        fusion.fuse(i);
      }
    }
    return List.copyOf(fusion.steps);
  }

  private void fuse(int at) {
    switch (operations.get(at)) {
      case Embed op -> embed(op);
      case Norm op -> norm(op);
      case Linear op -> project(op, at);
      case Rotate op -> checkRotation(op);
      case Attention op -> attend(op);
      case Gate op -> steps.add(new Step.Gate(op));
      case Add op -> steps.add(new Step.Add(op));
      case Activate op -> throw unsupported("activates without a gate");
      case Scale op -> throw unsupported("scales '" + op.input().name() + "'");
      case SoftCap op -> throw unsupported("bounds '" + op.input().name() + "'");
      case Experts op -> steps.add(new Step.Mixture(op, residual(op, at)));
    }
  }

  private void embed(Embed op) {
    if (op.row() != Operation.Row.TOKEN) {
      throw unsupported("looks up rows by " + op.row());
    }
    steps.add(new Step.Embed(op));
  }

  private void norm(Norm op) {
    if (op.kind() != NormKind.RMS || op.heads() != 1) {
      throw unsupported("normalises by " + op.kind() + " in " + op.heads() + " heads");
    }
    steps.add(new Step.Norm(op));
  }

  private void project(Linear op, int at) {
    Optional<Step.Gated> gated = gated(op);
    if (gated.isPresent()) {
      done.add(gated.get().up());
      done.add(gated.get().operation());
      steps.add(gated.get());
    } else if (feedsAttention(op.output())) {
      List<Linear> joined =
          operations.subList(at, operations.size()).stream()
              .filter(Linear.class::isInstance)
              .map(Linear.class::cast)
              .filter(other -> other.input().equals(op.input()) && isLike(op, other))
              .filter(other -> feedsAttention(other.output()))
              .toList();
      done.addAll(joined);
      steps.add(new Step.Project(joined, Optional.empty()));
    } else {
      steps.add(new Step.Project(List.of(op), residual(op, at)));
    }
  }

  private boolean isLike(Linear left, Linear right) {
    return format.apply(left.weight()).equals(format.apply(right.weight()));
  }

  /** Whether attention alone reads a value, as it is or rotated. */
  private boolean feedsAttention(Value value) {
    return onlyReader(value)
        .filter(
            reader ->
                reader instanceof Attention
                    || reader instanceof Rotate rotate && feedsAttention(rotate.output()))
        .isPresent();
  }

  private Optional<Operation> onlyReader(Value value) {
    List<Integer> places = readers.getOrDefault(value, List.of());
    return places.size() == 1 && places.getFirst() < operations.size()
        ? Optional.of(operations.get(places.getFirst()))
        : Optional.empty();
  }

  /** The gate that reads a linear layer as its gate, and the other linear layer that it reads. */
  private Optional<Step.Gated> gated(Linear op) {
    if (onlyReader(op.output()).orElse(null) instanceof Gate gate
        && onlyReader(gate.gate()).isPresent()
        && onlyReader(gate.up()).isPresent()
        && writers.get(gate.gate()) instanceof Linear first
        && writers.get(gate.up()) instanceof Linear second
        && first.input().equals(second.input())
        && isLike(first, second)) {
      return Optional.of(new Step.Gated(first, second, gate));
    }
    return Optional.empty();
  }

  /** The addition that follows an operation, if its other side is read by nobody after this. */
  private Optional<Step.Residual> residual(Operation op, int at) {
    if (onlyReader(op.output()).orElse(null) instanceof Add add) {
      Value other = add.left().equals(op.output()) ? add.right() : add.left();
      boolean living = other.equals(block.input()) || isWrittenBefore(other, at);
      boolean lastReader =
          readers.get(other).stream()
              .allMatch(reader -> reader < at || operations.get(reader) == add);
      if (living && lastReader && !op.inputs().contains(other)) {
        done.add(add);
        return Optional.of(new Step.Residual(other, add.output()));
      }
    }
    return Optional.empty();
  }

  private boolean isWrittenBefore(Value value, int at) {
    return operations.indexOf(writers.get(value)) < at;
  }

  private void checkRotation(Rotate op) {
    boolean asQueryOrKey =
        onlyReader(op.output()).orElse(null) instanceof Attention attention
            && !attention.value().equals(op.output());
    if (!asQueryOrKey) {
      throw unsupported("rotates '" + op.input().name() + "', which is no query or key");
    }
  }

  private void attend(Attention op) {
    if (!op.mask().equals(Mask.CAUSAL)
        || op.scores().softCap() != 0
        || op.scores().maxBias() != 0) {
      throw unsupported("attends with " + op.mask() + " and " + op.scores());
    }
    Map<Value, Rotate> rotations = new LinkedHashMap<>();
    for (Value side : List.of(op.query(), op.key())) {
      if (writers.get(side) instanceof Rotate rotate) {
        rotations.put(side, rotate);
      }
    }
    List<Rotary> rotaries = rotations.values().stream().map(Rotate::rotary).distinct().toList();
    if (rotations.size() == 1 || rotaries.size() > 1) {
      throw unsupported("rotates queries and keys differently");
    }
    steps.add(
        new Step.Attend(
            Optional.ofNullable(rotations.get(op.query())).map(Rotate::input).orElse(op.query()),
            Optional.ofNullable(rotations.get(op.key())).map(Rotate::input).orElse(op.key()),
            rotaries.stream().findFirst(),
            op));
  }

  private UnsupportedModelException unsupported(String what) {
    return new UnsupportedModelException(
        block.name() + " " + what + ", for which the GPU path has no kernel; use --backend cpu");
  }
}
