package org.zonda.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.zonda.model.graph.Activation;

/** Each element-wise and reducing kernel of both providers against its definition in doubles. */
class KernelsTest {

  /** Below, at and above every vector's length, and sizes that models have. */
  private static final int[] SIZES = {1, 3, 4, 5, 8, 15, 16, 17, 31, 64, 100, 172, 1000};

  private static final int OFFSET = 3;

  static Stream<Arguments> grid() {
    return Stream.of(new ScalarKernels(), new VectorKernels())
        .flatMap(kernels -> IntStream.of(SIZES).mapToObj(n -> Arguments.of(kernels, n)));
  }

  private static float[] random(int seed, int n, double size) {
    Random random = new Random(seed);
    float[] values = new float[n + 2 * OFFSET];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * size);
    }
    return values;
  }

  private static Offset<Float> near(double expected) {
    return within((float) (2e-6 * Math.abs(expected) + 1e-6));
  }

  /** What lies before and behind the target must stay. */
  private static void assertBorders(float[] target, float[] before, int n) {
    for (int i = 0; i < target.length; i++) {
      if (i < OFFSET || i >= OFFSET + n) {
        assertThat(target[i]).isEqualTo(before[i]);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("grid")
  void rmsNorm(Kernels kernels, int n) {
    float[] x = random(1, n, 3);
    float[] weight = random(2, n, 1);
    float[] out = random(3, n, 1);
    float[] before = out.clone();
    kernels.rmsNorm(x, OFFSET, weight, 2, 1e-5f, out, OFFSET, n);
    double squares = 0;
    for (int i = 0; i < n; i++) {
      squares += (double) x[OFFSET + i] * x[OFFSET + i];
    }
    for (int i = 0; i < n; i++) {
      double expected = x[OFFSET + i] / Math.sqrt(squares / n + 1e-5) * weight[2 + i];
      assertThat(out[OFFSET + i]).isCloseTo((float) expected, near(expected));
    }
    assertBorders(out, before, n);
    kernels.rmsNorm(x, OFFSET, weight, 2, 1e-5f, x, OFFSET, n);
    for (int i = 0; i < n; i++) {
      assertThat(x[OFFSET + i]).as("in place").isEqualTo(out[OFFSET + i]);
    }
  }

  @ParameterizedTest
  @MethodSource("grid")
  void layerNorm(Kernels kernels, int n) {
    float[] x = random(1, n, 3);
    for (int i = 0; i < x.length; i++) {
      x[i] += 2;
    }
    float[] weight = random(2, n, 1);
    float[] out = random(3, n, 1);
    float[] before = out.clone();
    kernels.layerNorm(x, OFFSET, weight, 2, 1e-3f, out, OFFSET, n);
    double mean = 0;
    for (int i = 0; i < n; i++) {
      mean += (double) x[OFFSET + i] / n;
    }
    double variance = 0;
    for (int i = 0; i < n; i++) {
      variance += Math.pow(x[OFFSET + i] - mean, 2) / n;
    }
    for (int i = 0; i < n; i++) {
      double expected = (x[OFFSET + i] - mean) / Math.sqrt(variance + 1e-3) * weight[2 + i];
      // The mean is a float, whose rounding counts for as much as it is larger than the distance.
      assertThat(out[OFFSET + i])
          .isCloseTo((float) expected, within((float) (1e-5 * Math.max(1, Math.abs(expected)))));
    }
    assertBorders(out, before, n);
    kernels.layerNorm(x, OFFSET, weight, 2, 1e-3f, x, OFFSET, n);
    for (int i = 0; i < n; i++) {
      assertThat(x[OFFSET + i]).as("in place").isEqualTo(out[OFFSET + i]);
    }
  }

  @ParameterizedTest
  @MethodSource("grid")
  void dot(Kernels kernels, int n) {
    float[] a = random(1, n, 1);
    float[] b = random(2, n, 1);
    double sum = 0;
    double size = 0;
    for (int i = 0; i < n; i++) {
      sum += (double) a[OFFSET + i] * b[OFFSET + i];
      size += Math.abs((double) a[OFFSET + i] * b[OFFSET + i]);
    }
    assertThat(kernels.dot(a, OFFSET, b, OFFSET, n)).isCloseTo((float) sum, near(size));
  }

  @ParameterizedTest
  @MethodSource("grid")
  void addAndAddScaledAndScale(Kernels kernels, int n) {
    float[] a = random(1, n, 1);
    float[] b = random(2, n, 1);
    float[] sum = random(3, n, 1);
    float[] before = sum.clone();
    kernels.add(a, OFFSET, b, OFFSET, sum, OFFSET, n);
    float[] scaled = a.clone();
    kernels.addScaled(-2.5f, b, OFFSET, scaled, OFFSET, n);
    float[] product = a.clone();
    kernels.scale(product, OFFSET, product, OFFSET, n, 0.3f);
    for (int i = OFFSET; i < OFFSET + n; i++) {
      assertThat(sum[i]).isEqualTo(a[i] + b[i]);
      assertThat(scaled[i]).isCloseTo(a[i] - 2.5f * b[i], within(1e-5f));
      assertThat(product[i]).isEqualTo(a[i] * 0.3f);
    }
    assertBorders(sum, before, n);
    assertBorders(scaled, a, n);
    assertBorders(product, a, n);
  }

  @ParameterizedTest
  @MethodSource("grid")
  void activateAndGate(Kernels kernels, int n) {
    for (Activation activation : Activation.values()) {
      float[] gate = random(1, n, activation == Activation.SILU ? 20 : 2);
      float[] up = random(2, n, 2);
      gate[OFFSET] = -200;
      float[] activated = random(3, n, 1);
      float[] gated = activated.clone();
      float[] before = activated.clone();
      kernels.activate(activation, gate, OFFSET, activated, OFFSET, n);
      kernels.gate(activation, gate, OFFSET, up, OFFSET, gated, OFFSET, n);
      float[] overUp = up.clone();
      kernels.gate(activation, gate, OFFSET, overUp, OFFSET, overUp, OFFSET, n);
      for (int i = OFFSET; i < OFFSET + n; i++) {
        double expected = definition(activation, gate[i]);
        // The error function itself is exact to 3e-7.
        Offset<Float> error = within((float) (3e-6 * Math.abs(expected) + 1e-6));
        assertThat(activated[i])
            .as("%s of %s", activation, gate[i])
            .isCloseTo((float) expected, error);
        assertThat(gated[i]).isCloseTo(activated[i] * up[i], near(expected * up[i]));
        assertThat(overUp[i]).isEqualTo(gated[i]);
      }
      assertBorders(activated, before, n);
      assertBorders(gated, before, n);
    }
  }

  private static double definition(Activation activation, double x) {
    return switch (activation) {
      case SILU -> x / (1 + Math.exp(-x));
      case GELU -> x * normalDistribution(x);
      case GELU_TANH ->
          x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * Math.pow(x, 3))));
      case RELU -> x > 0 ? x : 0;
    };
  }

  /** By Simpson's rule: not by the way that the kernels take. */
  private static double normalDistribution(double x) {
    double end = Math.clamp(x, -12, 12);
    int steps = 2000;
    double h = end / steps;
    double sum = 0;
    for (int i = 0; i <= steps; i++) {
      int weight = i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2;
      sum += weight * Math.exp(-Math.pow(i * h, 2) / 2);
    }
    return 0.5 + sum * h / 3 / Math.sqrt(2 * Math.PI);
  }

  @ParameterizedTest
  @MethodSource("grid")
  void softCap(Kernels kernels, int n) {
    float[] x = random(1, n, 30);
    float[] out = random(3, n, 1);
    float[] before = out.clone();
    kernels.softCap(x, OFFSET, out, OFFSET, n, 20);
    for (int i = OFFSET; i < OFFSET + n; i++) {
      double expected = 20 * Math.tanh(x[i] / 20.0);
      assertThat(out[i]).isCloseTo((float) expected, near(expected));
    }
    assertBorders(out, before, n);
  }

  @ParameterizedTest
  @MethodSource("grid")
  void maxAndExponentials(Kernels kernels, int n) {
    float[] x = random(1, n, 10);
    float[] before = x.clone();
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      max = Math.max(max, x[OFFSET + i]);
    }
    assertThat(kernels.max(x, OFFSET, n)).isEqualTo(max);
    float sum = kernels.exponentials(x, OFFSET, n, max);
    double expectedSum = 0;
    for (int i = OFFSET; i < OFFSET + n; i++) {
      double expected = Math.exp((double) before[i] - max);
      expectedSum += expected;
      assertThat(x[i]).isCloseTo((float) expected, within((float) (4e-6 * expected + 1e-12)));
    }
    assertThat(sum).isCloseTo((float) expectedSum, near(expectedSum));
    assertBorders(x, before, n);
  }

  @ParameterizedTest
  @MethodSource("grid")
  void decodeHalf(Kernels kernels, int n) {
    short[] halves = new short[n + OFFSET];
    Random random = new Random(4);
    for (int i = 0; i < halves.length; i++) {
      halves[i] = (short) random.nextInt();
    }
    float[] out = random(3, n, 1);
    float[] before = out.clone();
    kernels.decodeHalf(halves, OFFSET, out, OFFSET, n);
    for (int i = 0; i < n; i++) {
      assertThat(Float.floatToIntBits(out[OFFSET + i]))
          .isEqualTo(Float.floatToIntBits(Float.float16ToFloat(halves[OFFSET + i])));
    }
    assertBorders(out, before, n);
  }

  @ParameterizedTest
  @MethodSource("grid")
  void multiplyAdd(Kernels kernels, int inner) {
    for (int rows : new int[] {1, 3, 4, 9}) {
      int columns = 2 * Kernels.COLUMNS;
      float[] a = random(1, rows * (inner + 1), 1);
      float[] m = random(2, inner * (columns + 2), 1);
      float[] out = random(3, rows * (columns + 5), 1);
      float[] expected = out.clone();
      for (int r = 0; r < rows; r++) {
        for (int c = 0; c < columns; c++) {
          double sum = expected[1 + r * (columns + 5) + c];
          for (int i = 0; i < inner; i++) {
            sum += (double) a[2 + r * (inner + 1) + i] * m[1 + i * (columns + 2) + c];
          }
          expected[1 + r * (columns + 5) + c] = (float) sum;
        }
      }
      kernels.multiplyAdd(
          a, 2, inner + 1, rows, inner, m, 1, columns + 2, out, 1, columns + 5, columns);
      assertThat(out).usingComparatorWithPrecision(1e-3f).containsExactly(expected);
    }
  }

  @ParameterizedTest
  @MethodSource("grid")
  void gemm(Kernels kernels, int inner) {
    for (int rows : new int[] {1, 4, 7}) {
      for (int tokens : new int[] {1, 4, 6, 9}) {
        float[] w = random(1, rows * inner, 1);
        float[] x = random(2, tokens * (inner + 3), 1);
        float[] out = random(3, tokens * (rows + 2), 1);
        float[] expected = out.clone();
        for (int t = 0; t < tokens; t++) {
          for (int r = 0; r < rows; r++) {
            double sum = expected[1 + t * (rows + 2) + r];
            for (int k = 0; k < inner; k++) {
              sum += (double) w[2 + r * inner + k] * x[1 + t * (inner + 3) + k];
            }
            expected[1 + t * (rows + 2) + r] = (float) sum;
          }
        }
        kernels.gemm(w, 2, inner, rows, x, 1, inner + 3, tokens, inner, out, 1, rows + 2);
        assertThat(out).usingComparatorWithPrecision(1e-3f).containsExactly(expected);
      }
    }
  }
}
