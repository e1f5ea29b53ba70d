package org.zonda.runtime.cpu.machine;

import static org.zonda.runtime.cpu.machine.Op.*;
import static org.zonda.runtime.cpu.machine.Registers.*;

import org.zonda.runtime.cpu.machine.Operand.Vec;

/**
 * Formats whose blocks are 32 numbers with a scale: a format says how a block becomes 32 unsigned
 * bytes.
 *
 * <p>A vector holds 16 bytes of each of four rows. Their products with 16 activations, added to
 * those of the other half of the block, are four sums for each row in its own part of the vector,
 * so that one conversion and one multiplication scale the blocks of four rows.
 *
 * <p>Numbers are read as {@code number + offset}, since vpdpbusd takes unsigned bytes. The sums of
 * products begin at {@code -offset * sum of the activations}, so they are exact whole numbers.
 * Formats whose blocks have a minimum have no offset but add {@code minimum * sum of activations}.
 */
abstract class BlockMatvec extends MatvecCode {

  /** Columns of a block. */
  private static final int COLUMNS = 32;

  /** The bytes of the first and the second half of four rows' blocks. */
  static final Vec FIRST = zmm(0);

  static final Vec SECOND = zmm(1);

  /** For {@link #unpack}. */
  static final Vec FREE = zmm(7);

  /** Scales of the blocks of four rows; or scale and minimum of each. */
  static final Vec SCALES = xmm(2);

  private static final Vec PRODUCTS = zmm(3);
  private static final Vec X = zmm(4);
  private static final Vec X_SECOND = zmm(5);
  private static final Vec SCALED = xmm(6);

  /** To spread four scales to the parts of a vector. */
  private static final Vec SPREAD = zmm(31);

  /** The lower four bits of every byte. */
  static final Vec LOWER = zmm(30);

  /** What a format needs. */
  static final Vec OWN = zmm(29);

  static final Vec OWN_TOO = zmm(15);

  private final int scaleAt;
  private final int offset;
  private final boolean minimums;

  /**
   * A format.
   *
   * @param blockBytes bytes of a block
   * @param scaleAt where in the block the scale is; its minimum is next to it
   * @param offset what is added to the numbers, a multiple of 4; 0 if blocks have minimums
   */
  BlockMatvec(int tokens, int blockBytes, int scaleAt, int offset, boolean minimums) {
    super(InstructionSet.AVX512, tokens, blockBytes, COLUMNS, Float.BYTES, Float.BYTES);
    this.scaleAt = scaleAt;
    this.offset = offset;
    this.minimums = minimums;
  }

  /** The sums of a token: four lanes for each row. */
  private static Vec sums(int token) {
    return zmm(16 + token);
  }

  /** The sums of a token's minimums: every other lane of a ymm. */
  private static Vec minimumSums(int token) {
    return ymm(20 + token);
  }

  @Override
  final Sums sums() {
    return minimums ? Sums.OF_32 : Sums.WHOLE;
  }

  /** Puts unsigned bytes into {@link #FIRST} and {@link #SECOND}. */
  abstract void unpack();

  @Override
  void begin() {
    constants.loadLanes(SPREAD, minimums ? new int[] {0, 2, 4, 6} : new int[] {0, 1, 2, 3});
    constants.load(LOWER, 0x0F0F0F0F);
  }

  @Override
  void clear() {
    for (int t = 0; t < tokens; t++) {
      zero(sums(t));
      if (minimums) {
        zero(minimumSums(t));
      }
    }
  }

  @Override
  void block() {
    unpack();
    loadScales();
    for (int t = 0; t < tokens; t++) {
      // Whole numbers: where they begin, and the products of both halves.
      a.emit(VBROADCASTI32X4, X, x(t, 0));
      a.emit(VBROADCASTI32X4, X_SECOND, x(t, 16));
      if (minimums) {
        zero(PRODUCTS);
      } else {
        a.emit(IMUL, EAX, sum(t), -offset / 4).emit(VPBROADCASTD, PRODUCTS, EAX);
      }
      a.emit(VPDPBUSD, PRODUCTS, FIRST, X);
      a.emit(VPDPBUSD, PRODUCTS, SECOND, X_SECOND);
      a.emit(VCVTDQ2PS, PRODUCTS, PRODUCTS);
      // Scales of the weights times that of the activations, each in its row's part.
      Vec scales = minimums ? SCALES.as(256) : SCALES;
      Vec scaled = minimums ? SCALED.as(256) : SCALED;
      if (minimums) {
        a.emit(VFMADD231PS, minimumSums(t), scales, sum(t).broadcast());
      }
      a.emit(VMULPS, scaled, scales, scale(t).broadcast());
      a.emit(VPERMPS, SCALED.as(512), SPREAD, SCALED.as(512));
      a.emit(VFMADD231PS, sums(t), PRODUCTS, SCALED.as(512));
    }
  }

  /** Reads the scales of four rows, or scales and minimums in turn, and converts them. */
  void loadScales() {
    // The first is read with bytes of the block that follow it; one conversion takes four.
    a.emit(VMOVD, SCALES, mem(BLOCK[0], scaleAt));
    for (int s = 1; s < ROWS; s++) {
      a.emit(minimums ? VPINSRD : VPINSRW, SCALES, SCALES, mem(BLOCK[s], scaleAt), s);
    }
    a.emit(VCVTPH2PS, minimums ? SCALES.as(256) : SCALES, SCALES);
  }

  @Override
  void reduce(int token) {
    Vec v = zmm(0);
    Vec other = zmm(1);
    a.emit(VPSHUFD, other, sums(token), 0b01_00_11_10).emit(VADDPS, v, sums(token), other);
    a.emit(VPSHUFD, other, v, 0b10_11_00_01).emit(VADDPS, v, v, other);
    constants.load(other, 0, 4, 8, 12);
    a.emit(VPERMPS, v, other, v);
    if (minimums) {
      constants.load(other, 1, 3, 5, 7);
      a.emit(VPERMPS, other, other, minimumSums(token).as(512));
      a.emit(VADDPS, xmm(0), xmm(0), xmm(1));
    }
  }

  /** Q8_0: a half-precision scale and 32 signed bytes. */
  static final class Q8_0 extends BlockMatvec {
    Q8_0(int tokens) {
      super(tokens, 34, 0, 128, false);
    }

    @Override
    void begin() {
      super.begin();
      constants.load(OWN, 0x80808080);
    }

    @Override
    void unpack() {
      loadRows(FIRST, 2);
      loadRows(SECOND, 18);
      a.emit(VPXORD, FIRST, FIRST, OWN);
      a.emit(VPXORD, SECOND, SECOND, OWN);
    }
  }

  /** Splits 16 bytes of each row, from a distance into its block, to 32 numbers of four bits. */
  final void nibbles(int distance) {
    loadRows(FIRST, distance);
    a.emit(VPSRLW, SECOND, FIRST, 4);
    a.emit(VPANDD, FIRST, FIRST, LOWER);
    a.emit(VPANDD, SECOND, SECOND, LOWER);
  }

  /** Q4_0: a half-precision scale and 32 numbers from -8 to 7. */
  static final class Q4_0 extends BlockMatvec {
    Q4_0(int tokens) {
      super(tokens, 18, 0, 8, false);
    }

    @Override
    void unpack() {
      nibbles(2);
    }
  }

  /** Q4_1: half-precision scale and minimum, and 32 numbers from 0 to 15. */
  static final class Q4_1 extends BlockMatvec {
    Q4_1(int tokens) {
      super(tokens, 20, 0, 0, true);
    }

    @Override
    void unpack() {
      nibbles(4);
    }
  }

  /** Q5_0: a half-precision scale and 32 numbers from -16 to 15. */
  static final class Q5_0 extends BlockMatvec {
    Q5_0(int tokens) {
      super(tokens, 22, 0, 16, false);
    }

    @Override
    void begin() {
      super.begin();
      loadFifth();
    }

    @Override
    void unpack() {
      nibbles(6);
      addFifth(2);
    }
  }

  /** Q5_1: half-precision scale and minimum, and 32 numbers from 0 to 31. */
  static final class Q5_1 extends BlockMatvec {
    Q5_1(int tokens) {
      super(tokens, 24, 0, 0, true);
    }

    @Override
    void begin() {
      super.begin();
      loadFifth();
    }

    @Override
    void unpack() {
      nibbles(8);
      addFifth(4);
    }
  }

  /** Loads what {@link #addFifth} needs. */
  final void loadFifth() {
    constants.load(OWN, 0x10101010);
    constants.loadBytes(OWN_TOO, 0, 1, 4, 5, 8, 9, 12, 13, 2, 3, 6, 7, 10, 11, 14, 15);
  }

  /** Adds the fifth bits, which are in four bytes of each row, a distance into its block. */
  final void addFifth(int distance) {
    Vec bits = FREE.as(128);
    a.emit(VMOVD, bits, mem(BLOCK[0], distance));
    for (int s = 1; s < ROWS; s++) {
      a.emit(VPINSRD, bits, bits, mem(BLOCK[s], distance), s);
    }
    // First the 16 bits of each row's first half, then those of the second: two masks.
    a.emit(VPSHUFB, bits, bits, OWN_TOO.as(128)).emit(VMOVDQU, mem(SCRATCH), bits);
    a.emit(KMOVQ, K1, mem(SCRATCH)).emit(KMOVQ, K2, mem(SCRATCH, 8));
    a.emit(VPADDB, FIRST.masked(K1), FIRST, OWN);
    a.emit(VPADDB, SECOND.masked(K2), SECOND, OWN);
  }

  /** IQ4_NL: a half-precision scale and 32 codes of 16 levels. */
  static final class IQ4_NL extends BlockMatvec {
    /** What is added to the levels. */
    static final int OFFSET = 128;

    /** The levels, which ggml defines, as unsigned bytes. */
    static final int[] LEVELS = {
      1, 24, 45, 63, 79, 93, 106, 118, 129, 141, 153, 166, 181, 197, 217, 241
    };

    IQ4_NL(int tokens) {
      super(tokens, 18, 0, OFFSET, false);
    }

    @Override
    void begin() {
      super.begin();
      constants.loadBytes(OWN, LEVELS);
    }

    @Override
    void unpack() {
      nibbles(2);
      a.emit(VPSHUFB, FIRST, OWN, FIRST).emit(VPSHUFB, SECOND, OWN, SECOND);
    }
  }

  /** MXFP4: a power of two in one byte and 32 floats of 4 bits. */
  static final class MXFP4 extends BlockMatvec {
    /** Twice the value of each code, and 16. */
    private static final int[] TWICE = {
      16, 17, 18, 19, 20, 22, 24, 28, 16, 15, 14, 13, 12, 10, 8, 4
    };

    MXFP4(int tokens) {
      super(tokens, 17, 0, 16, false);
    }

    @Override
    void begin() {
      super.begin();
      constants.loadBytes(OWN, TWICE);
    }

    @Override
    void unpack() {
      nibbles(1);
      a.emit(VPSHUFB, FIRST, OWN, FIRST).emit(VPSHUFB, SECOND, OWN, SECOND);
    }

    /**
     * Half of the scale 2 to the power of e - 127: the bits (e - 1) << 23, or of the denormal
     * floats 0x400000 >> 1 - e where e is 0 or 1.
     */
    @Override
    void loadScales() {
      Vec less = xmm(7);
      a.emit(VMOVD, SCALES, mem(BLOCK[0]));
      for (int s = 1; s < ROWS; s++) {
        a.emit(VPINSRB, SCALES, SCALES, mem(BLOCK[s]), s);
      }
      a.emit(VPMOVZXBD, SCALES, SCALES);
      constants.load(less, 1);
      a.emit(VPSUBD, less, less, SCALES);
      a.emit(VPSUBD, SCALES, SCALES, constants.vector(1)).emit(VPSLLD, SCALES, SCALES, 23);
      a.emit(VPXORD, xmm(4), xmm(4), xmm(4)).emit(VPMAXSD, SCALES, SCALES, xmm(4));
      constants.load(xmm(4), 0x400000);
      // A count that is negative, so very large, leaves nothing.
      a.emit(VPSRLVD, less, xmm(4), less).emit(VPORD, SCALES, SCALES, less);
    }
  }
}
