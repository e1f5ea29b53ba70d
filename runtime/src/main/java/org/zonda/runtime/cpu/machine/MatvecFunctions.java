package org.zonda.runtime.cpu.machine;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import java.util.function.IntFunction;
import org.zonda.model.tensor.TensorType;

/** The functions of one format, for one token to {@link MatvecCode#MOST_TOKENS}. */
final class MatvecFunctions {

  private static final FunctionDescriptor FUNCTION =
      FunctionDescriptor.ofVoid(
          ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG,
          JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG);

  private final MethodHandle[] functions;

  private MatvecFunctions(MethodHandle[] functions) {
    this.functions = functions;
  }

  /** Makes them; empty if there is no machine code on this machine, or not of this kind. */
  static Optional<MatvecFunctions> of(TensorType type, IntFunction<MatvecCode> code) {
    if (MachineCode.instructionSet() != InstructionSet.AVX512) {
      return Optional.empty();
    }
    MethodHandle[] functions = new MethodHandle[MatvecCode.MOST_TOKENS];
    for (int i = 0; i < functions.length; i++) {
      Optional<MethodHandle> function =
          MachineCode.link(type + " rows", code.apply(i + 1).assemble(), FUNCTION);
      if (function.isEmpty()) {
        return Optional.empty();
      }
      functions[i] = function.get();
    }
    return Optional.of(new MatvecFunctions(functions));
  }

  /** Calls one; offsets and strides are in bytes, and everything has been checked. */
  void call(
      int tokens,
      MemorySegment weights,
      long offset,
      long rowBytes,
      long blocks,
      long rows,
      MemorySegment x,
      long xOffset,
      long scales,
      long sums,
      long xStride,
      float[] out,
      long outOffset,
      long outStride) {
    try {
      functions[tokens - 1].invokeExact(
          weights,
          offset,
          rowBytes,
          blocks,
          rows,
          x,
          xOffset,
          scales,
          sums,
          xStride,
          MemorySegment.ofArray(out),
          outOffset * Float.BYTES,
          outStride * Float.BYTES);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }
}
