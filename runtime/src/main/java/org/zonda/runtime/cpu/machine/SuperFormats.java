package org.zonda.runtime.cpu.machine;

import static org.zonda.runtime.cpu.machine.Op.*;
import static org.zonda.runtime.cpu.machine.Registers.*;

import org.zonda.runtime.cpu.machine.Operand.Gpr;
import org.zonda.runtime.cpu.machine.Operand.Mem;
import org.zonda.runtime.cpu.machine.Operand.Vec;

/** The formats of {@link SuperMatvec}; their layouts stand at their codecs. */
final class SuperFormats {

  private SuperFormats() {}

  /** Q4_K: numbers of 4 bits; for 32 of them scale and minimum of 6 bits. */
  static class Q4_K extends SuperMatvec {

    /** Puts eight scales and eight minimums in turn. */
    private static final int[] IN_TURN = {0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15};

    final int numbersAt;

    Q4_K(int tokens) {
      this(tokens, 144, 16);
    }

    Q4_K(int tokens, int blockBytes, int numbersAt) {
      super(tokens, blockBytes, 32);
      this.numbersAt = numbersAt;
    }

    /** Scales have the even lanes, minimums the odd ones. */
    @Override
    int[] lanes(int part) {
      return new int[] {4 * part, 4 * part + 2};
    }

    @Override
    void load() {
      a.emit(MOV, EAX, 0xAAAA).emit(KMOVW, K1, EAX);
      constants.load(OWN, halves(0, 4));
    }

    /** Takes the six bits of 16 numbers apart, for four rows at once; see SixBits of the codecs. */
    @Override
    void heads() {
      Vec head = zmm(0);
      Vec six = zmm(1);
      Vec high = zmm(2);
      loadRows(head, 0);
      // Words of four bytes: scales 0 to 3 and 4 to 7, minimums 0 to 3 and 4 to 7.
      a.emit(VPSHUFD, six, head, 0b11_10_11_01);
      a.emit(VPSHUFD, high, head, 0b10_00_01_00);
      constants.load(zmm(3), 0, 0, 0, 4);
      a.emit(VPSRLVD, six, six, zmm(3));
      constants.load(zmm(3), 0x3F3F3F3F, 0x0F0F0F0F, 0x3F3F3F3F, 0x0F0F0F0F);
      a.emit(VPANDD, six, six, zmm(3));
      a.emit(VPSRLD, high, high, 2);
      constants.load(zmm(3), 0, 0x30303030, 0, 0x30303030);
      a.emit(VPTERNLOGD, six, high, zmm(3), OR_MASKED);
      constants.loadBytes(zmm(3), IN_TURN);
      a.emit(VPSHUFB, six, six, zmm(3));
      a.emit(VMOVDQU32, scratch(ROWS_AT), six);
    }

    /** Scales of the activations and their sums in turn. */
    @Override
    void activationScales(int token, Vec target) {
      a.emit(VPMOVZXDQ, target, scale(token));
      a.emit(VPMOVZXDQ, OTHER, sum(token)).emit(VPSLLQ, OTHER, OTHER, 32);
      a.emit(VPORD, target, target, OTHER);
    }

    @Override
    void scales(int row, Gpr block) {
      a.emit(VPMOVZXBD, SCALES, scratch(ROWS_AT + 16 * row)).emit(VCVTDQ2PS, SCALES, SCALES);
      // The two scales of the block, in turn like what they scale.
      a.emit(VPBROADCASTD, FREE.as(256), mem(block)).emit(VCVTPH2PS, FREE, FREE.as(256));
      a.emit(VMULPS, SCALES, SCALES, FREE);
    }

    @Override
    void subtract(int token, Vec sums, Vec scaled) {
      a.emit(VSUBPS, sums.masked(K1), sums, scaled);
    }

    @Override
    void unpack(Gpr block) {
      for (int p = 0; p < PARTS; p++) {
        split(part(p), mem(block, numbersAt + 32 * p), OWN, 0x0F0F0F0F);
      }
    }
  }

  /** Q5_K: the same with fifth bits, of each group one of every byte. */
  static final class Q5_K extends Q4_K {
    Q5_K(int tokens) {
      super(tokens, 176, 48);
    }

    @Override
    void unpack(Gpr block) {
      super.unpack(block);
      a.emit(VBROADCASTI64X4, FREE, mem(block, 16));
      for (int p = 0; p < PARTS; p++) {
        addBit(part(p), FREE, 2 * p - 4, 0x10101010);
      }
    }
  }

  /** Q6_K: numbers from -32 to 31, and for 16 of them a signed scale. */
  static final class Q6_K extends SuperMatvec {
    private static final float OFFSET = 32;

    Q6_K(int tokens) {
      super(tokens, 210, 16);
    }

    @Override
    void load() {
      constants.load(OWN, halves(4, 2));
      constants.load(OWN_TOO, halves(0, 2));
    }

    @Override
    void heads() {
      keepScales(208);
    }

    @Override
    void scales(int row, Gpr block) {
      a.emit(VPMOVSXBD, SCALES, mem(block, 192)).emit(VCVTDQ2PS, SCALES, SCALES);
      a.emit(VMULPS, SCALES, SCALES, keptScale(row));
      a.emit(VMULPS, OTHER, SCALES, constants.vector(Float.floatToRawIntBits(OFFSET)));
    }

    @Override
    void subtract(int token, Vec sums, Vec scaled) {
      subtractOther(token, sums);
    }

    /** Two times 64 bytes with low bits, and 32 with the high bits of four times 32 numbers. */
    @Override
    void unpack(Gpr block) {
      Mem low = constants.vector(0x0F0F0F0F);
      Mem high = constants.vector(0x30303030);
      for (int half = 0; half < 2; half++) {
        Vec first = part(2 * half);
        Vec second = part(2 * half + 1);
        a.emit(VMOVDQU32, second, mem(block, 64 * half));
        a.emit(VBROADCASTI64X4, FREE, mem(block, 128 + 32 * half));
        a.emit(VPANDD, first, second, low);
        a.emit(VPSLLVD, PRODUCTS, FREE, OWN);
        a.emit(VPTERNLOGD, first, PRODUCTS, high, OR_MASKED);
        a.emit(VPSRLW, second, second, 4).emit(VPANDD, second, second, low);
        a.emit(VPSRLVD, PRODUCTS, FREE, OWN_TOO);
        a.emit(VPTERNLOGD, second, PRODUCTS, high, OR_MASKED);
      }
    }
  }

  /** Q2_K: numbers of 2 bits, and for 16 of them scale and minimum of 4 bits in one byte. */
  static final class Q2_K extends SuperMatvec {
    Q2_K(int tokens) {
      super(tokens, 84, 16);
    }

    @Override
    void load() {
      constants.load(OWN, halves(0, 2));
      constants.load(OWN_TOO, halves(4, 6));
    }

    /** Scale and scale of the minimums of each row. */
    @Override
    void heads() {
      a.emit(VMOVD, xmm(0), mem(BLOCK[0], 80));
      for (int s = 1; s < ROWS; s++) {
        a.emit(VPINSRD, xmm(0), xmm(0), mem(BLOCK[s], 80), s);
      }
      a.emit(VCVTPH2PS, ymm(0), xmm(0)).emit(VMOVUPS, scratch(SCALES_AT), ymm(0));
    }

    @Override
    void scales(int row, Gpr block) {
      a.emit(VPMOVZXBD, SCALES, mem(block));
      a.emit(VPSRLD, OTHER, SCALES, 4).emit(VPANDD, SCALES, SCALES, constants.vector(15));
      a.emit(VCVTDQ2PS, SCALES, SCALES).emit(VCVTDQ2PS, OTHER, OTHER);
      a.emit(VMULPS, SCALES, SCALES, keptScale(2 * row));
      a.emit(VMULPS, OTHER, OTHER, keptScale(2 * row + 1));
    }

    @Override
    void subtract(int token, Vec sums, Vec scaled) {
      subtractOther(token, sums);
    }

    @Override
    void unpack(Gpr block) {
      for (int p = 0; p < PARTS; p++) {
        Mem bytes = mem(block, 16 + 32 * (p / 2));
        split(part(p), bytes, p % 2 == 0 ? OWN : OWN_TOO, 0x03030303);
      }
    }
  }

  /** Q3_K: numbers from -4 to 3, and for 16 of them a scale of 6 bits, less 32. */
  static final class Q3_K extends SuperMatvec {
    private static final float OFFSET = 4;

    Q3_K(int tokens) {
      super(tokens, 110, 16);
    }

    @Override
    void load() {
      constants.load(OWN, halves(0, 2));
      constants.load(OWN_TOO, halves(4, 6));
    }

    /** Puts the scales of four rows together: 16 bytes from 94 on hold 12 bytes with them. */
    @Override
    void heads() {
      keepScales(108);
      Vec low = zmm(1);
      Vec high = zmm(2);
      loadRows(zmm(0), 94);
      constants.loadBytes(zmm(3), 2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5, 6, 7, 8, 9);
      a.emit(VPSHUFB, low, zmm(0), zmm(3));
      constants.loadBytes(zmm(3), 10, 11, 12, 13, 10, 11, 12, 13, 10, 11, 12, 13, 10, 11, 12, 13);
      a.emit(VPSHUFB, high, zmm(0), zmm(3));
      constants.load(zmm(3), 0, 0, 4, 4);
      a.emit(VPSRLVD, low, low, zmm(3));
      a.emit(VPANDD, low, low, constants.vector(0x0F0F0F0F));
      constants.load(zmm(3), 0, 2, 4, 6);
      a.emit(VPSRLVD, high, high, zmm(3)).emit(VPSLLD, high, high, 4);
      a.emit(VPTERNLOGD, low, high, constants.vector(0x30303030), OR_MASKED);
      constants.load(zmm(3), 0x20202020);
      a.emit(VPSUBB, low, low, zmm(3));
      a.emit(VMOVDQU32, scratch(ROWS_AT), low);
    }

    @Override
    void scales(int row, Gpr block) {
      a.emit(VPMOVSXBD, SCALES, scratch(ROWS_AT + 16 * row)).emit(VCVTDQ2PS, SCALES, SCALES);
      a.emit(VMULPS, SCALES, SCALES, keptScale(row));
      a.emit(VMULPS, OTHER, SCALES, constants.vector(Float.floatToRawIntBits(OFFSET)));
    }

    @Override
    void subtract(int token, Vec sums, Vec scaled) {
      subtractOther(token, sums);
    }

    @Override
    void unpack(Gpr block) {
      a.emit(VBROADCASTI64X4, FREE, mem(block));
      for (int p = 0; p < PARTS; p++) {
        Mem bytes = mem(block, 32 + 32 * (p / 2));
        split(part(p), bytes, p % 2 == 0 ? OWN : OWN_TOO, 0x03030303);
        addBit(part(p), FREE, 2 * p - 2, 0x04040404);
      }
    }
  }

  /** IQ4_XS: codes of 4 bits for 16 levels, and for 32 of them a scale of 6 bits, less 32. */
  static final class IQ4_XS extends SuperMatvec {
    IQ4_XS(int tokens) {
      super(tokens, 136, 32);
    }

    @Override
    void load() {
      a.emit(MOV, EAX, 0xFF).emit(KMOVW, K1, EAX);
      constants.load(OWN, 0, 0, 0, 0, 4, 4, 4, 4, 0, 0, 0, 0, 4, 4, 4, 4);
      constants.loadBytes(OWN_TOO, BlockMatvec.IQ4_NL.LEVELS);
    }

    @Override
    void heads() {
      keepScales(0);
    }

    /** Eight scales; what the other lanes have is not used, but is finite. */
    @Override
    void activationScales(int token, Vec target) {
      a.emit(VMOVUPS, target.as(256), scale(token));
    }

    @Override
    void scales(int row, Gpr block) {
      Vec scales = SCALES.as(256);
      Vec high = OTHER.as(256);
      a.emit(VPBROADCASTD, scales, mem(block, 4)).emit(VPBROADCASTD, high, mem(block));
      a.emit(VPSRLVD, scales, scales, constants.vector(0, 4, 8, 12, 16, 20, 24, 28));
      a.emit(VPSRLVD, high, high, constants.vector(16, 18, 20, 22, 24, 26, 28, 30));
      a.emit(VPANDD, scales, scales, constants.vector(15));
      a.emit(VPANDD, high, high, constants.vector(3)).emit(VPSLLD, high, high, 4);
      a.emit(VPORD, scales, scales, high);
      a.emit(VPSUBD, scales, scales, constants.vector(32)).emit(VCVTDQ2PS, scales, scales);
      a.emit(VMULPS, scales, scales, keptScale(row));
      float offset = BlockMatvec.IQ4_NL.OFFSET;
      a.emit(VMULPS, high, scales, constants.vector(Float.floatToRawIntBits(offset)));
    }

    @Override
    void subtract(int token, Vec sums, Vec scaled) {
      subtractOther(token, sums.masked(K1));
    }

    /** 32 bytes hold two groups of 16 lower and 16 upper halves. */
    @Override
    void unpack(Gpr block) {
      for (int p = 0; p < PARTS; p++) {
        Vec part = part(p);
        a.emit(VMOVDQU, part.as(256), mem(block, 8 + 32 * p));
        a.emit(VSHUFI32X4, part, part, part, 0b01_01_00_00);
        a.emit(VPSRLVD, part, part, OWN);
        a.emit(VPANDD, part, part, constants.vector(0x0F0F0F0F));
        a.emit(VPSHUFB, part, OWN_TOO, part);
      }
    }
  }
}
