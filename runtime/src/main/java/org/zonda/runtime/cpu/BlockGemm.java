package org.zonda.runtime.cpu;

import java.util.HashMap;
import java.util.Map;
import org.zonda.runtime.cpu.machine.BlockProduct;
import org.zonda.runtime.cpu.machine.InstructionSet;
import org.zonda.runtime.cpu.machine.MachineCode;
import org.zonda.runtime.cpu.machine.Panels;
import org.zonda.runtime.cpu.machine.QuantizedRows;

/**
 * Formats of small whole numbers, multiplied as such: activations are rounded to bytes with a scale
 * for each 32 of them, and the sums of a group are exact.
 */
final class BlockGemm extends MachineGemm {

  /** What each worker has for itself: products by kind of groups, and unpacked rows. */
  private static final class Scratch {
    final Groups groups = new Groups(Panels.ROWS);
    final Map<Integer, BlockProduct> products = new HashMap<>();

    BlockProduct product(GroupedMatrix format) {
      int size = format.groupSize();
      boolean minimums = format.hasMinimums();
      return products.computeIfAbsent(
          minimums ? -size : size, key -> new BlockProduct(size, minimums));
    }
  }

  private final QuantizedRows activations = new QuantizedRows();
  private final Scratch[] scratch;

  BlockGemm(int workers) {
    scratch = new Scratch[workers];
  }

  static boolean isAvailable() {
    return MachineCode.instructionSet() == InstructionSet.AVX512;
  }

  @Override
  boolean accepts(Matrix matrix) {
    return matrix.kernel() instanceof GroupedMatrix && matrix.columns() % QuantizedRows.BLOCK == 0;
  }

  @Override
  void resize(int tokens, int columns) {
    super.resize(tokens, columns);
    activations.resize(tokens, columns);
  }

  @Override
  void convert(int token, float[] x, int xOffset) {
    activations.quantize(token, x, xOffset);
  }

  @Override
  void addTile(
      int worker,
      Matrix matrix,
      int firstRow,
      int rows,
      float[] out,
      int outOffset,
      int outDistance) {
    if (scratch[worker] == null) {
      scratch[worker] = new Scratch();
    }
    Scratch s = scratch[worker];
    GroupedMatrix format = (GroupedMatrix) matrix.kernel();
    BlockProduct product = s.product(format);
    for (int k = 0; k < columns; k += BlockProduct.COLUMNS) {
      int n = Math.min(BlockProduct.COLUMNS, columns - k);
      for (int first = 0; first < rows; first += BlockProduct.ROWS) {
        int count = Math.min(BlockProduct.ROWS, rows - first);
        for (int r = 0; r < count; r += Panels.ROWS) {
          int panelRows = Math.min(Panels.ROWS, count - r);
          setPanel(
              s.groups, product, r / Panels.ROWS, matrix, firstRow + first + r, panelRows, k, n);
        }
        product.multiply(activations, k, tokens, count, n, out, outOffset + first, outDistance);
      }
    }
  }

  private static void setPanel(
      Groups groups,
      BlockProduct product,
      int panel,
      Matrix matrix,
      int firstRow,
      int rows,
      int k,
      int n) {
    GroupedMatrix format = (GroupedMatrix) matrix.kernel();
    for (int c = 0; c < n; c += Groups.WIDTH) {
      int count = Math.min(Groups.WIDTH, n - c);
      long columnBytes = matrix.rowBytes() * (k + c) / matrix.columns();
      prefetchNext(matrix, firstRow, rows, k + c, count);
      for (int r = 0; r < rows; r++) {
        format.unpack(
            matrix.data(),
            matrix.rowOffset(firstRow + r) + columnBytes,
            format.blocks(count),
            groups,
            r * Groups.WIDTH,
            r * Groups.SCALES);
      }
      product.setPanel(
          panel, c, count, groups.numbers, groups.scales, groups.minimums, Groups.SCALES);
    }
  }
}
