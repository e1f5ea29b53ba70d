package org.zonda.bench.compare;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.zonda.bench.BenchmarkOptions;
import org.zonda.bench.BenchmarkProgress;
import org.zonda.bench.Checkout;
import org.zonda.bench.Machine;
import org.zonda.bench.ReadSpeed;
import org.zonda.bench.ThroughputBenchmark;
import org.zonda.model.ModelSource;
import org.zonda.model.ZondaException;
import org.zonda.model.architecture.Architectures;
import org.zonda.model.graph.Decoder;
import org.zonda.model.tensor.Tensor;
import org.zonda.runtime.backend.ExecutorOptions;

/**
 * Measures the same model in several ways. The candidates take turns (A B C A B C ...), so that
 * what else happens on the machine meets all of them, and each is loaded anew each round, so that
 * only one is in memory at a time and loading is measured as often as the rest.
 */
public final class Comparison {

  /** Long enough for the JVM to compile what runs often. */
  private static final Duration WARM_UP = Duration.ofSeconds(2);

  private final Supplier<ModelSource> model;
  private final BenchmarkOptions options;
  private final BenchmarkProgress progress;
  private final Duration warmUp;
  private final int steps;
  private int step;

  private Comparison(
      Supplier<ModelSource> model,
      int candidates,
      BenchmarkOptions options,
      BenchmarkProgress progress,
      Duration warmUp) {
    this.model = model;
    this.options = options;
    this.progress = progress;
    this.warmUp = warmUp;
    steps = candidates * options.repetitions() + 1;
  }

  /**
   * Measures candidates.
   *
   * @param model opens the model; called each round
   * @param candidates at least one
   * @param options what to measure; the repetitions are the rounds
   * @param tornado version of TornadoVM, where it is there
   * @param notes for the report
   * @param progress hears how far it is
   * @return what was found; a candidate that could not be had is a note in it
   * @throws ZondaException if no candidate could be had, or a test does not fit the model's context
   */
  public static ComparisonReport run(
      Supplier<ModelSource> model,
      List<Candidate> candidates,
      BenchmarkOptions options,
      Optional<String> tornado,
      List<String> notes,
      BenchmarkProgress progress) {
    Comparison comparison = new Comparison(model, candidates.size(), options, progress, WARM_UP);
    return comparison.run(candidates, tornado, notes, HostMemory::measure);
  }

  static ComparisonReport run(
      Supplier<ModelSource> model, List<Candidate> candidates, BenchmarkOptions options) {
    return new Comparison(
            model, candidates.size(), options, BenchmarkProgress.none(), Duration.ZERO)
        .run(
            candidates,
            Optional.empty(),
            List.of(),
            () -> new ReadSpeed.Unknown("not measured in this test"));
  }

  private ComparisonReport run(
      List<Candidate> candidates,
      Optional<String> tornado,
      List<String> notes,
      Supplier<ReadSpeed> hostMemory) {
    Instant time = Instant.now();
    progress.at("the speed of memory", step++, steps);
    ReadSpeed hostReadSpeed = hostMemory.get();
    Map<Candidate, Rounds> rounds = new LinkedHashMap<>();
    Map<Candidate, ZondaException> failures = new LinkedHashMap<>();
    for (int round = 1; round <= options.repetitions(); round++) {
      for (Candidate candidate : candidates) {
        progress.at(
            "%s, round %d of %d".formatted(candidate.name(), round, options.repetitions()),
            step++,
            steps);
        if (failures.containsKey(candidate)) {
          continue;
        }
        try {
          measure(candidate, rounds.computeIfAbsent(candidate, c -> new Rounds(options, warmUp)));
        } catch (ZondaException e) {
          failures.put(candidate, e);
          rounds.remove(candidate);
        }
      }
    }
    progress.at("done", steps, steps);
    if (rounds.isEmpty()) {
      throw failures.values().iterator().next();
    }
    List<String> allNotes = new ArrayList<>(notes);
    failures.forEach((candidate, e) -> allNotes.add(candidate.name() + ": " + e.getMessage()));
    List<ComparisonRow> rows =
        rounds.entrySet().stream()
            .map(entry -> entry.getValue().row(entry.getKey().name(), hostReadSpeed))
            .toList();
    try (ModelSource source = model.get()) {
      return new ComparisonReport(
          time,
          Machine.detect(),
          tornado,
          Checkout.commit(),
          source.label(),
          source.tensors().stream().mapToLong(Tensor::elements).sum(),
          source.tensors().stream().mapToLong(tensor -> tensor.data().byteSize()).sum(),
          ThroughputBenchmark.formats(source.tensors()),
          options,
          hostReadSpeed,
          rows,
          allNotes);
    }
  }

  private void measure(Candidate candidate, Rounds rounds) {
    // What earlier candidates left behind is not this one's memory.
    System.gc();
    boolean peakIsOurs = Machine.resetPeakResidentBytes();
    long start = System.nanoTime();
    try (ModelSource source = model.get()) {
      Decoder decoder = Architectures.describe(source);
      try (Candidate.Loaded loaded = candidate.load(decoder, source, executorOptions(decoder))) {
        rounds.measure(decoder, source, loaded, System.nanoTime() - start);
        rounds.hostBytes(peakIsOurs ? Machine.peakResidentBytes() : OptionalLong.empty());
      }
    }
  }

  private ExecutorOptions executorOptions(Decoder decoder) {
    long context = options.contextLength();
    if (context > decoder.contextLength()) {
      throw new ZondaException(
          "the deepest test takes %d positions, but the model was made for %d; ask for fewer tokens or less depth"
              .formatted(context, decoder.contextLength()));
    }
    return new ExecutorOptions(
        Math.toIntExact(context), 1, options.batchSize(), options.cacheType());
  }
}
