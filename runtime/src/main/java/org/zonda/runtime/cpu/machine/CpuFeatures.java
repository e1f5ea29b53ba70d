package org.zonda.runtime.cpu.machine;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.zonda.runtime.cpu.machine.Op.CPUID;
import static org.zonda.runtime.cpu.machine.Op.MOV;
import static org.zonda.runtime.cpu.machine.Op.OR;
import static org.zonda.runtime.cpu.machine.Op.POP;
import static org.zonda.runtime.cpu.machine.Op.PUSH;
import static org.zonda.runtime.cpu.machine.Op.RET;
import static org.zonda.runtime.cpu.machine.Op.SHL;
import static org.zonda.runtime.cpu.machine.Op.XGETBV;
import static org.zonda.runtime.cpu.machine.Registers.EAX;
import static org.zonda.runtime.cpu.machine.Registers.EBX;
import static org.zonda.runtime.cpu.machine.Registers.ECX;
import static org.zonda.runtime.cpu.machine.Registers.EDI;
import static org.zonda.runtime.cpu.machine.Registers.EDX;
import static org.zonda.runtime.cpu.machine.Registers.ESI;
import static org.zonda.runtime.cpu.machine.Registers.R8;
import static org.zonda.runtime.cpu.machine.Registers.RAX;
import static org.zonda.runtime.cpu.machine.Registers.RBX;
import static org.zonda.runtime.cpu.machine.Registers.RDX;
import static org.zonda.runtime.cpu.machine.Registers.mem;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

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
    boolean asksXcr0 = bit(ecx1, 27);
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
    Assembler leaf = new Assembler(InstructionSet.OFF);
    leaf.emit(PUSH, RBX).emit(MOV, R8, RDX).emit(MOV, EAX, EDI).emit(MOV, ECX, ESI).emit(CPUID);
    leaf.emit(MOV, mem(R8, 0), EAX).emit(MOV, mem(R8, 4), EBX);
    leaf.emit(MOV, mem(R8, 8), ECX).emit(MOV, mem(R8, 12), EDX);
    leaf.emit(POP, RBX).emit(RET);
    Assembler control = new Assembler(InstructionSet.OFF);
    control.emit(MOV, ECX, EDI).emit(XGETBV);
    control.emit(SHL, RDX, 32).emit(OR, RAX, RDX).emit(RET);

    MethodHandle askLeaf =
        linker.function(leaf, FunctionDescriptor.ofVoid(JAVA_INT, JAVA_INT, ADDRESS));
    MethodHandle askControl = linker.function(control, FunctionDescriptor.of(JAVA_LONG, JAVA_INT));
    return of(
        new Cpuid() {
          @Override
          public int[] leaf(int leaf, int subleaf) {
            int[] registers = new int[4];
            try {
              askLeaf.invokeExact(leaf, subleaf, MemorySegment.ofArray(registers));
            } catch (Throwable e) {
              throw new AssertionError(e);
            }
            return registers;
          }

          @Override
          public long xcr0() {
            try {
              return (long) askControl.invokeExact(0);
            } catch (Throwable e) {
              throw new AssertionError(e);
            }
          }
        });
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
