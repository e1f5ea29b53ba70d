package org.zonda.bench;

import java.util.List;
import org.zonda.model.ModelSource;
import org.zonda.model.ZondaException;
import org.zonda.model.graph.Transformer;
import org.zonda.runtime.LoadOptions;
import org.zonda.runtime.backend.CacheType;
import org.zonda.runtime.backend.ExecutorOptions;

/**
 * What {@link ThroughputBenchmark} measures. A value out of its range is refused with a {@link
 * ZondaException} that names it.
 *
 * @param promptTokens tokens of the prompt-processing test, 0 to leave it out
 * @param generatedTokens tokens of the generation test, 0 to leave it out
 * @param depths positions that are in the KV cache already when a test begins; every test runs once
 *     for each
 * @param repetitions measured runs of each test, at least 1
 * @param batchSize tokens that one pass of the prompt takes
 * @param cacheType how the KV cache stores numbers
 */
public record BenchmarkOptions(
    int promptTokens,
    int generatedTokens,
    List<Integer> depths,
    int repetitions,
    int batchSize,
    CacheType cacheType) {

  /** A prompt of 512 tokens and 64 generated ones, from an empty cache, 5 times. */
  public static final BenchmarkOptions DEFAULT =
      new BenchmarkOptions(
          512, 64, List.of(0), 5, LoadOptions.DEFAULT.batchSize(), LoadOptions.DEFAULT.cacheType());

  /** Checks every value. */
  public BenchmarkOptions {
    depths = List.copyOf(depths);
    check("number of prompt tokens", promptTokens, 0);
    check("number of generated tokens", generatedTokens, 0);
    check("number of repetitions", repetitions, 1);
    check("batch size", batchSize, 1);
    depths.forEach(depth -> check("depth", depth, 0));
    if (promptTokens == 0 && generatedTokens == 0 || depths.isEmpty()) {
      throw new ZondaException(
          "there is nothing to measure; ask for prompt tokens or generated tokens, and a depth");
    }
  }

  /**
   * What a model has to be loaded with.
   *
   * @param source names the model
   * @param transformer the model
   * @return one sequence, as long as the longest test needs it
   * @throws ZondaException if the model was not made for so many positions
   */
  public ExecutorOptions executorOptions(ModelSource source, Transformer transformer) {
    long context = contextLength();
    if (context > transformer.contextLength()) {
      throw new ZondaException(
          "%s: the deepest test takes %d positions, but the model was made for %d; ask for fewer tokens or less depth"
              .formatted(source.label(), context, transformer.contextLength()));
    }
    return new ExecutorOptions(Math.toIntExact(context), 1, batchSize, cacheType);
  }

  /** The positions that the longest test needs. */
  long contextLength() {
    long deepest = depths.stream().mapToLong(Integer::longValue).max().orElseThrow();
    return deepest + Math.max(promptTokens, generatedTokens);
  }

  private static void check(String name, int value, int least) {
    if (value < least) {
      throw new ZondaException(name + " is " + value + "; it must be " + least + " or more");
    }
  }
}
