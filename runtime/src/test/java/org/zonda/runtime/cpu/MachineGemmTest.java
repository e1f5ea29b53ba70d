package org.zonda.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.LifecycleContext;
import net.jqwik.api.lifecycle.SkipExecutionHook;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.zonda.model.tensor.Codec;
import org.zonda.model.tensor.Codecs;
import org.zonda.model.tensor.TensorType;
import org.zonda.runtime.cpu.machine.QuantizedRows;

/**
 * The products in machine code, each against plain Java in doubles that rounds as it says it does:
 * activations and weights to bfloat16, activations to bytes, or not at all.
 */
class MachineGemmTest {

  private static final int WORKER = 1;

  /** A way to multiply, and what it makes of activations and weights before. */
  enum Kind {
    TILES("AMX", TileGemm.isAvailable(), TileGemm::new),
    BLOCKS("AVX-512 VNNI", BlockGemm.isAvailable(), BlockGemm::new),
    FLOATS("AVX-512", FloatGemm.isAvailable(), FloatGemm::new);

    final String needs;
    final boolean available;
    final IntFunction<MachineGemm> constructor;

    Kind(String needs, boolean available, IntFunction<MachineGemm> constructor) {
      this.needs = needs;
      this.available = available;
      this.constructor = constructor;
    }

    MachineGemm create() {
      assumeTrue(available, () -> "this machine has no " + needs);
      return constructor.apply(2);
    }

    double activation(QuantizedRows rows, float[] x, int columns, int token, int column) {
      float value = x[token * columns + column];
      return switch (this) {
        case TILES -> bf16(value);
        case FLOATS -> value;
        case BLOCKS -> {
          long row = rows.offset(token);
          MemorySegment memory = rows.segment();
          byte q = memory.get(ValueLayout.JAVA_BYTE, row + column);
          long scale = row + QuantizedRows.scaleOffset(columns) + column / 32 * 4L;
          yield (double) memory.get(ValueLayout.JAVA_FLOAT, scale) * q;
        }
      };
    }

    double weight(float decoded) {
      return this == TILES ? bf16(decoded) : decoded;
    }
  }

  /** To the nearest, ties to even; denormals become zero. */
  static float bf16(float value) {
    if (Math.abs(value) < Float.MIN_NORMAL) {
      return 0;
    }
    if (!Float.isFinite(value)) {
      return value;
    }
    int bits = Float.floatToRawIntBits(value);
    return Float.intBitsToFloat(bits + 0x7FFF + (bits >>> 16 & 1) & 0xFFFF0000);
  }

  static Stream<Arguments> ways() {
    return Stream.of(Kind.values())
        .flatMap(
            way ->
                Codecs.all().stream()
                    .filter(codec -> way != Kind.BLOCKS || hasGroups(codec))
                    .map(codec -> Arguments.of(way, codec.type())));
  }

  private static boolean hasGroups(Codec codec) {
    return new VectorKernels().matrix(codec.type(), "test") instanceof GroupedMatrix;
  }

  private record Sample(Matrix matrix, float[] decoded) {}

  private static Sample sample(Arena arena, TensorType type, int rows, int columns) {
    Codec codec = Codecs.of(type, "test");
    Random random = new Random(rows * 31L + columns);
    float[] values = gaussian(random, rows * columns);
    // Odd addresses happen in files; the segment ends where the matrix does.
    MemorySegment data = arena.allocate(type.bytes(values.length) + 2).asSlice(2);
    codec.encode(values, 0, data, 0, values.length);
    float[] decoded = new float[values.length];
    codec.decode(data, 0, decoded, 0, decoded.length);
    MatrixKernel kernel = new VectorKernels().matrix(type, "test");
    return new Sample(
        new Matrix(type, kernel, data.asReadOnly(), 0, type.bytes(columns), rows, columns),
        decoded);
  }

  private static float[] gaussian(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** Multiplies all rows with all tokens, to rows of out with a margin that must stay. */
  private static float[] multiply(MachineGemm gemm, Matrix matrix, float[] x, int tokens) {
    int distance = matrix.rows() + 3;
    float[] out = new float[2 + tokens * distance];
    Arrays.fill(out, 0.5f);
    gemm.resize(tokens, matrix.columns());
    for (int t = 0; t < tokens; t++) {
      gemm.convert(t, x, t * matrix.columns());
    }
    for (int first = 0; first < matrix.rows(); first += MachineGemm.TILE_ROWS) {
      int rows = Math.min(MachineGemm.TILE_ROWS, matrix.rows() - first);
      gemm.addTile(WORKER, matrix, first, rows, out, 2 + first, distance);
    }
    return out;
  }

  private static void check(Kind way, Sample sample, float[] x, int tokens) {
    Matrix matrix = sample.matrix;
    int columns = matrix.columns();
    float[] out = multiply(way.create(), matrix, x, tokens);
    QuantizedRows quantized = new QuantizedRows();
    quantized.resize(tokens, columns);
    for (int t = 0; t < tokens; t++) {
      quantized.quantize(t, x, t * columns);
    }
    int distance = matrix.rows() + 3;
    List<Integer> margin = new ArrayList<>(List.of(0, 1));
    for (int t = 0; t < tokens; t++) {
      for (int r = 0; r < matrix.rows(); r++) {
        double sum = 0.5;
        double size = 0.5;
        for (int k = 0; k < columns; k++) {
          double product =
              way.weight(sample.decoded[r * columns + k])
                  * way.activation(quantized, x, columns, t, k);
          sum += product;
          size += Math.abs(product);
        }
        assertThat((double) out[2 + t * distance + r])
            .as("%s %s token %d row %d", way, matrix, t, r)
            .isCloseTo(sum, within(2e-6 * size));
      }
      for (int i = 0; i < 3; i++) {
        margin.add(2 + t * distance + matrix.rows() + i);
      }
    }
    for (int i : margin) {
      assertThat(out[i]).as("margin %d", i).isEqualTo(0.5f);
    }
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("ways")
  void multipliesEveryFormat(Kind way, TensorType type) {
    way.create();
    int block = Math.max(32, type.blockElements());
    try (Arena arena = Arena.ofShared()) {
      for (int columns : new int[] {block, 3 * block, 2048 + block}) {
        Sample sample = sample(arena, type, 35, columns);
        for (int tokens : new int[] {1, 7, 35}) {
          check(way, sample, gaussian(new Random(tokens), tokens * columns), tokens);
        }
      }
    }
  }

  @Provide
  Arbitrary<Kind> availableWays() {
    return Arbitraries.of(Stream.of(Kind.values()).filter(way -> way.available).toList());
  }

  /** A property whose tries are all refused by an assumption would fail. */
  static final class NeedsAWay implements SkipExecutionHook {
    @Override
    public SkipResult shouldBeSkipped(LifecycleContext context) {
      return Stream.of(Kind.values()).anyMatch(way -> way.available)
          ? SkipResult.doNotSkip()
          : SkipResult.skip("this machine has no " + Kind.FLOATS.needs);
    }
  }

  @Property(tries = 60)
  @AddLifecycleHook(NeedsAWay.class)
  void multipliesAnyNumberOfRowsAndTokens(
      @ForAll("availableWays") Kind way,
      @ForAll @IntRange(min = 1, max = 140) int rows,
      @ForAll @IntRange(min = 1, max = 50) int tokens,
      @ForAll boolean minimums) {
    try (Arena arena = Arena.ofShared()) {
      Sample sample = sample(arena, minimums ? TensorType.Q4_1 : TensorType.Q8_0, rows, 96);
      check(way, sample, gaussian(new Random(rows), tokens * 96), tokens);
    }
  }

  /** A token or row with such a number has no sum; the others are as they would be without. */
  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("ways")
  void whatIsNotANumberStaysWithItsTokenAndRow(Kind way, TensorType type) {
    MachineGemm gemm = way.create();
    int columns = Math.max(64, type.blockElements());
    int rows = 20;
    int tokens = 9;
    try (Arena arena = Arena.ofShared()) {
      Sample sample = sample(arena, type, rows, columns);
      float[] x = gaussian(new Random(1), tokens * columns);
      float[] expected = multiply(gemm, sample.matrix, x, tokens);
      float[] bad = x.clone();
      bad[3 * columns + 5] = Float.NaN;
      bad[7 * columns + 40] = Float.POSITIVE_INFINITY;
      float[] out = multiply(gemm, sample.matrix, bad, tokens);
      for (int i = 2; i < out.length; i++) {
        int token = (i - 2) / (rows + 3);
        boolean isSum = (i - 2) % (rows + 3) < rows;
        if (isSum && (token == 3 || token == 7)) {
          assertThat(Float.isFinite(out[i])).as("token %d: %s", token, out[i]).isFalse();
        } else {
          assertThat(out[i]).isEqualTo(expected[i]);
        }
      }
    }
  }

  /** Files may hold what no encoder writes: scales that are infinite, denormal or not a number. */
  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("ways")
  void weightsThatAreNotANumberGiveNone(Kind way, TensorType type) {
    int columns = Math.max(64, type.blockElements());
    int rows = 40;
    byte[] bytes = new byte[Math.toIntExact(type.bytes((long) rows * columns))];
    new Random(2).nextBytes(bytes);
    try (Arena arena = Arena.ofShared()) {
      MemorySegment data = arena.allocate(bytes.length).copyFrom(MemorySegment.ofArray(bytes));
      MatrixKernel kernel = new VectorKernels().matrix(type, "test");
      Matrix matrix = new Matrix(type, kernel, data, 0, type.bytes(columns), rows, columns);
      float[] decoded = new float[rows * columns];
      Codecs.of(type, "test").decode(data, 0, decoded, 0, decoded.length);
      float[] x = gaussian(new Random(1), columns);
      float[] out = multiply(way.create(), matrix, x, 1);
      for (int r = 0; r < rows; r++) {
        float most = 0;
        for (int k = 0; k < columns; k++) {
          most = Math.max(most, Math.abs(decoded[r * columns + k])); // NaN if any is
        }
        // Between lies what may overflow on the way.
        if (most < 1e30f || !Float.isFinite(most)) {
          assertThat(Float.isFinite(out[2 + r]))
              .as("row %d: %s with weights up to %s", r, out[2 + r], most)
              .isEqualTo(Float.isFinite(most));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("ways")
  void refusesToWriteOutside(Kind way, TensorType type) {
    int columns = Math.max(64, type.blockElements());
    MachineGemm gemm = way.create();
    try (Arena arena = Arena.ofShared()) {
      Matrix matrix = sample(arena, type, 5, columns).matrix;
      gemm.resize(2, columns);
      gemm.convert(0, new float[columns], 0);
      gemm.convert(1, new float[columns], 0);
      assertThatThrownBy(() -> gemm.addTile(0, matrix, 0, 5, new float[9], 0, 5))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> gemm.addTile(0, matrix, 0, 5, new float[20], -1, 5))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> gemm.convert(0, new float[columns], 1))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> gemm.convert(2, new float[columns], 0))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }
}
