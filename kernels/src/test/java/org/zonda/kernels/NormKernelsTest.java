package org.zonda.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.zonda.kernels.oracle.NormOracle;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

class NormKernelsTest {

  private static final double TOLERANCE = 1e-6;
  private static final int LAYERS = 4;
  private static final int CURSOR = 1;
  private static final int SLOT = 2;

  /**
   * One case.
   *
   * @param mean of the inputs; where it is large, a careless variance is wrong
   * @param own whether each head has weights of its own
   */
  record Case(
      int width,
      int heads,
      int rows,
      int inOffset,
      int inStride,
      int items,
      boolean inPlace,
      float mean,
      boolean own) {

    /** Weights of a layer. */
    int weights() {
      return own ? heads * width : width;
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
        new Case(1, 1, 1, 0, 1, 32, false, 0, false),
        new Case(64, 1, 3, 0, 64, 64, false, 0, false),
        new Case(288, 1, 2, 0, 288, 128, true, 0, false),
        new Case(1000, 1, 2, 0, 1003, 256, false, 0, false),
        new Case(31, 1, 5, 2, 40, 16, false, 1, false),
        new Case(16, 4, 3, 5, 80, 32, true, 0, false),
        new Case(80, 3, 2, 7, 260, 64, false, 3, false),
        new Case(16, 4, 3, 5, 80, 32, true, 0, true),
        new Case(80, 3, 2, 7, 260, 64, false, 3, true),
        new Case(128, 8, 1, 0, 1024, 1, false, 0, false),
        new Case(300, 1, 2, 0, 300, 64, false, 100, false));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void rms(Case shape) {
    run(shape, false);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void layer(Case shape) {
    run(shape, true);
  }

  private static void run(Case shape, boolean layerNorm) {
    Random random = new Random(shape.hashCode());
    float epsilon = 1e-5f;
    float[] input = Numbers.gaussian(random, shape.inOffset + (shape.rows + 2) * shape.inStride);
    for (int i = 0; i < input.length; i++) {
      input[i] += shape.mean;
    }
    float[] weights = Numbers.gaussian(random, LAYERS * shape.weights());
    float[] biases = Numbers.gaussian(random, LAYERS * shape.weights());
    int outOffset = shape.inPlace ? shape.inOffset : 3;
    int outStride = shape.inPlace ? shape.inStride : shape.heads * shape.width + 1;
    FloatArray x = Numbers.array(input);
    FloatArray weight = Numbers.array(weights);
    FloatArray bias = Numbers.array(biases);
    float untouched = 7;
    FloatArray y =
        shape.inPlace ? x : Numbers.filled(outOffset + (shape.rows + 2) * outStride, untouched);
    IntArray pass = Numbers.ints(shape.rows);
    IntArray cursor = Numbers.ints(CURSOR);
    DeviceRun device = new DeviceRun();
    if (shape.inPlace) {
      device.in(pass, cursor, x, weight, bias);
    } else {
      device.in(pass, cursor, x, weight, bias, y);
    }
    if (layerNorm) {
      device.task(
          "norm",
          shape.heads,
          shape.items,
          shape.rows + 2,
          graph ->
              graph.task(
                  "norm",
                  NormKernels::layer,
                  device.context,
                  pass,
                  cursor,
                  x,
                  weight,
                  bias,
                  y,
                  SLOT,
                  shape.width,
                  shape.heads,
                  shape.weights(),
                  shape.inOffset,
                  shape.inStride,
                  outOffset,
                  outStride,
                  epsilon));
    } else {
      device.task(
          "norm",
          shape.heads,
          shape.items,
          shape.rows + 2,
          graph ->
              graph.task(
                  "norm",
                  NormKernels::rms,
                  device.context,
                  pass,
                  cursor,
                  x,
                  weight,
                  y,
                  SLOT,
                  shape.width,
                  shape.heads,
                  shape.weights(),
                  shape.inOffset,
                  shape.inStride,
                  outOffset,
                  outStride,
                  epsilon));
    }
    device.out(y).run();

    // Where the mean is large, floats keep less of the deviations from it.
    double tolerance = TOLERANCE * Math.max(1, Math.abs(shape.mean));
    for (int row = 0; row < shape.rows; row++) {
      for (int head = 0; head < shape.heads; head++) {
        int from = shape.inOffset + row * shape.inStride + head * shape.width;
        float[] vector = Numbers.slice(input, from, shape.width);
        int weightsAt = (CURSOR + SLOT) * shape.weights() + (shape.own ? head * shape.width : 0);
        float[] w = Numbers.slice(weights, weightsAt, shape.width);
        float[] b = Numbers.slice(biases, weightsAt, shape.width);
        double[] expected =
            layerNorm
                ? NormOracle.layer(vector, w, b, epsilon)
                : NormOracle.rms(vector, w, epsilon);
        int at = outOffset + row * outStride + head * shape.width;
        Numbers.close(
            "row " + row + " head " + head, Numbers.slice(y, at, shape.width), expected, tolerance);
      }
    }
    for (int i = outOffset + shape.rows * outStride; i < y.getSize(); i++) {
      assertThat(y.get(i)).as("beyond the rows").isEqualTo(shape.inPlace ? input[i] : untouched);
    }
  }
}
