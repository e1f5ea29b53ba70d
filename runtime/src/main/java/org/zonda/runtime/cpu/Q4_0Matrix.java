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
 * Matrices in Q4_0: blocks of a half-precision scale and 16 bytes, whose low halves are elements 0
 * to 15 and high halves 16 to 31, each less 8. The 8 is taken off through the sum of the
 * activations.
 */
final class Q4_0Matrix implements MatrixKernel {

  private static final int BLOCK = Activations.BLOCK;
  private static final int BLOCK_BYTES = 18;

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
      out[outOffset + r] = dot(weights, offset + (long) r * blocks * BLOCK_BYTES, x, token, blocks);
    }
  }

  private static float dot(MemorySegment w, long offset, Activations x, int token, int blocks) {
    short[] q = x.quants;
    float[] scales = x.scales;
    float[] sums = x.sums;
    int first = token * blocks;
    FloatVector sum = FloatVector.zero(FLOATS);
    float eights = 0;
    for (int b = 0; b < blocks; b++) {
      long at = offset + (long) b * BLOCK_BYTES;
      float scale = Float.float16ToFloat(w.get(SHORT, at));
      sum =
          blockSum(w, at + 2, q, (first + b) * BLOCK)
              .fma(FloatVector.broadcast(FLOATS, scale * scales[first + b]), sum);
      eights += scale * sums[first + b];
    }
    return sum.reduceLanes(VectorOperators.ADD) - 8 * eights;
  }

  /** The products of a block, added up to one vector of floats. */
  private static FloatVector blockSum(MemorySegment w, long at, short[] q, int from) {
    ShortVector products = product(w, at, q, from);
    if (LANES < 16) {
      products = products.add(product(w, at + 8, q, from + 8));
    }
    if (LANES >= 8) {
      return toFloats(products.castShape(INTS, 0));
    }
    return toFloats(products.castShape(INTS, 0).add(products.castShape(INTS, 1)));
  }

  /** Two products of at most 15 * 127 in each 16-bit lane. */
  private static ShortVector product(MemorySegment w, long at, short[] q, int from) {
    ShortVector bytes =
        (ShortVector) ByteVector.fromMemorySegment(NARROW, w, at, LITTLE_ENDIAN).castShape(WIDE, 0);
    ShortVector low = bytes.and((short) 15);
    ShortVector high = bytes.lanewise(VectorOperators.LSHR, 4).and((short) 15);
    return low.mul(ShortVector.fromArray(WIDE, q, from))
        .add(high.mul(ShortVector.fromArray(WIDE, q, from + 16)));
  }

  private static FloatVector toFloats(Vector<?> ints) {
    return (FloatVector) ints.castShape(FLOATS, 0);
  }

  @Override
  public void decode(
      MemorySegment weights, long offset, float[] target, int targetOffset, int count) {
    for (int i = 0; i < count; i += BLOCK) {
      long at = offset + (long) (i / BLOCK) * BLOCK_BYTES;
      FloatVector scale =
          FloatVector.broadcast(FLOATS, Float.float16ToFloat(weights.get(SHORT, at)));
      int step = WIDE.length();
      for (int j = 0; j < BLOCK / 2; j += step) {
        ByteVector bytes = ByteVector.fromMemorySegment(NARROW, weights, at + 2 + j, LITTLE_ENDIAN);
        ByteVector low = bytes.and((byte) 15).sub((byte) 8);
        ByteVector high = bytes.lanewise(VectorOperators.LSHR, 4).and((byte) 15).sub((byte) 8);
        for (int part = 0; part < step / LANES; part++) {
          int to = targetOffset + i + j + part * LANES;
          toFloats(low.castShape(INTS, part)).mul(scale).intoArray(target, to);
          toFloats(high.castShape(INTS, part)).mul(scale).intoArray(target, to + BLOCK / 2);
        }
      }
    }
  }
}
