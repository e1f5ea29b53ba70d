package org.zonda.runtime.cpu.machine;

import static org.zonda.runtime.cpu.machine.Op.*;
import static org.zonda.runtime.cpu.machine.Registers.*;

import org.zonda.model.tensor.TensorType;
import org.zonda.runtime.cpu.machine.Operand.Gpr;
import org.zonda.runtime.cpu.machine.Operand.Mem;
import org.zonda.runtime.cpu.machine.Operand.Vec;

/**
 * Formats whose blocks are 256 numbers, with a scale for each 32 or 16 of them. A row's scales are
 * multiplied with those of the activations at once, eight in a vector, and kept in memory; minimums
 * and offsets go through the sums of the activations.
 */
abstract class Avx2SuperMatvec extends Avx2Matvec {

  private static final int COLUMNS = 256;

  /** What the scales of the groups of a row are put into, as floats: the first eight. */
  static final Vec SCALES = ymm(4);

  /** The other eight scales, where groups are of 16. Free while numbers are made. */
  static final Vec MORE_SCALES = ymm(5);

  /** Minimums, which are subtracted; the first eight. Free while numbers are made. */
  static final Vec MINIMUMS = ymm(6);

  /** The other eight minimums. */
  static final Vec MORE_MINIMUMS = ymm(0);

  /** What a format with groups of 32 needs; of 16: the lanes of two groups. */
  static final Vec OWN = ymm(7);

  /** Where the scaled scales are kept: 64 bytes a token. */
  private static final int SCALED_AT = 0;

  final int group;
  private final boolean minimums;

  /**
   * A format.
   *
   * @param group numbers that share a scale: 32 or 16
   * @param minimums whether sums of the activations are needed
   * @param signed whether the numbers are signed
   */
  Avx2SuperMatvec(
      InstructionSet set,
      int tokens,
      TensorType type,
      int group,
      boolean minimums,
      boolean signed) {
    super(
        set,
        tokens,
        Math.toIntExact(type.bytes(COLUMNS)),
        COLUMNS,
        COLUMNS / QuantizedRows.BLOCK * Float.BYTES,
        COLUMNS / group * Float.BYTES,
        signed);
    this.group = group;
    this.minimums = minimums;
  }

  @Override
  final Sums sums() {
    return group == 16 ? Sums.OF_16 : Sums.OF_32;
  }

  /** Loads what {@link #OWN} is to hold. */
  @Override
  void begin() {
    a.emit(VMOVDQU, OWN, constants.repeated(0, 0, 0, 0, 1, 1, 1, 1));
  }

  /** Loads {@link #SCALES}, and {@link #MINIMUMS} where there are some. */
  abstract void scales(Gpr block);

  /** Puts the numbers of 32 columns into {@link #NUMBERS}: called for parts 0 to 7 in turn. */
  abstract void unpack(Gpr block, int part);

  private static Mem scratch(int token) {
    return mem(SCRATCH, SCALED_AT + 64 * token);
  }

  @Override
  final void block() {
    for (int s = 0; s < ROWS; s++) {
      scales(BLOCK[s]);
      for (int t = 0; t < tokens; t++) {
        if (minimums) {
          a.emit(VFNMADD231PS, sums(s, t), MINIMUMS, sum(t));
          if (group == 16) {
            a.emit(VFNMADD231PS, sums(s, t), MORE_MINIMUMS, sum(t).plus(32));
          }
        }
      }
      for (int t = 0; t < tokens; t++) {
        keepScaled(t);
      }
      for (int part = 0; part < COLUMNS / PART; part++) {
        unpack(BLOCK[s], part);
        numbersAreMade();
        for (int t = 0; t < tokens; t++) {
          Mem scaled = scratch(t).plus(part * PART / group * Float.BYTES);
          addProducts(s, t, x(t, PART * part), target -> loadScale(target, scaled));
        }
      }
    }
  }

  /** Multiplies the scales of the groups with those of the activations, and keeps them. */
  private void keepScaled(int token) {
    Vec scaled = ymm(1);
    if (group == 32) {
      a.emit(VMULPS, scaled, SCALES, scale(token)).emit(VMOVUPS, scratch(token), scaled);
      return;
    }
    // Each scale of 32 activations for two groups.
    a.emit(VMOVDQU, scaled, constants.repeated(0, 0, 1, 1, 2, 2, 3, 3));
    a.emit(VPERMPS, scaled, scaled, scale(token)).emit(VMULPS, scaled, scaled, SCALES);
    a.emit(VMOVUPS, scratch(token), scaled);
    a.emit(VMOVDQU, scaled, constants.repeated(4, 4, 5, 5, 6, 6, 7, 7));
    a.emit(VPERMPS, scaled, scaled, scale(token)).emit(VMULPS, scaled, scaled, MORE_SCALES);
    a.emit(VMOVUPS, scratch(token).plus(32), scaled);
  }

  private void loadScale(Vec target, Mem scaled) {
    if (group == 32) {
      a.emit(VBROADCASTSS, target, scaled);
    } else {
      a.emit(VPBROADCASTQ, target, scaled).emit(VPERMPS, target, OWN, target);
    }
  }

  /** Four bits of the 64 numbers that 32 bytes hold, those of a part. */
  final void halves(Gpr block, int distance, int part) {
    if (part % 2 == 0) {
      a.emit(VMOVDQU, SCALES, mem(block, distance + 32 * (part / 2)));
      a.emit(VMOVDQA, NUMBERS, SCALES);
    } else {
      a.emit(VPSRLW, NUMBERS, SCALES, 4);
    }
    lowerBits(NUMBERS);
  }

  /** Two bits of a part: four numbers are in a byte, those of 128 columns in 32 bytes. */
  final void twoBits(Vec target, Gpr block, int distance, int part, int to) {
    a.emit(VMOVDQU, target, mem(block, distance + 32 * (part / 4)));
    shift(target, target, to - 2 * (part % 4));
    and(target, 0x03030303 << to);
  }

  /** Adds one bit to the numbers: that of a part, of 32 bytes. */
  final void oneBit(Gpr block, int distance, int part, int to) {
    a.emit(VMOVDQU, MORE_SCALES, mem(block, distance));
    shift(MORE_SCALES, MORE_SCALES, to - part);
    and(MORE_SCALES, 0x01010101 << to);
    a.emit(VPOR, NUMBERS, NUMBERS, MORE_SCALES);
  }

  /** Converts whole numbers, times a scale, and as many minimums, times another. */
  final void scaleBy(Vec scale, Vec... numbers) {
    for (Vec number : numbers) {
      a.emit(VCVTDQ2PS, number, number).emit(VMULPS, number, number, scale);
    }
  }

  /** Eight scales and eight minimums of 6 bits, and a half-precision scale of each. */
  final void sixBits(Gpr block) {
    Vec all = xmm(4);
    Vec high = xmm(5);
    // The words: both scales of scales; low scales; low minimums; low bits of the high ones.
    a.emit(VMOVDQU, all, mem(block));
    a.emit(VPSHUFD, high, all, 0b10_10_01_01).emit(VPSRLD, high, high, 2);
    a.emit(VPSHUFD, all, all, 0b11_10_11_01);
    a.emit(VPSRLVD, all, all, constants.repeated(0, 0, 0, 4));
    a.emit(VPAND, all, all, constants.repeated(0x3F3F3F3F, 0x0F0F0F0F, 0x3F3F3F3F, 0x0F0F0F0F));
    a.emit(VPAND, high, high, constants.repeated(0, 0x30303030, 0, 0x30303030));
    a.emit(VPOR, all, all, high);
    a.emit(VPSRLDQ, high, all, 8);
    a.emit(VPMOVZXBD, MINIMUMS, high).emit(VPMOVZXBD, SCALES, all);
    half(ymm(0), mem(block));
    half(ymm(1), mem(block, 2));
    scaleBy(ymm(0), SCALES);
    scaleBy(ymm(1), MINIMUMS);
  }

  /** Sixteen signed bytes in xmm0 become scales, and with an offset minimums, too. */
  final void signedScales(Mem scale, int offset) {
    a.emit(VPMOVSXBD, SCALES, xmm(0));
    a.emit(VPSRLDQ, xmm(0), xmm(0), 8).emit(VPMOVSXBD, MORE_SCALES, xmm(0));
    half(ymm(1), scale);
    scaleBy(ymm(1), SCALES, MORE_SCALES);
    Mem factor = constants.repeated(Float.floatToRawIntBits(offset));
    a.emit(VMULPS, MINIMUMS, SCALES, factor).emit(VMULPS, MORE_MINIMUMS, MORE_SCALES, factor);
  }

  /** Q4_K: numbers of 4 bits, groups of 32 with minimums. */
  static final class Q4_K extends Avx2SuperMatvec {
    Q4_K(InstructionSet set, int tokens) {
      super(set, tokens, TensorType.Q4_K, 32, true, false);
    }

    @Override
    void scales(Gpr block) {
      sixBits(block);
    }

    @Override
    void unpack(Gpr block, int part) {
      halves(block, 16, part);
    }
  }

  /** Q5_K: numbers of 5 bits, groups of 32 with minimums. */
  static final class Q5_K extends Avx2SuperMatvec {
    Q5_K(InstructionSet set, int tokens) {
      super(set, tokens, TensorType.Q5_K, 32, true, false);
    }

    @Override
    void scales(Gpr block) {
      sixBits(block);
    }

    @Override
    void unpack(Gpr block, int part) {
      halves(block, 48, part);
      oneBit(block, 16, part, 4);
    }
  }

  /** Q6_K: numbers from -32 to 31, groups of 16. */
  static final class Q6_K extends Avx2SuperMatvec {
    Q6_K(InstructionSet set, int tokens) {
      super(set, tokens, TensorType.Q6_K, 16, true, false);
    }

    @Override
    void scales(Gpr block) {
      a.emit(VMOVDQU, xmm(0), mem(block, 192));
      signedScales(mem(block, 208), 32);
    }

    @Override
    void unpack(Gpr block, int part) {
      a.emit(VMOVDQU, NUMBERS, mem(block, 64 * (part / 4) + 32 * (part % 2)));
      if (part % 4 >= 2) {
        a.emit(VPSRLW, NUMBERS, NUMBERS, 4);
      }
      lowerBits(NUMBERS);
      twoBits(SCALES, block, 128, part, 4);
      a.emit(VPOR, NUMBERS, NUMBERS, SCALES);
    }
  }

  /** Q2_K: numbers of 2 bits, groups of 16 with minimums. */
  static final class Q2_K extends Avx2SuperMatvec {
    Q2_K(InstructionSet set, int tokens) {
      super(set, tokens, TensorType.Q2_K, 16, true, false);
    }

    @Override
    void scales(Gpr block) {
      a.emit(VPMOVZXBD, SCALES, mem(block)).emit(VPMOVZXBD, MORE_SCALES, mem(block, 8));
      a.emit(VPSRLD, MINIMUMS, SCALES, 4).emit(VPSRLD, MORE_MINIMUMS, MORE_SCALES, 4);
      lowerBits(SCALES);
      lowerBits(MORE_SCALES);
      half(ymm(1), mem(block, 80));
      scaleBy(ymm(1), SCALES, MORE_SCALES);
      half(ymm(1), mem(block, 82));
      scaleBy(ymm(1), MINIMUMS, MORE_MINIMUMS);
    }

    @Override
    void unpack(Gpr block, int part) {
      twoBits(NUMBERS, block, 16, part, 0);
    }
  }

  /** Q3_K: numbers from -4 to 3, groups of 16. */
  static final class Q3_K extends Avx2SuperMatvec {
    Q3_K(InstructionSet set, int tokens) {
      super(set, tokens, TensorType.Q3_K, 16, true, false);
    }

    @Override
    void scales(Gpr block) {
      Vec high = xmm(1);
      a.emit(VPBROADCASTQ, xmm(0), mem(block, 96));
      a.emit(VPSRLVD, xmm(0), xmm(0), constants.repeated(0, 0, 4, 4));
      lowerBits(xmm(0));
      a.emit(VPBROADCASTD, high, mem(block, 104));
      a.emit(VPSRLVD, high, high, constants.repeated(0, 2, 4, 6));
      and(high, 0x03030303);
      a.emit(VPSLLD, high, high, 4).emit(VPOR, xmm(0), xmm(0), high);
      a.emit(VPSUBB, xmm(0), xmm(0), constants.repeated(0x20202020));
      signedScales(mem(block, 108), 4);
    }

    @Override
    void unpack(Gpr block, int part) {
      twoBits(NUMBERS, block, 32, part, 0);
      oneBit(block, 0, part, 2);
    }
  }

  /** IQ4_XS: codes of levels, groups of 32. */
  static final class IQ4_XS extends Avx2SuperMatvec {
    IQ4_XS(InstructionSet set, int tokens) {
      super(set, tokens, TensorType.IQ4_XS, 32, false, true);
    }

    @Override
    void begin() {
      loadTable(OWN, Avx2BlockMatvec.IQ4_NL.LEVELS);
    }

    @Override
    void scales(Gpr block) {
      Vec high = ymm(5);
      a.emit(VPBROADCASTD, SCALES, mem(block, 4));
      a.emit(VPSRLVD, SCALES, SCALES, constants.repeated(0, 4, 8, 12, 16, 20, 24, 28));
      and(SCALES, 15);
      a.emit(VPBROADCASTD, high, mem(block));
      a.emit(VPSRLVD, high, high, constants.repeated(16, 18, 20, 22, 24, 26, 28, 30));
      and(high, 3);
      a.emit(VPSLLD, high, high, 4).emit(VPOR, SCALES, SCALES, high);
      a.emit(VPSUBD, SCALES, SCALES, constants.repeated(32));
      half(ymm(0), mem(block));
      scaleBy(ymm(0), SCALES);
    }

    @Override
    void unpack(Gpr block, int part) {
      nibbles(mem(block, 8 + 16 * part));
      a.emit(VPSHUFB, NUMBERS, OWN, NUMBERS);
    }
  }
}
