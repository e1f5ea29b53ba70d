package org.zonda.runtime.cpu;

import static org.zonda.runtime.cpu.VectorKernels.FLOATS;
import static org.zonda.runtime.cpu.VectorKernels.LANES;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.zonda.model.tensor.TensorType;

/**
 * Multiplies formats that store small whole numbers with a scale, and perhaps a minimum, for each
 * group of 16 or 32. A format only unpacks its blocks, to bytes and a few floats that stay in the
 * first cache; {@link GroupDot} is the same for all.
 *
 * <p>Sums are kept by group, so that a scale costs one multiplication a vector and a minimum one a
 * group: {@code scale * sum of number * x - minimum * sum of x}. Rows far apart take turns as in
 * {@link DecodedMatrix}.
 */
abstract class GroupedMatrix implements MatrixKernel {

  private final int blockElements;
  private final int blockBytes;
  private final int size;
  private final boolean minimums;

  /**
   * A format.
   *
   * @param size numbers of a group, 16 or 32
   * @param minimums whether groups have minimums
   */
  GroupedMatrix(TensorType type, int size, boolean minimums) {
    blockElements = type.blockElements();
    blockBytes = type.blockBytes();
    this.size = size;
    this.minimums = minimums;
  }

  /** Numbers of a group. */
  final int groupSize() {
    return size;
  }

  /** Whether groups have minimums; then their numbers are not negative. */
  final boolean hasMinimums() {
    return minimums;
  }

  /** How many blocks so many columns are. */
  final int blocks(int columns) {
    return columns / blockElements;
  }

  /**
   * Unpacks consecutive blocks of a row.
   *
   * @param weights holds the blocks
   * @param offset of the first in bytes
   * @param blocks how many
   * @param target receives numbers, scales and minimums
   * @param at where the numbers begin
   * @param scaleAt where the scales and minimums begin
   */
  abstract void unpack(
      MemorySegment weights, long offset, int blocks, Groups target, int at, int scaleAt);

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
    Groups groups = Groups.ofThread();
    float[] sums = minimums ? GroupDot.sums(x, xOffset, columns, size) : null;
    float[] totals = new float[Groups.ROWS * LANES];
    int distance = Math.ceilDiv(rows, Groups.ROWS);
    for (int first = 0; first < distance; first++) {
      Arrays.fill(totals, 0);
      for (int k = 0; k < columns; k += Groups.WIDTH) {
        int n = Math.min(Groups.WIDTH, columns - k);
        long column = offset + (long) (k / blockElements) * blockBytes;
        for (int s = 0, r = first; r < rows; s++, r += distance) {
          unpack(
              weights,
              column + r * rowBytes,
              n / blockElements,
              groups,
              s * Groups.WIDTH,
              s * Groups.SCALES);
        }
        GroupDot.add(groups, size, x, xOffset + k, n, totals);
        if (minimums) {
          GroupDot.subtract(groups, n / size, sums, k / size, totals);
        }
      }
      for (int s = 0, r = first; r < rows; s++, r += distance) {
        out[outOffset + r] = LaneSum.of(FloatVector.fromArray(FLOATS, totals, s * LANES));
      }
    }
  }

  @Override
  public void decode(
      MemorySegment weights, long offset, float[] target, int targetOffset, int count) {
    Groups groups = Groups.ofThread();
    for (int i = 0; i < count; i += Groups.WIDTH) {
      int n = Math.min(Groups.WIDTH, count - i);
      long at = offset + (long) (i / blockElements) * blockBytes;
      unpack(weights, at, n / blockElements, groups, 0, 0);
      GroupDot.decode(groups, size, minimums, n, target, targetOffset + i);
    }
  }
}
