package org.zonda.runtime.cpu.machine;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class QuantizedRowsTest {

  private static final int BLOCK = QuantizedRows.BLOCK;

  /** What a row holds, read back. */
  private record Row(
      byte[] q,
      float[] scale,
      int[] sum,
      float[] sum32,
      float[] sum16,
      int[] excess32,
      int[] excess16) {

    static Row of(QuantizedRows rows, int row) {
      return of(rows.segment(), rows.offset(row), rows.columns());
    }

    static Row of(MemorySegment memory, long offset, int columns) {
      int blocks = columns / BLOCK;
      return new Row(
          memory.asSlice(offset, columns).toArray(JAVA_BYTE),
          floats(memory, offset + QuantizedRows.scaleOffset(columns), blocks),
          ints(memory, offset + QuantizedRows.sumOffset(columns), blocks),
          floats(memory, offset + QuantizedRows.sum32Offset(columns), blocks),
          floats(memory, offset + QuantizedRows.sum16Offset(columns), 2 * blocks),
          ints(memory, offset + QuantizedRows.excess32Offset(columns), blocks),
          ints(memory, offset + QuantizedRows.excess16Offset(columns), 2 * blocks));
    }

    private static int[] ints(MemorySegment memory, long offset, int count) {
      return memory.asSlice(offset, 4L * count).toArray(JAVA_INT);
    }

    private static float[] floats(MemorySegment memory, long offset, int count) {
      return memory.asSlice(offset, 4L * count).toArray(JAVA_FLOAT);
    }
  }

  /** By the definition in Java, which {@link #isTheNearestByte} holds against the numbers. */
  private static Row plain(float[] x, int offset, int columns) {
    QuantizedRows rows = new QuantizedRows();
    rows.resize(1, columns);
    QuantizingKernel.plain(x, offset, columns, rows.segment(), 0);
    return Row.of(rows, 0);
  }

  private static void assertSame(Row actual, Row expected) {
    assertThat(actual.q()).isEqualTo(expected.q());
    assertThat(actual.scale()).isEqualTo(expected.scale());
    assertThat(actual.sum()).isEqualTo(expected.sum());
    assertThat(actual.sum32()).isEqualTo(expected.sum32());
    assertThat(actual.sum16()).isEqualTo(expected.sum16());
    assertThat(actual.excess32()).isEqualTo(expected.excess32());
    assertThat(actual.excess16()).isEqualTo(expected.excess16());
  }

  private static float[] gaussian(int n, long seed) {
    Random random = new Random(seed);
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = (float) (random.nextGaussian() * Math.pow(2, i / BLOCK % 40 - 20));
    }
    return x;
  }

  private static void assumeMachineCode() {
    assumeTrue(
        MachineCode.instructionSet() != InstructionSet.OFF,
        () -> MachineCode.reason().orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 32, 64, 96, 512, 544, 2048, 8192})
  void machineCodeGivesWhatJavaGives(int columns) {
    assumeMachineCode();
    QuantizedRows rows = new QuantizedRows();
    rows.resize(3, columns);
    float[] x = gaussian(3 * columns + 5, columns);
    for (int row : new int[] {2, 0, 1}) {
      rows.quantize(row, x, row * columns + 5);
    }
    for (int row = 0; row < 3; row++) {
      assertSame(Row.of(rows, row), plain(x, row * columns + 5, columns));
    }
  }

  @Test
  void machineCodeGivesWhatJavaGivesForHostileNumbers() {
    assumeMachineCode();
    float[] hostile = {
      Float.NaN,
      Float.intBitsToFloat(0xFFFFFFFF),
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      Float.MAX_VALUE,
      -Float.MAX_VALUE,
      Float.MIN_VALUE,
      -Float.MIN_NORMAL,
      QuantizedRows.TINY,
      Math.nextUp(QuantizedRows.TINY),
      -0f
    };
    for (float strange : hostile) {
      for (int place = 0; place < BLOCK; place++) {
        float[] x = new float[4 * BLOCK];
        x[place] = strange; // among zeros
        Arrays.fill(x, BLOCK, 2 * BLOCK, 1e-3f);
        x[BLOCK + place] = strange; // among numbers
        Arrays.fill(x, 2 * BLOCK, 3 * BLOCK, strange);
        QuantizedRows rows = new QuantizedRows();
        rows.resize(1, x.length);
        rows.quantize(0, x, 0);
        assertSame(Row.of(rows, 0), plain(x, 0, x.length));
      }
    }
  }

  @Test
  void isTheNearestByte() {
    int columns = 2048;
    float[] x = gaussian(columns, 7);
    Row row = plain(x, 0, columns);
    for (int b = 0; b < columns / BLOCK; b++) {
      double most = 0;
      int[] sums = new int[2];
      for (int i = b * BLOCK; i < (b + 1) * BLOCK; i++) {
        most = Math.max(most, Math.abs(x[i]));
        sums[i % BLOCK / 16] += row.q()[i];
      }
      double scale = most / 127;
      assertThat((double) row.scale()[b]).isCloseTo(scale, within(scale * 1e-7));
      for (int i = b * BLOCK; i < (b + 1) * BLOCK; i++) {
        assertThat(scale * row.q()[i]).isCloseTo(x[i], within(scale * 0.50002));
      }
      assertThat(row.sum()[b]).isEqualTo(sums[0] + sums[1]);
      assertThat(row.excess32()[b]).isEqualTo(-128 * row.sum()[b]);
      assertThat(row.excess16()[2 * b]).isEqualTo(-128 * sums[0]);
      assertThat(row.excess16()[2 * b + 1]).isEqualTo(-128 * sums[1]);
      assertThat(row.sum32()[b]).isEqualTo(row.scale()[b] * row.sum()[b]);
      assertThat(row.sum16()[2 * b]).isEqualTo(row.scale()[b] * sums[0]);
      assertThat(row.sum16()[2 * b + 1]).isEqualTo(row.scale()[b] * sums[1]);
    }
  }

  @Test
  void tiesGoToTheEven() {
    float[] x = new float[BLOCK];
    x[0] = 127; // the scale is 1
    x[1] = 0.5f;
    x[2] = 1.5f;
    x[3] = -2.5f;
    x[4] = -127;
    assertThat(Arrays.copyOf(plain(x, 0, BLOCK).q(), 5))
        .containsExactly((byte) 127, (byte) 0, (byte) 2, (byte) -2, (byte) -127);
  }

  @Test
  void aBlockThatIsNotFiniteSpoilsItselfOnly() {
    float[] x = new float[3 * BLOCK];
    Arrays.fill(x, 1);
    x[BLOCK + 3] = Float.NEGATIVE_INFINITY;
    x[2 * BLOCK + 31] = Float.NaN;
    Row row = plain(x, 0, x.length);
    assertThat(row.scale()[0]).isFinite();
    assertThat(row.sum()[0]).isEqualTo(32 * 127);
    for (int b = 1; b < 3; b++) {
      // What a product makes of it: the scale times a sum of products, and the sums times minima.
      assertThat(row.scale()[b] * 0f).isNaN();
      assertThat(row.sum32()[b]).isNaN();
      assertThat(row.sum16()[2 * b]).isNaN();
      assertThat(Arrays.copyOfRange(row.q(), b * BLOCK, (b + 1) * BLOCK)).containsOnly(0);
    }
  }

  @Test
  void growsAndChecksItsArguments() {
    QuantizedRows rows = new QuantizedRows();
    assertThatThrownBy(() -> rows.resize(1, 33)).hasMessageContaining("multiple of 32");
    assertThatThrownBy(() -> rows.resize(-1, 32)).hasMessageContaining("-1 rows");
    rows.resize(2, 64);
    long small = rows.segment().byteSize();
    assertThat(small).isEqualTo(2 * rows.rowBytes());
    assertThat(rows.offset(1)).isEqualTo(rows.rowBytes()).matches(offset -> offset % 64 == 0);
    assertThatThrownBy(() -> rows.quantize(2, new float[64], 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> rows.quantize(0, new float[64], 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
    rows.resize(1, 32);
    assertThat(rows.segment().byteSize()).isEqualTo(small);
    rows.resize(5, 96);
    assertThat(rows.segment().byteSize()).isEqualTo(5 * rows.rowBytes());
    assertThat(rows.segment().address() % 64).isZero();
  }
}
