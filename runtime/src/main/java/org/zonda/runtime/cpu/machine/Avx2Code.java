package org.zonda.runtime.cpu.machine;

import static org.zonda.runtime.cpu.machine.Op.*;
import static org.zonda.runtime.cpu.machine.Registers.*;

import org.zonda.runtime.cpu.machine.Operand.Vec;

/**
 * For processors without AVX-512: 256-bit vectors, of which there are 16. Half of them hold the
 * sums of four rows with two tokens.
 */
abstract class Avx2Code extends MatvecCode {

  /** Rows of activations that a function takes at once. */
  private static final int MOST_TOKENS = 2;

  Avx2Code(
      InstructionSet set, int tokens, int blockBytes, int xBytes, int scaleBytes, int sumBytes) {
    super(set, tokens, blockBytes, xBytes, scaleBytes, sumBytes);
  }

  @Override
  final int mostTokens() {
    return MOST_TOKENS;
  }

  /** The sums of a row and a token, in all lanes: one of the upper eight registers. */
  static Vec sums(int row, int token) {
    return ymm(8 + ROWS * token + row);
  }

  @Override
  void clear() {
    for (int t = 0; t < tokens; t++) {
      for (int s = 0; s < ROWS; s++) {
        a.emit(VPXOR, sums(s, t), sums(s, t), sums(s, t));
      }
    }
  }

  @Override
  void reduce(int token) {
    a.emit(VHADDPS, ymm(0), sums(0, token), sums(1, token));
    a.emit(VHADDPS, ymm(1), sums(2, token), sums(3, token));
    a.emit(VHADDPS, ymm(0), ymm(0), ymm(1));
    a.emit(VEXTRACTF128, xmm(1), ymm(0), 1);
    a.emit(VADDPS, xmm(0), xmm(0), xmm(1));
  }
}
