package org.zonda.runtime.cpu.machine;

import org.zonda.runtime.cpu.machine.Operand.Gpr;
import org.zonda.runtime.cpu.machine.Operand.Label;
import org.zonda.runtime.cpu.machine.Operand.Mask;
import org.zonda.runtime.cpu.machine.Operand.Mem;
import org.zonda.runtime.cpu.machine.Operand.Tile;
import org.zonda.runtime.cpu.machine.Operand.Vec;

/**
 * The registers by name, and memory operands, for static import. In a function of the System V ABI
 * the arguments come in rdi, rsi, rdx, rcx, r8, r9 and the rest on the stack; rbx, rbp, rsp and r12
 * to r15 must be left as they were.
 */
public final class Registers {

  public static final Gpr RAX = new Gpr(0, 64);
  public static final Gpr RCX = new Gpr(1, 64);
  public static final Gpr RDX = new Gpr(2, 64);
  public static final Gpr RBX = new Gpr(3, 64);
  public static final Gpr RSP = new Gpr(4, 64);
  public static final Gpr RBP = new Gpr(5, 64);
  public static final Gpr RSI = new Gpr(6, 64);
  public static final Gpr RDI = new Gpr(7, 64);
  public static final Gpr R8 = new Gpr(8, 64);
  public static final Gpr R9 = new Gpr(9, 64);
  public static final Gpr R10 = new Gpr(10, 64);
  public static final Gpr R11 = new Gpr(11, 64);
  public static final Gpr R12 = new Gpr(12, 64);
  public static final Gpr R13 = new Gpr(13, 64);
  public static final Gpr R14 = new Gpr(14, 64);
  public static final Gpr R15 = new Gpr(15, 64);

  public static final Gpr EAX = new Gpr(0, 32);
  public static final Gpr ECX = new Gpr(1, 32);
  public static final Gpr EDX = new Gpr(2, 32);
  public static final Gpr EBX = new Gpr(3, 32);
  public static final Gpr EBP = new Gpr(5, 32);
  public static final Gpr ESI = new Gpr(6, 32);
  public static final Gpr EDI = new Gpr(7, 32);
  public static final Gpr R8D = new Gpr(8, 32);
  public static final Gpr R9D = new Gpr(9, 32);
  public static final Gpr R10D = new Gpr(10, 32);
  public static final Gpr R11D = new Gpr(11, 32);
  public static final Gpr R12D = new Gpr(12, 32);
  public static final Gpr R13D = new Gpr(13, 32);
  public static final Gpr R14D = new Gpr(14, 32);
  public static final Gpr R15D = new Gpr(15, 32);

  public static final Mask K0 = new Mask(0);
  public static final Mask K1 = new Mask(1);
  public static final Mask K2 = new Mask(2);
  public static final Mask K3 = new Mask(3);
  public static final Mask K4 = new Mask(4);
  public static final Mask K5 = new Mask(5);
  public static final Mask K6 = new Mask(6);
  public static final Mask K7 = new Mask(7);

  private Registers() {}

  /**
   * A 128-bit register.
   *
   * @param number 0 to 31
   * @return the register
   */
  public static Vec xmm(int number) {
    return new Vec(number, 128, 0, false);
  }

  /**
   * A 256-bit register.
   *
   * @param number 0 to 31
   * @return the register
   */
  public static Vec ymm(int number) {
    return new Vec(number, 256, 0, false);
  }

  /**
   * A 512-bit register.
   *
   * @param number 0 to 31
   * @return the register
   */
  public static Vec zmm(int number) {
    return new Vec(number, 512, 0, false);
  }

  /**
   * A tile register.
   *
   * @param number 0 to 7
   * @return the register
   */
  public static Tile tmm(int number) {
    return new Tile(number);
  }

  /**
   * A vector register.
   *
   * @param number 0 to 31
   * @param bits 128, 256 or 512
   * @return the register
   */
  public static Vec vec(int number, int bits) {
    return new Vec(number, bits, 0, false);
  }

  /**
   * The memory that a register points to.
   *
   * @param base a 64-bit register
   * @return the operand
   */
  public static Mem mem(Gpr base) {
    return mem(base, 0);
  }

  /**
   * The memory at a distance from what a register points to.
   *
   * @param base a 64-bit register
   * @param displacement in bytes
   * @return the operand
   */
  public static Mem mem(Gpr base, int displacement) {
    return new Mem(base, null, 1, displacement, null, false, 0);
  }

  /**
   * An element of an array: {@code [base + index * scale + displacement]}.
   *
   * @param base a 64-bit register
   * @param index a 64-bit register other than rsp
   * @param scale 1, 2, 4 or 8
   * @param displacement in bytes
   * @return the operand
   */
  public static Mem mem(Gpr base, Gpr index, int scale, int displacement) {
    return new Mem(base, index, scale, displacement, null, false, 0);
  }

  /**
   * Constants in the code, addressed relative to rip.
   *
   * @param label where they are
   * @return the operand
   */
  public static Mem mem(Label label) {
    return new Mem(null, null, 1, 0, label, false, 0);
  }
}
