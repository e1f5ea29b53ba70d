package org.zonda.runtime.cpu.machine;

import static org.zonda.runtime.cpu.machine.Op.*;
import static org.zonda.runtime.cpu.machine.Registers.*;

import org.zonda.runtime.cpu.machine.Operand.Mem;
import org.zonda.runtime.cpu.machine.Operand.Vec;

/**
 * Formats whose elements are floats of some kind, multiplied with float activations. A block is
 * {@value #COLUMNS} elements; what remains of a row is read under masks, and nothing past it.
 *
 * <p>Of the arguments, the place of the scales holds a bit for each remaining element.
 */
abstract class FloatMatvec extends MatvecCode {

  /** Elements of a block. */
  static final int COLUMNS = 32;

  private static final int LANES = 16;

  private final int elementBytes;

  FloatMatvec(int tokens, int elementBytes) {
    super(InstructionSet.AVX512, tokens, COLUMNS * elementBytes, COLUMNS * Float.BYTES, 0, 0);
    this.elementBytes = elementBytes;
  }

  /** The activations of a token in half a block. */
  private static Vec activations(int token, int half) {
    return zmm(2 + 2 * token + half);
  }

  /** The sums of a row and a token. */
  private static Vec sums(int row, int token) {
    return zmm(16 + ROWS * token + row);
  }

  /** Reads 16 weights as floats; the mask, if any, is the target's. */
  abstract void load(Vec target, Mem weights);

  @Override
  final Sums sums() {
    return Sums.WHOLE;
  }

  @Override
  final void begin() {
    a.emit(MOV, RAX, arg(Arg.SCALES)).emit(KMOVW, K1, EAX);
    a.emit(SHR, RAX, LANES).emit(KMOVW, K2, EAX);
  }

  @Override
  final void clear() {
    for (int t = 0; t < tokens; t++) {
      for (int s = 0; s < ROWS; s++) {
        zero(sums(s, t));
      }
    }
  }

  @Override
  final void block() {
    multiply(false);
  }

  @Override
  final void tail() {
    multiply(true);
  }

  private void multiply(boolean masked) {
    for (int half = 0; half < 2; half++) {
      for (int t = 0; t < tokens; t++) {
        Vec x = activations(t, half);
        a.emit(VMOVUPS, masked ? x.zeroed(mask(half)) : x, x(t, 64 * half));
      }
    }
    for (int half = 0; half < 2; half++) {
      for (int s = 0; s < ROWS; s++) {
        Vec weights = zmm(s % 2);
        Mem from = mem(BLOCK[s], half * LANES * elementBytes);
        load(masked ? weights.zeroed(mask(half)) : weights, from);
        for (int t = 0; t < tokens; t++) {
          a.emit(VFMADD231PS, sums(s, t), weights, activations(t, half));
        }
      }
    }
  }

  private static Operand.Mask mask(int half) {
    return half == 0 ? K1 : K2;
  }

  @Override
  final void reduce(int token) {
    reduceFour(sums(0, token), sums(1, token), sums(2, token), sums(3, token));
  }

  /** Half-precision floats. */
  static final class F16 extends FloatMatvec {
    F16(int tokens) {
      super(tokens, Short.BYTES);
    }

    @Override
    void load(Vec target, Mem weights) {
      a.emit(VCVTPH2PS, target, weights);
    }
  }

  /** Floats of which the lower 16 bits are left out. */
  static final class BF16 extends FloatMatvec {
    BF16(int tokens) {
      super(tokens, Short.BYTES);
    }

    @Override
    void load(Vec target, Mem weights) {
      Vec all = zmm(target.number());
      a.emit(VPMOVZXWD, target, weights).emit(VPSLLD, all, all, 16);
    }
  }

  /** Floats. */
  static final class F32 extends FloatMatvec {
    F32(int tokens) {
      super(tokens, Float.BYTES);
    }

    @Override
    void load(Vec target, Mem weights) {
      a.emit(VMOVUPS, target, weights);
    }
  }
}
