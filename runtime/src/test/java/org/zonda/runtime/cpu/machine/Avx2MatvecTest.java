package org.zonda.runtime.cpu.machine;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.zonda.model.tensor.Codecs;
import org.zonda.model.tensor.TensorType;

/**
 * Every format in AVX2 and in AVX-VNNI, wherever this machine has them, against decoded weights.
 */
final class Avx2MatvecTest {

  private static final TensorType[] TYPES = {
    TensorType.Q4_0, TensorType.Q4_1, TensorType.Q5_0, TensorType.Q5_1, TensorType.Q8_0,
    TensorType.IQ4_NL, TensorType.MXFP4, TensorType.Q2_K, TensorType.Q3_K, TensorType.Q4_K,
    TensorType.Q5_K, TensorType.Q6_K, TensorType.IQ4_XS
  };

  static Stream<Arguments> formats() {
    return Stream.of(InstructionSet.AVX2, InstructionSet.AVX_VNNI)
        .flatMap(set -> Arrays.stream(TYPES).map(type -> Arguments.of(set, type)));
  }

  /** Rows of random bytes with scales that are numbers: every pattern of bits of the weights. */
  private static MemorySegment weights(TensorType type, int rows, int columns, Random random) {
    long bytes = type.bytes(columns) * rows;
    MemorySegment weights = Arena.ofAuto().allocate(bytes);
    float[] row = new float[columns];
    for (int r = 0; r < rows; r++) {
      for (int k = 0; k < columns; k++) {
        row[k] = (float) random.nextGaussian();
      }
      // Extremes in some blocks, on either side.
      row[random.nextInt(columns)] = 4;
      row[random.nextInt(columns)] = -4;
      Codecs.of(type, "").encode(row, 0, weights, r * type.bytes(columns), columns);
    }
    return weights;
  }

  @ParameterizedTest
  @MethodSource("formats")
  void multipliesWhatIsStored(InstructionSet set, TensorType type) {
    MachineMatvec matvec = matvec(set, type);
    Random random = new Random(type.ordinal());
    for (int blocks : new int[] {1, 2, 5}) {
      int columns = blocks * type.blockElements();
      for (int rows : new int[] {1, 2, 3, 4, 5, 7, 8, 9}) {
        MemorySegment weights = weights(type, rows, columns, random);
        float[] w = new float[rows * columns];
        Codecs.of(type, "").decode(weights, 0, w, 0, w.length);
        QuantizedRows x = activations(columns, random);
        for (int tokens = 1; tokens <= MachineMatvec.MOST_TOKENS; tokens++) {
          float[] out = new float[2 + tokens * (rows + 1)];
          Arrays.fill(out, 42);
          matvec.multiply(
              weights, 0, type.bytes(columns), columns, rows, x, 1, tokens, out, 2, rows + 1);
          assertProducts(w, columns, rows, x, tokens, out);
        }
      }
    }
  }

  private static MachineMatvec matvec(InstructionSet set, TensorType type) {
    CpuFeatures features = CpuFeatures.detected();
    assumeTrue(
        set == InstructionSet.AVX2 ? features.avx2() : features.avxVnni(),
        () -> "this machine has no " + set);
    return MachineMatvec.make(type, set).orElseThrow();
  }

  /** One row more than tokens are multiplied, so that the first is not the first of memory. */
  private static QuantizedRows activations(int columns, Random random) {
    QuantizedRows x = new QuantizedRows();
    x.resize(MachineMatvec.MOST_TOKENS + 1, columns);
    float[] row = new float[columns];
    for (int t = 0; t < x.rows(); t++) {
      for (int k = 0; k < columns; k++) {
        row[k] = (float) random.nextGaussian();
      }
      // All of one sign and of the largest magnitude: the largest sums of products.
      if (t % 2 == 1) {
        Arrays.fill(row, 0, 32, t % 4 == 1 ? 3 : -3);
      }
      x.quantize(t, row, 0);
    }
    return x;
  }

  private static void assertProducts(
      float[] w, int columns, int rows, QuantizedRows x, int tokens, float[] out) {
    assertThat(out).startsWith(42f, 42f);
    for (int t = 0; t < tokens; t++) {
      long row = x.offset(1 + t);
      for (int r = 0; r < rows; r++) {
        double sum = 0;
        double magnitude = 0;
        for (int k = 0; k < columns; k++) {
          double scale =
              x.segment().get(JAVA_FLOAT, row + QuantizedRows.scaleOffset(columns) + k / 32 * 4L);
          double product = w[r * columns + k] * scale * x.segment().get(JAVA_BYTE, row + k);
          sum += product;
          magnitude +=
              Math.abs(product) + Math.abs(4 * scale * x.segment().get(JAVA_BYTE, row + k));
        }
        assertThat((double) out[2 + t * (rows + 1) + r])
            .as("row %d of %d, token %d of %d, %d columns", r, rows, t, tokens, columns)
            .isCloseTo(sum, within(magnitude * 1e-6));
      }
      assertThat(out[2 + t * (rows + 1) + rows]).as("beyond the rows").isEqualTo(42f);
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void whatIsNotANumberStaysSo(InstructionSet set, TensorType type) {
    MachineMatvec matvec = matvec(set, type);
    int columns = 2 * Math.max(256, type.blockElements());
    MemorySegment weights = weights(type, 4, columns, new Random(3));
    for (float strange : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      float[] row = new float[columns];
      Arrays.fill(row, 1);
      row[columns - 5] = strange;
      QuantizedRows x = new QuantizedRows();
      x.resize(1, columns);
      x.quantize(0, row, 0);
      float[] out = new float[4];
      matvec.multiply(weights, 0, type.bytes(columns), columns, 4, x, 0, out, 0);
      assertThat(out).containsOnly(Float.NaN);
    }
  }
}
