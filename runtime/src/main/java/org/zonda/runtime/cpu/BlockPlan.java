package org.zonda.runtime.cpu;

import java.util.ArrayList;
import java.util.List;
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
import org.zonda.model.graph.Weight;
import org.zonda.runtime.backend.CacheType;
import org.zonda.runtime.backend.Chunk;
import org.zonda.runtime.backend.MeasuredStep;
import org.zonda.runtime.backend.OperationRecorder;

/**
 * One block of the forward pass made ready to run: weights looked up, values given memory, and
 * neighbouring linear layers that read the same value joined to one job.
 */
final class BlockPlan {

  /** One or several operations, ready to run. */
  private interface Step {
    void run(Chunk chunk);
  }

  /** Below so many floats, sharing an element-wise operation costs more than it saves. */
  private static final int SERIAL = 1 << 14;

  /** What all blocks of a model share. */
  record Machine(
      WorkerPool pool,
      Kernels kernels,
      MatrixMultiplier multiplier,
      PagedAttention attention,
      Rotations rotations,
      ModelSource weights,
      CacheType cacheType,
      OperationRecorder recorder) {}

  private final Machine machine;
  private final List<Step> steps = new ArrayList<>();

  /** The operations of each step. */
  private final List<List<Operation>> operationsOfSteps = new ArrayList<>();

  /** What each step is, for whoever wants to know how long it takes; null until somebody does. */
  private List<MeasuredStep> measured;

  private final String name;

  private final BufferAllocation buffers;

  /**
   * Prepares a block.
   *
   * @param block the description
   * @param input where its input lies
   * @param free buffers that nobody uses at its beginning; those it adds are added here too
   */
  BlockPlan(Machine machine, Block block, Buffer input, List<Buffer> free) {
    this.machine = machine;
    name = block.name();
    buffers = new BufferAllocation(block, input, free);
    List<Operation> operations = block.operations();
    for (int i = 0; i < operations.size(); ) {
      int end = i + 1;
      if (operations.get(i) instanceof Linear first) {
        while (end < operations.size()
            && operations.get(end) instanceof Linear next
            && next.input().equals(first.input())) {
          end++;
        }
        steps.add(linear(operations.subList(i, end)));
      } else {
        steps.add(step(operations.get(i)));
      }
      operationsOfSteps.add(operations.subList(i, end));
      i = end;
    }
    if (machine.recorder.isOn()) {
      measured = measure();
    }
  }

  /** Where the block's output lies afterwards. */
  Buffer output() {
    return buffers.output();
  }

  void run(Chunk chunk) {
    buffers.ensure(chunk.rows());
    if (machine.recorder.isOn()) {
      runRecorded(chunk);
      return;
    }
    for (Step step : steps) {
      step.run(chunk);
    }
  }

  private List<MeasuredStep> measure() {
    return operationsOfSteps.stream()
        .map(step -> MeasuredStep.of(name, step, machine.weights, machine.cacheType))
        .toList();
  }

  private void runRecorded(Chunk chunk) {
    if (measured == null) {
      measured = measure();
    }
    for (int i = 0; i < steps.size(); i++) {
      machine.recorder.begin();
      steps.get(i).run(chunk);
      machine.recorder.end(measured.get(i), chunk);
    }
  }

  private Step step(Operation operation) {
    return switch (operation) {
      case Embed op -> embed(op);
      case Norm op -> norm(op);
      case Linear op -> linear(List.of(op));
      case Rotate op -> rotate(op);
      case Attention op -> attention(op);
      case Gate op -> gate(op);
      case Add op -> add(op);
      case Activate op -> activate(op);
      case Scale op -> scale(op);
      case SoftCap op -> softCap(op);
      case Experts op -> experts(op);
    };
  }

  private Matrix matrix(Weight weight) {
    return Matrix.of(machine.kernels, weight, machine.weights);
  }

  private float[] vector(Weight weight) {
    return weight.floats(machine.weights);
  }

  private Step embed(Embed op) {
    Matrix table = matrix(op.table());
    Buffer out = buffers.of(op.output());
    return chunk -> {
      for (int row = 0; row < chunk.rows(); row++) {
        int index =
            switch (op.row()) {
              case TOKEN -> chunk.tokens()[row];
              case POSITION -> chunk.positions()[row];
              case SEGMENT -> 0;
            };
        table.decodeRow(index, out.data, row * table.columns());
      }
    };
  }

  private Step norm(Norm op) {
    float[] weight = vector(op.weight());
    float[] bias = op.bias().map(this::vector).orElse(null);
    Buffer in = buffers.of(op.input());
    Buffer out = buffers.of(op.output());
    int width = op.input().width();
    int n = op.headWidth();
    return chunk ->
        eachRow(
            chunk,
            width,
            row -> {
              for (int at = 0; at < width; at += n) {
                int own = op.isShared() ? 0 : at;
                int x = row * width + at;
                switch (op.kind()) {
                  case RMS ->
                      machine.kernels.rmsNorm(
                          in.data, x, weight, own, op.epsilon(), out.data, x, n);
                  case LAYER ->
                      machine.kernels.layerNorm(
                          in.data, x, weight, own, op.epsilon(), out.data, x, n);
                }
                if (bias != null) {
                  machine.kernels.add(out.data, x, bias, own, out.data, x, n);
                }
              }
            });
  }

  private Step linear(List<Operation> group) {
    MatrixMultiplier.Product[] products =
        group.stream()
            .map(Linear.class::cast)
            .map(
                op ->
                    new MatrixMultiplier.Product(
                        matrix(op.weight()),
                        op.bias().map(this::vector).orElse(null),
                        buffers.of(op.output())))
            .toArray(MatrixMultiplier.Product[]::new);
    Buffer in = buffers.of(((Linear) group.getFirst()).input());
    return chunk -> machine.multiplier.run(in.data, chunk.rows(), products);
  }

  private Step rotate(Rotate op) {
    Buffer in = buffers.of(op.input());
    Buffer out = buffers.of(op.output());
    int n = op.input().width();
    return chunk -> {
      float[] table = machine.rotations.of(op.rotary(), chunk);
      eachRow(
          chunk, n, row -> rotateRow(op.rotary(), table, row, op.heads(), n, in.data, out.data));
    };
  }

  private static void rotateRow(
      Rotary rotary, float[] table, int row, int heads, int n, float[] in, float[] out) {
    int headWidth = n / heads;
    int pairs = rotary.rotated() / 2;
    boolean adjacent = rotary.pairing() == Rotary.Pairing.ADJACENT;
    int step = adjacent ? 2 : 1;
    int distance = adjacent ? 1 : pairs;
    if (in != out) {
      System.arraycopy(in, row * n, out, row * n, n);
    }
    for (int head = 0; head < heads; head++) {
      int a = row * n + head * headWidth;
      int angle = row * 2 * pairs;
      for (int i = 0; i < pairs; i++) {
        float cos = table[angle++];
        float sin = table[angle++];
        float x = out[a];
        float y = out[a + distance];
        out[a] = x * cos - y * sin;
        out[a + distance] = x * sin + y * cos;
        a += step;
      }
    }
  }

  private Step attention(Attention op) {
    Buffer query = buffers.of(op.query());
    Buffer key = buffers.of(op.key());
    Buffer value = buffers.of(op.value());
    Buffer out = buffers.of(op.output());
    return chunk -> machine.attention.run(op, chunk, query.data, key.data, value.data, out.data);
  }

  private Step gate(Gate op) {
    Buffer gate = buffers.of(op.gate());
    Buffer up = buffers.of(op.up());
    Buffer out = buffers.of(op.output());
    int n = op.gate().width();
    return chunk ->
        eachRow(
            chunk,
            n,
            row ->
                machine.kernels.gate(
                    op.activation(), gate.data, row * n, up.data, row * n, out.data, row * n, n));
  }

  private Step activate(Activate op) {
    return element(
        op, (in, at, out, n) -> machine.kernels.activate(op.activation(), in, at, out, at, n));
  }

  private Step scale(Scale op) {
    return element(op, (in, at, out, n) -> machine.kernels.scale(in, at, out, at, n, op.factor()));
  }

  private Step softCap(SoftCap op) {
    return element(op, (in, at, out, n) -> machine.kernels.softCap(in, at, out, at, n, op.cap()));
  }

  /** What is done to each element of a row, which begins at the same index in both arrays. */
  private interface ElementTask {
    void run(float[] in, int at, float[] out, int n);
  }

  private Step element(Operation op, ElementTask task) {
    Buffer in = buffers.of(op.inputs().getFirst());
    Buffer out = buffers.of(op.output());
    int n = op.output().width();
    return chunk -> eachRow(chunk, n, row -> task.run(in.data, row * n, out.data, n));
  }

  private Step add(Add op) {
    Buffer left = buffers.of(op.left());
    Buffer right = buffers.of(op.right());
    Buffer out = buffers.of(op.output());
    int n = op.left().width();
    return chunk ->
        eachRow(
            chunk,
            n,
            row ->
                machine.kernels.add(left.data, row * n, right.data, row * n, out.data, row * n, n));
  }

  private Step experts(Experts op) {
    ExpertMixture mixture =
        new ExpertMixture(
            op,
            machine.multiplier,
            machine.kernels,
            matrix(op.router()),
            matrix(op.gate()),
            matrix(op.up()),
            matrix(op.down()));
    Buffer in = buffers.of(op.input());
    Buffer out = buffers.of(op.output());
    return chunk -> mixture.run(chunk.rows(), in.data, out.data);
  }

  /** What is done to one row. */
  private interface RowTask {
    void run(int row);
  }

  private void eachRow(Chunk chunk, int width, RowTask task) {
    if (chunk.rows() * (long) width < SERIAL) {
      for (int row = 0; row < chunk.rows(); row++) {
        task.run(row);
      }
    } else {
      machine.pool.run(chunk.rows(), (worker, row) -> task.run(row));
    }
  }
}
