package org.zonda.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import org.zonda.model.tensor.TensorType;
import org.zonda.runtime.cpu.machine.InstructionSet;
import org.zonda.runtime.cpu.machine.MachineCode;

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
    multipliesFewAndManyTokens(kernels, Ways.java(kernels, 3), codec, false);
  }

  static Stream<Arguments> machineCode() {
    return Codecs.all().stream()
        .flatMap(
            codec ->
                Stream.of(true, false)
                    .map(exact -> Arguments.of(codec.type().name(), exact, codec)));
  }

  @ParameterizedTest(name = "{0}, exact: {1}")
  @MethodSource("machineCode")
  void machineCodeMultipliesFewAndManyTokens(String name, boolean exact, Codec codec) {
    assumeTrue(
        MachineCode.instructionSet() != InstructionSet.OFF,
        () -> "no machine code: " + MachineCode.reason().orElse("turned off"));
    Kernels kernels = new VectorKernels();
    multipliesFewAndManyTokens(kernels, Ways.machine(kernels, 3, exact), codec, !exact);
  }

  /** The second matrix is of floats, and so perhaps goes another way than the first. */
  private static void multipliesFewAndManyTokens(
      Kernels kernels, List<Way> ways, Codec codec, boolean rounded) {
    Codec floats = Codecs.of(TensorType.F32, "test");
    try (Arena arena = Arena.ofShared();
        WorkerPool pool = new WorkerPool(3)) {
      MatrixMultiplier multiplier = new MatrixMultiplier(pool, ways);
      for (int columns : columns(codec)) {
        for (int tokens : List.of(1, 2, 5, 6, 9, 40)) {
          Sample first = sample(arena, kernels, codec, 37, columns);
          Sample second = sample(arena, kernels, floats, 5, columns);
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
          assertProduct(
              first,
              x,
              tokens,
              bias,
              firstOut.data,
              rounded && VectorKernels.isCoarse(codec.type()));
          assertProduct(second, x, tokens, new float[5], secondOut.data, false);
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
      Sample sample, float[] x, int tokens, float[] bias, float[] out, boolean rounded) {
    int rows = sample.matrix.rows();
    int columns = sample.matrix.columns();
    double largest = 0;
    for (float value : x) {
      largest = Math.max(largest, Math.abs(value));
    }
    for (int t = 0; t < tokens; t++) {
      for (int r = 0; r < rows; r++) {
        double sum = bias[r];
        double size = Math.abs(bias[r]);
        double rounding = 0;
        for (int k = 0; k < columns; k++) {
          double product = (double) sample.decoded[r * columns + k] * x[t * columns + k];
          sum += product;
          size += Math.abs(product);
          rounding += Math.abs(sample.decoded[r * columns + k]) * largest / 254;
        }
        // At most half a step of the activations, or 2^-9 of both factors.
        double tolerance = rounded ? Math.max(rounding, size / 256) : 1e-6 * size;
        assertThat(out[t * rows + r]).isCloseTo((float) sum, within((float) (tolerance + 1e-7)));
      }
    }
  }
}
