package org.zonda.runtime.cpu.machine;

import static org.zonda.runtime.cpu.machine.Op.VBROADCASTI32X4;
import static org.zonda.runtime.cpu.machine.Op.VMOVDQU32;
import static org.zonda.runtime.cpu.machine.Op.VPBROADCASTD;
import static org.zonda.runtime.cpu.machine.Registers.mem;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.zonda.runtime.cpu.machine.Operand.Label;
import org.zonda.runtime.cpu.machine.Operand.Mem;
import org.zonda.runtime.cpu.machine.Operand.Vec;

/** The constant vectors of a function, which are written after its code. */
final class Constants {

  private record Constant(Label label, int[] words) {}

  private final Assembler a;
  private final List<Constant> all = new ArrayList<>();

  Constants(Assembler a) {
    this.a = a;
  }

  /** A vector in memory: of one word for all lanes, or of all its words. */
  Mem vector(int... words) {
    Label label = label(words);
    return words.length == 1 ? mem(label).broadcast() : mem(label);
  }

  /** Where the words are; the same ones are written once. */
  private Label label(int... words) {
    for (Constant constant : all) {
      if (Arrays.equals(constant.words, words)) {
        return constant.label;
      }
    }
    Label label = a.label();
    all.add(new Constant(label, words));
    return label;
  }

  /** Loads a vector: of one word for all lanes, of four for each part, or of all its words. */
  void load(Vec target, int... words) {
    Mem source = mem(label(words));
    switch (words.length) {
      case 1 -> a.emit(VPBROADCASTD, target, source);
      case 4 -> a.emit(VBROADCASTI32X4, target, source);
      default -> a.emit(VMOVDQU32, target, source);
    }
  }

  /** Loads 16 bytes into each part of a vector. */
  void loadBytes(Vec target, int... bytes) {
    int[] words = new int[4];
    for (int i = 0; i < 16; i++) {
      words[i / 4] |= (bytes[i] & 0xFF) << 8 * (i % 4);
    }
    load(target, words);
  }

  /** Loads lane numbers for a permutation, each of them as often as fills the vector. */
  void loadLanes(Vec target, int... lanes) {
    int each = target.bits() / 32 / lanes.length;
    int[] words = new int[target.bits() / 32];
    Arrays.setAll(words, i -> lanes[i / each]);
    load(target, words);
  }

  /** Words repeated to 256 bits, in memory. */
  Mem repeated(int... words) {
    int[] vector = new int[8];
    Arrays.setAll(vector, i -> words[i % words.length]);
    return mem(label(vector));
  }

  /** Writes them. */
  void write() {
    a.align(64);
    for (int words : new int[] {16, 8, 4, 1}) {
      for (Constant constant : all) {
        if (constant.words.length == words) {
          a.bind(constant.label);
          a.words(constant.words);
        }
      }
    }
  }
}
