package org.zonda.runtime.cpu.machine;

import static org.zonda.runtime.cpu.machine.Op.*;
import static org.zonda.runtime.cpu.machine.Registers.*;

import java.util.Arrays;
import org.zonda.runtime.cpu.machine.Operand.Gpr;
import org.zonda.runtime.cpu.machine.Operand.Mem;
import org.zonda.runtime.cpu.machine.Operand.Vec;

/**
 * Formats whose blocks are 256 numbers, with a whole-numbered scale for each group of 32 or 16 of
 * them and a scale of the scales. A format says how a row's block becomes four vectors of unsigned
 * bytes, in the order of the columns, and what its groups' scales are.
 *
 * <p>The products of 64 columns are sums in 16 lanes, of which each group has eight, or four; a
 * permutation brings each lane its group's scale. Minimums, and offsets of the numbers, go through
 * the sums of the activations, one multiplication for 16 groups.
 */
abstract class SuperMatvec extends MatvecCode {

  /** Columns of a block. */
  private static final int COLUMNS = 256;

  /** Columns of a vector of bytes. */
  private static final int PART = 64;

  static final int PARTS = COLUMNS / PART;

  /** The scales of a row's groups, as floats; other lanes as the format likes. */
  static final Vec SCALES = zmm(4);

  /** For the format. */
  static final Vec FREE = zmm(5);

  static final Vec OTHER = zmm(6);

  /** The same times the scales of the activations. */
  private static final Vec SCALED = zmm(7);

  /** For the products; free until there are any. */
  static final Vec PRODUCTS = zmm(8);

  private static final Vec SPREAD = zmm(9);

  /** How scales are spread to the lanes of each part, in four registers. */
  private static final int SPREADING = 10;

  /** What a format needs. */
  static final Vec OWN = zmm(14);

  static final Vec OWN_TOO = zmm(15);

  /** What is kept in memory for the four rows of a block, 64 bytes; the format's. */
  static final int ROWS_AT = 0;

  /** Where the scales of scales are kept as floats. */
  static final int SCALES_AT = 64;

  /** Where what a token's scales are multiplied with is kept. */
  private static final int TOKENS_AT = 128;

  private final int group;

  /**
   * A format.
   *
   * @param blockBytes bytes of a block
   * @param group numbers that share a scale, 32 or 16
   */
  SuperMatvec(int tokens, int blockBytes, int group) {
    super(
        InstructionSet.AVX512,
        tokens,
        blockBytes,
        COLUMNS,
        COLUMNS / QuantizedRows.BLOCK * Float.BYTES,
        COLUMNS / group * Float.BYTES);
    this.group = group;
  }

  @Override
  final Sums sums() {
    return group == 16 ? Sums.OF_16 : Sums.OF_32;
  }

  /** The sums of a row and a token. */
  private static Vec sums(int row, int token) {
    return zmm(16 + ROWS * token + row);
  }

  /** The bytes of 64 columns. */
  static Vec part(int number) {
    return zmm(number);
  }

  static Mem scratch(int distance) {
    return mem(SCRATCH, distance);
  }

  /** Which lanes of {@link #SCALES} belong to the groups of a part of the columns. */
  int[] lanes(int part) {
    int first = part * PART / group;
    return group == 16
        ? new int[] {first, first + 1, first + 2, first + 3}
        : new int[] {first, first + 1};
  }

  /** Loads the format's constants. */
  abstract void load();

  /** Reads what it reads of the heads of four blocks at once. */
  abstract void heads();

  /** Makes what the scales are multiplied with for a token, in the order of the scales. */
  void activationScales(int token, Vec target) {
    a.emit(VPMOVZXDQ, target, scale(token));
    a.emit(VPSHUFD, target, target, 0b10_10_00_00);
  }

  /** Puts the scales of a row's groups into {@link #SCALES}. */
  abstract void scales(int row, Gpr block);

  /** Takes minimums or offsets from a token's sums. */
  abstract void subtract(int token, Vec sums, Vec scaled);

  /** Subtracts {@link #OTHER} times the activations' sums. */
  final void subtractOther(int token, Vec sums) {
    a.emit(VFNMADD231PS, sums, OTHER, sum(token));
  }

  /** Puts a row's numbers into the four parts. */
  abstract void unpack(Gpr block);

  @Override
  final void begin() {
    for (int p = 0; p < PARTS; p++) {
      constants.loadLanes(zmm(SPREADING + p), lanes(p));
    }
    load();
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
    for (int t = 0; t < tokens; t++) {
      activationScales(t, SCALED);
      a.emit(VMOVAPS, scratch(TOKENS_AT + 64 * t), SCALED);
    }
    heads();
    for (int s = 0; s < ROWS; s++) {
      scales(s, BLOCK[s]);
      unpack(BLOCK[s]);
      for (int t = 0; t < tokens; t++) {
        Vec sums = sums(s, t);
        a.emit(VMULPS, SCALED, SCALES, scratch(TOKENS_AT + 64 * t));
        subtract(t, sums, SCALED);
        for (int p = 0; p < PARTS; p++) {
          zero(PRODUCTS);
          a.emit(VPDPBUSD, PRODUCTS, part(p), x(t, PART * p));
          a.emit(VCVTDQ2PS, PRODUCTS, PRODUCTS);
          a.emit(VPERMPS, SPREAD, zmm(SPREADING + p), SCALED);
          a.emit(VFMADD231PS, sums, PRODUCTS, SPREAD);
        }
      }
    }
  }

  @Override
  final void reduce(int token) {
    reduceFour(sums(0, token), sums(1, token), sums(2, token), sums(3, token));
  }

  /** Keeps the half-precision numbers of four rows, a distance into the block, as floats. */
  final void keepScales(int distance) {
    // Not four bytes for the first: the scale may be the last of the matrix.
    a.emit(MOVZX_W, EAX, mem(BLOCK[0], distance)).emit(VMOVD, xmm(0), EAX);
    for (int s = 1; s < ROWS; s++) {
      a.emit(VPINSRW, xmm(0), xmm(0), mem(BLOCK[s], distance), s);
    }
    a.emit(VCVTPH2PS, xmm(0), xmm(0)).emit(VMOVUPS, scratch(SCALES_AT), xmm(0));
  }

  /** A kept number of a row, for all lanes. */
  static Mem keptScale(int row) {
    return scratch(SCALES_AT + 4 * row).broadcast();
  }

  /**
   * Reads 32 bytes, a distance into the block, and takes some bits of each byte: lower ones for the
   * first 32 columns than for the others.
   *
   * @param shifts how far the bits are from the right, in each lane
   * @param mask of the bits
   */
  final void split(Vec target, Mem bytes, Operand shifts, int mask) {
    a.emit(VBROADCASTI64X4, target, bytes);
    a.emit(VPSRLVD, target, target, shifts);
    a.emit(VPANDD, target, target, constants.vector(mask));
  }

  /**
   * Adds a bit of each byte to the numbers of a part.
   *
   * @param bits 32 bytes, in both halves
   * @param right how far the bit of the first 32 columns goes to the right, or to the left; that of
   *     the others is the next bit
   * @param mask of the place where it goes
   */
  final void addBit(Vec target, Vec bits, int right, int mask) {
    if (right < 0) {
      a.emit(VPSLLVD, PRODUCTS, bits, constants.vector(halves(-right, -right - 1)));
    } else {
      a.emit(VPSRLVD, PRODUCTS, bits, constants.vector(halves(right, right + 1)));
    }
    a.emit(VPTERNLOGD, target, PRODUCTS, constants.vector(mask), OR_MASKED);
  }

  /** Of {@code target | (bits & mask)}. */
  static final int OR_MASKED = 0b1111_1000;

  /** A number for the eight lanes of each half of a vector. */
  static int[] halves(int lower, int upper) {
    int[] counts = new int[16];
    Arrays.fill(counts, 0, 8, lower);
    Arrays.fill(counts, 8, 16, upper);
    return counts;
  }
}
