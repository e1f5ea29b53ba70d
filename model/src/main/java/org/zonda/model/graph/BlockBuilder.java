package org.zonda.model.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes a block down as a formula: each method appends one operation and returns the value it
 * writes, so that an architecture reads like its paper. One thread, one block.
 */
public final class BlockBuilder {

  private final String name;
  private final Value input;
  private final List<Operation> operations = new ArrayList<>();
  private int values = 1;

  /**
   * Begins a block.
   *
   * @param name for people
   * @param inputWidth floats per token of its input
   */
  public BlockBuilder(String name, int inputWidth) {
    this.name = name;
    this.input = new Value(0, "input", inputWidth);
  }

  /**
   * The block's input.
   *
   * @return value 0
   */
  public Value input() {
    return input;
  }

  public Value embed(String name, Operation.Row row, Weight table) {
    return append(new Operation.Embed(row, table, value(name, table.columns())));
  }

  public Value norm(
      String name,
      NormKind kind,
      Value in,
      int heads,
      Weight weight,
      Optional<Weight> bias,
      float epsilon) {
    return append(
        new Operation.Norm(kind, in, heads, weight, bias, epsilon, value(name, in.width())));
  }

  public Value linear(String name, Value in, Weight weight, Optional<Weight> bias) {
    if (weight.columns() != in.width()) {
      throw new IllegalArgumentException(weight + " cannot be applied to " + in);
    }
    return append(new Operation.Linear(in, weight, bias, value(name, weight.rows())));
  }

  public Value rotate(String name, Value in, int heads, Rotary rotary) {
    return append(new Operation.Rotate(in, heads, rotary, value(name, in.width())));
  }

  public Value attention(
      String name,
      Value query,
      Value key,
      Value value,
      int heads,
      int kvHeads,
      Scores scores,
      Mask mask,
      int layer) {
    Value out = value(name, heads * (value.width() / kvHeads));
    return append(
        new Operation.Attention(query, key, value, heads, kvHeads, scores, mask, layer, out));
  }

  public Value gate(String name, Activation activation, Value gate, Value up) {
    return append(new Operation.Gate(activation, gate, up, value(name, gate.width())));
  }

  public Value activate(String name, Activation activation, Value in) {
    return append(new Operation.Activate(activation, in, value(name, in.width())));
  }

  public Value scale(String name, Value in, float factor) {
    return append(new Operation.Scale(in, factor, value(name, in.width())));
  }

  public Value softCap(String name, Value in, float cap) {
    return append(new Operation.SoftCap(in, cap, value(name, in.width())));
  }

  public Value add(String name, Value left, Value right) {
    return append(new Operation.Add(left, right, value(name, left.width())));
  }

  public Value experts(
      String name,
      Value in,
      Weight router,
      Weight gate,
      Weight up,
      Weight down,
      Activation activation,
      int used) {
    return append(
        new Operation.Experts(
            in, router, gate, up, down, activation, used, value(name, in.width())));
  }

  /**
   * Ends the block.
   *
   * @param output its output
   * @return the immutable block
   */
  public Block build(Value output) {
    return new Block(name, input, operations, output);
  }

  private Value value(String valueName, int width) {
    return new Value(values++, valueName, width);
  }

  private Value append(Operation operation) {
    operations.add(operation);
    return operation.output();
  }
}
