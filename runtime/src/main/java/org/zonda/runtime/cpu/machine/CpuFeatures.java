package org.zonda.runtime.cpu.machine;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static org.zonda.runtime.cpu.machine.Op.*;
import static org.zonda.runtime.cpu.machine.Registers.*;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.zonda.runtime.cpu.machine.Operand.Label;

/**
 * What the processor has and the operating system keeps for each thread (Intel's Software
 * Developer's Manual, volume 1, chapters 14 and 15; volume 2, CPUID and XGETBV).
 *
 * @param avx2 AVX2, FMA and F16C, and the system keeps ymm registers
 * @param avxVnni VEX-encoded vpdpbusd
 * @param avx512 AVX-512 F, BW, DQ and VL, and the system keeps zmm and mask registers
 * @param avx512Vnni EVEX-encoded vpdpbusd
 * @param avx512Vbmi vpermb, vpermi2b, vpmultishiftqb
 * @param avx512Bf16 vdpbf16ps
 * @param amxBf16 tile registers with tdpbf16ps, which the system keeps
 */
public record CpuFeatures(
    boolean avx2,
    boolean avxVnni,
    boolean avx512,
    boolean avx512Vnni,
    boolean avx512Vbmi,
    boolean avx512Bf16,
    boolean amxBf16) {

  /** No feature at all. */
  static final CpuFeatures NONE = new CpuFeatures(false, false, false, false, false, false, false);

  /** XCR0's bits of xmm and ymm registers. */
  private static final long YMM_STATE = 0x6;

  /** XCR0's bits of mask registers, of the upper halves of zmm0 to zmm15, and of zmm16 to zmm31. */
  private static final long ZMM_STATE = 0xE0;

  /** XCR0's bits of the shapes of tiles and of their data. */
  private static final long TILE_STATE = 0x60000;

  /** The leaves and subleaves that are asked for. */
  private static final int[][] LEAVES = {{0, 0}, {1, 0}, {7, 0}, {7, 1}};

  private static final int LEAF_1 = 1;

  /** The bit of leaf 1, ecx, that says that xgetbv may be executed. */
  private static final int OSXSAVE = 27;

  /** The two instructions that answer. */
  interface Cpuid {
    /** eax, ebx, ecx and edx of a leaf. */
    int[] leaf(int leaf, int subleaf);

    /** The extended control register 0. */
    long xcr0();
  }

  /**
   * Those of this machine, whatever {@code zonda.machine} says.
   *
   * @return the features; none where machine code cannot run
   */
  public static CpuFeatures detected() {
    return MachineCode.features();
  }

  static CpuFeatures of(Cpuid cpuid) {
    if (cpuid.leaf(0, 0)[0] < 7) {
      return NONE;
    }
    int ecx1 = cpuid.leaf(1, 0)[2];
    boolean asksXcr0 = bit(ecx1, OSXSAVE);
    long kept = asksXcr0 ? cpuid.xcr0() : 0;
    boolean ymm = (kept & YMM_STATE) == YMM_STATE;
    boolean zmm = ymm && (kept & ZMM_STATE) == ZMM_STATE;
    int[] leaf7 = cpuid.leaf(7, 0);
    int eax71 = leaf7[0] >= 1 ? cpuid.leaf(7, 1)[0] : 0;
    int ebx7 = leaf7[1];
    int ecx7 = leaf7[2];
    int edx7 = leaf7[3];
    boolean tiles = (kept & TILE_STATE) == TILE_STATE;
    boolean avx2 = ymm && bit(ecx1, 28) && bit(ecx1, 12) && bit(ecx1, 29) && bit(ebx7, 5);
    boolean avx512 =
        avx2 && zmm && bit(ebx7, 16) && bit(ebx7, 17) && bit(ebx7, 30) && bit(ebx7, 31);
    return new CpuFeatures(
        avx2,
        avx2 && bit(eax71, 4),
        avx512,
        avx512 && bit(ecx7, 11),
        avx512 && bit(ecx7, 1),
        avx512 && bit(eax71, 5),
        avx512 && tiles && bit(edx7, 22) && bit(edx7, 24));
  }

  private static boolean bit(int word, int place) {
    return (word >>> place & 1) != 0;
  }

  /**
   * Asks the processor.
   *
   * @param linker makes functions of code
   * @throws CodeMemory.RefusedException if there is no memory for code
   */
  static CpuFeatures ask(MachineCode.Functions linker) throws CodeMemory.RefusedException {
    MethodHandle ask = linker.function(assemble(), FunctionDescriptor.ofVoid(ADDRESS));
    int[] answers = new int[4 * LEAVES.length + 2];
    try {
      ask.invokeExact(MemorySegment.ofArray(answers));
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
    return of(
        new Cpuid() {
          @Override
          public int[] leaf(int leaf, int subleaf) {
            for (int i = 0; i < LEAVES.length; i++) {
              if (LEAVES[i][0] == leaf && LEAVES[i][1] == subleaf) {
                return Arrays.copyOfRange(answers, 4 * i, 4 * i + 4);
              }
            }
            throw new IllegalArgumentException("leaf " + leaf + " was not asked for");
          }

          @Override
          public long xcr0() {
            int at = 4 * LEAVES.length;
            return answers[at] & 0xFFFFFFFFL | (long) answers[at + 1] << 32;
          }
        });
  }

  /** Writes the answers for all leaves, then XCR0 where it can be read, to an array of ints. */
  private static Assembler assemble() {
    Assembler a = new Assembler(InstructionSet.OFF);
    Label end = a.label();
    a.emit(PUSH, RBX);
    for (int i = 0; i < LEAVES.length; i++) {
      a.emit(MOV, EAX, LEAVES[i][0]).emit(MOV, ECX, LEAVES[i][1]).emit(CPUID);
      a.emit(MOV, mem(RDI, 16 * i), EAX).emit(MOV, mem(RDI, 16 * i + 4), EBX);
      a.emit(MOV, mem(RDI, 16 * i + 8), ECX).emit(MOV, mem(RDI, 16 * i + 12), EDX);
    }
    a.emit(MOV, EAX, mem(RDI, 16 * LEAF_1 + 8));
    a.emit(TEST, EAX, 1 << OSXSAVE).emit(JE, end);
    a.emit(XOR, ECX, ECX).emit(XGETBV);
    a.emit(MOV, mem(RDI, 16 * LEAVES.length), EAX);
    a.emit(MOV, mem(RDI, 16 * LEAVES.length + 4), EDX);
    a.bind(end);
    return a.emit(POP, RBX).emit(RET);
  }

  /** The best instruction set among those that are there, up to one. */
  InstructionSet best(InstructionSet most) {
    List<InstructionSet> there = new ArrayList<>(List.of(InstructionSet.OFF));
    if (avx2) {
      there.add(InstructionSet.AVX2);
    }
    if (avxVnni) {
      there.add(InstructionSet.AVX_VNNI);
    }
    if (avx512Vnni) {
      there.add(InstructionSet.AVX512);
    }
    return there.stream().filter(set -> set.compareTo(most) <= 0).reduce((a, b) -> b).orElseThrow();
  }
}
