package org.zonda.tornado.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.enums.MMAShape;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

class TensorCoreTest {
  private static final int EVERY = DataTransferMode.EVERY_EXECUTION;
  private static final TornadoVMBackendType CUDA = TornadoVMBackendType.CUDA;

  static void halves(KernelContext c, IntArray a, IntArray b, FloatArray y, int at, int lanes) {
    int[] left = c.allocateIntLocalArray(256);
    int[] right = c.allocateIntLocalArray(128);
    for (int i = c.localIdx; i < 128; i = i + 32) {
      left[at / 4 + i] = a.get(i);
    }
    for (int i = c.localIdx; i < 64; i = i + 32) {
      right[at / 4 + i] = b.get(i);
    }
    c.localBarrier();
    HalfFloat[] factor = c.mmaLoadA(left, 16, at);
    HalfFloat[] other = c.mmaLoadB(right, 16, at);
    float[] sum = c.mmaFragment(0.5f);
    if (c.localIdx < lanes) {
      sum = c.mma(factor, other, sum, MMAShape.M16N8K16);
      sum = c.mma(factor, other, sum, MMAShape.M16N8K16);
    }
    c.mmaStore(sum, y, 1, 8, 24);
  }

  private static KernelFault halves(float[][] a, float[][] b, FloatArray y, int at, int lanes) {
    IntArray left = new IntArray(128);
    for (int i = 0; i < 128; i++) {
      left.set(i, word(a[i / 8][i % 8 * 2], a[i / 8][i % 8 * 2 + 1]));
    }
    IntArray right = new IntArray(64);
    for (int i = 0; i < 64; i++) {
      right.set(i, word(b[i / 4][i % 4 * 2], b[i / 4][i % 4 * 2 + 1]));
    }
    return Run.fault(
        CUDA,
        new TaskGraph("g")
            .transferToDevice(EVERY, left, right, y)
            .task("t", TensorCoreTest::halves, new KernelContext(), left, right, y, at, lanes)
            .transferToHost(EVERY, y),
        32,
        32);
  }

  private static int word(float low, float high) {
    return Float.floatToFloat16(low) & 0xffff | Float.floatToFloat16(high) << 16;
  }

  private static float[][] random(int rows, int columns, int seed) {
    Random random = new Random(seed);
    float[][] values = new float[rows][columns];
    for (float[] row : values) {
      for (int i = 0; i < columns; i++) {
        row[i] = random.nextInt(-20, 20) / 8f;
      }
    }
    return values;
  }

  @Test
  void halvesAreMultipliedAndAddedTwice() {
    float[][] a = random(16, 16, 1);
    float[][] b = random(16, 8, 2);
    FloatArray y = new FloatArray(17 * 24);

    assertThat(halves(a, b, y, 64, 32)).isNull();

    for (int row = 0; row < 17; row++) {
      for (int column = 0; column < 24; column++) {
        float expected = 0;
        if (row > 0 && column / 8 == 1) {
          for (int k = 0; k < 16; k++) {
            expected += a[row - 1][k] * b[k][column - 8];
          }
          expected = 0.5f + 2 * expected;
        }
        assertThat(y.get(row * 24 + column)).isCloseTo(expected, Offset.offset(1e-3f));
      }
    }
  }

  @Test
  void aProductIsForTheWholeSubGroupAndATileIsAligned() {
    float[][] a = random(16, 16, 1);
    float[][] b = random(16, 8, 2);
    FloatArray y = new FloatArray(17 * 24);

    assertThat(halves(a, b, y, 64, 16).kind()).isEqualTo(FaultKind.DIVERGENT_BARRIER);
    assertThat(halves(a, b, y, 4, 32))
        .hasMessageContaining("byte 4, which is not a multiple of 16");
    assertThat(halves(a, b, new FloatArray(8), 0, 32).kind()).isEqualTo(FaultKind.OUT_OF_BOUNDS);
  }

  static void bytes(KernelContext c, IntArray a, IntArray b, IntArray y) {
    int[] left = c.allocateIntLocalArray(128);
    int[] right = c.allocateIntLocalArray(64);
    for (int i = c.localIdx; i < 128; i = i + 32) {
      left[i] = a.get(i);
    }
    for (int i = c.localIdx; i < 64; i = i + 32) {
      right[i] = b.get(i);
    }
    c.localBarrier();
    byte[] factor = c.mmaLoadAInt8(left, 32);
    byte[] other = c.mmaLoadBInt8(right, 32);
    int[] sum = c.mmaInt8(factor, other, c.mmaFragmentInt(7), MMAShape.M16N8K32);
    c.mmaStoreInt(sum, y, 0, 0, 8);
  }

  @Test
  void signedBytesAreMultiplied() {
    Random random = new Random(3);
    byte[] a = new byte[16 * 32];
    byte[] b = new byte[32 * 8];
    random.nextBytes(a);
    random.nextBytes(b);
    IntArray left = new IntArray(128);
    IntArray right = new IntArray(64);
    for (int i = 0; i < a.length; i++) {
      left.set(i / 4, left.get(i / 4) | (a[i] & 0xff) << i % 4 * 8);
    }
    for (int k = 0; k < 32; k++) {
      for (int n = 0; n < 8; n++) {
        // Line k / 2, pair n, byte k % 2.
        int at = k / 2 * 16 + n * 2 + k % 2;
        right.set(at / 4, right.get(at / 4) | (b[k * 8 + n] & 0xff) << at % 4 * 8);
      }
    }
    IntArray y = new IntArray(16 * 8);

    KernelFault fault =
        Run.fault(
            CUDA,
            new TaskGraph("g")
                .transferToDevice(EVERY, left, right)
                .task("t", TensorCoreTest::bytes, new KernelContext(), left, right, y)
                .transferToHost(EVERY, y),
            32,
            32);

    assertThat(fault).isNull();
    for (int row = 0; row < 16; row++) {
      for (int column = 0; column < 8; column++) {
        int expected = 7;
        for (int k = 0; k < 32; k++) {
          expected += a[row * 32 + k] * b[k * 8 + column];
        }
        assertThat(y.get(row * 8 + column)).isEqualTo(expected);
      }
    }
  }
}
