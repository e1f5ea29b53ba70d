package org.zonda.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.zonda.model.ModelSource;
import org.zonda.model.ZondaException;
import org.zonda.model.architecture.Architectures;
import org.zonda.model.graph.Transformer;
import org.zonda.model.tensor.Tensor;
import org.zonda.runtime.backend.Executor;
import org.zonda.runtime.backend.ExecutorOptions;
import org.zonda.runtime.backend.Loader;

/**
 * Measures how many tokens a second a model reads and writes, as llama.cpp's {@code llama-bench}
 * does, so that the figures can be compared: random tokens, no sampling, every generated token a
 * pass of its own whose logits are computed, of a prompt only the last token's logits.
 *
 * <p>Each test runs unmeasured first, at least once and for two seconds, so that the JVM has
 * compiled what it needs.
 */
public final class ThroughputBenchmark {

  private static final Duration WARM_UP = Duration.ofSeconds(2);

  private final Executor executor;
  private final Passes passes;
  private final BenchmarkOptions options;
  private final BenchmarkProgress progress;
  private final Duration warmUp;
  private final List<Test> tests;
  private final int steps;
  private int step;

  private ThroughputBenchmark(
      Executor executor, BenchmarkOptions options, BenchmarkProgress progress, Duration warmUp) {
    this.executor = executor;
    passes = new Passes(executor);
    this.options = options;
    this.progress = progress;
    this.warmUp = warmUp;
    tests = tests(options);
    steps = tests.size() * (1 + options.depths().size() * options.repetitions());
  }

  /**
   * Loads a model and measures it.
   *
   * @param source the model; stays open
   * @param backend what computes; stays open
   * @param options what to measure
   * @param progress hears how far it is
   * @return what was found
   * @throws ZondaException if the model cannot be run, or a test does not fit its context
   */
  public static BenchmarkReport run(
      ModelSource source, Loader backend, BenchmarkOptions options, BenchmarkProgress progress) {
    return run(source, backend, options, progress, WARM_UP);
  }

  static BenchmarkReport run(
      ModelSource source,
      Loader backend,
      BenchmarkOptions options,
      BenchmarkProgress progress,
      Duration warmUp) {
    Instant time = Instant.now();
    long start = System.nanoTime();
    Transformer transformer = Architectures.describe(source);
    ExecutorOptions executorOptions = options.executorOptions(source, transformer);
    try (Executor executor = backend.load(transformer, source, executorOptions)) {
      Duration load = Duration.ofNanos(System.nanoTime() - start);
      List<Measurement> measurements =
          new ThroughputBenchmark(executor, options, progress, warmUp).measure();
      return new BenchmarkReport(
          time,
          Machine.detect(),
          Checkout.commit(),
          backend.description(),
          source.label(),
          source.tensors().stream().mapToLong(Tensor::elements).sum(),
          source.tensors().stream().mapToLong(tensor -> tensor.data().byteSize()).sum(),
          formats(source.tensors()),
          options,
          load,
          executor.cacheBytes(),
          Machine.peakResidentBytes(),
          measurements);
    }
  }

  /**
   * Names the formats of tensors.
   *
   * @param tensors a model's
   * @return names, the one with most bytes first
   */
  public static List<String> formats(Collection<Tensor> tensors) {
    Map<String, Long> bytes =
        tensors.stream()
            .collect(
                Collectors.groupingBy(
                    tensor -> tensor.type().name(),
                    Collectors.summingLong(tensor -> tensor.data().byteSize())));
    return bytes.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Reading or writing a number of tokens. */
  private record Test(String name, int tokens, int tokensPerBatch) {}

  private static List<Test> tests(BenchmarkOptions options) {
    List<Test> tests = new ArrayList<>();
    if (options.promptTokens() > 0) {
      int tokens = options.promptTokens();
      tests.add(new Test("pp" + tokens, tokens, tokens));
    }
    if (options.generatedTokens() > 0) {
      tests.add(new Test("tg" + options.generatedTokens(), options.generatedTokens(), 1));
    }
    return tests;
  }

  private List<Measurement> measure() {
    for (Test test : tests) {
      step(test.name() + ", warm-up");
      warmUp(test);
    }
    List<Measurement> measurements = new ArrayList<>();
    for (int depth : options.depths()) {
      for (Test test : tests) {
        measurements.add(measure(test, depth));
      }
    }
    progress.at("done", steps, steps);
    return measurements;
  }

  private void warmUp(Test test) {
    long start = System.nanoTime();
    do {
      executor.truncate(0, 0);
      passes.run(test.tokens(), test.tokensPerBatch());
    } while (System.nanoTime() - start < warmUp.toNanos());
  }

  private Measurement measure(Test test, int depth) {
    passes.fill(depth);
    List<Double> speeds = new ArrayList<>();
    for (int i = 1; i <= options.repetitions(); i++) {
      String at = depth == 0 ? "" : " at depth " + depth;
      step("%s%s, %d of %d".formatted(test.name(), at, i, options.repetitions()));
      executor.truncate(0, depth);
      long start = System.nanoTime();
      passes.run(test.tokens(), test.tokensPerBatch());
      speeds.add(test.tokens() * 1e9 / (System.nanoTime() - start));
    }
    return new Measurement(test.name(), depth, speeds);
  }

  private void step(String name) {
    progress.at(name, step++, steps);
  }
}
