package org.zonda.runtime.cpu.machine;

import java.util.List;
import org.zonda.runtime.cpu.machine.Operand.Gpr;
import org.zonda.runtime.cpu.machine.Operand.Imm;
import org.zonda.runtime.cpu.machine.Operand.Label;
import org.zonda.runtime.cpu.machine.Operand.Mask;
import org.zonda.runtime.cpu.machine.Operand.Mem;
import org.zonda.runtime.cpu.machine.Operand.Tile;
import org.zonda.runtime.cpu.machine.Operand.Vec;

/**
 * The bytes of one instruction: prefixes, opcode, ModRM, SIB, displacement, number (Intel's
 * Software Developer's Manual, volume 2, chapter 2).
 */
final class Encoder {

  private static final int[] PREFIX_BYTES = {0, 0x66, 0xF3, 0xF2};

  private final Form form;
  private final List<Operand> operands;
  private final int length;

  /** The operand of the r/m field, that of the register field, and that of VEX.vvvv; or null. */
  private final Operand rm;

  private Operand register;
  private Operand other;
  private long number;

  private final byte[] bytes = new byte[16];
  private int count;

  /** Where the distance of a label's bytes is to be written; -1 if there is none. */
  private int distanceAt = -1;

  /**
   * Encodes.
   *
   * @param form a form that takes the operands
   * @param operands the operands
   */
  Encoder(Form form, List<Operand> operands) {
    this.form = form;
    this.operands = operands;
    this.length = form.lengthFor(operands);
    this.rm = form.rm < 0 ? null : operands.get(form.rm);
    assignFields();
    switch (form.scheme) {
      case LEGACY -> legacy();
      case VEX -> vex();
      case EVEX -> evex();
    }
    if (form.modRm) {
      modRm();
    }
    for (int i = 0; i < form.immediateBytes; i++) {
      put((int) (number >>> 8 * i));
    }
  }

  byte[] bytes() {
    return java.util.Arrays.copyOf(bytes, count);
  }

  /**
   * Index of the four bytes that hold the distance to a label, counted from the end; -1 if none.
   */
  int distanceAt() {
    return distanceAt;
  }

  /** The label that is addressed; null if none. */
  Label label() {
    return rm instanceof Mem mem ? mem.label() : null;
  }

  /** What is not in r/m goes to the register field and to vvvv; a store names vvvv first. */
  private void assignFields() {
    for (int i = 0; i < operands.size(); i++) {
      if (operands.get(i) instanceof Imm imm) {
        number = imm.value();
      } else if (i != form.rm) {
        if (form.digit >= 0) {
          other = operands.get(i);
        } else if (register == null) {
          register = operands.get(i);
        } else if (form.rm == 0) {
          other = register;
          register = operands.get(i);
        } else {
          other = operands.get(i);
        }
      }
    }
  }

  private void legacy() {
    if (form.prefix != 0) {
      put(PREFIX_BYTES[form.prefix]);
    }
    boolean wide = form.wide;
    for (int i = 0; i < operands.size(); i++) {
      wide |=
          form.slots.get(i).isAnyWidth() && operands.get(i) instanceof Gpr gpr && gpr.bits() == 64;
    }
    int rex = bit(wide, 3) | bit(high(register), 2) | bit(indexHigh(), 1) | bit(baseHigh(), 0);
    if (rex != 0) {
      put(0x40 | rex);
    }
    if (form.map >= 1) {
      put(0x0F);
    }
    if (form.map >= 2) {
      put(form.map == 2 ? 0x38 : 0x3A);
    }
    if (form.opcode > 0xFF) {
      put(form.opcode >> 8);
    }
    put(form.registerInOpcode ? form.opcode | numberOf(rm) & 7 : form.opcode);
  }

  private void vex() {
    int last = (~numberOf(other) & 15) << 3 | bit(length == 256, 2) | form.prefix;
    if (!indexHigh() && !baseHigh() && form.map == 1 && !form.wide) {
      put(0xC5);
      put(bit(!high(register), 7) | last);
    } else {
      put(0xC4);
      put(inverted() | form.map);
      put(bit(form.wide, 7) | last);
    }
    if (form.opcode > 0xFF) {
      put(form.opcode >> 8);
    }
    put(form.opcode);
  }

  private void evex() {
    Mem mem = rm instanceof Mem m ? m : null;
    put(0x62);
    put(inverted() | bit(numberOf(register) < 16, 4) | form.map);
    put(bit(form.wide, 7) | (~numberOf(other) & 15) << 3 | 4 | form.prefix);
    Vec target = operands.getFirst() instanceof Vec vec ? vec : null;
    int mask = target != null ? target.mask() : mem != null ? mem.mask() : 0;
    put(
        bit(target != null && target.zeroing(), 7)
            | (length == 512 ? 2 : length == 256 ? 1 : 0) << 5
            | bit(mem != null && mem.broadcasts(), 4)
            | bit(numberOf(other) < 16, 3)
            | mask);
    put(form.opcode);
  }

  /** The bits R, X and B, which VEX and EVEX hold inverted. */
  private int inverted() {
    return bit(!high(register), 7) | bit(!indexHigh(), 6) | bit(!baseHigh(), 5);
  }

  /** Bit 3 of a register's number. */
  private static boolean high(Operand operand) {
    return (numberOf(operand) & 8) != 0;
  }

  private boolean baseHigh() {
    return rm instanceof Mem mem ? high(mem.base()) : high(rm);
  }

  /** Bit 3 of the index; or bit 4 of a register in the r/m field, which has its place here. */
  private boolean indexHigh() {
    return rm instanceof Mem mem ? high(mem.index()) : (numberOf(rm) & 16) != 0;
  }

  private static int numberOf(Operand operand) {
    return switch (operand) {
      case Gpr gpr -> gpr.number();
      case Vec vec -> vec.number();
      case Mask mask -> mask.number();
      case Tile tile -> tile.number();
      case null, default -> 0;
    };
  }

  private void modRm() {
    int field = (form.digit >= 0 ? form.digit : numberOf(register) & 7) << 3;
    if (!(rm instanceof Mem mem)) {
      put(0xC0 | field | numberOf(rm) & 7);
      return;
    }
    if (mem.label() != null) {
      put(field | 5);
      distanceAt = count;
      word(mem.displacement());
      return;
    }
    int base = mem.base().number() & 7;
    int displacement = mem.displacement();
    // EVEX counts a displacement of one byte in operands, where it can.
    int unit = form.scheme == Form.Scheme.EVEX ? form.memoryBytes(mem, length) : 1;
    int units = displacement / unit;
    boolean near = displacement % unit == 0 && units == (byte) units;
    boolean none = displacement == 0 && base != 5; // rbp and r13 stand for no base there
    int mode = none ? 0 : near ? 0x40 : 0x80;
    if (mem.index() != null || base == 4) { // rsp and r12 stand for SIB
      put(mode | field | 4);
      int index = mem.index() == null ? 4 : mem.index().number() & 7;
      put(Integer.numberOfTrailingZeros(mem.scale()) << 6 | index << 3 | base);
    } else {
      put(mode | field | base);
    }
    if (mode == 0x40) {
      put(units);
    } else if (mode == 0x80) {
      word(displacement);
    }
  }

  private void word(int value) {
    for (int i = 0; i < 4; i++) {
      put(value >>> 8 * i);
    }
  }

  private void put(int value) {
    bytes[count++] = (byte) value;
  }

  private static int bit(boolean set, int place) {
    return set ? 1 << place : 0;
  }
}
