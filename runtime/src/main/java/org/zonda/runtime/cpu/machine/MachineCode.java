package org.zonda.runtime.cpu.machine;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * Whether machine code can run here, and its way from bytes to a method handle. Nothing is asked of
 * the system until the first call.
 */
public final class MachineCode {

  private MachineCode() {}

  /**
   * What may be used in this process: what processor and system have, restricted by {@code
   * zonda.machine}.
   *
   * @return {@link InstructionSet#OFF} where machine code cannot run; {@link #reason} says why
   */
  public static InstructionSet instructionSet() {
    throw new UnsupportedOperationException();
  }

  /**
   * Why machine code cannot run, or cannot any more.
   *
   * @return one line; empty if it can
   */
  public static Optional<String> reason() {
    throw new UnsupportedOperationException();
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
    throw new UnsupportedOperationException();
  }
}
