package org.zonda.runtime.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.zonda.runtime.cpu.machine.FloatProduct;
import org.zonda.runtime.cpu.machine.InstructionSet;
import org.zonda.runtime.cpu.machine.MachineCode;
import org.zonda.runtime.cpu.machine.Panels;

/** Any format, decoded to floats. */
final class FloatGemm extends MachineGemm {

  /** Rows of activations begin so far after each other's end that they share the cache. */
  private static final int PADDING = 64;

  /** What each worker has for itself. */
  private static final class Scratch {
    final float[] rows = new float[Panels.ROWS * FloatProduct.COLUMNS];
    final FloatProduct product = new FloatProduct();
  }

  private final Scratch[] scratch;
  private MemorySegment activations = MemorySegment.NULL;

  FloatGemm(int workers) {
    scratch = new Scratch[workers];
  }

  static boolean isAvailable() {
    return MachineCode.instructionSet() == InstructionSet.AVX512;
  }

  @Override
  boolean accepts(Matrix matrix) {
    return matrix.columns() % FloatProduct.STEP == 0;
  }

  private long rowBytes() {
    return 4L * columns + PADDING;
  }

  @Override
  void resize(int tokens, int columns) {
    super.resize(tokens, columns);
    if (tokens * rowBytes() > activations.byteSize()) {
      activations = Arena.ofAuto().allocate(tokens * rowBytes(), 64);
    }
  }

  @Override
  void convert(int token, float[] x, int xOffset) {
    MemorySegment.copy(
        x, xOffset, activations, ValueLayout.JAVA_FLOAT, token * rowBytes(), columns);
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
    for (int first = 0; first < rows; first += FloatProduct.ROWS) {
      int count = Math.min(FloatProduct.ROWS, rows - first);
      for (int k = 0; k < columns; k += FloatProduct.COLUMNS) {
        int n = Math.min(FloatProduct.COLUMNS, columns - k);
        for (int r = 0; r < count; r += Panels.ROWS) {
          int panelRows = Math.min(Panels.ROWS, count - r);
          decode(s.rows, matrix, firstRow + first + r, panelRows, k, n);
          s.product.setPanel(r / Panels.ROWS, s.rows, FloatProduct.COLUMNS, n);
        }
        s.product.multiply(
            activations, 4L * k, rowBytes(), tokens, count, n, out, outOffset + first, outDistance);
      }
    }
  }

  private static void decode(float[] target, Matrix matrix, int firstRow, int rows, int k, int n) {
    long columnBytes = matrix.rowBytes() * k / matrix.columns();
    prefetchNext(matrix, firstRow, rows, k, n);
    for (int r = 0; r < rows; r++) {
      long offset = matrix.rowOffset(firstRow + r) + columnBytes;
      matrix.kernel().decode(matrix.data(), offset, target, r * FloatProduct.COLUMNS, n);
    }
  }
}
