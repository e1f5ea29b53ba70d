package org.zonda.runtime.cpu.machine;

import static java.util.Map.entry;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import org.zonda.model.tensor.TensorType;

/** The formats that are multiplied with 256-bit vectors. */
final class Avx2Formats {

  /** Makes a format's function. */
  private interface Code {
    MatvecCode of(InstructionSet set, int tokens);
  }

  private static final Map<TensorType, Code> CODES =
      new EnumMap<>(
          Map.ofEntries(
              entry(TensorType.F32, Avx2FloatMatvec.F32::new),
              entry(TensorType.F16, Avx2FloatMatvec.F16::new),
              entry(TensorType.BF16, Avx2FloatMatvec.BF16::new),
              entry(TensorType.Q4_0, Avx2BlockMatvec.Q4_0::new),
              entry(TensorType.Q4_1, Avx2BlockMatvec.Q4_1::new),
              entry(TensorType.Q5_0, Avx2BlockMatvec.Q5_0::new),
              entry(TensorType.Q5_1, Avx2BlockMatvec.Q5_1::new),
              entry(TensorType.Q8_0, Avx2BlockMatvec.Q8_0::new),
              entry(TensorType.IQ4_NL, Avx2BlockMatvec.IQ4_NL::new),
              entry(TensorType.MXFP4, Avx2BlockMatvec.MXFP4::new),
              entry(TensorType.Q2_K, Avx2SuperMatvec.Q2_K::new),
              entry(TensorType.Q3_K, Avx2SuperMatvec.Q3_K::new),
              entry(TensorType.Q4_K, Avx2SuperMatvec.Q4_K::new),
              entry(TensorType.Q5_K, Avx2SuperMatvec.Q5_K::new),
              entry(TensorType.Q6_K, Avx2SuperMatvec.Q6_K::new),
              entry(TensorType.IQ4_XS, Avx2SuperMatvec.IQ4_XS::new)));

  private Avx2Formats() {}

  /**
   * What makes a format's function from the number of tokens.
   *
   * @param set AVX2 or AVX-VNNI
   * @return empty if the format has none
   */
  static Optional<IntFunction<MatvecCode>> code(InstructionSet set, TensorType type) {
    return Optional.ofNullable(CODES.get(type)).map(code -> tokens -> code.of(set, tokens));
  }
}
