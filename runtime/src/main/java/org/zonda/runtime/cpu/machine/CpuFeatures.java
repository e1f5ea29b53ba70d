package org.zonda.runtime.cpu.machine;

/**
 * What the processor has and the operating system keeps for each thread.
 *
 * @param avx2 AVX2, FMA and F16C, and the system keeps ymm registers
 * @param avxVnni VEX-encoded vpdpbusd
 * @param avx512 AVX-512 F, BW, DQ and VL, and the system keeps zmm and mask registers
 * @param avx512Vnni EVEX-encoded vpdpbusd
 * @param avx512Vbmi vpermb, vpermi2b, vpmultishiftqb
 * @param avx512Bf16 vdpbf16ps
 */
public record CpuFeatures(
    boolean avx2,
    boolean avxVnni,
    boolean avx512,
    boolean avx512Vnni,
    boolean avx512Vbmi,
    boolean avx512Bf16) {

  /**
   * Those of this machine; none where machine code cannot run.
   *
   * @return the features
   */
  public static CpuFeatures detected() {
    throw new UnsupportedOperationException();
  }
}
