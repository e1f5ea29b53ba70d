package org.zonda.runtime.cpu.machine;

import static org.zonda.runtime.cpu.machine.Op.*;
import static org.zonda.runtime.cpu.machine.Registers.*;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import org.zonda.runtime.cpu.machine.Operand.Gpr;
import org.zonda.runtime.cpu.machine.Operand.Label;
import org.zonda.runtime.cpu.machine.Operand.Mem;

/**
 * Writes code that interleaves 16 rows of weights into a panel, the order in which the products
 * read them: word by word, and of each word (32 bits: a float, two halves, four bytes) that of all
 * 16 rows. One register then holds the same columns of 16 rows.
 *
 * <p>The function is {@code void(source, long rowBytes, target, long steps)}; a step reads 64 bytes
 * of each row, 128 where floats are rounded, and writes 16 words, 1024 bytes.
 */
final class PanelCode {

  /** Rows of a panel. */
  static final int ROWS = 16;

  /** Words of a row that are interleaved in one step. */
  static final int STEP_WORDS = 16;

  static final FunctionDescriptor TYPE =
      FunctionDescriptor.ofVoid(
          ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG);

  /** What becomes of the numbers on the way. */
  enum Conversion {
    /** Words stay as they are. */
    NONE,
    /** Signed bytes become unsigned by adding 128. */
    BYTES_PLUS_128,
    /** Floats are rounded to bfloat16, to the nearest, ties to even; denormals become zero. */
    FLOATS_TO_BF16
  }

  private PanelCode() {}

  static Assembler write(Conversion conversion) {
    Assembler a = new Assembler();
    int advance = conversion == Conversion.FLOATS_TO_BF16 ? 128 : 64;
    Gpr[] quarters = {RDI, R9, R10, R11};
    a.emit(LEA, R8, mem(RSI, RSI, 2, 0));
    for (int i = 1; i < 4; i++) {
      a.emit(LEA, quarters[i], mem(quarters[i - 1], RSI, 4, 0));
    }
    Label constant = a.label();
    Label loop = a.bind(a.label());
    for (int row = 0; row < ROWS; row++) {
      Gpr base = quarters[row / 4];
      Mem at =
          switch (row % 4) {
            case 0 -> mem(base);
            case 1 -> mem(base, RSI, 1, 0);
            case 2 -> mem(base, RSI, 2, 0);
            default -> mem(base, R8, 1, 0);
          };
      switch (conversion) {
        case NONE -> a.emit(VMOVDQU32, zmm(row), at);
        case BYTES_PLUS_128 -> {
          a.emit(VMOVDQU32, zmm(row), at);
          a.emit(VPXORD, zmm(row), zmm(row), mem(constant).broadcast());
        }
        case FLOATS_TO_BF16 -> {
          a.emit(VMOVUPS, zmm(row), at.plus(64));
          a.emit(VCVTNE2PS2BF16, zmm(row), zmm(row), at);
        }
      }
    }
    transpose(a);
    for (int word = 0; word < STEP_WORDS; word++) {
      a.emit(VMOVDQU32, mem(RDX, 64 * word), zmm(word));
    }
    for (Gpr quarter : quarters) {
      a.emit(ADD, quarter, advance);
    }
    a.emit(ADD, RDX, 64 * STEP_WORDS);
    a.emit(DEC, RCX);
    a.emit(JNE, loop);
    a.emit(VZEROUPPER);
    a.emit(RET);
    a.bind(constant);
    a.data((byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80);
    return a;
  }

  /** Transposes the 16 x 16 words of zmm0 to zmm15, by way of zmm16 to zmm31. */
  private static void transpose(Assembler a) {
    for (int i = 0; i < 16; i += 2) {
      a.emit(VPUNPCKLDQ, zmm(16 + i), zmm(i), zmm(i + 1));
      a.emit(VPUNPCKHDQ, zmm(17 + i), zmm(i), zmm(i + 1));
    }
    for (int i = 0; i < 16; i += 4) {
      a.emit(VPUNPCKLQDQ, zmm(i), zmm(16 + i), zmm(18 + i));
      a.emit(VPUNPCKHQDQ, zmm(i + 1), zmm(16 + i), zmm(18 + i));
      a.emit(VPUNPCKLQDQ, zmm(i + 2), zmm(17 + i), zmm(19 + i));
      a.emit(VPUNPCKHQDQ, zmm(i + 3), zmm(17 + i), zmm(19 + i));
    }
    // Now lane l of register 4 q + c holds word 4 l + c of rows 4 q to 4 q + 3.
    for (int c = 0; c < 4; c++) {
      a.emit(VSHUFI32X4, zmm(16 + c), zmm(c), zmm(4 + c), 0x88);
      a.emit(VSHUFI32X4, zmm(20 + c), zmm(c), zmm(4 + c), 0xDD);
      a.emit(VSHUFI32X4, zmm(24 + c), zmm(8 + c), zmm(12 + c), 0x88);
      a.emit(VSHUFI32X4, zmm(28 + c), zmm(8 + c), zmm(12 + c), 0xDD);
    }
    for (int c = 0; c < 4; c++) {
      a.emit(VSHUFI32X4, zmm(c), zmm(16 + c), zmm(24 + c), 0x88);
      a.emit(VSHUFI32X4, zmm(4 + c), zmm(20 + c), zmm(28 + c), 0x88);
      a.emit(VSHUFI32X4, zmm(8 + c), zmm(16 + c), zmm(24 + c), 0xDD);
      a.emit(VSHUFI32X4, zmm(12 + c), zmm(20 + c), zmm(28 + c), 0xDD);
    }
  }
}
