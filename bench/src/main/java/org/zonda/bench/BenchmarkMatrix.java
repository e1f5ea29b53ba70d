package org.zonda.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.zonda.model.ModelSource;
import org.zonda.model.ZondaException;
import org.zonda.runtime.backend.Loader;

/**
 * Several models, each measured with several numbers of threads and several options: every
 * combination is a run of its own, with the model loaded anew. A run that fails is a note in the
 * report, unless it is the only one.
 */
public final class BenchmarkMatrix {

  private final List<Supplier<ModelSource>> models;
  private final List<Integer> threads;
  private final IntFunction<Loader> backends;
  private final List<BenchmarkOptions> options;
  private final BenchmarkProgress progress;
  private final Duration warmUp;
  private final Instant time = Instant.now();
  private final Machine machine = Machine.detect();
  private final Optional<String> commit = Checkout.commit();
  private final List<BenchmarkRun> runs = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private List<MachineFigures> figures = List.of();
  private volatile BenchmarkReport soFar = report(List.of());
  private int completed;

  /**
   * Plans the runs.
   *
   * @param models opens each model, when its turn comes; closed after its last run
   * @param threads numbers of worker threads; 0 for one a core
   * @param backends makes what computes with so many threads; closed after each run
   * @param options what to measure in each run
   * @param progress hears how far it is
   * @param warmUp how long each run reads and writes unmeasured first, at least
   */
  public BenchmarkMatrix(
      List<Supplier<ModelSource>> models,
      List<Integer> threads,
      IntFunction<Loader> backends,
      List<BenchmarkOptions> options,
      BenchmarkProgress progress,
      Duration warmUp) {
    this.models = List.copyOf(models);
    this.threads = threads.stream().map(BenchmarkMatrix::resolved).distinct().toList();
    this.backends = backends;
    this.options = options.stream().distinct().flatMap(wanted -> wanted.apart().stream()).toList();
    this.progress = progress;
    this.warmUp = warmUp;
  }

  private static int resolved(int threads) {
    return threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
  }

  /** Measures what the machine can do at most, with each number of threads; before {@link #run}. */
  public void measureMachine() {
    List<MachineFigures> found = new ArrayList<>();
    for (int count : threads) {
      progress.at("the machine, " + Machine.threads(count), completed, steps());
      found.add(MachineFigures.measure(count));
    }
    figures = found;
    soFar = report(List.of());
  }

  /**
   * Measures everything.
   *
   * @return what was found
   * @throws ZondaException if nothing could be measured; the first failure
   */
  public BenchmarkReport run() {
    ZondaException first = null;
    for (Supplier<ModelSource> model : models) {
      try (ModelSource source = model.get()) {
        for (BenchmarkOptions wanted : options) {
          for (int count : threads) {
            first = run(source, wanted, count, first);
          }
        }
      } catch (ZondaException e) {
        first = note(e, first);
      }
    }
    if (runs.isEmpty() && first != null) {
      throw first;
    }
    progress.at("done", steps(), steps());
    return soFar;
  }

  /** Returns the first failure of all. */
  private ZondaException run(
      ModelSource source, BenchmarkOptions wanted, int count, ZondaException first) {
    int before = completed;
    try (Loader backend = backends.apply(count)) {
      // What earlier runs left behind is not this one's memory.
      System.gc();
      Machine.resetPeakResidentBytes();
      BenchmarkRun run =
          ThroughputBenchmark.run(
              source,
              backend,
              count,
              wanted,
              (step, done, all) -> {
                if (done < all) {
                  progress.at(named(source, count, wanted, step), before + done, steps());
                }
              },
              warmUp,
              partly -> soFar = report(List.of(partly)));
      runs.add(run);
      return first;
    } catch (ZondaException e) {
      return note(e, first);
    } finally {
      completed = before + ThroughputBenchmark.steps(wanted);
      soFar = report(List.of());
    }
  }

  private ZondaException note(ZondaException e, ZondaException first) {
    if (!notes.contains(e.getMessage())) {
      notes.add(e.getMessage());
    }
    soFar = report(List.of());
    return first == null ? e : first;
  }

  /** Names what distinguishes a run from others, before what it does. */
  private String named(ModelSource source, int count, BenchmarkOptions wanted, String step) {
    StringBuilder name = new StringBuilder();
    if (models.size() > 1) {
      name.append(source.label()).append(", ");
    }
    if (threads.size() > 1) {
      name.append(Machine.threads(count)).append(", ");
    }
    if (options.stream().map(BenchmarkOptions::batchSize).distinct().count() > 1) {
      name.append("batches of ").append(wanted.batchSize()).append(", ");
    }
    if (options.stream().map(BenchmarkOptions::cacheType).distinct().count() > 1) {
      name.append(wanted.cacheType()).append(" cache, ");
    }
    return name.append(step).toString();
  }

  private int steps() {
    return models.size()
        * threads.size()
        * options.stream().mapToInt(ThroughputBenchmark::steps).sum();
  }

  /**
   * What was found until now; from any thread, while {@link #run} is under way.
   *
   * @return complete repetitions only
   */
  public BenchmarkReport soFar() {
    return soFar;
  }

  private BenchmarkReport report(List<BenchmarkRun> more) {
    List<BenchmarkRun> all = new ArrayList<>(runs);
    all.addAll(more);
    return new BenchmarkReport(time, machine, commit, figures, all, notes);
  }
}
