package org.zonda.runtime.cpu.machine;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.zonda.runtime.cpu.machine.Operand.Gpr;
import org.zonda.runtime.cpu.machine.Operand.Imm;
import org.zonda.runtime.cpu.machine.Operand.Mask;
import org.zonda.runtime.cpu.machine.Operand.Mem;
import org.zonda.runtime.cpu.machine.Operand.Tile;
import org.zonda.runtime.cpu.machine.Operand.Vec;

/**
 * Instructions with which the assembler is compared with GNU as: every form of every {@link Op}, at
 * every length, with registers and memory, and with some of them all registers and addresses. Its
 * {@link #main} prints them as GNU as reads them; {@code encodings.sh} makes the expected bytes.
 */
final class EncodingCases {

  /** An instruction. */
  record Case(Op op, List<Operand> operands) {}

  /** What has an EVEX form, but not one that takes a mask. */
  private static final Set<Op> UNMASKED =
      EnumSet.of(Op.VMOVD, Op.VMOVQ, Op.VMOVHLPS, Op.VPSRLDQ, Op.VPSLLDQ, Op.VPMOVM2B);

  private final Map<String, Case> cases = new LinkedHashMap<>();

  /** Counts up, so that registers and addresses vary from case to case. */
  private int turn;

  private EncodingCases() {}

  /** All cases by their text. */
  static Map<String, Case> all() {
    EncodingCases cases = new EncodingCases();
    for (Op op : Op.values()) {
      // Each from its own beginning: one more instruction leaves the others' cases as they are.
      cases.turn = op.name().hashCode() & 0xFFFF;
      for (Form form : op.forms()) {
        cases.addForm(op, form);
      }
    }
    cases.addRegisters();
    cases.addAddresses();
    return cases.cases;
  }

  /** Prints the cases, one a line. */
  public static void main(String[] arguments) {
    all().keySet().forEach(System.out::println);
  }

  /** The instruction set that has it. */
  static InstructionSet set(Op op) {
    return op.isAvxVnni() ? InstructionSet.AVX_VNNI : InstructionSet.AVX512;
  }

  private void addForm(Op op, Form form) {
    if (form.slots.stream().anyMatch(slot -> slot.kind() == 'l')) {
      return; // Jumps are tested with their labels.
    }
    for (int length = form.leastLength; length <= form.mostLength; length *= 2) {
      boolean anyWidth = form.slots.stream().anyMatch(Form.Slot::isAnyWidth);
      for (int bits = 32; bits <= (anyWidth ? 64 : 32); bits *= 2) {
        addForm(op, form, length, bits);
      }
    }
  }

  private void addForm(Op op, Form form, int length, int bits) {
    Form.Slot rm = form.rm < 0 ? null : form.slots.get(form.rm);
    boolean evex = form.scheme == Form.Scheme.EVEX;
    boolean takesRegister = rm == null || rm.kind() != 'm' && rm.kind() != 's';
    if (takesRegister) {
      add(op, operands(form, length, bits, null));
      add(op, operands(form, length, bits, null));
    }
    if (rm != null && rm.kind() == 's') {
      for (int i = 0; i < 8; i++) {
        Mem base = address(64 * i);
        Gpr index = new Gpr(i + 7, 64);
        add(op, operands(form, length, bits, Registers.mem(base.base(), index, 1, 64 * i)));
      }
      return;
    }
    if (rm != null && rm.memory()) {
      int unit = rm.memoryBytes(length);
      add(op, operands(form, length, bits, address(turn % 2 == 0 ? 127 * unit : -128 * unit)));
      if (evex) {
        add(op, operands(form, length, bits, address(turn % 2 == 0 ? 128 * unit : unit / 2)));
      }
    }
    if (rm != null && rm.broadcastBits() != 0) {
      int unit = rm.broadcastBits() / 8;
      add(op, operands(form, length, bits, address(turn % 2 == 0 ? -unit : 128 * unit)));
      Mem near = address(turn % 2 == 0 ? 127 * unit : -129 * unit);
      add(op, operands(form, length, bits, near.broadcast()));
    }
    if (evex && !UNMASKED.contains(op)) {
      addMasked(op, form, length, bits);
    }
  }

  private void addMasked(Op op, Form form, int length, int bits) {
    List<Operand> operands = operands(form, length, bits, form.rm == 0 ? address(64) : null);
    boolean takesNoRegister = form.rm >= 0 && form.slots.get(form.rm).kind() == 'm';
    Mask mask = new Mask(1 + turn % 7);
    if (operands.getFirst() instanceof Vec vec && !takesNoRegister) {
      operands.set(0, turn % 2 == 0 ? vec.masked(mask) : vec.zeroed(mask));
      add(op, operands);
    } else if (operands.getFirst() instanceof Mem mem) {
      operands.set(0, mem.masked(mask));
      add(op, operands);
    }
  }

  /** Operands of a form: with the memory given, or registers only. */
  private List<Operand> operands(Form form, int length, int bits, Mem mem) {
    List<Operand> operands = new ArrayList<>();
    for (int i = 0; i < form.slots.size(); i++) {
      operands.add(
          i == form.rm && mem != null ? mem : operand(form, form.slots.get(i), length, bits));
    }
    turn++;
    return operands;
  }

  private Operand operand(Form form, Form.Slot slot, int length, int bits) {
    turn += 5;
    return switch (slot.kind()) {
      // Not rax with a number of four bytes: GNU as has a shorter form for it.
      case 'r' ->
          new Gpr(
              form.immediateBytes == 4 ? 1 + turn % 15 : turn % 16,
              slot.bits() == 0 ? bits : slot.bits());
      case 'k' -> new Mask(turn % 8);
      case 't' -> new Tile(turn % 8);
      case '1' -> new Imm(1);
      case 'u' -> new Imm(2 + turn % 6);
      case 'i' ->
          new Imm(
              switch (form.immediateBytes) {
                case 1 -> turn % 2 == 0 ? -128 : 127;
                case 4 -> turn % 2 == 0 ? 0x12345678 : -129;
                default -> 0x123456789ABCDEF0L;
              });
      default ->
          new Vec(turn % (form.scheme == Form.Scheme.EVEX ? 32 : 16), slot.width(length), 0, false);
    };
  }

  private Mem address(int displacement) {
    Gpr base = new Gpr(turn * 3 % 16, 64);
    int index = turn * 7 % 16;
    return turn % 2 == 0 || index == 4
        ? Registers.mem(base, displacement)
        : Registers.mem(base, new Gpr(index, 64), 1 << turn / 2 % 4, displacement);
  }

  /** Each number in each place, of one instruction for each way of writing registers. */
  private void addRegisters() {
    for (int i = 0; i < 32; i++) {
      int j = (i + 11) % 32;
      int k = (i + 21) % 32;
      add(Op.VPADDD, List.of(Registers.zmm(i), Registers.zmm(j), Registers.zmm(k)));
      add(Op.VPADDD, List.of(Registers.ymm(i % 16), Registers.ymm(j % 16), Registers.ymm(k % 16)));
      add(Op.VPSRLD, List.of(Registers.zmm(i), Registers.zmm(j), new Imm(3)));
      add(Op.VPMOVDB, List.of(Registers.xmm(i), Registers.zmm(j)));
      add(Op.VMOVDQU32, List.of(Registers.mem(Registers.RDI, 64), Registers.zmm(i)));
      add(Op.VPBROADCASTD, List.of(Registers.zmm(i), new Gpr(i % 16, 32)));
      add(Op.VMOVQ, List.of(new Gpr(i % 16, 64), Registers.xmm(j)));
      add(Op.VCMPPS, List.of(new Mask(i % 8), Registers.zmm(j), Registers.zmm(k), new Imm(1)));
      add(Op.ADD, List.of(new Gpr(i % 16, 64), new Gpr(j % 16, 64)));
      add(Op.IMUL, List.of(new Gpr(i % 16, 32), new Gpr(j % 16, 32)));
      add(Op.PUSH, List.of(new Gpr(i % 16, 64)));
    }
  }

  /** Each base and index with each scale and size of displacement, of each way of writing them. */
  private void addAddresses() {
    for (int base = 0; base < 16; base++) {
      for (int displacement :
          new int[] {0, 1, 127, 128, -128, -129, 64, 8128, 8192, -8192, -8256}) {
        addAddress(Registers.mem(new Gpr(base, 64), displacement));
      }
      for (int index = 0; index < 16; index++) {
        if (index != 4) {
          addAddress(
              Registers.mem(
                  new Gpr(base, 64), new Gpr(index, 64), 1 << (base + index) % 4, index % 3 * 64));
        }
      }
    }
  }

  private void addAddress(Mem mem) {
    add(Op.LEA, List.of(Registers.R9, mem));
    add(Op.VPADDD, List.of(Registers.ymm(1), Registers.ymm(2), mem));
    add(Op.VPADDD, List.of(Registers.zmm(1), Registers.zmm(2), mem));
  }

  private void add(Op op, List<Operand> operands) {
    Case added = new Case(op, List.copyOf(operands));
    cases.put(text(added), added);
  }

  /** As GNU as reads it with {@code .intel_syntax noprefix}. */
  private static String text(Case instruction) {
    Op op = instruction.op();
    List<Operand> operands = instruction.operands();
    Form form = op.formFor(operands);
    int length = form.lengthFor(operands);
    String name = op.name().toLowerCase(Locale.ROOT);
    String hint = "";
    if (name.endsWith("_vex")) {
      hint = "{vex} ";
    } else if (name.startsWith("vpdp")) {
      hint = "{evex} ";
    } else if (form.scheme == Form.Scheme.VEX
        && operands.stream().noneMatch(operand -> operand instanceof Mem)) {
      hint = "{load} "; // Else it swaps registers where that saves a byte.
    }
    StringBuilder text = new StringBuilder(hint).append(name.replaceFirst("_(vex|b|w)$", ""));
    for (int i = 0; i < operands.size(); i++) {
      text.append(i == 0 ? " " : ", ");
      if (operands.get(i) instanceof Mem mem) {
        text.append(hasSize(op, form) ? size(form.memoryBytes(mem, length)) : "").append(text(mem));
        if (mem.broadcasts()) {
          text.append("{1to").append(length / 8 / form.memoryBytes(mem, length)).append('}');
        }
        text.append(mem.mask() == 0 ? "" : "{k" + mem.mask() + "}");
      } else {
        text.append(operands.get(i));
      }
    }
    return text.toString();
  }

  private static boolean hasSize(Op op, Form form) {
    Form.Slot slot = form.slots.get(form.rm);
    return op != Op.LDTILECFG
        && slot.kind() != 's'
        && (slot.memoryBits() != 0 || form.scheme != Form.Scheme.LEGACY);
  }

  private static String size(int bytes) {
    return switch (bytes) {
      case 1 -> "byte ptr ";
      case 2 -> "word ptr ";
      case 4 -> "dword ptr ";
      case 8 -> "qword ptr ";
      case 16 -> "xmmword ptr ";
      case 32 -> "ymmword ptr ";
      default -> "zmmword ptr ";
    };
  }

  private static String text(Mem mem) {
    StringBuilder text = new StringBuilder("[").append(mem.base());
    if (mem.index() != null) {
      text.append('+').append(mem.index()).append('*').append(mem.scale());
    }
    if (mem.displacement() != 0) {
      text.append(mem.displacement() > 0 ? "+" : "").append(mem.displacement());
    }
    return text.append(']').toString();
  }
}
