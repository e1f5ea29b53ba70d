package org.zonda.runtime.cpu;

import static jdk.incubator.vector.VectorOperators.B2F;
import static org.zonda.runtime.cpu.Groups.SCALES;
import static org.zonda.runtime.cpu.Groups.WIDTH;
import static org.zonda.runtime.cpu.VectorKernels.BYTES;
import static org.zonda.runtime.cpu.VectorKernels.FLOATS;
import static org.zonda.runtime.cpu.VectorKernels.LANES;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;

/**
 * What is computed with {@link Groups}, whatever format they come from.
 *
 * <p>Here and in {@link Unpack} no method takes or returns a vector that changes: when the JIT
 * stops inlining, and callers are large, such a method allocates each of its vectors. For the same
 * reason the methods for groups of 16 and of 32 are written out.
 */
final class GroupDot {

  private GroupDot() {}

  /**
   * The sum of each group of activations: what a group's minimum is multiplied with.
   *
   * @return with zeros at the end, to be read in whole vectors
   */
  static float[] sums(float[] x, int xOffset, int columns, int size) {
    float[] sums = new float[whole(columns / size)];
    for (int g = 0; g < columns / size; g++) {
      FloatVector sum = FloatVector.zero(FLOATS);
      for (int i = 0; i < size; i += LANES) {
        sum = sum.add(FloatVector.fromArray(FLOATS, x, xOffset + g * size + i));
      }
      sums[g] = LaneSum.of(sum);
    }
    return sums;
  }

  private static int whole(int groups) {
    return Math.ceilDiv(groups, LANES) * LANES;
  }

  /**
   * Adds the products of four rows with the same activations.
   *
   * @param size numbers of a group
   * @param n elements of each row
   * @param totals receives a vector of sums for each row
   */
  static void add(Groups rows, int size, float[] x, int xOffset, int n, float[] totals) {
    if (size == 32) {
      add32(rows.numbers, rows.scales, x, xOffset, n / 32, totals);
    } else {
      add16(rows.numbers, rows.scales, x, xOffset, n / 16, totals);
    }
  }

  /**
   * Subtracts the products of the minimums.
   *
   * @param groups of each row
   * @param sums from {@link #sums}
   * @param from index of the first group's
   */
  static void subtract(Groups rows, int groups, float[] sums, int from, float[] totals) {
    int whole = whole(groups);
    for (int r = 0; r < Groups.ROWS; r++) {
      int at = r * Groups.SCALES;
      for (int g = groups; g < whole; g++) {
        // What another row has left there could be infinite, and its sum of activations is 0.
        rows.minimums[at + g] = 0;
      }
      subtract(rows.minimums, at, whole, sums, from, totals, r * LANES);
    }
  }

  private static void add32(
      byte[] numbers, float[] scales, float[] x, int xOffset, int groups, float[] totals) {
    FloatVector sum0 = FloatVector.fromArray(FLOATS, totals, 0);
    FloatVector sum1 = FloatVector.fromArray(FLOATS, totals, LANES);
    FloatVector sum2 = FloatVector.fromArray(FLOATS, totals, 2 * LANES);
    FloatVector sum3 = FloatVector.fromArray(FLOATS, totals, 3 * LANES);
    for (int g = 0; g < groups; g++) {
      int at = g * 32;
      FloatVector p0 = FloatVector.zero(FLOATS);
      FloatVector p1 = FloatVector.zero(FLOATS);
      FloatVector p2 = FloatVector.zero(FLOATS);
      FloatVector p3 = FloatVector.zero(FLOATS);
      for (int i = 0; i < 32; i += LANES) {
        FloatVector v = FloatVector.fromArray(FLOATS, x, xOffset + at + i);
        p0 =
            ((FloatVector)
                    ByteVector.fromArray(BYTES, numbers, at + i).convertShape(B2F, FLOATS, 0))
                .fma(v, p0);
        p1 =
            ((FloatVector)
                    ByteVector.fromArray(BYTES, numbers, WIDTH + at + i)
                        .convertShape(B2F, FLOATS, 0))
                .fma(v, p1);
        p2 =
            ((FloatVector)
                    ByteVector.fromArray(BYTES, numbers, 2 * WIDTH + at + i)
                        .convertShape(B2F, FLOATS, 0))
                .fma(v, p2);
        p3 =
            ((FloatVector)
                    ByteVector.fromArray(BYTES, numbers, 3 * WIDTH + at + i)
                        .convertShape(B2F, FLOATS, 0))
                .fma(v, p3);
      }
      sum0 = p0.fma(FloatVector.broadcast(FLOATS, scales[g]), sum0);
      sum1 = p1.fma(FloatVector.broadcast(FLOATS, scales[SCALES + g]), sum1);
      sum2 = p2.fma(FloatVector.broadcast(FLOATS, scales[2 * SCALES + g]), sum2);
      sum3 = p3.fma(FloatVector.broadcast(FLOATS, scales[3 * SCALES + g]), sum3);
    }
    sum0.intoArray(totals, 0);
    sum1.intoArray(totals, LANES);
    sum2.intoArray(totals, 2 * LANES);
    sum3.intoArray(totals, 3 * LANES);
  }

  private static void add16(
      byte[] numbers, float[] scales, float[] x, int xOffset, int groups, float[] totals) {
    FloatVector sum0 = FloatVector.fromArray(FLOATS, totals, 0);
    FloatVector sum1 = FloatVector.fromArray(FLOATS, totals, LANES);
    FloatVector sum2 = FloatVector.fromArray(FLOATS, totals, 2 * LANES);
    FloatVector sum3 = FloatVector.fromArray(FLOATS, totals, 3 * LANES);
    for (int g = 0; g < groups; g++) {
      int at = g * 16;
      FloatVector p0 = FloatVector.zero(FLOATS);
      FloatVector p1 = FloatVector.zero(FLOATS);
      FloatVector p2 = FloatVector.zero(FLOATS);
      FloatVector p3 = FloatVector.zero(FLOATS);
      for (int i = 0; i < 16; i += LANES) {
        FloatVector v = FloatVector.fromArray(FLOATS, x, xOffset + at + i);
        p0 =
            ((FloatVector)
                    ByteVector.fromArray(BYTES, numbers, at + i).convertShape(B2F, FLOATS, 0))
                .fma(v, p0);
        p1 =
            ((FloatVector)
                    ByteVector.fromArray(BYTES, numbers, WIDTH + at + i)
                        .convertShape(B2F, FLOATS, 0))
                .fma(v, p1);
        p2 =
            ((FloatVector)
                    ByteVector.fromArray(BYTES, numbers, 2 * WIDTH + at + i)
                        .convertShape(B2F, FLOATS, 0))
                .fma(v, p2);
        p3 =
            ((FloatVector)
                    ByteVector.fromArray(BYTES, numbers, 3 * WIDTH + at + i)
                        .convertShape(B2F, FLOATS, 0))
                .fma(v, p3);
      }
      sum0 = p0.fma(FloatVector.broadcast(FLOATS, scales[g]), sum0);
      sum1 = p1.fma(FloatVector.broadcast(FLOATS, scales[SCALES + g]), sum1);
      sum2 = p2.fma(FloatVector.broadcast(FLOATS, scales[2 * SCALES + g]), sum2);
      sum3 = p3.fma(FloatVector.broadcast(FLOATS, scales[3 * SCALES + g]), sum3);
    }
    sum0.intoArray(totals, 0);
    sum1.intoArray(totals, LANES);
    sum2.intoArray(totals, 2 * LANES);
    sum3.intoArray(totals, 3 * LANES);
  }

  private static void subtract(
      float[] minimums, int at, int n, float[] sums, int from, float[] totals, int total) {
    FloatVector sum = FloatVector.zero(FLOATS);
    for (int i = 0; i < n; i += LANES) {
      sum =
          FloatVector.fromArray(FLOATS, minimums, at + i)
              .fma(FloatVector.fromArray(FLOATS, sums, from + i), sum);
    }
    FloatVector.fromArray(FLOATS, totals, total).sub(sum).intoArray(totals, total);
  }

  /**
   * Writes the weights of the first row.
   *
   * @param size numbers of a group
   * @param minimums whether groups have minimums
   * @param n how many
   */
  static void decode(Groups rows, int size, boolean minimums, int n, float[] target, int to) {
    float[] subtracted = minimums ? rows.minimums : null;
    if (size == 32) {
      decode32(rows.numbers, rows.scales, subtracted, n / 32, target, to);
    } else {
      decode16(rows.numbers, rows.scales, subtracted, n / 16, target, to);
    }
  }

  private static void decode32(
      byte[] numbers, float[] scales, float[] minimums, int groups, float[] target, int to) {
    for (int g = 0; g < groups; g++) {
      float scale = scales[g];
      float minimum = minimums == null ? 0 : minimums[g];
      for (int i = 0; i < 32; i += LANES) {
        ((FloatVector)
                ByteVector.fromArray(BYTES, numbers, g * 32 + i).convertShape(B2F, FLOATS, 0))
            .mul(scale)
            .sub(minimum)
            .intoArray(target, to + g * 32 + i);
      }
    }
  }

  private static void decode16(
      byte[] numbers, float[] scales, float[] minimums, int groups, float[] target, int to) {
    for (int g = 0; g < groups; g++) {
      float scale = scales[g];
      float minimum = minimums == null ? 0 : minimums[g];
      for (int i = 0; i < 16; i += LANES) {
        ((FloatVector)
                ByteVector.fromArray(BYTES, numbers, g * 16 + i).convertShape(B2F, FLOATS, 0))
            .mul(scale)
            .sub(minimum)
            .intoArray(target, to + g * 16 + i);
      }
    }
  }
}
