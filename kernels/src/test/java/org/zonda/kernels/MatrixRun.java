package org.zonda.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.Arrays;
import java.util.Random;
import org.zonda.kernels.oracle.MatrixOracle;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.WorkerGrid2D;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** The data of one launch of a matrix kernel, and the comparison of what it left behind. */
final class MatrixRun {

  /**
   * Results are of the order of one; so much difference is allowed, absolute up to one and relative
   * above.
   */
  static final double TOLERANCE = 2e-5;

  /** What y holds where nothing was to be written. */
  private static final float UNTOUCHED = -7.25f;

  final MatrixCase k;
  final Random random;
  final int columns;
  final int inStride;
  final int outStride;
  final Weights weights;
  final KernelContext context = new KernelContext();
  final IntArray pass;
  final IntArray cursor = new IntArray(1);
  final IntArray routes;
  final int[] route;
  final FloatArray x;
  final FloatArray bias;
  final FloatArray y;
  final double[] expected;
  final TaskGraph graph = new TaskGraph("test");
  private final GridScheduler scheduler = new GridScheduler();

  /**
   * Random data.
   *
   * @param parts times the rows that a matrix of the stack has: 2 where gate and up lie together
   * @param embed whether an output row is as wide as an input row
   */
  MatrixRun(WeightFormat format, MatrixCase k, int parts, boolean embed) {
    this.k = k;
    random = new Random(k.hashCode());
    columns = k.blocks() * format.block();
    inStride = columns + k.padding();
    outStride = (embed ? columns : k.rows()) + k.padding();
    int stack = k.layers() * k.perLayer() * k.rows() * parts;
    weights = format.random(stack, columns, random);
    pass = new IntArray(PassLayout.size(k.capacity(), 1, 1));
    pass.init(0);
    pass.set(PassLayout.ROWS, k.work());
    cursor.set(0, k.cursor());
    route = random.ints(Math.max(1, k.items()), 0, k.perLayer()).toArray();
    routes = IntArray.fromArray(route);
    x = randomFloats(Math.max(1, k.items()) * inStride);
    bias = randomFloats(stack);
    y = new FloatArray(Math.max(k.capacity(), k.items()) * outStride);
    expected = new double[y.getSize()];
    Arrays.fill(expected, UNTOUCHED);
    graph
        .transferToDevice(DataTransferMode.EVERY_EXECUTION, pass, cursor, routes, x, bias)
        .transferToDevice(DataTransferMode.FIRST_EXECUTION, weights.planes())
        .task("fill", MatrixRun::fill, context, y, y.getSize());
    scheduler.addWorkerGrid("test.fill", new WorkerGrid1D(y.getSize()));
  }

  private FloatArray randomFloats(int size) {
    FloatArray floats = new FloatArray(size);
    for (int i = 0; i < size; i++) {
      floats.set(i, (float) random.nextGaussian());
    }
    return floats;
  }

  /** The parameters that do not depend on the format. */
  Weights.Arguments arguments() {
    return new Weights.Arguments(
        context,
        pass,
        cursor,
        routes,
        x,
        bias,
        y,
        k.slot(),
        k.perLayer(),
        k.rows(),
        columns,
        inStride,
        outStride,
        k.flags(),
        k.lanes());
  }

  MatrixOracle oracle() {
    return new MatrixOracle(
        weights.values(),
        k.cursor() + k.slot(),
        k.perLayer(),
        k.rows(),
        columns,
        inStride,
        outStride,
        k.flags());
  }

  /** The grid of a task: so many groups. */
  void grid(String task, int across, int down, int group) {
    WorkerGrid grid = new WorkerGrid2D(across * group, down);
    grid.setLocalWork(group, 1, 1);
    scheduler.addWorkerGrid("test." + task, grid);
  }

  /** Runs the graph and copies y back. */
  void execute() throws TornadoExecutionPlanException {
    graph.transferToHost(DataTransferMode.EVERY_EXECUTION, y);
    try (TornadoExecutionPlan plan = new TornadoExecutionPlan(graph.snapshot())) {
      plan.withGridScheduler(scheduler).execute();
    }
  }

  /** Compares y with what is expected, and exactly where nothing was to be written. */
  void compare() {
    for (int i = 0; i < expected.length; i++) {
      double allowed =
          expected[i] == UNTOUCHED ? 0 : TOLERANCE * Math.max(1, Math.abs(expected[i]));
      assertThat((double) y.get(i)).as("y[%d] of %s", i, k).isCloseTo(expected[i], offset(allowed));
    }
  }

  /**
   * Fills y on the device: an array that no kernel reads is not copied there, so that what the
   * kernels leave alone would be arbitrary.
   */
  static void fill(KernelContext c, FloatArray y, int size) {
    if (c.globalIdx < size) {
      y.set(c.globalIdx, UNTOUCHED);
    }
  }
}
