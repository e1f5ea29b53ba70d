package org.zonda.runtime.cpu.machine;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.zonda.runtime.cpu.machine.Operand.Gpr;
import org.zonda.runtime.cpu.machine.Operand.Imm;
import org.zonda.runtime.cpu.machine.Operand.Label;
import org.zonda.runtime.cpu.machine.Operand.Mask;
import org.zonda.runtime.cpu.machine.Operand.Mem;
import org.zonda.runtime.cpu.machine.Operand.Tile;
import org.zonda.runtime.cpu.machine.Operand.Vec;

/**
 * One way to encode an instruction, read from two texts: its operands, and its encoding as the
 * processor's manual writes it; {@link Op} explains both.
 */
final class Form {

  /** How prefixes are written. */
  enum Scheme {
    LEGACY,
    VEX,
    EVEX
  }

  private static final Map<String, Integer> PREFIXES = Map.of("66", 1, "F3", 2, "F2", 3);
  private static final Map<String, Integer> MAPS = Map.of("0F", 1, "0F38", 2, "0F3A", 3);

  /** What one operand may be. */
  record Slot(
      char kind, int bits, int fraction, boolean memory, int memoryBits, int broadcastBits) {

    static Slot of(String text) {
      char kind = text.charAt(0);
      int bits = 0;
      int fraction = 1;
      boolean memory = false;
      int memoryBits = 0;
      int broadcastBits = 0;
      for (String part : text.split("/")) {
        char first = part.charAt(0);
        String rest = part.substring(1);
        switch (first) {
          case 's' -> memory = true;
          case 'm' -> {
            memory = true;
            memoryBits = rest.isEmpty() ? 0 : Integer.parseInt(rest);
          }
          case 'b' -> broadcastBits = Integer.parseInt(rest);
          case 'v' -> fraction = rest.isEmpty() ? 1 : Integer.parseInt(rest.substring(1));
          case 'x' -> bits = 128;
          case 'y' -> bits = 256;
          case 'r' -> bits = rest.isEmpty() ? 0 : Integer.parseInt(rest);
          default -> {
            // Masks, numbers and labels have no width.
          }
        }
      }
      return new Slot(kind, bits, fraction, memory, memoryBits, broadcastBits);
    }

    boolean isVector() {
      return kind == 'v' || kind == 'x' || kind == 'y';
    }

    boolean isImmediate() {
      return kind == 'i' || kind == 'u' || kind == '1';
    }

    /** The width of the register where the instruction's vectors have a length. */
    int width(int length) {
      return bits != 0 ? bits : Math.max(128, length / fraction);
    }

    /** Whether 64-bit registers make the instruction wide. */
    boolean isAnyWidth() {
      return kind == 'r' && bits == 0;
    }

    /** Bytes of the operand in memory. */
    int memoryBytes(int length) {
      return (memoryBits != 0 ? memoryBits : bits != 0 ? bits : length / fraction) / 8;
    }

    boolean takes(Operand operand, Form form, int length, int index) {
      boolean evex = form.scheme == Scheme.EVEX;
      return switch (operand) {
        case Gpr gpr -> kind == 'r' && (bits == 0 || bits == gpr.bits());
        case Vec vec ->
            isVector()
                && vec.bits() == width(length)
                && (evex || vec.number() < 16)
                && (vec.mask() == 0 || evex && index == 0);
        case Mask mask -> kind == 'k';
        case Tile tile -> kind == 't';
        case Mem mem ->
            memory
                && (kind != 's' || mem.index() != null)
                && (!mem.broadcasts() || broadcastBits != 0)
                && (mem.mask() == 0 || evex && index == 0);
        case Imm imm -> takes(imm.value(), form);
        case Label label -> kind == 'l';
      };
    }

    private boolean takes(long value, Form form) {
      return switch (kind) {
        case '1' -> value == 1;
        case 'u' -> value >= 0 && value < 256;
        case 'i' ->
            switch (form.immediateBytes) {
              case 1 -> value == (byte) value;
              case 4 -> value == (int) value;
              default -> true;
            };
        default -> false;
      };
    }
  }

  final Scheme scheme;
  final List<Slot> slots;

  /** The last two bits of VEX and EVEX, or a legacy prefix: 0, 66, F3, F2. */
  final int prefix;

  /** 1: 0F, 2: 0F38, 3: 0F3A. */
  final int map;

  final int opcode;
  final boolean wide;

  /** The register field where it is part of the opcode; -1 where it names a register. */
  final int digit;

  final boolean modRm;
  final boolean registerInOpcode;
  final int immediateBytes;

  /** Which operand is the r/m field, or in the opcode; -1 if none. */
  final int rm;

  /** The lengths of vectors that it has, in bits. */
  final int leastLength;

  final int mostLength;

  private Form(String operands, String encoding) {
    slots = operands.isEmpty() ? List.of() : Stream.of(operands.split(",")).map(Slot::of).toList();
    int prefix = 0;
    int map = 0;
    int opcode = 0;
    int digit = -1;
    int immediate = 0;
    boolean wide = false;
    boolean modRm = false;
    boolean inOpcode = false;
    String[] words = encoding.split(" ");
    int least = 128;
    int most = 128;
    Scheme scheme = Scheme.LEGACY;
    if (words[0].startsWith("VEX") || words[0].startsWith("EVEX")) {
      scheme = words[0].startsWith("VEX") ? Scheme.VEX : Scheme.EVEX;
      most = scheme == Scheme.VEX ? 256 : 512;
      for (String part : words[0].split("\\.")) {
        prefix = PREFIXES.getOrDefault(part, prefix);
        map = MAPS.getOrDefault(part, map);
        wide |= part.equals("W1");
        switch (part) {
          case "128", "LIG" -> most = 128;
          case "256" -> least = most = 256;
          case "256+" -> least = 256;
          case "512" -> least = most = 512;
          default -> {
            // Prefix, map or W.
          }
        }
      }
    }
    for (String word : List.of(words).subList(scheme == Scheme.LEGACY ? 0 : 1, words.length)) {
      switch (word) {
        case "REX.W" -> wide = true;
        case "/r" -> modRm = true;
        case "ib" -> immediate = 1;
        case "id" -> immediate = 4;
        case "iq" -> immediate = 8;
        default -> {
          if (word.charAt(0) == '/') {
            modRm = true;
            digit = word.charAt(1) - '0';
          } else if (scheme == Scheme.LEGACY && opcode == 0 && PREFIXES.containsKey(word)) {
            prefix = PREFIXES.get(word);
          } else if (scheme == Scheme.LEGACY && MAPS.containsKey(word)) {
            map = MAPS.get(word);
          } else {
            inOpcode = word.endsWith("+r");
            opcode = opcode << 8 | Integer.parseInt(word.substring(0, 2), 16);
          }
        }
      }
    }
    this.scheme = scheme;
    this.prefix = prefix;
    this.map = map;
    this.opcode = opcode;
    this.wide = wide;
    this.digit = digit;
    this.modRm = modRm;
    this.registerInOpcode = inOpcode;
    this.immediateBytes = immediate;
    this.leastLength = least;
    this.mostLength = most;
    this.rm = rmOf(slots);
  }

  /**
   * Reads a form.
   *
   * @param text operands, a colon, encoding
   * @return the form
   */
  static Form of(String text) {
    int colon = text.indexOf(':');
    return new Form(text.substring(0, colon).trim(), text.substring(colon + 1).trim());
  }

  /**
   * The r/m field holds what may be in memory; where nothing may, the last register, but the second
   * of three tiles.
   */
  private static int rmOf(List<Slot> slots) {
    if (slots.size() == 3 && slots.getLast().kind == 't') {
      return 1;
    }
    int last = -1;
    for (int i = 0; i < slots.size(); i++) {
      if (slots.get(i).memory) {
        return i;
      }
      if (!slots.get(i).isImmediate()) {
        last = i;
      }
    }
    return last;
  }

  /**
   * The length of the vectors if the form takes the operands.
   *
   * @return 128, 256 or 512; 0 if it does not take them
   */
  int lengthFor(List<Operand> operands) {
    if (operands.size() != slots.size()) {
      return 0;
    }
    int length = leastLength;
    for (int i = 0; i < slots.size(); i++) {
      if (slots.get(i).kind == 'v' && slots.get(i).fraction == 1) {
        length = operands.get(i) instanceof Vec vec ? vec.bits() : length;
      }
    }
    if (length < leastLength || length > mostLength) {
      return 0;
    }
    int width = 0; // of general registers, which is one
    for (int i = 0; i < slots.size(); i++) {
      if (!slots.get(i).takes(operands.get(i), this, length, i)) {
        return 0;
      }
      if (slots.get(i).isAnyWidth() && operands.get(i) instanceof Gpr gpr) {
        if (width != 0 && width != gpr.bits()) {
          return 0;
        }
        width = gpr.bits();
      }
    }
    return length;
  }

  /** Bytes that are read or written at an operand in memory. */
  int memoryBytes(Mem mem, int length) {
    Slot slot = slots.get(rm);
    return mem.broadcasts() ? slot.broadcastBits / 8 : slot.memoryBytes(length);
  }
}
