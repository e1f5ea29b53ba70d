package org.zonda.bench.compare;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
import org.zonda.model.graph.Transformer;
import org.zonda.model.tensor.Tensor;
import org.zonda.runtime.backend.Executor;
import org.zonda.runtime.backend.ExecutorOptions;
import org.zonda.runtime.placement.Placement;

/**
 * Measures the same model in several ways. The candidates take turns (A B C A B C ...), so that
 * what else happens on the machine meets all of them, and each is loaded anew each round, so that
 * only one is in memory at a time and loading is measured as often as the rest.
 */
public final class Comparison {

  /** Long enough for the JVM to compile what runs often. */
  private static final Duration WARM_UP = Duration.ofSeconds(2);

  private final Supplier<ModelSource> model;
  private final List<Candidate> candidates;
  private final BenchmarkOptions options;
  private final Surroundings surroundings;
  private final Duration warmUp;
  private final Map<Candidate, Rounds> rounds = new LinkedHashMap<>();
  private final Map<Candidate, ZondaException> failures = new LinkedHashMap<>();

  private Comparison(
      Supplier<ModelSource> model,
      List<Candidate> candidates,
      BenchmarkOptions options,
      Surroundings surroundings,
      Duration warmUp) {
    this.model = model;
    this.candidates = candidates;
    this.options = options;
    this.surroundings = surroundings;
    this.warmUp = warmUp;
  }

  /**
   * Measures candidates.
   *
   * @param model opens the model; called each round
   * @param candidates at least one, no two alike
   * @param options what to measure; the repetitions are the rounds
   * @param surroundings devices and the speed of memory
   * @param notes for the report, such as why there is no GPU among the candidates
   * @param progress hears how far it is
   * @return what was found; a candidate that could not be had is a note in it
   * @throws ZondaException if no candidate could be had, or a test does not fit the model's context
   */
  public static ComparisonReport run(
      Supplier<ModelSource> model,
      List<Candidate> candidates,
      BenchmarkOptions options,
      Surroundings surroundings,
      List<String> notes,
      BenchmarkProgress progress) {
    return new Comparison(model, candidates, options, surroundings, WARM_UP).run(notes, progress);
  }

  static ComparisonReport run(
      Supplier<ModelSource> model,
      List<Candidate> candidates,
      BenchmarkOptions options,
      Surroundings surroundings,
      BenchmarkProgress progress,
      Duration warmUp) {
    return new Comparison(model, candidates, options, surroundings, warmUp)
        .run(List.of(), progress);
  }

  private ComparisonReport run(List<String> given, BenchmarkProgress progress) {
    Instant time = Instant.now();
    int steps = 1 + candidates.size() * options.repetitions();
    int step = 0;
    progress.at("the speed of memory", step++, steps);
    ReadSpeed hostReadSpeed = surroundings.hostReadSpeed().get();
    for (int round = 1; round <= options.repetitions(); round++) {
      for (Candidate candidate : candidates) {
        progress.at(
            "%s, round %d of %d".formatted(candidate.name(), round, options.repetitions()),
            step++,
            steps);
        if (!failures.containsKey(candidate)) {
          measureOrNote(candidate);
        }
      }
    }
    progress.at("done", steps, steps);
    if (rounds.isEmpty()) {
      throw failures.values().iterator().next();
    }
    return report(time, hostReadSpeed, given);
  }

  private void measureOrNote(Candidate candidate) {
    try {
      measure(candidate, rounds.computeIfAbsent(candidate, c -> new Rounds(options, warmUp)));
    } catch (ZondaException e) {
      failures.put(candidate, e);
      rounds.remove(candidate);
    }
  }

  private void measure(Candidate candidate, Rounds rounds) {
    // What earlier candidates left behind is not this one's memory.
    System.gc();
    boolean peakIsOurs = Machine.resetPeakResidentBytes();
    long start = System.nanoTime();
    try (ModelSource source = model.get();
        Placement placement = new Placement(candidate.options(), false, surroundings.devices())) {
      Transformer transformer = ThroughputBenchmark.describe(source);
      ExecutorOptions wanted = options.executorOptions(source, transformer);
      try (Executor executor = placement.load(transformer, source, wanted)) {
        rounds.measure(source, placement, executor, System.nanoTime() - start);
        rounds.hostBytes(peakIsOurs ? Machine.peakResidentBytes() : OptionalLong.empty());
      }
    }
  }

  private ComparisonReport report(Instant time, ReadSpeed hostReadSpeed, List<String> given) {
    List<String> notes = new ArrayList<>(given);
    failures.forEach((candidate, e) -> notes.add(candidate.name() + ": " + e.getMessage()));
    List<ComparisonRow> rows = new ArrayList<>();
    rounds.forEach(
        (candidate, measured) -> {
          ReadSpeed deviceReadSpeed =
              measured
                  .device()
                  .map(surroundings.deviceReadSpeed())
                  .orElse(new ReadSpeed.Unknown("there is no device"));
          rows.add(measured.row(candidate.name(), hostReadSpeed, deviceReadSpeed));
          measured.notes().forEach(note -> notes.add(candidate.name() + ": " + note));
        });
    try (ModelSource source = model.get()) {
      return new ComparisonReport(
          time,
          Machine.detect(),
          surroundings.tornado(),
          Checkout.commit(),
          source.label(),
          source.tensors().stream().mapToLong(Tensor::elements).sum(),
          source.tensors().stream().mapToLong(tensor -> tensor.data().byteSize()).sum(),
          ThroughputBenchmark.formats(source.tensors()),
          options,
          hostReadSpeed,
          rows,
          notes);
    }
  }
}
