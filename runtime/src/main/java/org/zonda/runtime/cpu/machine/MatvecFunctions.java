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

  private final MatvecCode.Sums sums;
  private final MethodHandle[] functions;

  private MatvecFunctions(MatvecCode.Sums sums, MethodHandle[] functions) {
    this.sums = sums;
    this.functions = functions;
  }

  /**
   * Makes them.
   *
   * @param wide makes the format's code for AVX-512, from the number of tokens
   * @return empty if there is no machine code on this machine
   */
  static Optional<MatvecFunctions> of(TensorType type, IntFunction<MatvecCode> wide) {
    return switch (MachineCode.instructionSet()) {
      case OFF -> Optional.empty();
      case AVX512 -> link(type, wide);
      case AVX2, AVX_VNNI ->
          Avx2Formats.code(MachineCode.instructionSet(), type).flatMap(code -> link(type, code));
    };
  }

  private static Optional<MatvecFunctions> link(TensorType type, IntFunction<MatvecCode> code) {
    MatvecCode first = code.apply(1);
    MethodHandle[] functions = new MethodHandle[first.mostTokens()];
    for (int i = 0; i < functions.length; i++) {
      Optional<MethodHandle> function =
          MachineCode.link(type + " rows", code.apply(i + 1).assemble(), FUNCTION);
      if (function.isEmpty()) {
        return Optional.empty();
      }
      functions[i] = function.get();
    }
    return Optional.of(new MatvecFunctions(first.sums(), functions));
  }

  /** Which sums of the activations the functions need. */
  MatvecCode.Sums sums() {
    return sums;
  }

  /**
   * Calls one, or several of fewer tokens. Offsets and strides are in bytes, those of out in
   * elements; everything has been checked.
   */
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
    for (int t = 0; t < tokens; t += functions.length) {
      MethodHandle function = functions[Math.min(functions.length, tokens - t) - 1];
      try {
        function.invokeExact(
            weights,
            offset,
            rowBytes,
            blocks,
            rows,
            x,
            xOffset + t * xStride,
            scales,
            sums,
            xStride,
            MemorySegment.ofArray(out),
            (outOffset + t * outStride) * Float.BYTES,
            outStride * Float.BYTES);
      } catch (Throwable e) {
        throw Product.unexpected(e);
      }
    }
  }
}
