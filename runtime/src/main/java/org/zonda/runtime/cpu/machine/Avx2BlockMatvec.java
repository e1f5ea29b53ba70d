package org.zonda.runtime.cpu.machine;

import static org.zonda.runtime.cpu.machine.Op.*;
import static org.zonda.runtime.cpu.machine.Registers.*;

import org.zonda.model.tensor.TensorType;
import org.zonda.runtime.cpu.machine.Operand.Gpr;
import org.zonda.runtime.cpu.machine.Operand.Mem;
import org.zonda.runtime.cpu.machine.Operand.Vec;

/** Formats whose blocks are 32 numbers with a scale, and with a minimum or an offset. */
abstract class Avx2BlockMatvec extends Avx2Matvec {

  private static final int COLUMNS = 32;

  /** The scales of four rows. */
  static final Vec SCALES = xmm(4);

  /** What the sums of the activations are multiplied with, of four rows. */
  static final Vec MINIMUMS = xmm(5);

  static final Vec FREE = ymm(6);

  /** What a format needs. */
  static final Vec OWN = ymm(7);

  /** Where the scales of four rows, times those of a token, are kept: 16 bytes a token. */
  private static final int SCALED_AT = 0;

  /** Where the sums of four rows' minimums are kept. */
  private static final int SUMS_AT = 64;

  private final boolean minimums;

  /**
   * A format.
   *
   * @param minimums whether sums of the activations are needed
   * @param signed whether the numbers are signed
   */
  Avx2BlockMatvec(
      InstructionSet set, int tokens, TensorType type, boolean minimums, boolean signed) {
    super(
        set,
        tokens,
        Math.toIntExact(type.bytes(COLUMNS)),
        COLUMNS,
        Float.BYTES,
        Float.BYTES,
        signed);
    this.minimums = minimums;
  }

  @Override
  final Sums sums() {
    return Sums.OF_32;
  }

  /** Loads what {@link #OWN} is to hold. */
  @Override
  void begin() {}

  /** Puts what is in a row's block into {@link #NUMBERS}. */
  abstract void unpack(Gpr block);

  /** Loads {@link #SCALES}, and {@link #MINIMUMS} where there are some. */
  abstract void scales();

  @Override
  final void clear() {
    super.clear();
    if (minimums) {
      a.emit(VPXOR, FREE, FREE, FREE);
      for (int t = 0; t < tokens; t++) {
        a.emit(VMOVUPS, scratch(SUMS_AT, t), FREE.as(128));
      }
    }
  }

  private static Mem scratch(int at, int token) {
    return mem(SCRATCH, at + 16 * token);
  }

  @Override
  final void block() {
    scales();
    Vec free = FREE.as(128);
    for (int t = 0; t < tokens; t++) {
      a.emit(VBROADCASTSS, free, scale(t)).emit(VMULPS, free, free, SCALES);
      a.emit(VMOVUPS, scratch(SCALED_AT, t), free);
      if (minimums) {
        a.emit(VBROADCASTSS, free, sum(t)).emit(VMULPS, free, free, MINIMUMS);
        a.emit(VADDPS, free, free, scratch(SUMS_AT, t));
        a.emit(VMOVUPS, scratch(SUMS_AT, t), free);
      }
    }
    for (int s = 0; s < ROWS; s++) {
      unpack(BLOCK[s]);
      numbersAreMade();
      for (int t = 0; t < tokens; t++) {
        Mem scaled = scratch(SCALED_AT, t).plus(Float.BYTES * s);
        addProducts(s, t, x(t, 0), target -> a.emit(VBROADCASTSS, target, scaled));
      }
    }
  }

  @Override
  final void reduce(int token) {
    super.reduce(token);
    if (minimums) {
      a.emit(VADDPS, xmm(0), xmm(0), scratch(SUMS_AT, token));
    }
  }

  /** Loads half-precision scales, the first bytes of the blocks. */
  final void halfScales() {
    // The first is read with bytes of the block that follow it; one conversion takes four.
    a.emit(VMOVD, SCALES, mem(BLOCK[0]));
    for (int s = 1; s < ROWS; s++) {
      a.emit(VPINSRW, SCALES, SCALES, mem(BLOCK[s]), s);
    }
    a.emit(VCVTPH2PS, SCALES, SCALES);
  }

  /** The same of numbers that were stored with an offset, which becomes the minimum. */
  final void halfScales(int offset) {
    halfScales();
    a.emit(VMULPS, MINIMUMS, SCALES, constants.repeated(Float.floatToRawIntBits(-offset)));
  }

  /** Loads half-precision scales and the minimums next to them. */
  final void halfScalesAndMinimums() {
    Vec both = FREE.as(128);
    a.emit(VMOVD, both, mem(BLOCK[0]));
    for (int s = 1; s < ROWS; s++) {
      a.emit(VPINSRD, both, both, mem(BLOCK[s]), s);
    }
    // Words in the order 0, 2, 4, 6, 1, 3, 5, 7.
    a.emit(VPSHUFB, both, both, constants.repeated(0x05040100, 0x0D0C0908, 0x07060302, 0x0F0E0B0A));
    a.emit(VCVTPH2PS, FREE, both);
    a.emit(VMOVAPS, SCALES, both).emit(VEXTRACTF128, MINIMUMS, FREE, 1);
  }

  /** Adds 16 to the numbers whose bit is set, in four bytes at a distance into the block. */
  final void fifthBits(Gpr block, int distance) {
    a.emit(VPBROADCASTD, FREE, mem(block, distance));
    // Each byte for eight numbers, of which each looks at its own bit.
    a.emit(
        VPSHUFB,
        FREE,
        FREE,
        constants.repeated(
            0, 0, 0x01010101, 0x01010101, 0x02020202, 0x02020202, 0x03030303, 0x03030303));
    a.emit(VPAND, FREE, FREE, constants.repeated(0x08040201, 0x80402010));
    a.emit(VPCMPEQB, FREE, FREE, constants.repeated(0x08040201, 0x80402010));
    and(FREE, 0x10101010);
    a.emit(VPOR, NUMBERS, NUMBERS, FREE);
  }

  /** Replaces numbers of four bits by those of a table that {@link #OWN} holds. */
  final void lookUp() {
    a.emit(VPSHUFB, NUMBERS, OWN, NUMBERS);
  }

  /** Q8_0: a scale and 32 signed bytes. */
  static final class Q8_0 extends Avx2BlockMatvec {
    Q8_0(InstructionSet set, int tokens) {
      super(set, tokens, TensorType.Q8_0, false, true);
    }

    @Override
    void scales() {
      halfScales();
    }

    @Override
    void unpack(Gpr block) {
      a.emit(VMOVDQU, NUMBERS, mem(block, 2));
    }
  }

  /** Q4_0: a scale and 32 numbers from -8 to 7. */
  static final class Q4_0 extends Avx2BlockMatvec {
    Q4_0(InstructionSet set, int tokens) {
      super(set, tokens, TensorType.Q4_0, true, false);
    }

    @Override
    void scales() {
      halfScales(8);
    }

    @Override
    void unpack(Gpr block) {
      nibbles(mem(block, 2));
    }
  }

  /** Q4_1: a scale, a minimum and 32 numbers from 0 to 15. */
  static final class Q4_1 extends Avx2BlockMatvec {
    Q4_1(InstructionSet set, int tokens) {
      super(set, tokens, TensorType.Q4_1, true, false);
    }

    @Override
    void scales() {
      halfScalesAndMinimums();
    }

    @Override
    void unpack(Gpr block) {
      nibbles(mem(block, 4));
    }
  }

  /** Q5_0: a scale, the fifth bits, and 32 numbers from -16 to 15. */
  static final class Q5_0 extends Avx2BlockMatvec {
    Q5_0(InstructionSet set, int tokens) {
      super(set, tokens, TensorType.Q5_0, true, false);
    }

    @Override
    void scales() {
      halfScales(16);
    }

    @Override
    void unpack(Gpr block) {
      nibbles(mem(block, 6));
      fifthBits(block, 2);
    }
  }

  /** Q5_1: a scale, a minimum, the fifth bits, and 32 numbers from 0 to 31. */
  static final class Q5_1 extends Avx2BlockMatvec {
    Q5_1(InstructionSet set, int tokens) {
      super(set, tokens, TensorType.Q5_1, true, false);
    }

    @Override
    void scales() {
      halfScalesAndMinimums();
    }

    @Override
    void unpack(Gpr block) {
      nibbles(mem(block, 8));
      fifthBits(block, 4);
    }
  }

  /** IQ4_NL: a scale and 32 codes of levels. */
  static final class IQ4_NL extends Avx2BlockMatvec {

    /** The levels, as ggml has them. */
    static final int[] LEVELS = {
      -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113
    };

    IQ4_NL(InstructionSet set, int tokens) {
      super(set, tokens, TensorType.IQ4_NL, false, true);
    }

    @Override
    void begin() {
      loadTable(OWN, LEVELS);
    }

    @Override
    void scales() {
      halfScales();
    }

    @Override
    void unpack(Gpr block) {
      nibbles(mem(block, 2));
      lookUp();
    }
  }

  /** MXFP4: a power of two and 32 floats of 4 bits. */
  static final class MXFP4 extends Avx2BlockMatvec {

    /** Twice what the codes stand for. */
    private static final int[] TWICE = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

    MXFP4(InstructionSet set, int tokens) {
      super(set, tokens, TensorType.MXFP4, false, true);
    }

    @Override
    void begin() {
      loadTable(OWN, TWICE);
    }

    /** {@code 2^(e - 128)}, half the scale: a float's bits are {@code (e - 1) << 23}, if e > 1. */
    @Override
    void scales() {
      Vec denormal = xmm(0);
      Vec isNormal = xmm(1);
      a.emit(VPXOR, SCALES, SCALES, SCALES);
      for (int s = 0; s < ROWS; s++) {
        a.emit(VPINSRB, SCALES, SCALES, mem(BLOCK[s]), 4 * s);
      }
      a.emit(VMOVDQU, denormal, constants.repeated(0x00200000));
      a.emit(VPSLLVD, denormal, denormal, SCALES);
      a.emit(VPCMPGTD, isNormal, SCALES, constants.repeated(1));
      a.emit(VPSUBD, SCALES, SCALES, constants.repeated(1)).emit(VPSLLD, SCALES, SCALES, 23);
      a.emit(VPAND, SCALES, SCALES, isNormal).emit(VPANDN, denormal, isNormal, denormal);
      a.emit(VPOR, SCALES, SCALES, denormal);
    }

    @Override
    void unpack(Gpr block) {
      nibbles(mem(block, 1));
      lookUp();
    }
  }
}
