package org.zonda.runtime.cpu.machine;

import java.io.ByteArrayOutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.zonda.runtime.cpu.machine.Operand.Imm;
import org.zonda.runtime.cpu.machine.Operand.Label;

/**
 * Writes x86-64 machine code. An instruction is {@code emit(VPADDD, zmm(0), zmm(1), mem(RDI, 64))},
 * in the manual's order, destination first. {@link Op} has the instructions, {@link Registers} the
 * operands. Jumps get their short form where the target is near enough.
 *
 * <p>Not thread-safe.
 */
public final class Assembler {

  /** Instructions that do nothing, of one byte to eight, as the manual recommends them. */
  private static final byte[][] NOPS = {
    {},
    {(byte) 0x90},
    {0x66, (byte) 0x90},
    {0x0F, 0x1F, 0x00},
    {0x0F, 0x1F, 0x40, 0x00},
    {0x0F, 0x1F, 0x44, 0x00, 0x00},
    {0x66, 0x0F, 0x1F, 0x44, 0x00, 0x00},
    {0x0F, 0x1F, (byte) 0x80, 0x00, 0x00, 0x00, 0x00},
    {0x0F, 0x1F, (byte) 0x84, 0x00, 0x00, 0x00, 0x00, 0x00}
  };

  /**
   * What depends on where things end up. Only jumps and fillings are of a length to be found; a
   * distance overwrites four bytes.
   */
  private sealed interface Variable {
    /** Bytes of fixed code before it. */
    int position();
  }

  private record Jump(int position, Op op, Label target) implements Variable {}

  private record Filling(int position, int multiple) implements Variable {}

  private record Distance(int position, int end, Label target) implements Variable {}

  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final InstructionSet set;
  private final ByteArrayOutputStream fixed = new ByteArrayOutputStream();
  private final List<Variable> variables = new ArrayList<>();

  /** An assembler of all instructions. */
  public Assembler() {
    this(InstructionSet.AVX512);
  }

  /**
   * An assembler that refuses what processors of an instruction set need not have.
   *
   * @param set the instruction set
   */
  public Assembler(InstructionSet set) {
    this.set = set;
  }

  /**
   * Writes an instruction.
   *
   * @param op what it does
   * @param operands its operands, destination first
   * @return this
   * @throws IllegalArgumentException if it has no form with such operands
   */
  public Assembler emit(Op op, Operand... operands) {
    List<Operand> list = List.of(operands);
    Form form = op.formFor(list);
    checkAllowed(op, form, list);
    write(op, form, list);
    return this;
  }

  private void checkAllowed(Op op, Form form, List<Operand> operands) {
    if (form.scheme == Form.Scheme.EVEX && set != InstructionSet.AVX512
        || op.isAvxVnni() && set != InstructionSet.AVX_VNNI
        || set == InstructionSet.OFF && form.scheme != Form.Scheme.LEGACY) {
      throw new IllegalArgumentException(op + " " + operands + " is not part of " + set);
    }
  }

  private void write(Op op, Form form, List<Operand> operands) {
    if (operands.size() == 1 && operands.getFirst() instanceof Label target) {
      variables.add(new Jump(fixed.size(), op, target));
      return;
    }
    Encoder encoder = new Encoder(form, operands);
    byte[] bytes = encoder.bytes();
    if (encoder.label() != null) {
      int start = fixed.size();
      variables.add(
          new Distance(start + encoder.distanceAt(), start + bytes.length, encoder.label()));
    }
    fixed.writeBytes(bytes);
  }

  /**
   * Writes an instruction that ends with a number.
   *
   * @param op what it does
   * @param a its operand
   * @param number the number
   * @return this
   * @throws IllegalArgumentException if it has no form with such operands
   */
  public Assembler emit(Op op, Operand a, long number) {
    return emit(op, a, new Imm(number));
  }

  /**
   * Writes an instruction that ends with a number.
   *
   * @param op what it does
   * @param a its first operand
   * @param b its second operand
   * @param number the number
   * @return this
   * @throws IllegalArgumentException if it has no form with such operands
   */
  public Assembler emit(Op op, Operand a, Operand b, long number) {
    return emit(op, a, b, new Imm(number));
  }

  /**
   * Writes an instruction that ends with a number.
   *
   * @param op what it does
   * @param a its first operand
   * @param b its second operand
   * @param c its third operand
   * @param number the number
   * @return this
   * @throws IllegalArgumentException if it has no form with such operands
   */
  public Assembler emit(Op op, Operand a, Operand b, Operand c, long number) {
    return emit(op, a, b, c, new Imm(number));
  }

  /**
   * Makes a label, to jump to before or after it is bound.
   *
   * @return a label that is not bound
   */
  public Label label() {
    return new Label();
  }

  /**
   * Puts a label here.
   *
   * @param label a label of this assembler that is not bound yet
   * @return the label
   */
  public Label bind(Label label) {
    if (label.position >= 0) {
      throw new IllegalArgumentException("the label is bound already");
    }
    label.position = fixed.size();
    label.variables = variables.size();
    return label;
  }

  /**
   * Fills up with instructions that do nothing, as before a loop.
   *
   * @param bytes a power of two up to 64, of which the next address is a multiple
   * @return this
   */
  public Assembler align(int bytes) {
    variables.add(new Filling(fixed.size(), bytes));
    return this;
  }

  /**
   * Writes constants, to be read through {@code mem(label)}; after the last instruction.
   *
   * @param bytes the constants
   * @return this
   */
  public Assembler data(byte... bytes) {
    fixed.writeBytes(bytes);
    return this;
  }

  /**
   * Writes constants of four bytes, as {@link #data} does.
   *
   * @param words the constants
   * @return this
   */
  public Assembler words(int... words) {
    for (int word : words) {
      byte[] bytes = new byte[4];
      putWord(bytes, 0, word);
      data(bytes);
    }
    return this;
  }

  /**
   * The code so far.
   *
   * @return its bytes; they may be put at any address that is a multiple of 64
   * @throws IllegalStateException if a label that is used is not bound
   */
  public byte[] code() {
    int[] sizes = sizes();
    int[] before = sums(sizes);
    byte[] source = fixed.toByteArray();
    byte[] code = new byte[source.length + before[sizes.length]];
    int done = 0;
    for (int i = 0; i < sizes.length; i++) {
      Variable variable = variables.get(i);
      int at = variable.position() + before[i];
      System.arraycopy(source, done, code, done + before[i], variable.position() - done);
      done = variable.position();
      switch (variable) {
        case Jump jump -> writeJump(jump, sizes[i], code, at, before);
        case Filling filling -> fill(code, at, sizes[i]);
        case Distance distance -> {
          // The four bytes, which the next copy would overwrite, hold what is added.
          int displacement = address(distance.target(), before) - (distance.end() + before[i]);
          putWord(source, distance.position(), getWord(source, distance.position()) + displacement);
        }
      }
    }
    System.arraycopy(source, done, code, done + before[sizes.length], source.length - done);
    return code;
  }

  /** The sizes of the variable parts: jumps begin short and grow until all reach. */
  private int[] sizes() {
    int[] sizes = new int[variables.size()];
    boolean changed = true;
    while (changed) {
      changed = false;
      int[] before = sums(sizes);
      for (int i = 0; i < sizes.length; i++) {
        int size =
            switch (variables.get(i)) {
              case Jump jump -> Math.max(sizes[i], jumpSize(jump, sizes[i], before, i));
              case Filling filling -> -(filling.position() + before[i]) & filling.multiple() - 1;
              case Distance distance -> 0;
            };
        changed |= size != sizes[i];
        sizes[i] = size;
      }
    }
    return sizes;
  }

  private static int jumpSize(Jump jump, int size, int[] before, int index) {
    int end = jump.position() + before[index] + Math.max(size, 2);
    int distance = address(jump.target(), before) - end;
    return size <= 2 && distance == (byte) distance ? 2 : jump.op() == Op.JMP ? 5 : 6;
  }

  /** How much the variable parts before each come to, and all of them. */
  private static int[] sums(int[] sizes) {
    int[] before = new int[sizes.length + 1];
    for (int i = 0; i < sizes.length; i++) {
      before[i + 1] = before[i] + sizes[i];
    }
    return before;
  }

  private static int address(Label label, int[] before) {
    if (label.position < 0) {
      throw new IllegalStateException("a label is used, but nowhere bound");
    }
    return label.position + before[label.variables];
  }

  private static void writeJump(Jump jump, int size, byte[] code, int at, int[] before) {
    int distance = address(jump.target(), before) - (at + size);
    Form form = jump.op().forms().get(size == 2 ? 0 : 1);
    if (size == 2) {
      code[at] = (byte) form.opcode;
      code[at + 1] = (byte) distance;
      return;
    }
    if (size == 6) {
      code[at] = 0x0F;
    }
    code[at + size - 5] = (byte) form.opcode;
    putWord(code, at + size - 4, distance);
  }

  private static void fill(byte[] code, int at, int size) {
    for (int done = 0; done < size; ) {
      int length = Math.min(8, size - done);
      System.arraycopy(NOPS[length], 0, code, at + done, length);
      done += length;
    }
  }

  private static int getWord(byte[] bytes, int at) {
    return (int) WORD.get(bytes, at);
  }

  private static void putWord(byte[] bytes, int at, int value) {
    WORD.set(bytes, at, value);
  }
}
