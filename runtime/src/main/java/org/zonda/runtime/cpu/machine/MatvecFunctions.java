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
  private final MatvecCode.Sums sums;

  private MatvecFunctions(MethodHandle[] functions, MatvecCode.Sums sums) {
    this.functions = functions;
    this.sums = sums;
  }

  /**
   * Makes them.
   *
   * @param type the format, for the reason why they cannot be installed
   * @param most tokens of the function that takes most
   * @param code writes a function for a number of tokens; empty if the format has none
   * @return empty if there is no code, or the memory for it is refused
   */
  static Optional<MatvecFunctions> of(
      TensorType type, int most, IntFunction<Optional<MatvecCode>> code) {
    MethodHandle[] functions = new MethodHandle[most];
    MatvecCode.Sums sums = null;
    for (int i = 0; i < most; i++) {
      Optional<MatvecCode> written = code.apply(i + 1);
      Optional<MethodHandle> function =
          written.flatMap(c -> MachineCode.link(type + " rows", c.assemble(), FUNCTION));
      if (function.isEmpty()) {
        return Optional.empty();
      }
      functions[i] = function.get();
      sums = written.get().sums();
    }
    return Optional.of(new MatvecFunctions(functions, sums));
  }

  /** Which sums of the activations they take. */
  MatvecCode.Sums sums() {
    return sums;
  }

  /**
   * Multiplies with as many tokens at once as there is a function for. Everything has been checked;
   * offsets and strides are in bytes, but those of {@code out} in floats.
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
    try {
      for (int t = 0; t < tokens; t += functions.length) {
        functions[Math.min(functions.length, tokens - t) - 1].invokeExact(
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
      }
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }
}
