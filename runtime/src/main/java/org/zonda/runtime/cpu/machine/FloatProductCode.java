package org.zonda.runtime.cpu.machine;

import static org.zonda.runtime.cpu.machine.Op.*;
import static org.zonda.runtime.cpu.machine.Registers.*;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import org.zonda.runtime.cpu.machine.Operand.Label;
import org.zonda.runtime.cpu.machine.Operand.Mask;
import org.zonda.runtime.cpu.machine.Operand.Vec;

/**
 * Writes code that multiplies two panels of floats, 32 rows, with floats of a few tokens, and adds
 * the sums to floats: {@code out[t][r] += sum over k of x[t][k] * w[r][k]}. A register holds one
 * column of 16 rows; a column takes two loads of weights, and one of an activation for every two
 * products.
 *
 * <p>The function is {@code void(arguments, out)}; the arguments, longs in memory which it may
 * change, are at the offsets named here.
 */
final class FloatProductCode {

  /** Tokens that one turn of the code can take; their sums fill the registers. */
  static final int MOST_TOKENS = 12;

  /** Panels of a product. */
  static final int PANELS = 2;

  /** Columns are a multiple of this. */
  static final int STEP = 4;

  /** Most columns of a panel. */
  static final int COLUMNS = 512;

  /** From the first panel to the second: not a power of two, so that they share the cache. */
  static final int PANEL_BYTES = COLUMNS * PanelCode.ROWS * Float.BYTES + 1024;

  /** Address of the first panel. */
  static final int WEIGHTS = 0;

  /** Address of the first token's activations. */
  static final int ACTIVATIONS = 8;

  /** Bytes from token to token. */
  static final int X_DISTANCE = 16;

  /** Steps of {@value #STEP} columns. */
  static final int STEPS = 24;

  /** Bytes from the beginning of out to the first sum. */
  static final int OUT_OFFSET = 32;

  /** Bytes from token to token in out. */
  static final int OUT_DISTANCE = 40;

  /** One bit for each of the 32 rows that exists. */
  static final int ROW_MASK = 48;

  /** How many turns of so many tokens. */
  static final int TURNS = 56;

  /** Size of the arguments. */
  static final int ARGUMENT_BYTES = 64;

  static final FunctionDescriptor TYPE =
      FunctionDescriptor.ofVoid(ValueLayout.ADDRESS, ValueLayout.ADDRESS);

  private static final Vec X = zmm(26);
  private static final Vec[] WEIGHT = {zmm(24), zmm(25)};

  private FloatProductCode() {}

  private static Vec total(int token, int panel) {
    return zmm(PANELS * token + panel);
  }

  /**
   * Writes the code.
   *
   * @param tokens of a turn, 1 to {@value #MOST_TOKENS}
   */
  static Assembler write(int tokens) {
    Assembler a = new Assembler();
    TokenPointers activations = new TokenPointers(RDX, R8, R9, R10, R11);
    a.emit(MOV, RAX, mem(RDI, ROW_MASK)).emit(KMOVD, K1, EAX);
    a.emit(SHR, RAX, 16).emit(KMOVD, K2, EAX);
    a.emit(ADD, RSI, mem(RDI, OUT_OFFSET));
    Label turn = a.bind(a.label());
    a.emit(MOV, RDX, mem(RDI, X_DISTANCE));
    a.emit(MOV, R8, mem(RDI, ACTIVATIONS));
    activations.spread(a, tokens);
    a.emit(MOV, RAX, mem(RDI, WEIGHTS));
    a.emit(MOV, RCX, mem(RDI, STEPS));
    for (int t = 0; t < tokens; t++) {
      for (int p = 0; p < PANELS; p++) {
        a.emit(VPXORD, total(t, p), total(t, p), total(t, p));
      }
    }
    a.align(32);
    Label step = a.bind(a.label());
    for (int k = 0; k < STEP; k++) {
      for (int p = 0; p < PANELS; p++) {
        a.emit(VMOVUPS, WEIGHT[p], mem(RAX, p * PANEL_BYTES + 64 * k));
      }
      for (int t = 0; t < tokens; t++) {
        a.emit(VBROADCASTSS, X, activations.of(t, 4 * k));
        for (int p = 0; p < PANELS; p++) {
          a.emit(VFMADD231PS, total(t, p), WEIGHT[p], X);
        }
      }
    }
    a.emit(ADD, RAX, 64 * STEP);
    activations.advance(a, tokens, 4 * STEP);
    a.emit(DEC, RCX).emit(JNE, step);
    addTo(a, tokens);
    a.emit(IMUL, RAX, RDX, tokens).emit(ADD, mem(RDI, ACTIVATIONS), RAX);
    a.emit(MOV, RCX, mem(RDI, TURNS)).emit(DEC, RCX).emit(MOV, mem(RDI, TURNS), RCX);
    a.emit(JNE, turn);
    return a.emit(VZEROUPPER).emit(RET);
  }

  /** Adds the totals to out, where there are rows. */
  private static void addTo(Assembler a, int tokens) {
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
}
