package org.zonda.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.zonda.kernels.MatrixCase.USED;
import static org.zonda.kernels.MatrixCase.routed;
import static org.zonda.kernels.MatrixFlags.ACCUMULATE;
import static org.zonda.kernels.MatrixFlags.BIAS;
import static org.zonda.kernels.MatrixFlags.SHARED_INPUT;

import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.zonda.kernels.Weights.Entry;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

/**
 * The products with rounded inputs, where the backend has the instructions: under the simulator's
 * CUDA rules in the normal run. The oracle computes with the rounded inputs, so that the tolerance
 * is that of the other kernels; how far rounding is off is tested by {@link Int8InputTest}.
 */
@Tag("cuda")
class Int8KernelsTest {

  @BeforeAll
  static void backend() {
    assertThat(TornadoRuntimeProvider.getTornadoRuntime().getBackendType(0))
        .as("the backend; these kernels are for CUDA and PTX")
        .isIn(TornadoVMBackendType.CUDA, TornadoVMBackendType.PTX);
  }

  static Stream<Arguments> matvecs() {
    return perFormat(
        Stream.of(
            new MatrixCase(1, 1, 1, 1, 0, 0, 1, 1, 0, 0, 32, 32),
            new MatrixCase(37, 3, 1, 1, 0, 0, 1, 1, 0, 0, 128, 32),
            new MatrixCase(16, 5, 3, 1, 1, 1, 3, 4, 5, 0, 64, 32),
            new MatrixCase(9, 9, 4, 2, 2, 1, 2, 2, 3, 0, 256, 32),
            new MatrixCase(5, 2, 1, 1, 0, 0, 0, 3, 0, 0, 64, 32),
            new MatrixCase(21, 3, 2, 1, 1, 0, 3, 4, 2, BIAS | ACCUMULATE, 64, 32),
            routed(19, 2, 3, 4, 0),
            routed(6, 1, 4, 8, SHARED_INPUT | BIAS)));
  }

  static Stream<Arguments> gateds() {
    return perFormat(
        Stream.of(
            new MatrixCase(37, 3, 1, 1, 0, 0, 1, 1, 0, 0, 128, 32),
            new MatrixCase(16, 5, 3, 1, 1, 1, 3, 4, 5, BIAS, 64, 32),
            routed(7, 1, 2, 3, SHARED_INPUT)));
  }

  private static Stream<Arguments> perFormat(Stream<MatrixCase> cases) {
    return cases.flatMap(
        k ->
            Stream.of(WeightFormat.Q8_0, WeightFormat.Q4_0, WeightFormat.Q4_K, WeightFormat.Q6_K)
                .map(format -> arguments(format, k)));
  }

  @ParameterizedTest
  @MethodSource("matvecs")
  void matvec(WeightFormat format, MatrixCase k) throws Exception {
    MatrixRun run = new MatrixRun(format, k, 1, false);
    launch(run, Entry.MATVEC);
    run.oracle().matvec(k.items(), run.route, USED, run.x, run.bias, run.expected);
    run.compare();
  }

  @ParameterizedTest
  @MethodSource("gateds")
  void gated(WeightFormat format, MatrixCase k) throws Exception {
    MatrixRun run = new MatrixRun(format, k, 2, false);
    launch(run, Entry.GATED);
    run.oracle().gated(k.items(), run.route, USED, Activations.SILU, run.x, run.bias, run.expected);
    run.compare();
  }

  /** Runs the product, and replaces x by what it was rounded to. */
  private static void launch(MatrixRun run, Entry entry) throws Exception {
    MatrixCase k = run.k;
    int order = run.weights.int8Order();
    Int8Rounding rounding = new Int8Rounding(run, order);
    run.weights.int8Product(run.graph, entry, run.arguments(), rounding.q, rounding.d);
    int perGroup = k.group() / Warp.SIZE;
    run.grid(Weights.TASK, (k.rows() + perGroup - 1) / perGroup, k.capacity(), k.group());
    run.execute();
    rounding.replaceInputs();
  }
}
