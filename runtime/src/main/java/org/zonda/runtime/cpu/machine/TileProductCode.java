package org.zonda.runtime.cpu.machine;

import static org.zonda.runtime.cpu.machine.Op.*;
import static org.zonda.runtime.cpu.machine.Registers.*;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import org.zonda.runtime.cpu.machine.Operand.Gpr;
import org.zonda.runtime.cpu.machine.Operand.Label;

/**
 * Writes code that multiplies panels of weights with rows of activations in the tile registers of
 * AMX, both in bfloat16, and adds the sums to floats: {@code out[t][r] += sum over k of x[t][k] *
 * w[r][k]}. A tile of sums is 16 tokens by 16 rows; two by two of them share what they load.
 *
 * <p>The function is {@code void(arguments, out)}. The arguments are longs in memory, which it may
 * change:
 *
 * <pre>
 *    0 address of the tiles' shapes (64 bytes, see {@link TileShapes})
 *    8 address of the first token's activations
 *   16 bytes from token to token
 *   24 address of the first panel, as {@link PanelCode} writes it
 *   32 bytes from panel to panel
 *   40 steps of 32 columns
 *   48 bytes from the beginning of out to the first sum
 *   56 bytes from token to token in out
 *   64 how often to go on to the next one or two panels
 * </pre>
 */
final class TileProductCode {

  /** Columns of a step. */
  static final int STEP = 32;

  /** Size of the arguments. */
  static final int ARGUMENT_BYTES = 72;

  static final FunctionDescriptor TYPE =
      FunctionDescriptor.ofVoid(ValueLayout.ADDRESS, ValueLayout.ADDRESS);

  private static final int STEP_BYTES = 64;
  private static final int PANEL_STEP_BYTES = 1024;

  private TileProductCode() {}

  /** The tile register of sums of one of two groups of tokens with one of two panels. */
  static int sums(int tokens, int panel) {
    return 2 * tokens + panel;
  }

  /** The tile register of activations of one of two groups of 16 tokens. */
  static int activations(int tokens) {
    return 4 + tokens;
  }

  /** The tile register of weights of one of two panels. */
  static int weights(int panel) {
    return 6 + panel;
  }

  /**
   * Writes the code.
   *
   * @param tokenTiles 1 or 2: up to 16 or 32 tokens
   * @param panels 1 or 2: up to 16 or 32 rows at once
   */
  static Assembler write(int tokenTiles, int panels) {
    Assembler a = new Assembler();
    a.emit(PUSH, RBX).emit(PUSH, RBP);
    a.emit(MOV, RAX, mem(RDI));
    a.emit(LDTILECFG, mem(RAX));
    Gpr[] x = {R8, RAX};
    a.emit(MOV, R9, mem(RDI, 16));
    a.emit(MOV, R11, mem(RDI, 24));
    a.emit(MOV, RDX, mem(RDI, 56));
    a.emit(ADD, RSI, mem(RDI, 48));
    a.emit(MOV, RBX, (long) STEP_BYTES);
    Gpr[] out = {RSI, RBP};

    Label panelLoop = a.bind(a.label());
    Gpr[] w = {R11, R10};
    a.emit(MOV, R8, mem(RDI, 8));
    a.emit(MOV, RAX, R9).emit(SHL, RAX, 4).emit(ADD, RAX, R8);
    a.emit(MOV, RBP, RDX).emit(SHL, RBP, 4).emit(ADD, RBP, RSI);
    a.emit(MOV, R10, R11).emit(ADD, R10, mem(RDI, 32));
    for (int t = 0; t < tokenTiles; t++) {
      for (int p = 0; p < panels; p++) {
        a.emit(TILELOADD, tmm(sums(t, p)), mem(out[t], RDX, 1, 64 * p));
      }
    }
    a.emit(MOV, RCX, mem(RDI, 40));
    a.align(32);
    Label stepLoop = a.bind(a.label());
    for (int p = 0; p < panels; p++) {
      a.emit(TILELOADD, tmm(weights(p)), mem(w[p], RBX, 1, 0));
      for (int t = 0; t < tokenTiles; t++) {
        if (p == 0) {
          a.emit(TILELOADD, tmm(activations(t)), mem(x[t], R9, 1, 0));
        }
        a.emit(TDPBF16PS, tmm(sums(t, p)), tmm(activations(t)), tmm(weights(p)));
      }
    }
    for (int t = 0; t < tokenTiles; t++) {
      a.emit(ADD, x[t], STEP_BYTES);
    }
    for (int p = 0; p < panels; p++) {
      a.emit(ADD, w[p], PANEL_STEP_BYTES);
    }
    a.emit(DEC, RCX).emit(JNE, stepLoop);
    for (int t = 0; t < tokenTiles; t++) {
      for (int p = 0; p < panels; p++) {
        a.emit(TILESTORED, mem(out[t], RDX, 1, 64 * p), tmm(sums(t, p)));
      }
    }
    // The first panel's address is at its end, which is the next one's beginning less the padding.
    a.emit(MOV, R11, mem(RDI, 24));
    a.emit(MOV, RCX, mem(RDI, 32));
    a.emit(LEA, R11, mem(R11, RCX, panels, 0));
    a.emit(MOV, mem(RDI, 24), R11);
    a.emit(ADD, RSI, 64 * panels);
    a.emit(MOV, RCX, mem(RDI, 64)).emit(DEC, RCX).emit(MOV, mem(RDI, 64), RCX);
    a.emit(JNE, panelLoop);
    a.emit(TILERELEASE);
    a.emit(POP, RBP).emit(POP, RBX).emit(RET);
    return a;
  }
}
