package org.zonda.runtime.cpu;

import java.util.List;
import java.util.stream.Stream;
import org.zonda.model.tensor.Codec;

/** What the tests of the CPU backend iterate over, for the table of models. */
public final class TestedOnCpu {

  /** The tolerance with an F32 cache. */
  public static final double STRICT = GoldenTest.STRICT;

  /** The tolerance with an F16 cache. */
  public static final double HALF_CACHE = GoldenTest.HALF_CACHE;

  private TestedOnCpu() {}

  /** Golden models that {@link GoldenTest} and {@link GoldenEncoderTest} run. */
  public static List<String> models() {
    return Stream.concat(GoldenTest.everything(), GoldenEncoderTest.everything())
        .map(arguments -> arguments.get()[0].toString())
        .distinct()
        .sorted()
        .toList();
  }

  /** Whether a format is multiplied by a kernel of its own, not only decoded by its codec. */
  public static boolean hasKernel(Codec codec) {
    return !(new VectorKernels().matrix(codec.type(), "test") instanceof CodecMatrix);
  }
}
