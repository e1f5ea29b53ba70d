package org.zonda.runtime.cpu;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.zonda.runtime.cpu.VectorKernels.BYTES;
import static org.zonda.runtime.cpu.VectorKernels.FLOATS;
import static org.zonda.runtime.cpu.VectorKernels.LANES;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import org.zonda.model.tensor.TensorType;

/** Matrices in Q8_0: blocks of a half-precision scale and 32 signed bytes. */
final class Q8_0Matrix extends GroupedMatrix {

  private static final int BLOCK = 32;
  private static final int BLOCK_BYTES = 34;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);

  Q8_0Matrix() {
    super(TensorType.Q8_0, BLOCK, false);
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
    int distance = rows / STREAMS;
    for (int r = 0; r < distance; r++) {
      dots(
          weights,
          offset + r * rowBytes,
          distance * rowBytes,
          blocks,
          x,
          xOffset,
          out,
          outOffset + r,
          distance);
    }
    for (int r = STREAMS * distance; r < rows; r++) {
      out[outOffset + r] = dot(weights, offset + r * rowBytes, blocks, x, xOffset);
    }
  }

  /** Four rows at a distance, which share the activations they are multiplied with. */
  private static void dots(
      MemorySegment w,
      long row,
      long distance,
      int blocks,
      float[] x,
      int xOffset,
      float[] out,
      int outOffset,
      int outDistance) {
    FloatVector sum0 = FloatVector.zero(FLOATS);
    FloatVector sum1 = FloatVector.zero(FLOATS);
    FloatVector sum2 = FloatVector.zero(FLOATS);
    FloatVector sum3 = FloatVector.zero(FLOATS);
    long row1 = row + distance;
    long row2 = row + 2 * distance;
    long row3 = row + 3 * distance;
    for (int b = 0; b < blocks; b++) {
      // Multiples of the loop's own variable: the JIT then checks bounds once, before the loop.
      long at = (long) b * BLOCK_BYTES;
      FloatVector x0 = FloatVector.fromArray(FLOATS, x, xOffset + b * BLOCK);
      FloatVector x1 = FloatVector.fromArray(FLOATS, x, xOffset + b * BLOCK + LANES);
      sum0 = addBlock(sum0, w, row + at, x0, x1);
      sum1 = addBlock(sum1, w, row1 + at, x0, x1);
      sum2 = addBlock(sum2, w, row2 + at, x0, x1);
      sum3 = addBlock(sum3, w, row3 + at, x0, x1);
    }
    out[outOffset] = LaneSum.of(sum0);
    out[outOffset + outDistance] = LaneSum.of(sum1);
    out[outOffset + 2 * outDistance] = LaneSum.of(sum2);
    out[outOffset + 3 * outDistance] = LaneSum.of(sum3);
  }

  private static float dot(MemorySegment w, long row, int blocks, float[] x, int xOffset) {
    FloatVector sum = FloatVector.zero(FLOATS);
    for (int b = 0; b < blocks; b++) {
      FloatVector x0 = FloatVector.fromArray(FLOATS, x, xOffset + b * BLOCK);
      FloatVector x1 = FloatVector.fromArray(FLOATS, x, xOffset + b * BLOCK + LANES);
      sum = addBlock(sum, w, row + (long) b * BLOCK_BYTES, x0, x1);
    }
    return LaneSum.of(sum);
  }

  /** With 16 lanes, a block is two vectors; their products are added up before they are scaled. */
  private static FloatVector addBlock(
      FloatVector sum, MemorySegment w, long at, FloatVector x0, FloatVector x1) {
    FloatVector products = floats(w, at + 2 + LANES).fma(x1, floats(w, at + 2).mul(x0));
    float scale = Float.float16ToFloat(w.get(SHORT, at));
    return products.fma(FloatVector.broadcast(FLOATS, scale), sum);
  }

  private static FloatVector floats(MemorySegment w, long at) {
    return ByteVector.fromMemorySegment(BYTES, w, at, LITTLE_ENDIAN)
        .convertShape(VectorOperators.B2F, FLOATS, 0)
        .reinterpretAsFloats();
  }

  @Override
  void unpack(MemorySegment weights, long offset, int blocks, Groups target, int at, int scaleAt) {
    Unpack.scales(weights, offset, BLOCK_BYTES, blocks, target.scales, scaleAt);
    copy(weights, offset + 2, blocks, target.numbers, at);
  }

  private static void copy(MemorySegment weights, long offset, int blocks, byte[] target, int at) {
    for (int b = 0; b < blocks; b++) {
      for (int i = 0; i < BLOCK; i += Unpack.STEP) {
        ShortVector.fromMemorySegment(
                Unpack.RUN, weights, offset + (long) b * BLOCK_BYTES + i, LITTLE_ENDIAN)
            .reinterpretAsBytes()
            .intoArray(target, at + b * BLOCK + i);
      }
    }
  }

  /** Straight to floats, which takes two thirds of the time. */
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
