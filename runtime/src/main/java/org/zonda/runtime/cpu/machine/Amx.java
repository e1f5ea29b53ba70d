package org.zonda.runtime.cpu.machine;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/**
 * Whether the tile registers of AMX may be used. Linux wants to be asked, since a thread that uses
 * them has 8 KB more to be saved (arch_prctl(2), ARCH_REQ_XCOMP_PERM); it then allows all threads.
 */
public final class Amx {

  private static final long SYS_ARCH_PRCTL = 158;
  private static final long ARCH_REQ_XCOMP_PERM = 0x1023;
  private static final long TILE_DATA = 18;

  private static final class Holder {
    static final boolean AVAILABLE = find();
  }

  private Amx() {}

  /**
   * Whether this process may use tiles of bfloat16.
   *
   * @return whether processor and system have them, and machine code of 512 bits runs
   */
  public static boolean isAvailable() {
    return MachineCode.instructionSet() == InstructionSet.AVX512 && Holder.AVAILABLE;
  }

  /** Whether it is available, or was before some code could not be installed. */
  static boolean isPresent() {
    return Holder.AVAILABLE;
  }

  private static boolean find() {
    CpuFeatures features = CpuFeatures.detected();
    return features.amxBf16() && features.avx512Bf16() && isPermitted();
  }

  private static boolean isPermitted() {
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find("syscall")
        .map(
            address ->
                linker.downcallHandle(
                    address,
                    FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                    Linker.Option.firstVariadicArg(1)))
        .map(Amx::ask)
        .orElse(false);
  }

  private static boolean ask(MethodHandle syscall) {
    try {
      return (long) syscall.invokeExact(SYS_ARCH_PRCTL, ARCH_REQ_XCOMP_PERM, TILE_DATA) == 0;
    } catch (Throwable e) {
      throw Product.unexpected(e);
    }
  }
}
