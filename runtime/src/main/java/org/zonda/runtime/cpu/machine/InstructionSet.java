package org.zonda.runtime.cpu.machine;

/** What machine code may use, from nothing to all; each has what those before it have. */
public enum InstructionSet {
  /** No machine code. */
  OFF("off"),

  /** AVX2, FMA and F16C: 256-bit vectors, products of bytes by vpmaddubsw. */
  AVX2("avx2"),

  /** Also AVX-VNNI: sums of four products of bytes in one instruction, vpdpbusd. */
  AVX_VNNI("avxvnni"),

  /** AVX-512 F, BW, DQ, VL and VNNI: 512-bit vectors, 32 registers. Not always AVX-VNNI. */
  AVX512("avx512");

  private final String word;

  InstructionSet(String word) {
    this.word = word;
  }

  /**
   * How settings name it.
   *
   * @return one lower-case word
   */
  public String word() {
    return word;
  }
}
