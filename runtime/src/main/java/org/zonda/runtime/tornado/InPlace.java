package org.zonda.runtime.tornado;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.zonda.model.graph.Block;
import org.zonda.model.graph.Operation;
import org.zonda.model.graph.Value;

/**
 * Has steps write where something lies that nobody reads any more:
 *
 * <ul>
 *   <li>what a linear layer or a mixture computes is added by its own kernel to the other side of
 *       the addition that reads it, if that was there before;
 *   <li>norms and what is done element by element overwrite what they read last.
 * </ul>
 */
final class InPlace {

  private final Block block;
  private final List<Step> steps;

  /** Values that lie side by side with others in longer rows. */
  private final Set<Value> parts = new HashSet<>();

  private InPlace(Block block, List<Step> steps) {
    this.block = block;
    this.steps = new ArrayList<>(steps);
    for (Step step : steps) {
      if (step.outputs().size() > 1) {
        parts.addAll(step.outputs());
      }
    }
  }

  /**
   * Changes a block's steps.
   *
   * @param block the block
   * @param steps one for each addition and each residual still
   * @return the steps in their order
   */
  static List<Step> of(Block block, List<Step> steps) {
    InPlace inPlace = new InPlace(block, steps);
    inPlace.accumulate();
    inPlace.overwrite();
    return List.copyOf(inPlace.steps);
  }

  private void accumulate() {
    for (int i = 0; i < steps.size(); i++) {
      switch (steps.get(i)) {
        case Step.Project step when step.linears().size() == 1 -> {
          int at = i;
          residual(i, step.outputs().getFirst())
              .ifPresent(sum -> steps.set(at, new Step.Project(step.linears(), Optional.of(sum))));
        }
        case Step.Mixture step -> {
          int at = i;
          residual(i, step.outputs().getFirst())
              .ifPresent(
                  sum -> steps.set(at, new Step.Mixture(step.operation(), Optional.of(sum))));
        }
        default -> {}
      }
    }
  }

  /** Takes away the addition that alone reads a step's result, if the step can do it. */
  private Optional<Step.Residual> residual(int at, Value result) {
    List<Integer> readers = readers(result);
    if (readers.size() == 1
        && readers.getFirst() < steps.size()
        && steps.get(readers.getFirst()) instanceof Step.Element element
        && element.operation() instanceof Operation.Add add) {
      int sum = readers.getFirst();
      Value other = add.left().equals(result) ? add.right() : add.left();
      boolean readBefore = readers(other).stream().allMatch(reader -> reader < at || reader == sum);
      if (isWrittenBefore(other, at) && readBefore && !parts.contains(other)) {
        steps.remove(sum);
        return Optional.of(new Step.Residual(other, add.output()));
      }
    }
    return Optional.empty();
  }

  private boolean isWrittenBefore(Value value, int at) {
    return value.equals(block.input())
        || steps.subList(0, at).stream().anyMatch(step -> step.outputs().contains(value));
  }

  /** The places of the steps that read a value; the block's end reads its output. */
  private List<Integer> readers(Value value) {
    List<Integer> readers = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i).inputs().contains(value)) {
        readers.add(i);
      }
    }
    if (value.equals(block.output())) {
      readers.add(steps.size());
    }
    return readers;
  }

  private void overwrite() {
    for (int i = 0; i < steps.size(); i++) {
      switch (steps.get(i)) {
        case Step.Norm step ->
            steps.set(i, new Step.Norm(step.operation(), overwritten(i, step.operation())));
        case Step.Element step ->
            steps.set(i, new Step.Element(step.operation(), overwritten(i, step.operation())));
        default -> {}
      }
    }
  }

  /**
   * The input that an operation may overwrite. The block's input, in whose memory its output is
   * wanted, comes first where something is added to it, and is left alone otherwise.
   */
  private Optional<Value> overwritten(int at, Operation operation) {
    Optional<Value> chosen =
        operation.inputs().stream()
            .sorted(Comparator.comparing(input -> !input.equals(block.input())))
            .filter(input -> operation.inputs().size() > 1 || !input.equals(block.input()))
            .filter(input -> readers(input).getLast() == at)
            .filter(input -> !parts.contains(input) || takesParts(operation.output()))
            .findFirst();
    if (chosen.filter(parts::contains).isPresent()) {
      parts.add(operation.output());
    }
    return chosen;
  }

  /** Whether all that read a value can read it where it lies within longer rows. */
  private boolean takesParts(Value value) {
    return readers(value).stream()
        .allMatch(
            reader ->
                reader < steps.size()
                    && switch (steps.get(reader)) {
                      case Step.Norm step -> true;
                      case Step.Element step -> true;
                      case Step.Attend step -> true;
                      case Step.Embed step -> false;
                      case Step.Project step -> false;
                      case Step.Gated step -> false;
                      case Step.Mixture step -> false;
                    });
  }
}
