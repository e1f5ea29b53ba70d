package org.zonda.runtime.cpu;

import static jdk.incubator.vector.VectorOperators.B2F;
import static org.zonda.runtime.cpu.VectorKernels.BYTES;
import static org.zonda.runtime.cpu.VectorKernels.FLOATS;
import static org.zonda.runtime.cpu.VectorKernels.LANES;

import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;

/** What is computed with {@link Groups}, whatever format they come from. */
final class GroupDot {

  /** Rows that are multiplied together, so that they share the activations. */
  static final int ROWS = 4;

  private GroupDot() {}

  /**
   * The sum of each group of activations: what a group's minimum is multiplied with.
   *
   * @return as many as {@link Groups#scaleWidth}, the last of them zero
   */
  static float[] sums(float[] x, int xOffset, int columns, int size) {
    float[] sums = new float[Groups.scaleWidth(columns, size)];
    for (int g = 0; g < columns / size; g++) {
      FloatVector sum = FloatVector.zero(FLOATS);
      for (int i = 0; i < size; i += LANES) {
        sum = sum.add(FloatVector.fromArray(FLOATS, x, xOffset + g * size + i));
      }
      sums[g] = LaneSum.of(sum);
    }
    return sums;
  }

  /**
   * Adds the products of four rows with the same activations.
   *
   * @param n elements of each row
   * @param sums from {@link #sums}, or null where there are no minimums
   * @param sumsAt index of the first group's
   * @param totals receives a vector of sums for each row
   */
  static void add(
      Groups rows, float[] x, int xOffset, int n, float[] sums, int sumsAt, float[] totals) {
    if (rows.size == 32) {
      add32(rows.numbers, rows.width, rows.scales, rows.scaleWidth, x, xOffset, n / 32, totals);
    } else {
      add16(rows.numbers, rows.width, rows.scales, rows.scaleWidth, x, xOffset, n / 16, totals);
    }
    if (sums != null) {
      int groups = n / rows.size;
      int whole = Groups.scaleWidth(n, rows.size);
      for (int r = 0; r < ROWS; r++) {
        int from = r * rows.scaleWidth;
        // What an earlier, longer piece has left there could be infinite.
        Arrays.fill(rows.minimums, from + groups, from + whole, 0);
        subtract(rows.minimums, from, whole, sums, sumsAt, totals, r * LANES);
      }
    }
  }

  private static void add32(
      byte[] numbers,
      int width,
      float[] scales,
      int scaleWidth,
      float[] x,
      int xOffset,
      int groups,
      float[] totals) {
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
                    ByteVector.fromArray(BYTES, numbers, width + at + i)
                        .convertShape(B2F, FLOATS, 0))
                .fma(v, p1);
        p2 =
            ((FloatVector)
                    ByteVector.fromArray(BYTES, numbers, 2 * width + at + i)
                        .convertShape(B2F, FLOATS, 0))
                .fma(v, p2);
        p3 =
            ((FloatVector)
                    ByteVector.fromArray(BYTES, numbers, 3 * width + at + i)
                        .convertShape(B2F, FLOATS, 0))
                .fma(v, p3);
      }
      sum0 = p0.fma(FloatVector.broadcast(FLOATS, scales[g]), sum0);
      sum1 = p1.fma(FloatVector.broadcast(FLOATS, scales[scaleWidth + g]), sum1);
      sum2 = p2.fma(FloatVector.broadcast(FLOATS, scales[2 * scaleWidth + g]), sum2);
      sum3 = p3.fma(FloatVector.broadcast(FLOATS, scales[3 * scaleWidth + g]), sum3);
    }
    sum0.intoArray(totals, 0);
    sum1.intoArray(totals, LANES);
    sum2.intoArray(totals, 2 * LANES);
    sum3.intoArray(totals, 3 * LANES);
  }

  private static void add16(
      byte[] numbers,
      int width,
      float[] scales,
      int scaleWidth,
      float[] x,
      int xOffset,
      int groups,
      float[] totals) {
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
                    ByteVector.fromArray(BYTES, numbers, width + at + i)
                        .convertShape(B2F, FLOATS, 0))
                .fma(v, p1);
        p2 =
            ((FloatVector)
                    ByteVector.fromArray(BYTES, numbers, 2 * width + at + i)
                        .convertShape(B2F, FLOATS, 0))
                .fma(v, p2);
        p3 =
            ((FloatVector)
                    ByteVector.fromArray(BYTES, numbers, 3 * width + at + i)
                        .convertShape(B2F, FLOATS, 0))
                .fma(v, p3);
      }
      sum0 = p0.fma(FloatVector.broadcast(FLOATS, scales[g]), sum0);
      sum1 = p1.fma(FloatVector.broadcast(FLOATS, scales[scaleWidth + g]), sum1);
      sum2 = p2.fma(FloatVector.broadcast(FLOATS, scales[2 * scaleWidth + g]), sum2);
      sum3 = p3.fma(FloatVector.broadcast(FLOATS, scales[3 * scaleWidth + g]), sum3);
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
   * Writes the weights of one row.
   *
   * @param n how many
   */
  static void decode(Groups row, int n, float[] target, int to) {
    for (int g = 0; g < n / row.size; g++) {
      float minimum = row.minimums == null ? 0 : row.minimums[g];
      decode(row.numbers, g * row.size, row.size, row.scales[g], minimum, target, to);
    }
  }

  private static void decode(
      byte[] numbers, int at, int n, float scale, float minimum, float[] target, int to) {
    for (int i = at; i < at + n; i += LANES) {
      ((FloatVector) ByteVector.fromArray(BYTES, numbers, i).convertShape(B2F, FLOATS, 0))
          .mul(scale)
          .sub(minimum)
          .intoArray(target, to + i);
    }
  }
}
