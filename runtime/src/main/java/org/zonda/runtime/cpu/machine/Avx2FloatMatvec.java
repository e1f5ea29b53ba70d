package org.zonda.runtime.cpu.machine;

import static org.zonda.runtime.cpu.machine.Op.*;
import static org.zonda.runtime.cpu.machine.Registers.*;

import org.zonda.runtime.cpu.machine.Operand.Gpr;
import org.zonda.runtime.cpu.machine.Operand.Label;
import org.zonda.runtime.cpu.machine.Operand.Mem;
import org.zonda.runtime.cpu.machine.Operand.Vec;

/**
 * Formats whose elements are floats of some kind, as {@link FloatMatvec}. What remains of a row
 * after the last block is multiplied one by one.
 */
abstract class Avx2FloatMatvec extends Avx2Code {

  private static final int LANES = 8;

  static final Vec WEIGHTS = ymm(0);

  private final int elementBytes;

  Avx2FloatMatvec(InstructionSet set, int tokens, int elementBytes) {
    super(set, tokens, FloatMatvec.COLUMNS * elementBytes, FloatMatvec.COLUMNS * Float.BYTES, 0, 0);
    this.elementBytes = elementBytes;
  }

  /** Reads eight elements to {@link #WEIGHTS}. */
  abstract void load(Mem weights);

  /** Reads one element to {@link #WEIGHTS}, and zeros. */
  abstract void loadOne(Mem weights);

  @Override
  final Sums sums() {
    return Sums.WHOLE;
  }

  @Override
  final void begin() {}

  private static Vec activations(int token) {
    return ymm(1 + token);
  }

  @Override
  final void block() {
    for (int i = 0; i < FloatMatvec.COLUMNS; i += LANES) {
      for (int t = 0; t < tokens; t++) {
        a.emit(VMOVUPS, activations(t), x(t, i * Float.BYTES));
      }
      for (int s = 0; s < ROWS; s++) {
        load(mem(BLOCK[s], i * elementBytes));
        multiply(s);
      }
    }
  }

  private void multiply(int row) {
    for (int t = 0; t < tokens; t++) {
      a.emit(VFMADD231PS, sums(row, t), WEIGHTS, activations(t));
    }
  }

  /** There is a bit for each element that remains. */
  @Override
  final void tail() {
    Label loop = a.label();
    Label end = a.label();
    Gpr remaining = RAX;
    a.emit(MOV, remaining, arg(Arg.SCALES));
    a.emit(MOV, SCALE, COLUMN).emit(SHL, SCALE, 3); // as a distance in bytes
    a.bind(loop);
    a.emit(TEST, remaining, remaining).emit(JE, end);
    for (int t = 0; t < tokens; t++) {
      a.emit(VMOVSS, activations(t).as(128), scale(t));
    }
    for (int s = 0; s < ROWS; s++) {
      loadOne(mem(BLOCK[s]));
      multiply(s);
      a.emit(ADD, BLOCK[s], elementBytes);
    }
    a.emit(ADD, SCALE, Float.BYTES).emit(SHR, remaining, 1).emit(JMP, loop);
    a.bind(end);
  }

  /** Half-precision floats. */
  static final class F16 extends Avx2FloatMatvec {
    F16(InstructionSet set, int tokens) {
      super(set, tokens, Short.BYTES);
    }

    @Override
    void load(Mem weights) {
      a.emit(VCVTPH2PS, WEIGHTS, weights);
    }

    @Override
    void loadOne(Mem weights) {
      Vec one = WEIGHTS.as(128);
      a.emit(VPXOR, one, one, one).emit(VPINSRW, one, one, weights, 0);
      a.emit(VCVTPH2PS, WEIGHTS, one);
    }
  }

  /** Floats of which the lower 16 bits are left out. */
  static final class BF16 extends Avx2FloatMatvec {
    BF16(InstructionSet set, int tokens) {
      super(set, tokens, Short.BYTES);
    }

    @Override
    void load(Mem weights) {
      a.emit(VPMOVZXWD, WEIGHTS, weights).emit(VPSLLD, WEIGHTS, WEIGHTS, 16);
    }

    @Override
    void loadOne(Mem weights) {
      Vec one = WEIGHTS.as(128);
      a.emit(VPXOR, one, one, one).emit(VPINSRW, one, one, weights, 1);
    }
  }

  /** Floats. */
  static final class F32 extends Avx2FloatMatvec {
    F32(InstructionSet set, int tokens) {
      super(set, tokens, Float.BYTES);
    }

    @Override
    void load(Mem weights) {
      a.emit(VMOVUPS, WEIGHTS, weights);
    }

    @Override
    void loadOne(Mem weights) {
      a.emit(VMOVSS, WEIGHTS.as(128), weights);
    }
  }
}
