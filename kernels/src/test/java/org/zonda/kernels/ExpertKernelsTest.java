package org.zonda.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.zonda.kernels.oracle.ExpertOracle;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

class ExpertKernelsTest {

  @ParameterizedTest
  @CsvSource({
    // experts, used, rows, items, distinct values (0: all different)
    "1, 1, 1, 32, 0",
    "4, 2, 3, 32, 0",
    "8, 2, 2, 64, 0",
    "8, 8, 2, 16, 0",
    "60, 4, 2, 32, 0",
    "128, 8, 2, 64, 0",
    "256, 8, 1, 256, 0",
    "8, 2, 3, 32, 2",
    "60, 6, 3, 16, 3",
    "64, 8, 2, 64, 1"
  })
  void route(int experts, int used, int rows, int items, int distinct) {
    Random random = new Random(experts * 31L + used);
    int stride = experts + 1;
    float[] logits = Numbers.gaussian(random, rows * stride);
    if (distinct > 0) {
      for (int i = 0; i < logits.length; i++) {
        logits[i] = random.nextInt(distinct) * 0.5f;
      }
    }
    Routes routes = route(logits, experts, used, rows, items);
    for (int row = 0; row < rows; row++) {
      List<ExpertOracle.Choice> expected =
          ExpertOracle.route(Numbers.slice(logits, row * stride, experts), used);
      for (int n = 0; n < used; n++) {
        assertThat(routes.experts.get(row * used + n))
            .as("row %d, expert %d", row, n)
            .isEqualTo(expected.get(n).expert());
        assertThat((double) routes.weights.get(row * used + n))
            .as("row %d, weight %d", row, n)
            .isCloseTo(expected.get(n).weight(), within(1e-6));
      }
    }
  }

  @Test
  void whatIsNotANumberIsRoutedSomewhere() {
    int experts = 8;
    float[] logits = new float[2 * (experts + 1)];
    Arrays.fill(logits, Float.NaN);
    logits[5] = 1;
    Routes routes = route(logits, experts, 2, 2, 32);
    assertThat(routes.experts.get(0)).isEqualTo(5);
    for (int i = 0; i < 4; i++) {
      assertThat(routes.experts.get(i)).isBetween(0, experts - 1);
    }
  }

  private record Routes(IntArray experts, FloatArray weights) {}

  private static Routes route(float[] values, int experts, int used, int rows, int items) {
    FloatArray logits = Numbers.array(values);
    IntArray route = new IntArray((rows + 1) * used);
    route.init(-7);
    FloatArray weights = Numbers.filled((rows + 1) * used, -7);
    IntArray pass = Numbers.ints(rows);
    DeviceRun device = new DeviceRun();
    device
        .in(pass, logits, route, weights)
        .task(
            "route",
            1,
            items,
            rows + 1,
            graph ->
                graph.task(
                    "route",
                    ExpertKernels::route,
                    device.context,
                    pass,
                    logits,
                    route,
                    weights,
                    experts,
                    used,
                    experts + 1))
        .out(route, weights)
        .run();
    for (int i = rows * used; i < route.getSize(); i++) {
      assertThat(route.get(i)).as("beyond the rows").isEqualTo(-7);
      assertThat(weights.get(i)).as("beyond the rows").isEqualTo(-7);
    }
    return new Routes(route, weights);
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1, false", "100, 2, 3, false", "64, 8, 2, true", "70, 3, 2, true"})
  void mixture(int width, int used, int rows, boolean accumulate) {
    Random random = new Random(width);
    int outStride = width + 1;
    float[] results = Numbers.gaussian(random, rows * used * width);
    float[] weights = Numbers.gaussian(random, rows * used);
    float[] before = Numbers.gaussian(random, (rows + 1) * outStride);
    FloatArray y = Numbers.array(results);
    FloatArray weightArray = Numbers.array(weights);
    FloatArray out = Numbers.array(before);
    IntArray pass = Numbers.ints(rows);
    DeviceRun device = new DeviceRun();
    device
        .in(pass, y, weightArray, out)
        .elements(
            "mix",
            width,
            rows + 1,
            graph ->
                graph.task(
                    "mix",
                    ExpertKernels::mixture,
                    device.context,
                    pass,
                    y,
                    weightArray,
                    out,
                    used,
                    width,
                    outStride,
                    accumulate ? ExpertKernels.ACCUMULATE : 0))
        .out(out)
        .run();
    for (int row = 0; row < rows; row++) {
      int first = row * used;
      float[][] vectors =
          IntStream.range(first, first + used)
              .mapToObj(s -> Numbers.slice(results, s * width, width))
              .toArray(float[][]::new);
      double[] expected = ExpertOracle.mix(vectors, Numbers.slice(weights, first, used));
      for (int i = 0; accumulate && i < width; i++) {
        expected[i] += before[row * outStride + i];
      }
      Numbers.close("row " + row, Numbers.slice(out, row * outStride, width), expected, 1e-6);
    }
    for (int i = rows * outStride; i < before.length; i++) {
      assertThat(out.get(i)).as("beyond the rows").isEqualTo(before[i]);
    }
  }
}
