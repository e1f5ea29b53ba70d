package org.zonda.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.zonda.kernels.MatrixCase.USED;
import static org.zonda.kernels.MatrixCase.routed;
import static org.zonda.kernels.MatrixFlags.ACCUMULATE;
import static org.zonda.kernels.MatrixFlags.BIAS;
import static org.zonda.kernels.MatrixFlags.SHARED_INPUT;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.zonda.kernels.Weights.Entry;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Every entry of every format against its oracle, through the TaskGraph API, so that the same tests
 * run on the simulator and on a device. Whatever of y the kernel must leave alone has to be as it
 * was; the rest within {@link MatrixRun#TOLERANCE}.
 */
class MatrixKernelsTest {

  /**
   * Rows that do not fill a group, few and many blocks, stacks, strides, none to many work rows.
   */
  private static Stream<MatrixCase> plain() {
    return Stream.of(
        new MatrixCase(1, 1, 1, 1, 0, 0, 1, 1, 0, 0, 32, 32),
        new MatrixCase(37, 3, 1, 1, 0, 0, 1, 1, 0, 0, 128, 32),
        new MatrixCase(16, 5, 3, 1, 1, 1, 3, 4, 5, 0, 64, 16),
        new MatrixCase(9, 2, 4, 2, 2, 1, 2, 2, 3, 0, 256, 32),
        new MatrixCase(5, 2, 1, 1, 0, 0, 0, 3, 0, 0, 64, 32),
        new MatrixCase(70, 1, 2, 1, 0, 1, 4, 4, 1, 0, 32, 4),
        new MatrixCase(3, 9, 1, 1, 0, 0, 2, 2, 0, 0, 64, 64),
        new MatrixCase(6, 40, 1, 1, 0, 0, 1, 1, 4, 0, 64, 16));
  }

  static Stream<Arguments> matvecs() {
    return perFormat(
        Stream.concat(
            plain(),
            Stream.of(
                new MatrixCase(21, 3, 2, 1, 0, 1, 3, 3, 2, ACCUMULATE, 64, 32),
                new MatrixCase(21, 3, 2, 1, 1, 0, 3, 4, 2, BIAS, 64, 32),
                new MatrixCase(21, 1, 2, 1, 1, 0, 2, 2, 0, BIAS | ACCUMULATE, 64, 8),
                routed(19, 2, 3, 4, 0),
                routed(19, 1, 1, 3, SHARED_INPUT),
                routed(6, 1, 4, 8, SHARED_INPUT | BIAS))));
  }

  static Stream<Arguments> gateds() {
    return perFormat(
        Stream.concat(
            plain(),
            Stream.of(
                new MatrixCase(9, 1, 2, 1, 1, 0, 2, 2, 0, BIAS, 64, 8),
                routed(19, 2, 3, 4, 0),
                routed(7, 1, 2, 3, SHARED_INPUT))));
  }

  static Stream<Arguments> matmuls() {
    return perFormat(
        Stream.of(
            new MatrixCase(32, 1, 1, 1, 0, 0, 32, 32, 0, 0, 0, 32),
            new MatrixCase(1, 2, 1, 1, 0, 0, 1, 40, 0, 0, 0, 32),
            new MatrixCase(45, 3, 3, 1, 1, 1, 40, 70, 3, 0, 0, 32),
            new MatrixCase(33, 2, 2, 2, 0, 1, 17, 17, 0, ACCUMULATE, 0, 16),
            new MatrixCase(20, 5, 2, 1, 1, 0, 33, 33, 1, ACCUMULATE | BIAS, 0, 32),
            new MatrixCase(70, 1, 1, 1, 0, 0, 66, 66, 0, BIAS, 0, 64),
            new MatrixCase(5, 1, 1, 1, 0, 0, 0, 5, 0, 0, 0, 32)));
  }

  static Stream<Arguments> embeds() {
    return perFormat(
        Stream.of(
            new MatrixCase(11, 1, 1, 1, 0, 0, 1, 1, 0, 0, 32, 0),
            new MatrixCase(50, 3, 1, 1, 0, 0, 5, 7, 6, 0, 64, 0)));
  }

  private static Stream<Arguments> perFormat(Stream<MatrixCase> cases) {
    return cases.flatMap(k -> Stream.of(WeightFormat.values()).map(format -> arguments(format, k)));
  }

  @ParameterizedTest
  @MethodSource("matvecs")
  void matvec(WeightFormat format, MatrixCase k) throws Exception {
    MatrixRun run = new MatrixRun(format, k, 1, false);
    run.weights.product(run.graph, Entry.MATVEC, run.arguments());
    int perGroup = k.group() / k.lanes();
    run.grid(Weights.TASK, (k.rows() + perGroup - 1) / perGroup, k.capacity(), k.group());
    run.execute();
    run.oracle().matvec(k.items(), run.route, USED, run.x, run.bias, run.expected);
    run.compare();
  }

  @ParameterizedTest
  @MethodSource("gateds")
  void gated(WeightFormat format, MatrixCase k) throws Exception {
    gated(format, k, Activations.SILU);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        Activations.SILU,
        Activations.GELU,
        Activations.GELU_TANH,
        Activations.RELU,
        Activations.RELU_SQUARED
      })
  void gatedByEachActivation(int activation) throws Exception {
    int flags = MatrixFlags.activation(activation);
    MatrixCase k = new MatrixCase(40, 3, 1, 1, 0, 0, 3, 3, 0, flags, 64, 16);
    gated(WeightFormat.F32, k, activation);
  }

  private static void gated(WeightFormat format, MatrixCase k, int activation) throws Exception {
    MatrixRun run = new MatrixRun(format, k, 2, false);
    run.weights.product(run.graph, Entry.GATED, run.arguments());
    int perGroup = k.group() / k.lanes();
    run.grid(Weights.TASK, (k.rows() + perGroup - 1) / perGroup, k.capacity(), k.group());
    run.execute();
    run.oracle().gated(k.items(), run.route, USED, activation, run.x, run.bias, run.expected);
    run.compare();
  }

  @ParameterizedTest
  @MethodSource("matmuls")
  void matmul(WeightFormat format, MatrixCase k) throws Exception {
    MatrixRun run = new MatrixRun(format, k, 1, false);
    run.weights.product(run.graph, Entry.MATMUL, run.arguments());
    int tile = k.lanes();
    run.grid(
        Weights.TASK,
        (k.rows() + tile - 1) / tile,
        (k.capacity() + tile - 1) / tile,
        Tiles.groupSize(tile));
    run.execute();
    run.oracle().matvec(k.work(), null, 1, run.x, run.bias, run.expected);
    run.compare();
  }

  @ParameterizedTest
  @MethodSource("embeds")
  void embed(WeightFormat format, MatrixCase k) throws Exception {
    MatrixRun run = new MatrixRun(format, k, 1, true);
    int[] tokens = run.random.ints(k.work(), 0, k.rows()).toArray();
    int list = PassLayout.positions(k.capacity());
    for (int i = 0; i < tokens.length; i++) {
      run.pass.set(list + i, tokens[i]);
    }
    embed(run, list);
    run.oracle().embed(tokens, run.expected);
    run.compare();
  }

  /** Without a list of numbers each row takes the first of the table. */
  @Test
  void embedOfTheFirstRow() throws Exception {
    MatrixCase k = new MatrixCase(5, 2, 1, 1, 0, 0, 3, 4, 1, 0, 64, 0);
    MatrixRun run = new MatrixRun(WeightFormat.F16, k, 1, true);
    embed(run, PassLayout.ROWS);
    run.oracle().embed(new int[k.work()], run.expected);
    run.compare();
  }

  private static void embed(MatrixRun run, int list) throws Exception {
    MatrixCase k = run.k;
    run.weights.embed(run.graph, run.context, run.pass, run.y, run.columns, run.outStride, list);
    run.grid(Weights.TASK, (run.columns + k.group() - 1) / k.group(), k.capacity(), k.group());
    run.execute();
  }

  /** Each bfloat16 that is neither subnormal nor infinite nor NaN is decoded exactly. */
  @Test
  void everyBFloat16() throws Exception {
    MatrixCase k = new MatrixCase(254, 4, 1, 1, 0, 0, 254, 254, 0, 0, 64, 0);
    MatrixRun run = new MatrixRun(WeightFormat.BF16, k, 1, true);
    IntArray words = (IntArray) run.weights.planes()[0];
    int half = run.columns / 2;
    for (int row = 0; row < k.rows(); row++) {
      run.pass.set(PassLayout.tokens() + row, row);
      for (int i = 0; i < half; i++) {
        int positive = row + 1 << 7 | i & 127;
        words.set(row * half + i, positive | 0x8000 << 16 | positive << 16);
      }
    }
    words.set(0, 0x8000 << 16);
    embed(run, PassLayout.tokens());
    run.oracle().embed(IntStream.range(0, k.rows()).toArray(), run.expected);
    for (int i = 0; i < run.expected.length; i++) {
      assertThat((double) run.y.get(i)).as("value %d", i).isEqualTo(run.expected[i]);
    }
  }

  /** Each power of two that is a normal float, with each number of the code book, and the last. */
  @Test
  void everyMXFP4() throws Exception {
    MatrixCase k = new MatrixCase(64, 4, 1, 1, 0, 0, 64, 64, 0, 0, 64, 0);
    MatrixRun run = new MatrixRun(WeightFormat.MXFP4, k, 1, true);
    IntArray numbers = (IntArray) run.weights.planes()[0];
    IntArray exponents = (IntArray) run.weights.planes()[2];
    for (int i = 0; i < numbers.getSize(); i++) {
      numbers.set(i, i % 2 == 0 ? 0x76543210 : 0xfedcba98);
    }
    for (int row = 0; row < k.rows(); row++) {
      int first = Math.max(4 * row, 2);
      exponents.set(
          row, first | Math.max(4 * row + 1, 2) << 8 | 4 * row + 2 << 16 | 4 * row + 3 << 24);
      run.pass.set(PassLayout.tokens() + row, row);
    }
    embed(run, PassLayout.tokens());
    run.oracle().embed(IntStream.range(0, k.rows()).toArray(), run.expected);
    for (int i = 0; i < run.expected.length; i++) {
      assertThat((double) run.y.get(i)).as("value %d", i).isEqualTo(run.expected[i]);
    }
  }
}
