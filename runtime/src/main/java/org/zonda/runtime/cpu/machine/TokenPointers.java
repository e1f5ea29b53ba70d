package org.zonda.runtime.cpu.machine;

import static org.zonda.runtime.cpu.machine.Op.*;
import static org.zonda.runtime.cpu.machine.Registers.*;

import org.zonda.runtime.cpu.machine.Operand.Gpr;
import org.zonda.runtime.cpu.machine.Operand.Mem;

/**
 * Addresses something of several tokens that lie at an equal distance: one register for each three
 * tokens, since an address is a register plus once or twice the distance.
 */
final class TokenPointers {

  private static final int EACH = 3;

  private final Gpr[] bases;
  private final Gpr distance;

  /**
   * Pointers that are not set yet.
   *
   * @param distance holds the distance in bytes
   * @param bases a register for each three tokens; the first holds the first token's address when
   *     {@link #spread} is called
   */
  TokenPointers(Gpr distance, Gpr... bases) {
    this.distance = distance;
    this.bases = bases;
  }

  /** Sets the other registers from the first. */
  void spread(Assembler a, int tokens) {
    for (int i = 1; i < count(tokens); i++) {
      a.emit(LEA, bases[i], mem(bases[i - 1], distance, 2, 0));
      a.emit(ADD, bases[i], distance);
    }
  }

  /** Where a token's is, at a displacement. */
  Mem of(int token, int displacement) {
    Gpr base = bases[token / EACH];
    int times = token % EACH;
    return times == 0 ? mem(base, displacement) : mem(base, distance, times, displacement);
  }

  /** Goes on by some bytes in all tokens. */
  void advance(Assembler a, int tokens, int bytes) {
    for (int i = 0; i < count(tokens); i++) {
      a.emit(ADD, bases[i], bytes);
    }
  }

  private static int count(int tokens) {
    return Math.ceilDiv(tokens, EACH);
  }
}
