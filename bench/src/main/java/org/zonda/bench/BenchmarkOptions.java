package org.zonda.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.zonda.model.ModelSource;
import org.zonda.model.ZondaException;
import org.zonda.model.graph.Transformer;
import org.zonda.runtime.LoadOptions;
import org.zonda.runtime.backend.CacheType;
import org.zonda.runtime.backend.ExecutorOptions;

/**
 * What {@link ThroughputBenchmark} measures of a model that is loaded once. A value out of its
 * range is refused with a {@link ZondaException} that names it; a value given twice counts once.
 *
 * @param promptTokens tokens of the prompts that are read, each a test; 0 is left out
 * @param generatedTokens tokens that are written, each a test; 0 is left out
 * @param depths positions that are in the KV cache already when a test begins; every test runs once
 *     for each
 * @param sequences how many sequences are written at once, each a test; reading is measured of one
 * @param repetitions measured runs of each test, at least 1
 * @param batchSize tokens that one pass of the prompt takes
 * @param cacheType how the KV cache stores numbers
 */
public record BenchmarkOptions(
    List<Integer> promptTokens,
    List<Integer> generatedTokens,
    List<Integer> depths,
    List<Integer> sequences,
    int repetitions,
    int batchSize,
    CacheType cacheType) {

  /** The most sequences that may be written at once. */
  public static final int MAX_SEQUENCES = 1024;

  /** The most tests times repetitions; more is a mistake, and would take days. */
  public static final int MAX_MEASUREMENTS = 10_000;

  /** A prompt of 512 tokens and 64 generated ones, from an empty cache, 5 times. */
  public static final BenchmarkOptions DEFAULT =
      new BenchmarkOptions(
          512, 64, List.of(0), 5, LoadOptions.DEFAULT.batchSize(), LoadOptions.DEFAULT.cacheType());

  /** Checks every value. */
  public BenchmarkOptions {
    promptTokens = checked("number of prompt tokens", promptTokens, 0);
    generatedTokens = checked("number of generated tokens", generatedTokens, 0);
    depths = checked("depth", depths, 0);
    sequences = checked("number of sequences", sequences, 1).stream().sorted().toList();
    promptTokens = promptTokens.stream().filter(tokens -> tokens > 0).toList();
    generatedTokens = generatedTokens.stream().filter(tokens -> tokens > 0).toList();
    check("number of repetitions", repetitions, 1);
    check("batch size", batchSize, 1);
    for (int count : sequences) {
      if (count > MAX_SEQUENCES) {
        throw new ZondaException(
            "number of sequences is %d; it must be %d or less".formatted(count, MAX_SEQUENCES));
      }
    }
    if (promptTokens.isEmpty() && generatedTokens.isEmpty()
        || depths.isEmpty()
        || sequences.isEmpty()) {
      throw new ZondaException(
          "there is nothing to measure; ask for prompt tokens or generated tokens, and a depth");
    }
    if (generatedTokens.isEmpty() && !sequences.equals(List.of(1))) {
      throw new ZondaException(
          "several sequences are measured by writing; ask for generated tokens too");
    }
    long measurements = measurements(promptTokens, generatedTokens, depths, sequences, repetitions);
    if (measurements > MAX_MEASUREMENTS) {
      throw new ZondaException(
          "%d measurements were asked for; at most %d make sense: give fewer sizes, depths or repetitions"
              .formatted(measurements, MAX_MEASUREMENTS));
    }
  }

  /**
   * One prompt and one text, of one sequence.
   *
   * @param promptTokens tokens of the prompt, 0 not to read one
   * @param generatedTokens tokens to write, 0 not to write
   * @param depths positions that are in the KV cache already
   * @param repetitions measured runs of each test
   * @param batchSize tokens that one pass of the prompt takes
   * @param cacheType how the KV cache stores numbers
   */
  public BenchmarkOptions(
      int promptTokens,
      int generatedTokens,
      List<Integer> depths,
      int repetitions,
      int batchSize,
      CacheType cacheType) {
    this(
        List.of(promptTokens),
        List.of(generatedTokens),
        depths,
        List.of(1),
        repetitions,
        batchSize,
        cacheType);
  }

  private static long measurements(
      List<Integer> promptTokens,
      List<Integer> generatedTokens,
      List<Integer> depths,
      List<Integer> sequences,
      int repetitions) {
    long tests = promptTokens.size() + (long) generatedTokens.size() * sequences.size();
    return tests * depths.size() * repetitions;
  }

  /**
   * The same in several loads, so that no test finds a KV cache that another one made larger: a
   * cache keeps what it once had. Only who writes several sequences looks at that.
   *
   * @return reading alone, then writing for each depth; or only this, for a single sequence
   */
  public List<BenchmarkOptions> apart() {
    if (sequences.equals(List.of(1))) {
      return List.of(this);
    }
    List<BenchmarkOptions> parts = new ArrayList<>();
    if (!promptTokens.isEmpty()) {
      parts.add(of(promptTokens, List.of(), depths, List.of(1)));
    }
    depths.forEach(depth -> parts.add(of(List.of(), generatedTokens, List.of(depth), sequences)));
    return parts;
  }

  private BenchmarkOptions of(
      List<Integer> prompts, List<Integer> generated, List<Integer> depth, List<Integer> count) {
    return new BenchmarkOptions(
        prompts, generated, depth, count, repetitions, batchSize, cacheType);
  }

  /**
   * Everything to measure.
   *
   * @return by depth, reading before writing, few sequences before many
   */
  public List<BenchmarkTest> tests() {
    List<BenchmarkTest> tests = new ArrayList<>();
    for (int depth : depths) {
      for (int tokens : promptTokens) {
        tests.add(new BenchmarkTest(BenchmarkTest.Kind.PROMPT, tokens, depth, 1));
      }
      for (int count : sequences) {
        for (int tokens : generatedTokens) {
          tests.add(new BenchmarkTest(BenchmarkTest.Kind.GENERATION, tokens, depth, count));
        }
      }
    }
    return tests;
  }

  /**
   * What a model has to be loaded with.
   *
   * @param source names the model
   * @param transformer the model
   * @return as many sequences as are written at once, as long as the longest test needs them
   * @throws ZondaException if the model was not made for so many positions
   */
  public ExecutorOptions executorOptions(ModelSource source, Transformer transformer) {
    long context = contextLength();
    if (context > transformer.contextLength()) {
      throw new ZondaException(
          "%s: the deepest test takes %d positions, but the model was made for %d; ask for fewer tokens or less depth"
              .formatted(source.label(), context, transformer.contextLength()));
    }
    int most = sequences.stream().mapToInt(Integer::intValue).max().orElseThrow();
    return new ExecutorOptions(Math.toIntExact(context), most, batchSize, cacheType);
  }

  /** The positions that the longest test needs. */
  long contextLength() {
    long deepest = depths.stream().mapToLong(Integer::longValue).max().orElseThrow();
    return deepest
        + Stream.concat(promptTokens.stream(), generatedTokens.stream())
            .mapToInt(Integer::intValue)
            .max()
            .orElseThrow();
  }

  private static List<Integer> checked(String name, List<Integer> values, int least) {
    values.forEach(value -> check(name, value, least));
    return values.stream().distinct().toList();
  }

  private static void check(String name, int value, int least) {
    if (value < least) {
      throw new ZondaException(name + " is " + value + "; it must be " + least + " or more");
    }
  }
}
