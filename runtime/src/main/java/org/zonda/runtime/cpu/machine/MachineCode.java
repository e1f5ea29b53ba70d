package org.zonda.runtime.cpu.machine;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import org.zonda.runtime.Settings;

/**
 * Whether machine code can run here, and its way from bytes to a method handle. Nothing is asked of
 * the system, and nothing of the foreign function API loaded, until the first call.
 *
 * <p>Thread-safe.
 */
public final class MachineCode {

  /** Makes functions of code. */
  interface Functions {
    /** A linked function; heap segments are passed by address. */
    MethodHandle function(Assembler code, FunctionDescriptor type)
        throws CodeMemory.RefusedException;
  }

  /** What was found at the first call. */
  private record Found(
      Functions functions, CpuFeatures features, InstructionSet set, String reason) {}

  private static Found found;

  /** Why a function could not be installed; null while all could. */
  private static volatile String failure;

  private MachineCode() {}

  /**
   * What may be used in this process: what processor and system have, up to what {@code
   * zonda.machine} names.
   *
   * @return {@link InstructionSet#OFF} where machine code cannot run; {@link #reason} says why
   * @throws org.zonda.model.ZondaException if {@code zonda.machine} names no instruction set
   */
  public static InstructionSet instructionSet() {
    return failure == null ? found().set() : InstructionSet.OFF;
  }

  /**
   * Why machine code cannot run, or cannot any more.
   *
   * @return one line; empty if it can
   */
  public static Optional<String> reason() {
    return Optional.ofNullable(failure != null ? failure : found().reason());
  }

  /**
   * Installs a function and links it. It takes its arguments by the System V ABI; heap segments are
   * passed by address ({@code Linker.Option.critical}), so it must be short (below a millisecond)
   * and must not touch what its arguments do not hold.
   *
   * @param name what it is called in a reason
   * @param code the function
   * @param type its arguments and result
   * @return the linked function; empty if there is no machine code here or the memory is refused,
   *     which {@link #reason} then says
   */
  public static Optional<MethodHandle> link(String name, Assembler code, FunctionDescriptor type) {
    if (instructionSet() == InstructionSet.OFF) {
      return Optional.empty();
    }
    try {
      return Optional.of(found().functions().function(code, type));
    } catch (CodeMemory.RefusedException e) {
      failure = "machine code of " + name + " cannot be installed: " + e.getMessage();
      return Optional.empty();
    }
  }

  static CpuFeatures features() {
    return found().features();
  }

  private static synchronized Found found() {
    if (found == null) {
      found = find();
    }
    return found;
  }

  private static Found find() {
    InstructionSet most = Settings.machine();
    if (most == InstructionSet.OFF) {
      return none("it is switched off by zonda.machine=off");
    }
    if (!Settings.isLinuxOnX64()) {
      return none("it is written for Linux on x86-64, which this is not");
    }
    try {
      CodeMemory.Pages pages = new CodeMemory.LinuxPages();
      Linker linker = Linker.nativeLinker();
      Functions functions =
          (code, type) ->
              linker.downcallHandle(
                  CodeMemory.install(pages, code.code()), type, Linker.Option.critical(true));
      CpuFeatures features = CpuFeatures.ask(functions);
      InstructionSet set = features.best(most);
      return set == InstructionSet.OFF
          ? none("this processor or system has no AVX2 with FMA and F16C")
          : new Found(functions, features, set, null);
    } catch (CodeMemory.RefusedException e) {
      return none(e.getMessage());
    } catch (IllegalCallerException e) {
      return none("native access is refused: start Java with --enable-native-access=ALL-UNNAMED");
    } catch (UnsupportedOperationException e) {
      return none("this JVM has no foreign function linker: " + e.getMessage());
    }
  }

  private static Found none(String reason) {
    return new Found(
        null, CpuFeatures.NONE, InstructionSet.OFF, "machine code is not used: " + reason);
  }
}
