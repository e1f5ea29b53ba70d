package org.zonda.runtime.cpu.machine;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.zonda.runtime.cpu.machine.MatvecOracle.BITS;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.LifecycleContext;
import net.jqwik.api.lifecycle.SkipExecutionHook;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.zonda.model.tensor.Codecs;
import org.zonda.model.tensor.TensorType;
import org.zonda.runtime.cpu.machine.MatvecOracle.Case;

/** Every format against its definition, in double precision, with the same activations. */
@AddLifecycleHook(MachineMatvecTest.SkipWithoutMachineCode.class)
class MachineMatvecTest {

  private static final int[] ROWS = {1, 2, 3, 4, 5, 6, 7, 8, 9, 31};

  @BeforeAll
  static void needsMachineCode() {
    assumeTrue(MachineCode.reason().isEmpty(), () -> MachineCode.reason().orElseThrow());
  }

  /** The same for properties, of which one that is never tried counts as failed. */
  static final class SkipWithoutMachineCode implements SkipExecutionHook {
    @Override
    public SkipResult shouldBeSkipped(LifecycleContext context) {
      return MachineCode.reason().map(SkipResult::skip).orElse(SkipResult.doNotSkip());
    }
  }

  /** Formats with activations in bytes, and those with floats. */
  static Stream<TensorType> types() {
    return Stream.of(TensorType.values()).filter(MatvecOracle::isMultiplied);
  }

  @Test
  void allFormatsWithKernelsInJavaHaveCode() {
    assertThat(types())
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(TensorType.values()).filter(t -> Codecs.find(t).isPresent()).toList());
  }

  @ParameterizedTest
  @MethodSource("types")
  void multipliesAnyNumberOfRowsAndTokens(TensorType type) {
    Random random = new Random(1);
    for (int rows : ROWS) {
      for (int tokens = 1; tokens <= MachineMatvec.MOST_TOKENS; tokens++) {
        Case.random(type, type.blockElements() == 256 ? 512 : 576, rows, tokens, random).check();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  void multipliesRowsOfManyLengths(TensorType type) {
    Random random = new Random(2);
    int step = Math.max(type.blockElements(), MatvecOracle.isFloat(type) ? 1 : 32);
    for (int blocks : new int[] {1, 2, 3, 5, 8, 17, 31, 33}) {
      Case.random(type, blocks * step, 5, 2, random).check();
    }
  }

  /** All bits of the blocks at random, scales included: from the smallest to the largest. */
  @Property(tries = 300, edgeCases = EdgeCasesMode.MIXIN)
  void multipliesBlocksOfAnyBits(
      @ForAll("anyType") TensorType type,
      @ForAll @IntRange(min = 1, max = 4) int blocks,
      @ForAll @IntRange(min = 1, max = 9) int rows,
      @ForAll @IntRange(min = 1, max = 4) int tokens,
      @ForAll long seed) {
    int columns = blocks * Math.max(type.blockElements(), 32);
    Case.ofBits(type, columns, rows, tokens, BITS, new Random(seed)).check();
  }

  @Provide
  Arbitrary<TensorType> anyType() {
    return Arbitraries.of(types().toList());
  }

  @ParameterizedTest
  @MethodSource("types")
  void multipliesExtremeBlocks(TensorType type) {
    Random random = new Random(3);
    int columns = Math.max(type.blockElements(), 32);
    for (int pattern : new int[] {0x00, 0xFF, 0x80, 0x7F, 0x0F, 0xF0, 0x88}) {
      Case.ofBits(type, columns, 4, 1, r -> pattern, random).checkWithOffsets();
    }
  }

  /** The weights end where memory ends: the next page cannot be read. */
  @ParameterizedTest
  @MethodSource("types")
  void readsNothingPastTheWeights(TensorType type) {
    try (GuardedMemory memory = new GuardedMemory(1 << 16)) {
      Random random = new Random(4);
      int columns = type.blockElements() == 1 ? 45 : 2 * type.blockElements();
      for (int rows : new int[] {1, 3, 4, 6}) {
        Case example = Case.random(type, columns, rows, 1, random);
        example.movedTo(memory.last(example.weights().byteSize())).check();
        example.movedTo(memory.first(example.weights().byteSize())).check();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  void weightsThatAreNotFiniteMakeTheirRowsNotFinite(TensorType type) {
    int columns = Math.max(type.blockElements(), 32);
    for (short half : new short[] {0x7C00, (short) 0xFC00, 0x7E00}) {
      Case example = Case.random(type, columns, 5, 2, new Random(5));
      if (example.spoil(2, half)) {
        float[] out = example.multiply();
        for (int i = 0; i < out.length; i++) {
          assertThat(Float.isFinite(out[i])).as("%s %04x %d", type, half, i).isEqualTo(i % 5 != 2);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  void activationsThatAreNotFiniteMakeTheirTokenNotFinite(TensorType type) {
    int columns = 2 * Math.max(type.blockElements(), 32);
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      Case example = Case.random(type, columns, 5, 2, new Random(6)).withActivation(1, 7, bad);
      float[] out = example.multiply();
      for (int i = 0; i < out.length; i++) {
        assertThat(Float.isFinite(out[i])).as("%s %s %d", type, bad, i).isEqualTo(i < 5);
      }
    }
  }

  /** What rounding the activations costs: their errors, half a step of 254, are independent. */
  @ParameterizedTest
  @EnumSource(names = {"Q8_0", "Q4_0", "Q4_K", "Q6_K"})
  void roundedActivationsLoseLessThanOnePercent(TensorType type) {
    Case example = Case.random(type, 2048, 256, 1, new Random(7));
    float[] out = example.multiply();
    double error = 0;
    double size = 0;
    for (int r = 0; r < out.length; r++) {
      double exact = example.floatProduct(0, r);
      error += (out[r] - exact) * (out[r] - exact);
      size += exact * exact;
    }
    assertThat(Math.sqrt(error / size)).isBetween(1e-4, 0.01);
  }

  @ParameterizedTest
  @CsvSource({
    "-1, 0, 0, 0",
    "1, 0, 0, 0",
    "0, 1, 0, 0",
    "0, 0, -1, 0",
    "0, 0, 1, 0",
    "0, 0, 0, -1",
    "0, 0, 0, 1"
  })
  void refusesWhatIsNotInsideItsMemory(int offset, int moreRows, int token, int out) {
    MachineMatvec matvec = MachineMatvec.of(TensorType.Q8_0).orElseThrow();
    QuantizedRows x = new QuantizedRows();
    x.resize(1, 32);
    x.quantize(0, new float[32], 0);
    MemorySegment weights = MemorySegment.ofArray(new byte[3 * 34]);
    float[] sums = new float[3];
    matvec.multiply(weights, 0, 34, 32, 3, x, 0, sums, 0);
    assertThatThrownBy(
            () -> matvec.multiply(weights, offset, 34, 32, 3 + moreRows, x, token, sums, out))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void takesRowsThatAreFartherApartAndWritesNothingElse() {
    Random random = new Random(8);
    Case example = Case.random(TensorType.Q8_0, 64, 7, 1, random);
    MemorySegment apart = MemorySegment.ofArray(new byte[7 * 100]);
    for (int r = 0; r < 7; r++) {
      MemorySegment.copy(example.weights(), r * 68L, apart, r * 100L, 68);
    }
    apart.set(JAVA_BYTE, 699, (byte) 1);
    float[] out = new float[9];
    Arrays.fill(out, -7);
    MachineMatvec.of(TensorType.Q8_0)
        .orElseThrow()
        .multiply(apart, 0, 100, 64, 7, example.quantized(), 0, out, 1);
    float[] expected = example.multiply();
    assertThat(Arrays.copyOfRange(out, 1, 8)).isEqualTo(expected);
    assertThat(out[0]).isEqualTo(-7);
    assertThat(out[8]).isEqualTo(-7);
  }
}
