package org.zonda.runtime.cpu;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.zonda.runtime.cpu.VectorKernels.BYTES;
import static org.zonda.runtime.cpu.VectorKernels.FLOATS;
import static org.zonda.runtime.cpu.VectorKernels.LANES;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Matrices in Q8_0: blocks of a half-precision scale and 32 signed bytes. */
final class Q8_0Matrix extends DecodedMatrix {

  private static final int BLOCK = 32;
  private static final int BLOCK_BYTES = 34;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);

  Q8_0Matrix(Kernels kernels) {
    super(kernels);
  }

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
    if (LANES != 16) {
      super.multiply(weights, offset, rowBytes, columns, rows, x, xOffset, out, outOffset);
      return;
    }
    int blocks = columns / BLOCK;
    short[] halves = new short[blocks];
    float[] scales = new float[blocks];
    for (int r = 0; r < rows; r++) {
      long row = offset + r * rowBytes;
      readScales(weights, row, halves);
      HalfFloats.decode(halves, 0, scales, 0, blocks);
      out[outOffset + r] = dot16(weights, row, scales, x, xOffset);
    }
  }

  /**
   * Fetches a row's scales, and with them its cache lines, one right after the other: memory is
   * then busier than when each waits for the arithmetic of the one before.
   */
  private static void readScales(MemorySegment w, long row, short[] halves) {
    for (int b = 0; b < halves.length; b++) {
      halves[b] = w.get(SHORT, row + (long) b * BLOCK_BYTES);
    }
  }

  /** With 16 lanes, a block is two vectors; their products are added up before they are scaled. */
  private static float dot16(MemorySegment w, long row, float[] scales, float[] x, int xOffset) {
    FloatVector sum = FloatVector.zero(FLOATS);
    for (int b = 0; b < scales.length; b++) {
      long at = row + (long) b * BLOCK_BYTES;
      int from = xOffset + b * BLOCK;
      FloatVector low = floats(w, at + 2).mul(FloatVector.fromArray(FLOATS, x, from));
      FloatVector both =
          floats(w, at + 2 + LANES).fma(FloatVector.fromArray(FLOATS, x, from + LANES), low);
      sum = both.fma(FloatVector.broadcast(FLOATS, scales[b]), sum);
    }
    return LaneSum.of(sum);
  }

  private static FloatVector floats(MemorySegment w, long at) {
    return ByteVector.fromMemorySegment(BYTES, w, at, LITTLE_ENDIAN)
        .convertShape(VectorOperators.B2F, FLOATS, 0)
        .reinterpretAsFloats();
  }

  @Override
  public void decode(
      MemorySegment weights, long offset, float[] target, int targetOffset, int count) {
    for (int i = 0; i < count; i += BLOCK) {
      long at = offset + i / BLOCK * (long) BLOCK_BYTES;
      FloatVector scale =
          FloatVector.broadcast(FLOATS, Float.float16ToFloat(weights.get(SHORT, at)));
      for (int j = 0; j < BLOCK; j += BYTES.length()) {
        ByteVector bytes = ByteVector.fromMemorySegment(BYTES, weights, at + 2 + j, LITTLE_ENDIAN);
        for (int part = 0; part < BYTES.length() / LANES; part++) {
          bytes
              .convertShape(VectorOperators.B2F, FLOATS, part)
              .reinterpretAsFloats()
              .mul(scale)
              .intoArray(target, targetOffset + i + j + part * LANES);
        }
      }
    }
  }
}
