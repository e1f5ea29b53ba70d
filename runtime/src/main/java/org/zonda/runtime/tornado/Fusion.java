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
 *   <li>linear layers of one input and format whose results lead to attention become one matrix;
 *       what normalises, rotates, scales or adds to them on the way takes its part of the rows;
 *   <li>rotations go into the attention that reads them;
 *   <li>two linear layers and the gate over them become one gated matrix;
 *   <li>what may be done {@link InPlace} is.
 * </ul>
 *
 * Every other operation becomes a step of its own.
 */
final class Fusion {

  private final Block block;
  private final Function<Weight, ?> format;
  private final List<Operation> operations;

  /** For each value, the operations that read it. */
  private final Map<Value, List<Operation>> readers = new HashMap<>();

  private final Map<Value, Operation> writers = new HashMap<>();
  private final Set<Operation> done = new HashSet<>();
  private final List<Step> steps = new ArrayList<>();

  private Fusion(Block block, Function<Weight, ?> format) {
    this.block = block;
    this.format = format;
    operations = block.operations();
    for (Operation operation : operations) {
      for (Value input : operation.inputs()) {
        readers.computeIfAbsent(input, value -> new ArrayList<>()).add(operation);
      }
      writers.put(operation.output(), operation);
    }
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
    for (Operation operation : fusion.operations) {
      if (!fusion.done.contains(operation)) {
        fusion.fuse(operation);
      }
    }
    return InPlace.of(block, fusion.steps);
  }

  private void fuse(Operation operation) {
    switch (operation) {
      case Embed op -> steps.add(new Step.Embed(op));
      case Norm op -> norm(op);
      case Linear op -> project(op);
      case Rotate op -> checkRotation(op);
      case Attention op -> attend(op);
      case Gate op -> element(op);
      case Add op -> element(op);
      case Activate op -> element(op);
      case Scale op -> element(op);
      case SoftCap op -> element(op);
      case Experts op -> steps.add(new Step.Mixture(op, Optional.empty()));
    }
  }

  private void element(Operation op) {
    steps.add(new Step.Element(op, Optional.empty()));
  }

  private void norm(Norm op) {
    if (op.kind() == NormKind.RMS && op.bias().isPresent()) {
      throw unsupported("adds a bias to the RMS norm of '" + op.input().name() + "'");
    }
    steps.add(new Step.Norm(op, Optional.empty()));
  }

  private void project(Linear op) {
    Optional<Step.Gated> gated = gated(op);
    if (gated.isPresent()) {
      done.add(gated.get().gate());
      done.add(gated.get().up());
      done.add(gated.get().operation());
      steps.add(gated.get());
    } else {
      List<Linear> joined = joined(op);
      done.addAll(joined);
      steps.add(new Step.Project(joined, Optional.empty()));
    }
  }

  /** A linear layer with the others whose rows can be computed together with its own. */
  private List<Linear> joined(Linear op) {
    if (!leadsToAttention(op.output())) {
      return List.of(op);
    }
    return operations.stream()
        .filter(Linear.class::isInstance)
        .map(Linear.class::cast)
        .filter(other -> other.input().equals(op.input()) && isLike(op, other))
        .filter(other -> !done.contains(other) && gated(other).isEmpty())
        .filter(other -> leadsToAttention(other.output()))
        .toList();
  }

  private boolean isLike(Linear left, Linear right) {
    return format.apply(left.weight()).equals(format.apply(right.weight()));
  }

  /**
   * Whether only attention reads a value, or what is made of it by steps that take parts of rows.
   */
  private boolean leadsToAttention(Value value) {
    List<Operation> reading = readers.getOrDefault(value, List.of());
    return !value.equals(block.output())
        && !reading.isEmpty()
        && reading.stream()
            .allMatch(
                reader ->
                    switch (reader) {
                      case Attention op -> true;
                      case Rotate op -> leadsToAttention(op.output());
                      case Norm op -> leadsToAttention(op.output());
                      case Activate op -> leadsToAttention(op.output());
                      case Scale op -> leadsToAttention(op.output());
                      case SoftCap op -> leadsToAttention(op.output());
                      case Gate op -> leadsToAttention(op.output());
                      case Add op -> leadsToAttention(op.output());
                      case Embed op -> false;
                      case Linear op -> false;
                      case Experts op -> false;
                    });
  }

  private Optional<Operation> onlyReader(Value value) {
    List<Operation> reading = readers.getOrDefault(value, List.of());
    return reading.size() == 1 && !value.equals(block.output())
        ? Optional.of(reading.getFirst())
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

  private void checkRotation(Rotate op) {
    boolean asQueryOrKey =
        onlyReader(op.output()).orElse(null) instanceof Attention attention
            && !attention.value().equals(op.output());
    if (!asQueryOrKey) {
      throw unsupported("rotates '" + op.input().name() + "', which is no query or key");
    }
    if (onlyReader(op.input()).isEmpty()) {
      throw unsupported("rotates '" + op.input().name() + "', which is read elsewhere too");
    }
  }

  private void attend(Attention op) {
    if (steps.stream().anyMatch(Step.Attend.class::isInstance)) {
      throw unsupported("attends more than once");
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
