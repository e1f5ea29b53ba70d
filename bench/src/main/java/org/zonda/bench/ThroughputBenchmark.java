package org.zonda.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.zonda.model.ModelSource;
import org.zonda.model.ZondaException;
import org.zonda.model.architecture.Architectures;
import org.zonda.model.graph.Transformer;
import org.zonda.model.lora.AdaptedModel;
import org.zonda.model.tensor.Tensor;
import org.zonda.runtime.backend.Executor;
import org.zonda.runtime.backend.Loader;
import org.zonda.runtime.backend.Part;
import org.zonda.runtime.placement.Placement;

/**
 * Measures how many tokens a second a model reads and writes, as llama.cpp's {@code llama-bench}
 * does, so that the figures can be compared: random tokens, no sampling, every generated token a
 * pass of its own whose logits are computed, of a prompt only the last token's logits.
 *
 * <p>Each test runs unmeasured first, at least once and the first of its kind for two seconds, so
 * that the JVM has compiled what it needs.
 */
public final class ThroughputBenchmark {

  /** Long enough for the JVM to compile what runs often. */
  public static final Duration WARM_UP = Duration.ofSeconds(2);

  private final ModelSource source;
  private final Loader backend;
  private final int threads;
  private final BenchmarkOptions options;
  private final BenchmarkProgress progress;
  private final Duration warmUp;
  private final Consumer<BenchmarkRun> soFar;
  private final List<BenchmarkTest> tests;

  /** Those that are still to be done. */
  private final Set<BenchmarkTest> warmUps;

  /** What the JVM has compiled. */
  private final Set<BenchmarkTest.Kind> kinds = EnumSet.noneOf(BenchmarkTest.Kind.class);

  private final List<Measurement> measurements = new ArrayList<>();
  private int step;

  private ThroughputBenchmark(
      ModelSource source,
      Loader backend,
      int threads,
      BenchmarkOptions options,
      BenchmarkProgress progress,
      Duration warmUp,
      Consumer<BenchmarkRun> soFar) {
    this.source = source;
    this.backend = backend;
    this.threads = threads;
    this.options = options;
    this.progress = progress;
    this.warmUp = warmUp;
    this.soFar = soFar;
    tests = options.tests();
    warmUps = warmUps(options);
  }

  /**
   * Loads a model and measures it.
   *
   * @param source the model; stays open
   * @param backend what computes; stays open
   * @param threads of the processor that it has, for the report
   * @param options what to measure
   * @param progress hears how far it is
   * @return what was found
   * @throws ZondaException if the model cannot be run, or a test does not fit its context
   */
  public static BenchmarkRun run(
      ModelSource source,
      Loader backend,
      int threads,
      BenchmarkOptions options,
      BenchmarkProgress progress) {
    return run(source, backend, threads, options, progress, WARM_UP, run -> {});
  }

  /**
   * The same, telling what is there already.
   *
   * @param soFar is given what was found after every repetition
   */
  static BenchmarkRun run(
      ModelSource source,
      Loader backend,
      int threads,
      BenchmarkOptions options,
      BenchmarkProgress progress,
      Duration warmUp,
      Consumer<BenchmarkRun> soFar) {
    return new ThroughputBenchmark(source, backend, threads, options, progress, warmUp, soFar)
        .run();
  }

  /**
   * Describes a model's forward pass, with the adapters that were applied.
   *
   * @param source the model
   * @return its description
   * @throws ZondaException if the model cannot be run
   */
  public static Transformer describe(ModelSource source) {
    return source instanceof AdaptedModel adapted
        ? adapted.transformer()
        : Architectures.describe(source);
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

  /** How often {@link #run} tells its progress, less one. */
  static int steps(BenchmarkOptions options) {
    return warmUps(options).size() + options.tests().size() * options.repetitions();
  }

  /** Tests that differ by their depth alone need one. */
  private static Set<BenchmarkTest> warmUps(BenchmarkOptions options) {
    return options.tests().stream()
        .map(ThroughputBenchmark::atNoDepth)
        .collect(Collectors.toCollection(HashSet::new));
  }

  private static BenchmarkTest atNoDepth(BenchmarkTest test) {
    return new BenchmarkTest(test.kind(), test.tokens(), 0, test.sequences());
  }

  private BenchmarkRun run() {
    long start = System.nanoTime();
    Transformer transformer = describe(source);
    try (Executor executor =
        backend.load(transformer, source, options.executorOptions(source, transformer))) {
      Duration load = Duration.ofNanos(System.nanoTime() - start);
      for (BenchmarkTest test : tests) {
        warmUp(test, executor);
        measure(test, executor, load);
      }
      progress.at("done", step, step);
      return found(executor, load, measurements);
    }
  }

  /** Right before it is measured, so that no test finds a KV cache that a later one needs. */
  private void warmUp(BenchmarkTest test, Executor executor) {
    BenchmarkTest warm = atNoDepth(test);
    if (!warmUps.remove(warm)) {
      return;
    }
    step(warm.fullName() + ", warm-up");
    Passes passes = new Passes(executor);
    long least = kinds.add(test.kind()) ? warmUp.toNanos() : 0;
    long start = System.nanoTime();
    do {
      passes.begin(0, warm.sequences());
      warm.run(passes);
    } while (System.nanoTime() - start < least);
  }

  private void measure(BenchmarkTest test, Executor executor, Duration load) {
    Passes passes = new Passes(executor);
    List<Double> speeds = new ArrayList<>();
    for (int i = 1; i <= options.repetitions(); i++) {
      step("%s, %d of %d".formatted(test.fullName(), i, options.repetitions()));
      passes.begin(test.depth(), test.sequences());
      long start = System.nanoTime();
      test.run(passes);
      speeds.add(test.allTokens() * 1e9 / (System.nanoTime() - start));
      List<Measurement> partly = new ArrayList<>(measurements);
      partly.add(measurement(test, speeds, executor));
      soFar.accept(found(executor, load, partly));
    }
    measurements.add(measurement(test, speeds, executor));
  }

  private Measurement measurement(BenchmarkTest test, List<Double> speeds, Executor executor) {
    return new Measurement(
        test, new Spread(speeds), executor.cacheBytes(), stepBytes(test, executor.transformer()));
  }

  private OptionalLong stepBytes(BenchmarkTest test, Transformer transformer) {
    boolean onHost =
        !(backend instanceof Placement placement) || placement.plan().onDevice().isEmpty();
    if (!test.generates() || test.sequences() > 1 || !onHost) {
      return OptionalLong.empty();
    }
    // The mean of the steps.
    long positions = test.depth() + test.tokens() / 2;
    return OptionalLong.of(
        DecodeReads.of(transformer, source, Part.whole(transformer), positions, options.cacheType())
            .total());
  }

  private BenchmarkRun found(Executor executor, Duration load, List<Measurement> measured) {
    Collection<Tensor> tensors = source.tensors();
    return new BenchmarkRun(
        source.label(),
        tensors.stream().mapToLong(Tensor::elements).sum(),
        tensors.stream().mapToLong(tensor -> tensor.data().byteSize()).sum(),
        formats(tensors),
        backend.description(),
        threads,
        options,
        load,
        executor.cacheBytes(),
        Machine.peakResidentBytes(),
        measured);
  }

  private void step(String name) {
    progress.at(name, step++, steps(options));
  }
}
