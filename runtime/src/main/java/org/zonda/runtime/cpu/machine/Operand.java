package org.zonda.runtime.cpu.machine;

/** What an instruction works on. {@link Registers} has the names to write them by. */
public sealed interface Operand {

  /**
   * A general register.
   *
   * @param number 0 (rax) to 15
   * @param bits 32 or 64
   */
  record Gpr(int number, int bits) implements Operand {

    private static final String[] NAMES = {"ax", "cx", "dx", "bx", "sp", "bp", "si", "di"};

    /** Checks the parts. */
    public Gpr {
      check(number >= 0 && number < 16 && (bits == 32 || bits == 64), "general register", number);
    }

    @Override
    public String toString() {
      if (number >= 8) {
        return "r" + number + (bits == 32 ? "d" : "");
      }
      return (bits == 32 ? "e" : "r") + NAMES[number];
    }
  }

  /**
   * A vector register, with the mask of its elements where it is a masked destination.
   *
   * @param number 0 to 31; from 16 on only EVEX instructions take it
   * @param bits 128, 256 or 512
   * @param mask 1 to 7, or 0 for all elements
   * @param zeroing whether elements that are masked out become zero rather than stay
   */
  record Vec(int number, int bits, int mask, boolean zeroing) implements Operand {

    /** Checks the parts. */
    public Vec {
      check(number >= 0 && number < 32, "vector register", number);
      check(bits == 128 || bits == 256 || bits == 512, "vector width", bits);
      check(mask >= 0 && mask < 8 && !(zeroing && mask == 0), "mask", mask);
    }

    /**
     * As a destination of which only some elements are written: {@code {k}}.
     *
     * @param which the mask register, not k0
     * @return the masked register
     */
    public Vec masked(Mask which) {
      check(which.number() > 0, "mask", which.number());
      return new Vec(number, bits, which.number(), false);
    }

    /**
     * As a destination of which the other elements become zero: {@code {k}{z}}.
     *
     * @param which the mask register, not k0
     * @return the masked register
     */
    public Vec zeroed(Mask which) {
      return new Vec(number, bits, which.number(), true);
    }

    /**
     * The same register at another width.
     *
     * @param width 128, 256 or 512
     * @return its lower part, or the register that it is the lower part of
     */
    public Vec as(int width) {
      return new Vec(number, width, mask, zeroing);
    }

    @Override
    public String toString() {
      String name = (bits == 128 ? "xmm" : bits == 256 ? "ymm" : "zmm") + number;
      return mask == 0 ? name : name + "{k" + mask + "}" + (zeroing ? "{z}" : "");
    }
  }

  /**
   * A mask register.
   *
   * @param number 0 to 7
   */
  record Mask(int number) implements Operand {

    /** Checks the number. */
    public Mask {
      check(number >= 0 && number < 8, "mask register", number);
    }

    @Override
    public String toString() {
      return "k" + number;
    }
  }

  /**
   * A tile register of AMX.
   *
   * @param number 0 to 7
   */
  record Tile(int number) implements Operand {

    /** Checks the number. */
    public Tile {
      check(number >= 0 && number < 8, "tile register", number);
    }

    @Override
    public String toString() {
      return "tmm" + number;
    }
  }

  /**
   * Memory: {@code [base + index * scale + displacement]}, or a label's bytes. Its size is the
   * instruction's.
   *
   * @param base a 64-bit register; null only with a label
   * @param index a 64-bit register other than rsp, or null
   * @param scale 1, 2, 4 or 8
   * @param displacement in bytes
   * @param label what is addressed relative to rip, or null
   * @param broadcasts whether one element is read for all: {@code {1toN}}
   * @param mask of a masked store, or 0
   */
  record Mem(
      Gpr base, Gpr index, int scale, int displacement, Label label, boolean broadcasts, int mask)
      implements Operand {

    /** Checks the parts. */
    public Mem {
      check(label == null ? base != null : base == null && index == null, "base of label", 0);
      check(base == null || base.bits() == 64, "base", base);
      check(index == null || index.bits() == 64 && index.number() != 4, "index", index);
      check(scale == 1 || scale == 2 || scale == 4 || scale == 8, "scale", scale);
    }

    /**
     * Read as one element that all lanes get: {@code {1toN}}.
     *
     * @return the same address
     */
    public Mem broadcast() {
      return new Mem(base, index, scale, displacement, label, true, mask);
    }

    /**
     * As a destination of which only some elements are written.
     *
     * @param which the mask register, not k0
     * @return the same address
     */
    public Mem masked(Mask which) {
      check(which.number() > 0, "mask", which.number());
      return new Mem(base, index, scale, displacement, label, broadcasts, which.number());
    }

    /**
     * Further on.
     *
     * @param bytes how far
     * @return the moved address
     */
    public Mem plus(int bytes) {
      return new Mem(
          base, index, scale, Math.addExact(displacement, bytes), label, broadcasts, mask);
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder("[");
      text.append(label != null ? "rip+label" : base);
      if (index != null) {
        text.append('+').append(index).append('*').append(scale);
      }
      if (displacement != 0) {
        text.append(displacement > 0 ? "+" : "").append(displacement);
      }
      return text.append(']').append(broadcasts ? "{1toN}" : "").toString();
    }
  }

  /**
   * A number in the instruction.
   *
   * @param value the number
   */
  record Imm(long value) implements Operand {
    @Override
    public String toString() {
      return Long.toString(value);
    }
  }

  /** A place in the code. Made by {@link Assembler#label}, put by {@link Assembler#bind}. */
  final class Label implements Operand {

    /** Bytes and variable parts of the code that come before; -1 until it is bound. */
    int position = -1;

    int variables;

    Label() {}

    @Override
    public String toString() {
      return "label";
    }
  }

  private static void check(boolean good, String what, Object value) {
    if (!good) {
      throw new IllegalArgumentException("no such " + what + ": " + value);
    }
  }
}
