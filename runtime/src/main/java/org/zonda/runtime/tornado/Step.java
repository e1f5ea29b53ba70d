package org.zonda.runtime.tornado;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.zonda.model.graph.Operation;
import org.zonda.model.graph.Rotary;
import org.zonda.model.graph.Value;
import org.zonda.model.graph.Weight;

/**
 * What a device does at once: one operation, or several that have a kernel together. {@link Fusion}
 * makes a block's.
 */
sealed interface Step {

  /** The values it reads. */
  List<Value> inputs();

  /** The values it writes, side by side in one row where there are several. */
  List<Value> outputs();

  /** The operations that it does, in their order. */
  List<Operation> operations();

  /** The matrices that it multiplies by; those that are joined to one stand together. */
  default List<List<Weight>> matrices() {
    return List.of();
  }

  /** Widths, in floats a row of the pass, of the memory that it needs while it runs. */
  default List<Integer> workspace() {
    return List.of();
  }

  /** The input in whose memory its output comes to lie, if it does. */
  default Optional<Value> overwrites() {
    return Optional.empty();
  }

  /** Looks up rows of a table. */
  record Embed(Operation.Embed operation) implements Step {
    @Override
    public List<Operation> operations() {
      return List.of(operation);
    }

    @Override
    public List<Value> inputs() {
      return operation.inputs();
    }

    @Override
    public List<Value> outputs() {
      return List.of(operation.output());
    }
  }

  /** Normalises rows, or their heads. */
  record Norm(Operation.Norm operation, Optional<Value> overwrites) implements Step {
    @Override
    public List<Operation> operations() {
      return List.of(operation);
    }

    @Override
    public List<Value> inputs() {
      return operation.inputs();
    }

    @Override
    public List<Value> outputs() {
      return List.of(operation.output());
    }
  }

  /**
   * Multiplies by matrices of one format that read the same input, as if they were one.
   *
   * @param linears the operations, in the order of their rows
   * @param residual what the only one's product is added to, in place
   */
  record Project(List<Operation.Linear> linears, Optional<Residual> residual) implements Step {
    @Override
    public List<Operation> operations() {
      return Residual.andAddition(linears, residual);
    }

    @Override
    public List<Value> inputs() {
      return Residual.andInputs(linears.getFirst(), residual);
    }

    @Override
    public List<Value> outputs() {
      return residual
          .map(sum -> List.of(sum.output()))
          .orElseGet(() -> linears.stream().map(Operation.Linear::output).toList());
    }

    @Override
    public Optional<Value> overwrites() {
      return residual.map(Residual::input);
    }

    @Override
    public List<List<Weight>> matrices() {
      return List.of(linears.stream().map(Operation.Linear::weight).toList());
    }
  }

  /** Multiplies by the gate and the up matrix and gates the one with the other. */
  record Gated(Operation.Linear gate, Operation.Linear up, Operation.Gate operation)
      implements Step {
    @Override
    public List<Operation> operations() {
      return List.of(gate, up, operation);
    }

    @Override
    public List<Value> inputs() {
      return gate.inputs();
    }

    @Override
    public List<Value> outputs() {
      return List.of(operation.output());
    }

    @Override
    public List<List<Weight>> matrices() {
      return List.of(List.of(gate.weight(), up.weight()));
    }

    /** The rows of gate and up side by side, where they are computed as one product. */
    @Override
    public List<Integer> workspace() {
      return List.of(2 * operation.output().width());
    }
  }

  /**
   * Rotates queries in place and keys on their way into the cache, and attends.
   *
   * @param query queries before their rotation
   * @param key keys before their rotation
   * @param rotary how both are rotated, if they are
   * @param operation the attention
   */
  record Attend(Value query, Value key, Optional<Rotary> rotary, Operation.Attention operation)
      implements Step {
    @Override
    public List<Operation> operations() {
      return rotary
          .<List<Operation>>map(
              by ->
                  List.of(
                      new Operation.Rotate(query, operation.heads(), by, operation.query()),
                      operation))
          .orElse(List.of(operation));
    }

    @Override
    public List<Value> inputs() {
      return List.of(query, key, operation.value());
    }

    @Override
    public List<Value> outputs() {
      return List.of(operation.output());
    }
  }

  /** Activates, scales, bounds, gates or adds rows, each element by itself. */
  record Element(Operation operation, Optional<Value> overwrites) implements Step {
    @Override
    public List<Operation> operations() {
      return List.of(operation);
    }

    @Override
    public List<Value> inputs() {
      return operation.inputs();
    }

    @Override
    public List<Value> outputs() {
      return List.of(operation.output());
    }
  }

  /**
   * Routes rows to experts and mixes their results.
   *
   * @param operation the mixture
   * @param residual what it is added to, in place
   */
  record Mixture(Operation.Experts operation, Optional<Residual> residual) implements Step {
    @Override
    public List<Operation> operations() {
      return Residual.andAddition(List.of(operation), residual);
    }

    @Override
    public List<Value> inputs() {
      return Residual.andInputs(operation, residual);
    }

    @Override
    public List<Value> outputs() {
      return List.of(residual.map(Residual::output).orElse(operation.output()));
    }

    @Override
    public List<List<Weight>> matrices() {
      return List.of(
          List.of(operation.router()),
          List.of(operation.gate(), operation.up()),
          List.of(operation.down()));
    }

    /** The router's logits; the weights of the chosen; their gated rows; their results. */
    @Override
    public List<Integer> workspace() {
      int used = operation.used();
      int hidden = operation.gate().rows();
      int width = operation.output().width();
      return List.of(operation.router().rows(), used, used * hidden, used * width);
    }

    @Override
    public Optional<Value> overwrites() {
      return residual.map(Residual::input);
    }
  }

  /**
   * The addition that follows an operation, done by it.
   *
   * @param input what is added to; nobody reads it later
   * @param output the sum
   */
  record Residual(Value input, Value output) {

    private static List<Operation> andAddition(
        List<? extends Operation> operations, Optional<Residual> residual) {
      List<Operation> all = new ArrayList<>(operations);
      residual.ifPresent(
          sum ->
              all.add(new Operation.Add(operations.getLast().output(), sum.input(), sum.output())));
      return all;
    }

    private static List<Value> andInputs(Operation operation, Optional<Residual> residual) {
      List<Value> inputs = new ArrayList<>(operation.inputs());
      residual.ifPresent(sum -> inputs.add(sum.input()));
      return inputs;
    }
  }
}
