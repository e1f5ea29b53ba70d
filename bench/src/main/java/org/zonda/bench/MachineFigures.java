package org.zonda.bench;

import java.util.List;

/**
 * What the processor and its memory can do at most, as measured just now from Java: the lines that
 * a roofline is made of. A product of a matrix with one row of activations cannot be faster than
 * reading the matrix, one with many rows not faster than their multiply-adds.
 *
 * @param threads how many worked at once
 * @param read reading memory that no cache holds
 * @param float32 multiply-adds of 32-bit floats by the Vector API
 * @param int8 multiply-adds of 8-bit integers by machine code, where this processor has them
 * @param bf16 multiply-adds of bfloat16 in tiles by machine code, where this processor has them
 */
public record MachineFigures(
    int threads, ReadSpeed read, ComputeSpeed float32, ComputeSpeed int8, ComputeSpeed bf16) {

  /**
   * Measures the four, in about two seconds. Anything else that runs meanwhile disturbs them.
   *
   * @param threads how many work at once, at least 1
   * @return what was found; what could not be measured says why
   */
  public static MachineFigures measure(int threads) {
    return new MachineFigures(
        threads,
        HostMemory.measure(threads),
        ComputePeak.float32(threads),
        ComputePeak.int8(threads),
        ComputePeak.bf16(threads));
  }

  /**
   * Measures one thread, then one for each core.
   *
   * @return two figures, or one where there is one core
   */
  public static List<MachineFigures> measure() {
    int cores = Runtime.getRuntime().availableProcessors();
    return cores == 1 ? List.of(measure(1)) : List.of(measure(1), measure(cores));
  }
}
