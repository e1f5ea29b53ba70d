package org.zonda.runtime.cpu;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.zonda.runtime.cpu.VectorKernels.FLOATS;
import static org.zonda.runtime.cpu.VectorKernels.INTS;
import static org.zonda.runtime.cpu.VectorKernels.LANES;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Matrices in Q8_0: blocks of a half-precision scale and 32 signed bytes. Bytes are multiplied with
 * 8-bit activations in 16-bit lanes, where two products of at most 127 * 128 just fit.
 */
final class Q8_0Matrix implements MatrixKernel {

  private static final int BLOCK = Activations.BLOCK;
  private static final int BLOCK_BYTES = 34;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);

  /** 16-bit lanes: as many as floats, but 8 where there are only 4 floats. */
  private static final VectorSpecies<Short> WIDE =
      LANES == 16 ? ShortVector.SPECIES_256 : ShortVector.SPECIES_128;

  private static final VectorSpecies<Byte> NARROW =
      LANES == 16 ? ByteVector.SPECIES_128 : ByteVector.SPECIES_64;

  @Override
  public boolean readsQuantised() {
    return true;
  }

  @Override
  public void multiply(
      MemorySegment weights,
      long offset,
      int columns,
      int rows,
      Activations x,
      int token,
      float[] out,
      int outOffset) {
    int blocks = columns / BLOCK;
    for (int r = 0; r < rows; r++) {
      out[outOffset + r] =
          dot(
              weights,
              offset + (long) r * blocks * BLOCK_BYTES,
              x.quants,
              token * columns,
              x.scales,
              token * blocks,
              blocks);
    }
  }

  private static float dot(
      MemorySegment w, long offset, short[] q, int qFrom, float[] scales, int sFrom, int blocks) {
    FloatVector sum0 = FloatVector.zero(FLOATS);
    FloatVector sum1 = sum0;
    int b = 0;
    for (; b < blocks - 1; b += 2) {
      long at = offset + (long) b * BLOCK_BYTES;
      int from = qFrom + b * BLOCK;
      float scale0 = Float.float16ToFloat(w.get(SHORT, at)) * scales[sFrom + b];
      float scale1 = Float.float16ToFloat(w.get(SHORT, at + BLOCK_BYTES)) * scales[sFrom + b + 1];
      sum0 = blockSum(w, at + 2, q, from).fma(FloatVector.broadcast(FLOATS, scale0), sum0);
      sum1 =
          blockSum(w, at + 2 + BLOCK_BYTES, q, from + BLOCK)
              .fma(FloatVector.broadcast(FLOATS, scale1), sum1);
    }
    if (b < blocks) {
      long at = offset + (long) b * BLOCK_BYTES;
      float scale = Float.float16ToFloat(w.get(SHORT, at)) * scales[sFrom + b];
      sum0 =
          blockSum(w, at + 2, q, qFrom + b * BLOCK).fma(FloatVector.broadcast(FLOATS, scale), sum0);
    }
    return sum0.add(sum1).reduceLanes(VectorOperators.ADD);
  }

  /** The products of a block, added up to one vector of floats. */
  private static FloatVector blockSum(MemorySegment w, long at, short[] q, int from) {
    if (LANES == 16) {
      return toFloats(pair(w, at, q, from, 16).castShape(INTS, 0));
    }
    ShortVector low = pair(w, at, q, from, 8);
    ShortVector high = pair(w, at + 16, q, from + 16, 8);
    if (LANES == 8) {
      return toFloats(low.castShape(INTS, 0).add(high.castShape(INTS, 0)));
    }
    return toFloats(
        low.castShape(INTS, 0)
            .add(low.castShape(INTS, 1))
            .add(high.castShape(INTS, 0).add(high.castShape(INTS, 1))));
  }

  /** Two products in each 16-bit lane. */
  private static ShortVector pair(MemorySegment w, long at, short[] q, int from, int step) {
    ShortVector a = product(w, at, q, from);
    return a.add(product(w, at + step, q, from + step));
  }

  private static ShortVector product(MemorySegment w, long at, short[] q, int from) {
    ByteVector bytes = ByteVector.fromMemorySegment(NARROW, w, at, LITTLE_ENDIAN);
    return ((ShortVector) bytes.castShape(WIDE, 0)).mul(ShortVector.fromArray(WIDE, q, from));
  }

  private static FloatVector toFloats(Vector<?> ints) {
    return (FloatVector) ints.castShape(FLOATS, 0);
  }

  @Override
  public void decode(
      MemorySegment weights, long offset, float[] target, int targetOffset, int count) {
    for (int i = 0; i < count; i += BLOCK) {
      long at = offset + (long) (i / BLOCK) * BLOCK_BYTES;
      float scale = Float.float16ToFloat(weights.get(SHORT, at));
      int step = WIDE.length();
      for (int j = 0; j < BLOCK; j += step) {
        ByteVector bytes = ByteVector.fromMemorySegment(NARROW, weights, at + 2 + j, LITTLE_ENDIAN);
        for (int part = 0; part < step / LANES; part++) {
          toFloats(bytes.castShape(INTS, part))
              .mul(FloatVector.broadcast(FLOATS, scale))
              .intoArray(target, targetOffset + i + j + part * LANES);
        }
      }
    }
  }
}
