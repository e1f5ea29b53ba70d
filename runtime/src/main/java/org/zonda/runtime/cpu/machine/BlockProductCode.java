package org.zonda.runtime.cpu.machine;

import static org.zonda.runtime.cpu.machine.Op.*;
import static org.zonda.runtime.cpu.machine.Registers.*;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import org.zonda.runtime.cpu.machine.Operand.Label;
import org.zonda.runtime.cpu.machine.Operand.Mask;
import org.zonda.runtime.cpu.machine.Operand.Vec;

/**
 * Writes code that multiplies two panels of small whole numbers, 32 rows, with {@link
 * QuantizedRows} of a few tokens, and adds the sums to floats: {@code out[t][r] += sum over groups
 * of scale * xScale * (sum of w * q) - minimum * (sum of xScale * q)}.
 *
 * <p>A register holds four columns of 16 rows, and {@code vpdpbusd} multiplies them with the same
 * four of one token. Its first factor must be unsigned: where a format has minimums its numbers are
 * so already; elsewhere 128 was added to them, which sums that begin at -128 times the sum of q
 * take away again. Sums of a group are exact.
 *
 * <p>The function is {@code void(arguments, out)}; the arguments, longs in memory which it may
 * change, are at the offsets named here.
 */
final class BlockProductCode {

  /** Tokens that one turn of the code can take; their sums fill the registers. */
  static final int MOST_TOKENS = 6;

  /** Panels of a product. */
  static final int PANELS = 2;

  /** Most columns of a panel. */
  static final int COLUMNS = 2048;

  /** From the first panel to the second: not a power of two, so that they share the cache. */
  static final int PANEL_BYTES = COLUMNS * PanelCode.ROWS + 1024;

  /** From the first panel's scales or minimums to the second's. */
  static final int SCALE_BYTES = COLUMNS / 16 * PanelCode.ROWS * Float.BYTES;

  /** Address of the first panel. */
  static final int WEIGHTS = 0;

  /** Address of the first panel's scales: of each group one float a row. */
  static final int SCALES = 8;

  /** Address of the first panel's minimums. */
  static final int MINIMUMS = 16;

  /** Address of the first token's numbers. */
  static final int NUMBERS = 24;

  /** Address of the first token's scales. */
  static final int X_SCALES = 32;

  /** Address of the first token's sums: scaled floats with minimums, else integers times -128. */
  static final int SUMS = 40;

  /** Bytes from token to token. */
  static final int X_DISTANCE = 48;

  /** Blocks of 32 columns. */
  static final int BLOCKS = 56;

  /** Bytes from the beginning of out to the first sum. */
  static final int OUT_OFFSET = 64;

  /** Bytes from token to token in out. */
  static final int OUT_DISTANCE = 72;

  /** One bit for each of the 32 rows that exists. */
  static final int ROW_MASK = 80;

  /** How many turns of so many tokens. */
  static final int TURNS = 88;

  /** Size of the arguments. */
  static final int ARGUMENT_BYTES = 96;

  static final FunctionDescriptor TYPE =
      FunctionDescriptor.ofVoid(ValueLayout.ADDRESS, ValueLayout.ADDRESS);

  private static final int BLOCK = 32;

  private static final Vec X = zmm(26);
  private static final Vec FACTOR = zmm(27);
  private static final Vec[] WEIGHT = {zmm(24), zmm(25)};
  private static final Vec[] SCALE = {zmm(28), zmm(29)};
  private static final Vec[] MINIMUM = {zmm(30), zmm(31)};

  private final Assembler a = new Assembler();
  private final int tokens;
  private final int groupsOfBlock;
  private final boolean minimums;
  private final TokenPointers numbers = new TokenPointers(RDX, R8, R9);
  private final TokenPointers scales = new TokenPointers(RDX, R10, R11);
  private final TokenPointers sums = new TokenPointers(RDX, RBX, RBP);

  private BlockProductCode(int tokens, int group, boolean minimums) {
    this.tokens = tokens;
    groupsOfBlock = BLOCK / group;
    this.minimums = minimums;
  }

  /**
   * Writes the code.
   *
   * @param tokens of a turn, 1 to {@value #MOST_TOKENS}
   * @param group columns that share a scale, 16 or 32
   * @param minimums whether groups have minimums, and their numbers are not negative
   */
  static Assembler write(int tokens, int group, boolean minimums) {
    BlockProductCode code = new BlockProductCode(tokens, group, minimums);
    code.write();
    return code.a;
  }

  private Vec total(int token, int panel) {
    return zmm(PANELS * token + panel);
  }

  private Vec whole(int token, int panel) {
    return zmm(PANELS * MOST_TOKENS + PANELS * token + panel);
  }

  private void write() {
    a.emit(PUSH, RBX).emit(PUSH, RBP).emit(PUSH, R12).emit(PUSH, R13);
    a.emit(MOV, RAX, mem(RDI, ROW_MASK)).emit(KMOVD, K1, EAX);
    a.emit(SHR, RAX, 16).emit(KMOVD, K2, EAX);
    a.emit(ADD, RSI, mem(RDI, OUT_OFFSET));
    Label turn = a.bind(a.label());
    a.emit(MOV, RDX, mem(RDI, X_DISTANCE));
    a.emit(MOV, R8, mem(RDI, NUMBERS));
    a.emit(MOV, R10, mem(RDI, X_SCALES));
    a.emit(MOV, RBX, mem(RDI, SUMS));
    for (TokenPointers pointers : new TokenPointers[] {numbers, scales, sums}) {
      pointers.spread(a, tokens);
    }
    a.emit(MOV, RAX, mem(RDI, WEIGHTS));
    a.emit(MOV, R12, mem(RDI, SCALES));
    a.emit(MOV, R13, mem(RDI, MINIMUMS));
    a.emit(MOV, RCX, mem(RDI, BLOCKS));
    for (int t = 0; t < tokens; t++) {
      for (int p = 0; p < PANELS; p++) {
        a.emit(VPXORD, total(t, p), total(t, p), total(t, p));
      }
    }
    a.align(32);
    Label block = a.bind(a.label());
    for (int group = 0; group < groupsOfBlock; group++) {
      multiplyGroup(group);
      scaleGroup(group);
    }
    advance();
    a.emit(DEC, RCX).emit(JNE, block);
    store();
    nextTokens();
    a.emit(JNE, turn);
    a.emit(VZEROUPPER);
    a.emit(POP, R13).emit(POP, R12).emit(POP, RBP).emit(POP, RBX).emit(RET);
  }

  private void multiplyGroup(int group) {
    for (int t = 0; t < tokens; t++) {
      if (minimums) {
        a.emit(VPXORD, whole(t, 0), whole(t, 0), whole(t, 0));
        a.emit(VPXORD, whole(t, 1), whole(t, 1), whole(t, 1));
      } else {
        a.emit(VPBROADCASTD, whole(t, 0), sums.of(t, 4 * group));
        a.emit(VMOVDQA64, whole(t, 1), whole(t, 0));
      }
    }
    int words = BLOCK / 4 / groupsOfBlock;
    for (int i = group * words; i < (group + 1) * words; i++) {
      for (int p = 0; p < PANELS; p++) {
        a.emit(VMOVDQU32, WEIGHT[p], mem(RAX, p * PANEL_BYTES + 64 * i));
      }
      for (int t = 0; t < tokens; t++) {
        a.emit(VPBROADCASTD, X, numbers.of(t, 4 * i));
        for (int p = 0; p < PANELS; p++) {
          a.emit(VPDPBUSD, whole(t, p), WEIGHT[p], X);
        }
      }
    }
  }

  private void scaleGroup(int group) {
    for (int p = 0; p < PANELS; p++) {
      int at = p * SCALE_BYTES + 64 * group;
      a.emit(VMOVUPS, SCALE[p], mem(R12, at));
      if (minimums) {
        a.emit(VMOVUPS, MINIMUM[p], mem(R13, at));
      }
    }
    for (int t = 0; t < tokens; t++) {
      for (int p = 0; p < PANELS; p++) {
        a.emit(VCVTDQ2PS, whole(t, p), whole(t, p));
        a.emit(VMULPS, FACTOR, SCALE[p], scales.of(t, 0).broadcast());
        a.emit(VFMADD231PS, total(t, p), whole(t, p), FACTOR);
        if (minimums) {
          a.emit(VFNMADD231PS, total(t, p), MINIMUM[p], sums.of(t, 4 * group).broadcast());
        }
      }
    }
  }

  private void advance() {
    a.emit(ADD, RAX, BLOCK * PanelCode.ROWS);
    a.emit(ADD, R12, 64 * groupsOfBlock);
    if (minimums) {
      a.emit(ADD, R13, 64 * groupsOfBlock);
    }
    numbers.advance(a, tokens, BLOCK);
    scales.advance(a, tokens, 4);
    sums.advance(a, tokens, 4 * groupsOfBlock);
  }

  /** Adds the totals to out, where there are rows. */
  private void store() {
    a.emit(MOV, RCX, mem(RDI, OUT_DISTANCE));
    Mask[] masks = {K1, K2};
    for (int t = 0; t < tokens; t++) {
      for (int p = 0; p < PANELS; p++) {
        a.emit(VMOVUPS, X.zeroed(masks[p]), mem(RSI, 64 * p));
        a.emit(VADDPS, X, X, total(t, p));
        a.emit(VMOVUPS, mem(RSI, 64 * p).masked(masks[p]), X);
      }
      a.emit(ADD, RSI, RCX);
    }
  }

  /** Goes on to the next tokens; the last instruction tells whether there are any. */
  private void nextTokens() {
    a.emit(IMUL, RAX, RDX, tokens);
    a.emit(ADD, mem(RDI, NUMBERS), RAX);
    a.emit(ADD, mem(RDI, X_SCALES), RAX);
    a.emit(ADD, mem(RDI, SUMS), RAX);
    a.emit(MOV, RCX, mem(RDI, TURNS)).emit(DEC, RCX).emit(MOV, mem(RDI, TURNS), RCX);
  }
}
