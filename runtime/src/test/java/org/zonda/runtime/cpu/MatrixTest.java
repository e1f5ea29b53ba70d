package org.zonda.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.zonda.model.tensor.Codec;
import org.zonda.model.tensor.Codecs;

/** Every format's matrix kernel, and the multiplier above them, against the codec in doubles. */
class MatrixTest {

  static Stream<Arguments> formats() {
    return Codecs.all().stream()
        .flatMap(
            codec ->
                Stream.of(new ScalarKernels(), new VectorKernels())
                    .map(kernels -> Arguments.of(kernels, codec.type().name(), codec)));
  }

  /** A matrix in native memory, and the floats that its codec makes of it. */
  private record Sample(Matrix matrix, float[] decoded) {}

  private static Sample sample(Arena arena, Kernels kernels, Codec codec, int rows, int columns) {
    Random random = new Random(rows * 31L + columns);
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    long bytes = codec.type().bytes(values.length);
    // Odd addresses happen in files; the segment ends where the matrix does.
    MemorySegment data = arena.allocate(bytes + 2).asSlice(2);
    codec.encode(values, 0, data, 0, values.length);
    float[] decoded = new float[values.length];
    codec.decode(data, 0, decoded, 0, decoded.length);
    Matrix matrix =
        new Matrix(
            codec.type(),
            kernels.matrix(codec.type(), "test"),
            data.asReadOnly(),
            0,
            codec.type().bytes(columns),
            rows,
            columns);
    return new Sample(matrix, decoded);
  }

  private static int[] columns(Codec codec) {
    return switch (codec.type().blockElements()) {
      case 1 -> new int[] {1, 5, 16, 48, 172, 1024, 1500};
      case 32 -> new int[] {32, 64, 96, 1056, 2048};
      default -> new int[] {256, 1280};
    };
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("formats")
  void decodesLikeTheCodec(Kernels kernels, String name, Codec codec) {
    try (Arena arena = Arena.ofConfined()) {
      for (int columns : columns(codec)) {
        Sample sample = sample(arena, kernels, codec, 3, columns);
        float[] row = new float[columns + 2];
        for (int r = 0; r < 3; r++) {
          sample.matrix.decodeRow(r, row, 1);
          for (int i = 0; i < columns; i++) {
            assertThat(row[1 + i]).isEqualTo(sample.decoded[r * columns + i]);
          }
          assertThat(row[0]).isZero();
          assertThat(row[columns + 1]).isZero();
        }
      }
    }
  }

  /** Files may hold what no encoder writes: scales that are infinite, denormal or not a number. */
  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("formats")
  void decodesAnyBitsLikeTheCodec(Kernels kernels, String name, Codec codec) {
    try (Arena arena = Arena.ofConfined()) {
      int count = 8 * Math.max(256, codec.type().blockElements());
      byte[] bytes = new byte[Math.toIntExact(codec.type().bytes(count))];
      new Random(1).nextBytes(bytes);
      MemorySegment data =
          arena.allocate(bytes.length + 1).asSlice(1).copyFrom(MemorySegment.ofArray(bytes));
      float[] expected = new float[count];
      codec.decode(data, 0, expected, 0, count);
      float[] decoded = new float[count];
      kernels.matrix(codec.type(), "test").decode(data, 0, decoded, 0, count);
      for (int i = 0; i < count; i++) {
        // Boxed, since all that are not a number are equal then.
        assertThat((Float) decoded[i]).as("element %d", i).isEqualTo((Float) expected[i]);
      }
    }
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("formats")
  void multipliesFewAndManyTokens(Kernels kernels, String name, Codec codec) {
    try (Arena arena = Arena.ofShared();
        WorkerPool pool = new WorkerPool(3)) {
      MatrixMultiplier multiplier = new MatrixMultiplier(pool, Ways.java(kernels, pool.threads()));
      for (int columns : columns(codec)) {
        for (int tokens : List.of(1, 2, 5, 6, 9)) {
          Sample first = sample(arena, kernels, codec, 37, columns);
          Sample second = sample(arena, kernels, codec, 5, columns);
          float[] x = new float[tokens * columns];
          Random random = new Random(tokens);
          for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextGaussian();
          }
          float[] bias = new float[37];
          for (int i = 0; i < bias.length; i++) {
            bias[i] = i;
          }
          Buffer firstOut = buffer(37, tokens);
          Buffer secondOut = buffer(5, tokens);
          multiplier.run(
              x,
              tokens,
              new MatrixMultiplier.Product(first.matrix, bias, firstOut),
              new MatrixMultiplier.Product(second.matrix, null, secondOut));
          assertProduct(first, x, tokens, bias, firstOut.data);
          assertProduct(second, x, tokens, new float[5], secondOut.data);
        }
      }
    }
  }

  private static Buffer buffer(int width, int rows) {
    Buffer buffer = new Buffer();
    buffer.fit(width);
    buffer.ensure(rows);
    java.util.Arrays.fill(buffer.data, Float.NaN);
    return buffer;
  }

  private static void assertProduct(
      Sample sample, float[] x, int tokens, float[] bias, float[] out) {
    int rows = sample.matrix.rows();
    int columns = sample.matrix.columns();
    for (int t = 0; t < tokens; t++) {
      for (int r = 0; r < rows; r++) {
        double sum = bias[r];
        double size = Math.abs(bias[r]);
        for (int k = 0; k < columns; k++) {
          double product = (double) sample.decoded[r * columns + k] * x[t * columns + k];
          sum += product;
          size += Math.abs(product);
        }
        assertThat(out[t * rows + r]).isCloseTo((float) sum, within((float) (1e-6 * size + 1e-7)));
      }
    }
  }
}
