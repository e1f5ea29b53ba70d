package org.zonda.runtime.cpu.machine;

import static org.zonda.runtime.cpu.machine.Op.*;
import static org.zonda.runtime.cpu.machine.Registers.*;

import java.util.function.Consumer;
import org.zonda.runtime.cpu.machine.Operand.Mem;
import org.zonda.runtime.cpu.machine.Operand.Vec;

/**
 * The same for processors without AVX-512: 256-bit vectors, of which there are 16. A format makes
 * 32 bytes of one row at a time; half the registers hold the sums of four rows.
 *
 * <p>Products of bytes want the weights unsigned. Formats with minimums have such; of signed
 * weights the sign goes to the activations. AVX-VNNI has one instruction for the products; AVX2 has
 * two, whose sums of two products fit into 16 bits: 2 * 127 * 128 at most.
 */
abstract class Avx2Matvec extends Avx2Code {

  /** The 32 weights that a format makes. */
  static final Vec NUMBERS = ymm(0);

  private static final Vec MAGNITUDES = ymm(1);
  private static final Vec X = ymm(2);
  private static final Vec PRODUCTS = ymm(3);

  /** Bytes of the activations of one vector. */
  static final int PART = 32;

  private static final int LOWER_BITS = 0x0F0F0F0F;
  private static final int WORD_ONES = 0x00010001;

  private final boolean vnni;
  private final boolean signed;

  /**
   * A function.
   *
   * @param signed whether the weights are signed bytes rather than unsigned ones up to 63
   */
  Avx2Matvec(
      InstructionSet set,
      int tokens,
      int blockBytes,
      int columns,
      int scaleBytes,
      int sumBytes,
      boolean signed) {
    super(set, tokens, blockBytes, columns, scaleBytes, sumBytes);
    this.vnni = set == InstructionSet.AVX_VNNI;
    this.signed = signed;
  }

  /** To be called when {@link #NUMBERS} are made, before {@link #addProducts}. */
  final void numbersAreMade() {
    if (signed) {
      a.emit(VPABSB, MAGNITUDES, NUMBERS);
    }
  }

  /**
   * Adds the products of the numbers with a token's activations, scaled, to the sums of a row.
   *
   * @param x the activations
   * @param scale loads the scales of the lanes into a register
   */
  final void addProducts(int row, int token, Mem x, Consumer<Vec> scale) {
    Operand second = x;
    if (signed) {
      a.emit(VMOVDQU, X, x).emit(VPSIGNB, X, X, NUMBERS);
      second = X;
    }
    Vec first = signed ? MAGNITUDES : NUMBERS;
    if (vnni) {
      a.emit(VPXOR, PRODUCTS, PRODUCTS, PRODUCTS).emit(VPDPBUSD_VEX, PRODUCTS, first, second);
    } else {
      a.emit(VPMADDUBSW, PRODUCTS, first, second);
      a.emit(VPMADDWD, PRODUCTS, PRODUCTS, constants.repeated(WORD_ONES));
    }
    a.emit(VCVTDQ2PS, PRODUCTS, PRODUCTS);
    scale.accept(X);
    a.emit(VFMADD231PS, sums(row, token), PRODUCTS, X);
  }

  /** {@code target &= word in all lanes}. */
  final void and(Vec target, int word) {
    a.emit(VPAND, target, target, constants.repeated(word));
  }

  /** Keeps the lower four bits of every byte. */
  final void lowerBits(Vec target) {
    and(target, LOWER_BITS);
  }

  /**
   * Moves bits of every byte to other places, whatever comes with them.
   *
   * @param left places to the left; negative ones go to the right
   */
  final void shift(Vec target, Vec source, int left) {
    if (left == 0) {
      a.emit(VMOVDQA, target, source);
    } else {
      a.emit(left > 0 ? VPSLLW : VPSRLW, target, source, Math.abs(left));
    }
  }

  /** Splits 16 bytes to 32 numbers of four bits: the lower ones come first. */
  final void nibbles(Mem from) {
    a.emit(VMOVDQU, NUMBERS.as(128), from);
    a.emit(VPSRLW, X.as(128), NUMBERS.as(128), 4);
    a.emit(VINSERTI128, NUMBERS, NUMBERS, X.as(128), 1);
    lowerBits(NUMBERS);
  }

  /** Loads a half-precision number to all eight lanes. */
  final void half(Vec target, Mem from) {
    a.emit(VPBROADCASTW, target.as(128), from).emit(VCVTPH2PS, target, target.as(128));
  }

  /** Loads a table of 16 bytes to both halves. */
  final void loadTable(Vec target, int... bytes) {
    int[] words = new int[4];
    for (int i = 0; i < bytes.length; i++) {
      words[i / 4] |= (bytes[i] & 0xFF) << 8 * (i % 4);
    }
    a.emit(VMOVDQU, target, constants.repeated(words));
  }
}
