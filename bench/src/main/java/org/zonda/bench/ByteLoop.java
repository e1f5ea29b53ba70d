package org.zonda.bench;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.zonda.runtime.cpu.machine.Op.DEC;
import static org.zonda.runtime.cpu.machine.Op.JNE;
import static org.zonda.runtime.cpu.machine.Op.MOV;
import static org.zonda.runtime.cpu.machine.Op.RET;
import static org.zonda.runtime.cpu.machine.Op.VMOVD;
import static org.zonda.runtime.cpu.machine.Op.VPADDD;
import static org.zonda.runtime.cpu.machine.Op.VPBROADCASTD;
import static org.zonda.runtime.cpu.machine.Op.VPDPBUSD;
import static org.zonda.runtime.cpu.machine.Op.VPDPBUSD_VEX;
import static org.zonda.runtime.cpu.machine.Op.VPXOR;
import static org.zonda.runtime.cpu.machine.Op.VZEROUPPER;
import static org.zonda.runtime.cpu.machine.Registers.EAX;
import static org.zonda.runtime.cpu.machine.Registers.RDI;
import static org.zonda.runtime.cpu.machine.Registers.vec;
import static org.zonda.runtime.cpu.machine.Registers.xmm;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import org.zonda.runtime.cpu.machine.Assembler;
import org.zonda.runtime.cpu.machine.InstructionSet;
import org.zonda.runtime.cpu.machine.MachineCode;
import org.zonda.runtime.cpu.machine.Op;
import org.zonda.runtime.cpu.machine.Operand.Label;
import org.zonda.runtime.cpu.machine.Operand.Vec;

/**
 * Multiply-adds of 8-bit integers in registers alone, by machine code: {@code vpdpbusd} multiplies
 * four bytes in each 32-bit lane and adds them to it. The kernels of quantised matrices consist of
 * it, and Java has no way to say it.
 */
final class ByteLoop {

  /** Independent sums, as many as hide the latency of every known processor. */
  private static final int CHAINS = 12;

  /** A few microseconds: garbage collection waits for a call to end. */
  private static final int STEPS = 1 << 12;

  private static final int BYTES_IN_LANE = 4;

  private final MethodHandle loop;
  private final int bits;

  private ByteLoop(MethodHandle loop, int bits) {
    this.loop = loop;
    this.bits = bits;
  }

  /**
   * The loop of the widest vectors here.
   *
   * @return the loop; empty where the processor has none, or machine code cannot run
   */
  static Optional<ByteLoop> find() {
    return switch (MachineCode.instructionSet()) {
      case AVX512 -> link(512, InstructionSet.AVX512, VPDPBUSD);
      case AVX_VNNI -> link(256, InstructionSet.AVX_VNNI, VPDPBUSD_VEX);
      case AVX2, OFF -> Optional.empty();
    };
  }

  private static Optional<ByteLoop> link(int bits, InstructionSet set, Op multiplyAdd) {
    return MachineCode.link(
            "the peak of multiply-adds",
            code(bits, set, multiplyAdd),
            FunctionDescriptor.of(JAVA_INT, JAVA_LONG))
        .map(handle -> new ByteLoop(handle, bits));
  }

  /** Takes the number of steps and returns the sum of one lane of all chains. */
  private static Assembler code(int bits, InstructionSet set, Op multiplyAdd) {
    Assembler a = new Assembler(set);
    Vec ones = vec(CHAINS, bits);
    a.emit(MOV, EAX, 0x01010101).emit(VMOVD, xmm(CHAINS), EAX);
    a.emit(VPBROADCASTD, ones, xmm(CHAINS));
    for (int i = 0; i < CHAINS; i++) {
      a.emit(VPXOR, xmm(i), xmm(i), xmm(i)); // and all beyond
    }
    Label step = a.label();
    a.bind(step);
    for (int i = 0; i < CHAINS; i++) {
      a.emit(multiplyAdd, vec(i, bits), ones, ones);
    }
    a.emit(DEC, RDI).emit(JNE, step);
    for (int i = 1; i < CHAINS; i++) {
      a.emit(VPADDD, xmm(0), xmm(0), xmm(i));
    }
    return a.emit(VMOVD, EAX, xmm(0)).emit(VZEROUPPER).emit(RET);
  }

  String description() {
    return bits + "-bit vectors, machine code";
  }

  /**
   * Multiplies and adds; see {@link ComputePeak.Work}.
   *
   * @throws IllegalStateException if it came to something else than it should
   */
  double multiplyAdds(long nanos) {
    long start = System.nanoTime();
    long done = 0;
    long taken;
    do {
      done += some();
      taken = System.nanoTime() - start;
    } while (taken < nanos);
    return done * 1e9 / taken;
  }

  private long some() {
    int sum;
    try {
      sum = (int) loop.invokeExact((long) STEPS);
    } catch (Throwable e) {
      throw new IllegalStateException("machine code throws nothing", e);
    }
    if (sum != CHAINS * STEPS * BYTES_IN_LANE) {
      throw new IllegalStateException("the multiply-adds came to " + sum);
    }
    return (long) STEPS * CHAINS * bits / Byte.SIZE;
  }
}
