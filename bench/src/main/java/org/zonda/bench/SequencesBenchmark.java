package org.zonda.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.zonda.model.ModelSource;
import org.zonda.model.ZondaException;
import org.zonda.model.architecture.Architectures;
import org.zonda.model.graph.Transformer;
import org.zonda.runtime.backend.Batch;
import org.zonda.runtime.backend.Executor;
import org.zonda.runtime.backend.ExecutorOptions;
import org.zonda.runtime.backend.Loader;

/**
 * Measures how many tokens a second a number of sequences write together: one prompt is read, the
 * others are forked from it, and each pass takes one random token of every sequence and computes
 * all their logits, without sampling. Each number runs unmeasured first, at least once and for two
 * seconds.
 */
public final class SequencesBenchmark {

  private static final Duration WARM_UP = Duration.ofSeconds(2);

  private final Executor executor;
  private final SequencesOptions options;
  private final BenchmarkProgress progress;
  private final Duration warmUp;
  private final SplittableRandom random = new SplittableRandom(1);
  private final int steps;
  private int step;

  private SequencesBenchmark(
      Executor executor, SequencesOptions options, BenchmarkProgress progress, Duration warmUp) {
    this.executor = executor;
    this.options = options;
    this.progress = progress;
    this.warmUp = warmUp;
    steps = 1 + options.sequences().size() * (1 + options.repetitions());
  }

  /**
   * Loads a model and measures it.
   *
   * @param source the model; stays open
   * @param backend what computes; stays open
   * @param options what to measure
   * @param progress hears how far it is
   * @return a measurement for each number of sequences, ascending
   * @throws ZondaException if the model cannot be run, its context is too short, or its backend
   *     cannot let sequences share a prompt
   */
  public static List<SequencesMeasurement> run(
      ModelSource source, Loader backend, SequencesOptions options, BenchmarkProgress progress) {
    return run(source, backend, options, progress, WARM_UP);
  }

  static List<SequencesMeasurement> run(
      ModelSource source,
      Loader backend,
      SequencesOptions options,
      BenchmarkProgress progress,
      Duration warmUp) {
    Transformer transformer = Architectures.describe(source);
    ExecutorOptions executorOptions = options.executorOptions(source, transformer);
    try (Executor executor = backend.load(transformer, source, executorOptions)) {
      return measure(executor, options, progress, warmUp);
    }
  }

  /**
   * Measures a model that is loaded already.
   *
   * @param executor loaded with {@link SequencesOptions#executorOptions}; its sequences are empty
   *     before and afterwards
   * @param options what to measure
   * @param progress hears how far it is
   * @return a measurement for each number of sequences, ascending
   */
  public static List<SequencesMeasurement> measure(
      Executor executor, SequencesOptions options, BenchmarkProgress progress) {
    return measure(executor, options, progress, WARM_UP);
  }

  private static List<SequencesMeasurement> measure(
      Executor executor, SequencesOptions options, BenchmarkProgress progress, Duration warmUp) {
    return new SequencesBenchmark(executor, options, progress, warmUp).measure();
  }

  private List<SequencesMeasurement> measure() {
    step("prompt");
    readPrompt();
    run(1);
    long alone = executor.cacheBytes();
    List<SequencesMeasurement> measurements = new ArrayList<>();
    for (int sequences : options.sequences()) {
      step(sequences + " sequences, warm-up");
      long start = System.nanoTime();
      do {
        run(sequences);
      } while (System.nanoTime() - start < warmUp.toNanos());
      List<Double> speeds = new ArrayList<>();
      for (int i = 1; i <= options.repetitions(); i++) {
        step("%d sequences, %d of %d".formatted(sequences, i, options.repetitions()));
        long nanos = run(sequences);
        speeds.add((double) sequences * options.generatedTokens() * 1e9 / nanos);
      }
      measurements.add(
          new SequencesMeasurement(
              sequences,
              new Spread(speeds),
              executor.cacheBytes(),
              Math.multiplyExact(alone, sequences)));
    }
    executor.truncate(0, 0);
    progress.at("done", steps, steps);
    return measurements;
  }

  private void readPrompt() {
    Batch batch = new Batch();
    for (int i = 0; i < options.promptTokens(); i++) {
      batch.add(0, token(), i, false);
    }
    executor.forward(batch);
  }

  /** Lets sequences write, and leaves only the prompt; returns the nanoseconds of writing. */
  private long run(int sequences) {
    int prompt = options.promptTokens();
    for (int sequence = 1; sequence < sequences; sequence++) {
      executor.fork(0, sequence, prompt);
    }
    Batch batch = new Batch();
    long start = System.nanoTime();
    for (int i = 0; i < options.generatedTokens(); i++) {
      batch.clear();
      for (int sequence = 0; sequence < sequences; sequence++) {
        batch.add(sequence, token(), prompt + i, true);
      }
      executor.forward(batch);
    }
    long nanos = System.nanoTime() - start;
    executor.truncate(0, prompt);
    for (int sequence = 1; sequence < sequences; sequence++) {
      executor.truncate(sequence, 0);
    }
    return nanos;
  }

  private int token() {
    return random.nextInt(executor.transformer().vocabularySize());
  }

  private void step(String name) {
    progress.at(name, step++, steps);
  }
}
