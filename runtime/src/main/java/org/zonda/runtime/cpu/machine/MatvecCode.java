package org.zonda.runtime.cpu.machine;

import static org.zonda.runtime.cpu.machine.Op.*;
import static org.zonda.runtime.cpu.machine.Registers.*;

import org.zonda.runtime.cpu.machine.Operand.Gpr;
import org.zonda.runtime.cpu.machine.Operand.Label;
import org.zonda.runtime.cpu.machine.Operand.Mem;
import org.zonda.runtime.cpu.machine.Operand.Vec;

/**
 * Writes the machine code that multiplies consecutive rows of a matrix with one row of activations
 * or a few: {@code out[t][r] = dot(row r, x[t])}. A format only says what is done with one block of
 * four rows.
 *
 * <p>Four rows are read at the same time, a quarter of all rows apart, block by block, with their
 * lines fetched {@value #AHEAD} bytes ahead. So memory is read in four streams, and what is loaded
 * of the activations serves four rows. Where rows are no multiple of four, the last ones are
 * multiplied twice.
 *
 * <p>Arguments, all 64-bit: weights, their offset, bytes from row to row, number of blocks in a
 * row, rows, activations; and on the stack {@link Arg}. What formats do is written for AVX-512 with
 * VNNI, and again for the 16 registers of AVX2.
 */
abstract class MatvecCode {

  /** Rows at a time. */
  static final int ROWS = 4;

  /** How far ahead lines are fetched; from 1 to 4 KB it makes little difference. */
  static final int AHEAD = 2048;

  private static final int LINE = 64;

  /** The arguments that are on the stack, in their order. */
  enum Arg {
    /** From the activations' address to those of the first token. */
    X_OFFSET,
    /** From a token's activations to its scales, or what else a format reads there. */
    SCALES,
    /** From a token's activations to its sums, or what else a format reads there. */
    SUMS,
    /** Bytes from one token's activations to the next's. */
    X_STRIDE,
    /** The results. */
    OUT,
    /** From the results' address to the first. */
    OUT_OFFSET,
    /** Bytes from one token's results to the next's. */
    OUT_STRIDE
  }

  /** Which sums of the activations a format needs. */
  enum Sums {
    /** Of 32 columns, as whole numbers. */
    WHOLE,
    /** Of 32 columns, scaled. */
    OF_32,
    /** Of 16 columns, scaled. */
    OF_16;

    /** Where they begin in a row of {@link QuantizedRows}. */
    long offset(int columns) {
      return switch (this) {
        case WHOLE -> QuantizedRows.sumOffset(columns);
        case OF_32 -> QuantizedRows.sum32Offset(columns);
        case OF_16 -> QuantizedRows.sum16Offset(columns);
      };
    }
  }

  /** What is kept in the stack frame, of 8 bytes each. */
  private enum Local {
    WEIGHTS,
    ROW_BYTES,
    LAST_ROW,
    DISTANCE,
    FIRST,
    ROW_0,
    ROW_1,
    ROW_2,
    ROW_3
  }

  /** Points to memory of the format's, at a multiple of 64. */
  static final Gpr SCRATCH = R15;

  private static final int SCRATCH_BYTES = 6 * LINE;

  private static final int LOCALS = 8 * Local.values().length;
  private static final int FRAME = LOCALS + LINE + SCRATCH_BYTES;
  private static final Gpr[] SAVED = {RBX, RBP, R12, R13, R14, R15};
  private static final int ARGS = FRAME + 8 * SAVED.length + 8;

  /** Where the block of each of the four rows begins. */
  static final Gpr[] BLOCK = {R8, R9, R10, R11};

  /** The activations of each token. */
  private static final Gpr[] X = {RDI, R12, R13, R14};

  /** Tokens that a function can take at once. */
  static final int MOST_TOKENS = X.length;

  /** An eighth of the distance from a token's first activations to the block's. */
  static final Gpr COLUMN = RBX;

  /** The distance from a token's first activations to the block's scales. */
  static final Gpr SCALE = RSI;

  /** The distance from a token's first activations to the block's sums. */
  private static final Gpr SUM = RDX;

  private static final Gpr COLUMNS_END = RCX;

  /** The results of a token. */
  private static final Gpr RESULTS = RBX;

  final Assembler a;
  final Constants constants;
  final int tokens;

  private final int blockBytes;
  private final int columnStep;
  private final int scaleStep;
  private final int sumStep;

  /**
   * A function.
   *
   * @param set what it may use
   * @param tokens rows of activations
   * @param blockBytes bytes of a block of weights
   * @param xBytes bytes of the activations of a block, a multiple of 8
   * @param scaleBytes bytes that a block advances in the scales
   * @param sumBytes bytes that a block advances in the sums
   */
  MatvecCode(
      InstructionSet set, int tokens, int blockBytes, int xBytes, int scaleBytes, int sumBytes) {
    this.a = new Assembler(set);
    this.constants = new Constants(a);
    this.tokens = tokens;
    this.blockBytes = blockBytes;
    this.columnStep = xBytes / 8;
    this.scaleStep = scaleBytes;
    this.sumStep = sumBytes;
  }

  /** How many tokens the functions of this kind can take at once. */
  int mostTokens() {
    return MOST_TOKENS;
  }

  /** Which sums are passed to the function. */
  abstract Sums sums();

  /** Loads constants into registers. */
  abstract void begin();

  /** Sets the sums to zero. */
  abstract void clear();

  /** Adds the products of a block of four rows to the sums. */
  abstract void block();

  /** Adds those of what remains of a row after the last block, for formats without blocks. */
  void tail() {}

  /** Puts the sums of the four rows into the lanes of xmm0; others than sums are free. */
  abstract void reduce(int token);

  /** Activations of the block, from a distance in bytes. */
  static Mem x(int token, int distance) {
    return mem(X[token], COLUMN, 8, distance);
  }

  /** Scales of the activations of the block. */
  static Mem scale(int token) {
    return mem(X[token], SCALE, 1, 0);
  }

  /** Sums of the activations of the block. */
  static Mem sum(int token) {
    return mem(X[token], SUM, 1, 0);
  }

  static Mem arg(Arg which) {
    return mem(RSP, ARGS + 8 * which.ordinal());
  }

  private static Mem local(Local which) {
    return mem(RSP, 8 * which.ordinal());
  }

  private static Mem row(int stream) {
    return mem(RSP, 8 * (Local.ROW_0.ordinal() + stream));
  }

  /** Writes the function. */
  final Assembler assemble() {
    Label group = a.label();
    enter();
    begin();
    a.align(16).bind(group);
    startRows();
    clear();
    blocks();
    tail();
    results();
    a.emit(MOV, RAX, local(Local.FIRST)).emit(INC, RAX).emit(MOV, local(Local.FIRST), RAX);
    a.emit(CMP, RAX, local(Local.DISTANCE)).emit(JL, group);
    leave();
    constants.write();
    return a;
  }

  private void enter() {
    for (Gpr saved : SAVED) {
      a.emit(PUSH, saved);
    }
    a.emit(SUB, RSP, FRAME);
    a.emit(ADD, RDI, RSI).emit(MOV, local(Local.WEIGHTS), RDI);
    a.emit(MOV, local(Local.ROW_BYTES), RDX);
    a.emit(IMUL, COLUMNS_END, RCX, columnStep);
    a.emit(LEA, RAX, mem(R8, -1)).emit(MOV, local(Local.LAST_ROW), RAX);
    a.emit(ADD, R8, ROWS - 1).emit(SHR, R8, 2).emit(MOV, local(Local.DISTANCE), R8);
    a.emit(XOR, EAX, EAX).emit(MOV, local(Local.FIRST), RAX);
    a.emit(MOV, X[0], R9).emit(ADD, X[0], arg(Arg.X_OFFSET));
    for (int t = 1; t < tokens; t++) {
      a.emit(MOV, X[t], X[t - 1]).emit(ADD, X[t], arg(Arg.X_STRIDE));
    }
  }

  /** Where the four rows begin: the last row where there is no other. */
  private void startRows() {
    a.emit(MOV, RAX, local(Local.FIRST));
    for (int s = 0; s < ROWS; s++) {
      a.emit(MOV, BLOCK[s], RAX);
      a.emit(CMP, RAX, local(Local.LAST_ROW)).emit(CMOVG, BLOCK[s], local(Local.LAST_ROW));
      a.emit(MOV, row(s), BLOCK[s]);
      a.emit(IMUL, BLOCK[s], local(Local.ROW_BYTES)).emit(ADD, BLOCK[s], local(Local.WEIGHTS));
      a.emit(ADD, RAX, local(Local.DISTANCE));
    }
    a.emit(LEA, SCRATCH, mem(RSP, LOCALS + LINE - 1)).emit(AND, SCRATCH, -LINE);
    a.emit(XOR, EBX, EBX);
    a.emit(MOV, SCALE, arg(Arg.SCALES)).emit(MOV, SUM, arg(Arg.SUMS));
  }

  private void blocks() {
    Label loop = a.label();
    Label end = a.label();
    a.emit(CMP, COLUMN, COLUMNS_END).emit(JGE, end);
    a.align(32).bind(loop);
    for (int s = 0; s < ROWS; s++) {
      for (int line = 0; line < blockBytes; line += LINE) {
        a.emit(PREFETCHT0, mem(BLOCK[s], AHEAD + line));
      }
    }
    block();
    for (int s = 0; s < ROWS; s++) {
      a.emit(ADD, BLOCK[s], blockBytes);
    }
    a.emit(ADD, COLUMN, columnStep);
    a.emit(ADD, SCALE, scaleStep);
    a.emit(ADD, SUM, sumStep);
    a.emit(CMP, COLUMN, COLUMNS_END).emit(JL, loop);
    a.bind(end);
  }

  private void results() {
    a.emit(MOV, RESULTS, arg(Arg.OUT)).emit(ADD, RESULTS, arg(Arg.OUT_OFFSET));
    for (int t = 0; t < tokens; t++) {
      reduce(t);
      for (int s = 0; s < ROWS; s++) {
        a.emit(MOV, RAX, row(s)).emit(VPEXTRD, mem(RESULTS, RAX, 4, 0), xmm(0), s);
      }
      a.emit(ADD, RESULTS, arg(Arg.OUT_STRIDE));
    }
  }

  private void leave() {
    a.emit(VZEROUPPER).emit(ADD, RSP, FRAME);
    for (int i = SAVED.length - 1; i >= 0; i--) {
      a.emit(POP, SAVED[i]);
    }
    a.emit(RET);
  }

  /** Puts the sums of all lanes of four registers into the lanes of xmm0. */
  final void reduceFour(Vec... sums) {
    Vec t = zmm(1);
    Vec u = zmm(2);
    Vec v = zmm(0);
    a.emit(VUNPCKLPS, v, sums[0], sums[1]).emit(VUNPCKHPS, t, sums[0], sums[1]);
    a.emit(VADDPS, v, v, t);
    a.emit(VUNPCKLPS, u, sums[2], sums[3]).emit(VUNPCKHPS, t, sums[2], sums[3]);
    a.emit(VADDPS, u, u, t);
    a.emit(VPUNPCKLQDQ, t, v, u).emit(VPUNPCKHQDQ, v, v, u);
    a.emit(VADDPS, v, v, t);
    a.emit(VEXTRACTF64X4, ymm(1), v, 1);
    a.emit(VADDPS, ymm(0), ymm(0), ymm(1));
    a.emit(VEXTRACTF128, xmm(1), ymm(0), 1);
    a.emit(VADDPS, xmm(0), xmm(0), xmm(1));
  }

  /** Writes {@code r = 0}, which needs no unit to be executed. */
  final void zero(Vec r) {
    a.emit(VPXORD, r, r, r);
  }

  /** Fetches 16 bytes of each row, from a distance into its block, to the four parts of a zmm. */
  final void loadRows(Vec target, int distance) {
    a.emit(VMOVDQU, target.as(128), mem(BLOCK[0], distance));
    for (int s = 1; s < ROWS; s++) {
      a.emit(VINSERTI32X4, target, target, mem(BLOCK[s], distance), s);
    }
  }
}
