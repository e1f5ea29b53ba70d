package org.zonda.runtime.cpu;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.zonda.runtime.cpu.VectorKernels.FLOATS;
import static org.zonda.runtime.cpu.VectorKernels.INTS;
import static org.zonda.runtime.cpu.VectorKernels.LANES;
import static org.zonda.runtime.cpu.VectorKernels.SHORTS;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/** Matrices of bfloat16: the upper half of a 32-bit float. */
final class BF16Matrix implements MatrixKernel {

  @Override
  public void multiply(
      MemorySegment weights,
      long offset,
      long rowBytes,
      int columns,
      int rows,
      float[] x,
      int xOffset,
      float[] out,
      int outOffset) {
    for (int r = 0; r < rows; r++) {
      out[outOffset + r] = dot(weights, offset + r * rowBytes, x, xOffset, columns);
    }
  }

  private static float dot(MemorySegment w, long offset, float[] x, int from, int n) {
    FloatVector sum0 = FloatVector.zero(FLOATS);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    FloatVector sum3 = sum0;
    int i = 0;
    for (; i <= n - 4 * LANES; i += 4 * LANES) {
      long at = offset + 2L * i;
      sum0 = load(w, at).fma(FloatVector.fromArray(FLOATS, x, from + i), sum0);
      sum1 = load(w, at + 2 * LANES).fma(FloatVector.fromArray(FLOATS, x, from + i + LANES), sum1);
      sum2 =
          load(w, at + 2 * 2 * LANES)
              .fma(FloatVector.fromArray(FLOATS, x, from + i + 2 * LANES), sum2);
      sum3 =
          load(w, at + 2 * 3 * LANES)
              .fma(FloatVector.fromArray(FLOATS, x, from + i + 3 * LANES), sum3);
    }
    for (; i <= n - LANES; i += LANES) {
      sum0 = load(w, offset + 2L * i).fma(FloatVector.fromArray(FLOATS, x, from + i), sum0);
    }
    float sum = LaneSum.of(sum0.add(sum1).add(sum2.add(sum3)));
    for (; i < n; i++) {
      sum += one(w, offset + 2L * i) * x[from + i];
    }
    return sum;
  }

  @Override
  public void decode(
      MemorySegment weights, long offset, float[] target, int targetOffset, int count) {
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      load(weights, offset + 2L * i).intoArray(target, targetOffset + i);
    }
    for (; i < count; i++) {
      target[targetOffset + i] = one(weights, offset + 2L * i);
    }
  }

  private static FloatVector load(MemorySegment w, long offset) {
    return ((IntVector)
            ShortVector.fromMemorySegment(SHORTS, w, offset, LITTLE_ENDIAN).castShape(INTS, 0))
        .lanewise(VectorOperators.LSHL, 16)
        .reinterpretAsFloats();
  }

  private static float one(MemorySegment w, long offset) {
    return Float.intBitsToFloat(
        w.get(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN), offset) << 16);
  }
}
