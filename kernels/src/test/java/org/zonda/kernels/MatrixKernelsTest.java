package org.zonda.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.zonda.kernels.Weights.Entry;
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

/**
 * Every entry of every format against its oracle, through the TaskGraph API, so that the same tests
 * run on the simulator and on a device. Whatever of y the kernel must leave alone has to be as it
 * was. Results are of the order of one; a difference of {@link #TOLERANCE} is allowed, absolute up
 * to one and relative above.
 */
class MatrixKernelsTest {

  private static final double TOLERANCE = 2e-5;

  /** What y holds where nothing was to be written. */
  private static final float UNTOUCHED = -7.25f;

  private static final int USED = 2;

  /**
   * One launch.
   *
   * @param blocks columns, in blocks of the format
   * @param layers of the stack; the kernel works for layer {@code cursor + slot}
   * @param capacity groups in y, some of them beyond the data
   * @param padding floats between the input rows and between the output rows
   * @param group items of a group of matvec and gated
   * @param lanes items a row, or for matmul the side of a tile
   */
  record Case(
      int rows,
      int blocks,
      int layers,
      int perLayer,
      int cursor,
      int slot,
      int work,
      int capacity,
      int padding,
      int flags,
      int group,
      int lanes) {

    Case flags(int more) {
      return new Case(
          rows,
          blocks,
          layers,
          perLayer,
          cursor,
          slot,
          work,
          capacity,
          padding,
          flags | more,
          group,
          lanes);
    }

    boolean has(int flag) {
      return (flags & flag) != 0;
    }

    int items() {
      return has(MatrixFlags.ROUTED) ? work * USED : work;
    }
  }

  /**
   * Rows that do not fill a group, few and many blocks, stacks, strides, none to many work rows.
   */
  private static Stream<Case> plain() {
    return Stream.of(
        new Case(1, 1, 1, 1, 0, 0, 1, 1, 0, 0, 32, 32),
        new Case(37, 3, 1, 1, 0, 0, 1, 1, 0, 0, 128, 32),
        new Case(16, 5, 3, 1, 1, 1, 3, 4, 5, 0, 64, 16),
        new Case(9, 2, 4, 2, 2, 1, 2, 2, 3, 0, 256, 32),
        new Case(5, 2, 1, 1, 0, 0, 0, 3, 0, 0, 64, 32),
        new Case(70, 1, 2, 1, 0, 1, 4, 4, 1, 0, 32, 4),
        new Case(3, 4, 1, 1, 0, 0, 2, 2, 0, 0, 64, 64));
  }

  private static Stream<Arguments> matvecs() {
    return perFormat(
        Stream.concat(
            plain(),
            Stream.of(
                new Case(21, 3, 2, 1, 0, 1, 3, 3, 2, MatrixFlags.ACCUMULATE, 64, 32),
                new Case(21, 3, 2, 1, 1, 0, 3, 4, 2, MatrixFlags.BIAS, 64, 32),
                new Case(
                    21, 1, 2, 1, 1, 0, 2, 2, 0, MatrixFlags.BIAS | MatrixFlags.ACCUMULATE, 64, 8),
                routed(19, 2, 3, 4, 0),
                routed(19, 1, 1, 3, MatrixFlags.SHARED_INPUT),
                routed(6, 1, 4, 8, MatrixFlags.SHARED_INPUT | MatrixFlags.BIAS))));
  }

  private static Stream<Arguments> gateds() {
    return perFormat(
        Stream.concat(
            plain(),
            Stream.of(
                new Case(9, 1, 2, 1, 1, 0, 2, 2, 0, MatrixFlags.BIAS, 64, 8),
                routed(19, 2, 3, 4, 0),
                routed(7, 1, 2, 3, MatrixFlags.SHARED_INPUT))));
  }

  private static Case routed(int rows, int blocks, int work, int experts, int flags) {
    return new Case(
        rows,
        blocks,
        2,
        experts,
        0,
        1,
        work,
        work * USED + 1,
        2,
        flags | MatrixFlags.ROUTED,
        64,
        32);
  }

  private static Stream<Arguments> matmuls() {
    return perFormat(
        Stream.of(
            new Case(32, 1, 1, 1, 0, 0, 32, 32, 0, 0, 0, 32),
            new Case(1, 2, 1, 1, 0, 0, 1, 40, 0, 0, 0, 32),
            new Case(45, 3, 3, 1, 1, 1, 40, 70, 3, 0, 0, 32),
            new Case(33, 2, 2, 2, 0, 1, 17, 17, 0, MatrixFlags.ACCUMULATE, 0, 16),
            new Case(
                20, 5, 2, 1, 1, 0, 33, 33, 1, MatrixFlags.ACCUMULATE | MatrixFlags.BIAS, 0, 32),
            new Case(70, 1, 1, 1, 0, 0, 66, 66, 0, MatrixFlags.BIAS, 0, 64),
            new Case(5, 1, 1, 1, 0, 0, 0, 5, 0, 0, 0, 32)));
  }

  private static Stream<Arguments> embeds() {
    return perFormat(
        Stream.of(
            new Case(11, 1, 1, 1, 0, 0, 1, 1, 0, 0, 32, 0),
            new Case(50, 3, 1, 1, 0, 0, 5, 7, 6, 0, 64, 0)));
  }

  private static Stream<Arguments> activations() {
    return Stream.of(0, 1, 2, 3, 4)
        .flatMap(
            code ->
                Stream.of(
                    arguments(
                        WeightFormat.F32,
                        new Case(40, 16, 1, 1, 0, 0, 3, 3, 0, 0, 64, 16)
                            .flags(MatrixFlags.activation(code)),
                        code)));
  }

  private static Stream<Arguments> perFormat(Stream<Case> cases) {
    return cases.flatMap(c -> Stream.of(WeightFormat.values()).map(format -> arguments(format, c)));
  }

  @ParameterizedTest
  @MethodSource("matvecs")
  void matvec(WeightFormat format, Case k) throws Exception {
    Run run = new Run(format, k, 1, false);
    int group = k.group();
    int perGroup = group / k.lanes();
    run.launch(
        Entry.MATVEC,
        new WorkerGrid2D((k.rows() + perGroup - 1) / perGroup * group, k.capacity()),
        group);
    run.oracle().matvec(k.items(), run.route, USED, run.x, run.bias, run.expected);
    run.compare();
  }

  @ParameterizedTest
  @MethodSource("gateds")
  void gated(WeightFormat format, Case k) throws Exception {
    activated(format, k, Activations.SILU);
  }

  @ParameterizedTest
  @MethodSource("activations")
  void activated(WeightFormat format, Case k, int activation) throws Exception {
    Run run = new Run(format, k, 2, false);
    int group = k.group();
    int perGroup = group / k.lanes();
    run.launch(
        Entry.GATED,
        new WorkerGrid2D((k.rows() + perGroup - 1) / perGroup * group, k.capacity()),
        group);
    run.oracle().gated(k.items(), run.route, USED, activation, run.x, run.bias, run.expected);
    run.compare();
  }

  @ParameterizedTest
  @MethodSource("matmuls")
  void matmul(WeightFormat format, Case k) throws Exception {
    Run run = new Run(format, k, 1, false);
    int group = Tiles.groupSize(k.lanes());
    int across = (k.rows() + k.lanes() - 1) / k.lanes();
    int down = (k.capacity() + k.lanes() - 1) / k.lanes();
    run.launch(Entry.MATMUL, new WorkerGrid2D(across * group, down), group);
    run.oracle().matvec(k.work(), null, 1, run.x, run.bias, run.expected);
    run.compare();
  }

  @ParameterizedTest
  @MethodSource("embeds")
  void embed(WeightFormat format, Case k) throws Exception {
    Run run = new Run(format, k, 1, true);
    int[] tokens = new int[k.work()];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = run.random.nextInt(k.rows());
      run.pass.set(PassLayout.tokens() + i, tokens[i]);
    }
    TaskGraph graph =
        run.graph(
            g ->
                run.weights.embed(
                    g, run.context, run.pass, run.y, run.columns, run.outStride, k.capacity()));
    int groups = (run.columns + k.group() - 1) / k.group();
    run.execute(graph, new WorkerGrid2D(groups * k.group(), k.capacity()), k.group());
    run.oracle().embed(tokens, run.expected);
    run.compare();
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

  /** The data of one launch. */
  private static final class Run {
    final Case k;
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

    /**
     * @param parts times the rows that a matrix of the stack has: 2 where gate and up lie together
     * @param embed whether an output row is as wide as an input row
     */
    Run(WeightFormat format, Case k, int parts, boolean embed) {
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
      routes = new IntArray(Math.max(1, k.items()));
      route = new int[routes.getSize()];
      for (int i = 0; i < route.length; i++) {
        route[i] = random.nextInt(k.perLayer());
        routes.set(i, route[i]);
      }
      x = randomFloats(Math.max(1, k.items()) * inStride);
      bias = randomFloats(stack);
      int rows = Math.max(k.capacity(), k.items());
      y = new FloatArray(rows * outStride);
      expected = new double[y.getSize()];
      Arrays.fill(expected, UNTOUCHED);
    }

    private FloatArray randomFloats(int size) {
      FloatArray floats = new FloatArray(size);
      for (int i = 0; i < size; i++) {
        floats.set(i, (float) random.nextGaussian());
      }
      return floats;
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

    void launch(Entry entry, WorkerGrid grid, int group) throws TornadoExecutionPlanException {
      int flags = k.flags();
      if (k.has(MatrixFlags.ROUTED)) {
        flags |= MatrixFlags.used(USED);
      }
      Weights.Arguments arguments =
          new Weights.Arguments(
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
              flags,
              k.lanes());
      execute(graph(g -> weights.product(g, entry, arguments)), grid, group);
    }

    TaskGraph graph(Consumer<TaskGraph> task) {
      TaskGraph graph =
          new TaskGraph("test")
              .transferToDevice(DataTransferMode.EVERY_EXECUTION, pass, cursor, routes, x, bias)
              .transferToDevice(DataTransferMode.FIRST_EXECUTION, weights.planes())
              .task("fill", MatrixKernelsTest::fill, context, y, y.getSize());
      task.accept(graph);
      return graph.transferToHost(DataTransferMode.EVERY_EXECUTION, y);
    }

    void execute(TaskGraph graph, WorkerGrid grid, int group) throws TornadoExecutionPlanException {
      grid.setLocalWork(group, 1, 1);
      try (TornadoExecutionPlan plan = new TornadoExecutionPlan(graph.snapshot())) {
        GridScheduler scheduler = new GridScheduler("test." + Weights.TASK, grid);
        scheduler.addWorkerGrid("test.fill", new WorkerGrid1D(y.getSize()));
        plan.withGridScheduler(scheduler).execute();
      }
    }

    void compare() {
      for (int i = 0; i < expected.length; i++) {
        assertThat((double) y.get(i))
            .as("y[%d] of %s", i, k)
            .isCloseTo(
                expected[i],
                offset(
                    expected[i] == UNTOUCHED ? 0 : TOLERANCE * Math.max(1, Math.abs(expected[i]))));
      }
    }
  }
}
