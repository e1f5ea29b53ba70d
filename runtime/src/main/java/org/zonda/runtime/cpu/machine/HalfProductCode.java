package org.zonda.runtime.cpu.machine;

import static org.zonda.runtime.cpu.machine.Op.*;
import static org.zonda.runtime.cpu.machine.Registers.*;

import org.zonda.runtime.cpu.machine.Operand.Label;
import org.zonda.runtime.cpu.machine.Operand.Mem;
import org.zonda.runtime.cpu.machine.Operand.Vec;

/**
 * Writes code that multiplies up to six rows of floats with up to 64 columns of half-precision
 * numbers, and adds the sums to floats. All sums stay in registers; a row of the matrix takes a
 * conversion for each 16 columns, and each of its 16 numbers is used for all rows of floats. While
 * a row is multiplied, as many bytes are fetched from where is read next.
 *
 * <p>The function is {@code void(a, aOffset, m, mOffset, out, outOffset, next, nextOffset, aStride,
 * mStride, outStride, inner, variant)}, offsets and strides in bytes; from {@code next} on they are
 * on the stack.
 */
final class HalfProductCode {

  /** Columns of a vector. */
  static final int LANES = 16;

  /** Most rows of floats of a call. */
  static final int MOST_ROWS = 6;

  /** Most vectors of columns of a call. */
  static final int VECTORS = 4;

  private static final int NEXT = 8;
  private static final int NEXT_OFFSET = 16;
  private static final int A_STRIDE = 24;
  private static final int M_STRIDE = 32;
  private static final int OUT_STRIDE = 40;
  private static final int INNER = 48;
  private static final int VARIANT = 56;

  private HalfProductCode() {}

  /** The number by which a caller asks for so many rows and vectors. */
  static int variant(int rows, int vectors) {
    return (rows - 1) * VECTORS + vectors - 1;
  }

  static Assembler write() {
    Assembler a = new Assembler();
    a.emit(ADD, RDI, RSI).emit(ADD, RDX, RCX).emit(ADD, R8, R9);
    a.emit(MOV, R9, mem(RSP, NEXT)).emit(ADD, R9, mem(RSP, NEXT_OFFSET));
    a.emit(MOV, RSI, mem(RSP, A_STRIDE));
    a.emit(LEA, R10, mem(RSI, RSI, 2, 0)).emit(LEA, R11, mem(RSI, RSI, 4, 0));
    a.emit(MOV, RCX, mem(RSP, M_STRIDE)).emit(MOV, RAX, mem(RSP, VARIANT));
    Label[] variants = new Label[MOST_ROWS * VECTORS];
    for (int i = 0; i < variants.length; i++) {
      variants[i] = a.label();
      a.emit(CMP, RAX, i).emit(JE, variants[i]);
    }
    a.emit(RET);
    for (int rows = 1; rows <= MOST_ROWS; rows++) {
      for (int vectors = 1; vectors <= VECTORS; vectors++) {
        a.bind(variants[variant(rows, vectors)]);
        write(a, rows, vectors);
      }
    }
    return a;
  }

  private static Vec sum(int row, int vector) {
    return zmm(row * VECTORS + vector);
  }

  /** The number of a row of floats, which is at most the sixth. */
  private static Mem factor(int row) {
    return switch (row) {
      case 0 -> mem(RDI);
      case 1 -> mem(RDI, RSI, 1, 0);
      case 2 -> mem(RDI, RSI, 2, 0);
      case 3 -> mem(RDI, R10, 1, 0);
      case 4 -> mem(RDI, RSI, 4, 0);
      default -> mem(RDI, R11, 1, 0);
    };
  }

  private static void write(Assembler a, int rows, int vectors) {
    a.emit(MOV, RAX, R8);
    for (int r = 0; r < rows; r++) {
      for (int v = 0; v < vectors; v++) {
        a.emit(VMOVUPS, sum(r, v), mem(RAX, 64 * v));
      }
      a.emit(ADD, RAX, mem(RSP, OUT_STRIDE));
    }
    a.emit(MOV, RAX, mem(RSP, INNER));
    a.align(32);
    Label step = a.bind(a.label());
    for (int v = 0; v < vectors; v++) {
      a.emit(VCVTPH2PS, zmm(24 + v), mem(RDX, 32 * v));
    }
    a.emit(PREFETCHT0, mem(R9));
    if (vectors > 2) {
      a.emit(PREFETCHT0, mem(R9, 64));
    }
    for (int r = 0; r < rows; r++) {
      Vec factor = zmm(28 + r % 4);
      a.emit(VBROADCASTSS, factor, factor(r));
      for (int v = 0; v < vectors; v++) {
        a.emit(VFMADD231PS, sum(r, v), zmm(24 + v), factor);
      }
    }
    a.emit(ADD, RDI, Float.BYTES).emit(ADD, RDX, RCX).emit(ADD, R9, 32 * vectors);
    a.emit(DEC, RAX).emit(JNE, step);
    for (int r = 0; r < rows; r++) {
      for (int v = 0; v < vectors; v++) {
        a.emit(VMOVUPS, mem(R8, 64 * v), sum(r, v));
      }
      a.emit(ADD, R8, mem(RSP, OUT_STRIDE));
    }
    a.emit(VZEROUPPER).emit(RET);
  }
}
