package org.zonda.bench.compare;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.zonda.bench.BenchmarkOptions;
import org.zonda.bench.BenchmarkTest;
import org.zonda.bench.DecodeReads;
import org.zonda.bench.Hardware;
import org.zonda.bench.Measurement;
import org.zonda.bench.Passes;
import org.zonda.bench.ReadSpeed;
import org.zonda.bench.Spread;
import org.zonda.bench.compare.ComparisonRow.Reads;
import org.zonda.model.ModelSource;
import org.zonda.runtime.backend.Executor;
import org.zonda.runtime.backend.Part;
import org.zonda.runtime.placement.DeviceInfo;
import org.zonda.runtime.placement.MemoryPlan;
import org.zonda.runtime.placement.Placement;

/** What is measured of one candidate, round by round. */
final class Rounds {

  private final BenchmarkOptions options;
  private final Duration warmUp;
  private final List<Double> loads = new ArrayList<>();
  private final List<Double> firstTokens = new ArrayList<>();
  private final Map<BenchmarkTest, List<Double>> speeds = new LinkedHashMap<>();
  private final Map<BenchmarkTest, Long> cacheBytes = new LinkedHashMap<>();
  private final Map<BenchmarkTest, Reads> reads = new LinkedHashMap<>();
  private String backend = "";
  private MemoryPlan plan;
  private OptionalLong hostBytes = OptionalLong.empty();
  private long allCacheBytes;

  Rounds(BenchmarkOptions options, Duration warmUp) {
    this.options = options;
    this.warmUp = warmUp;
    options.tests().forEach(test -> speeds.put(test, new ArrayList<>()));
  }

  /** The process's memory while the model was loaded; the largest of the rounds counts. */
  void hostBytes(OptionalLong bytes) {
    if (bytes.isPresent() && bytes.getAsLong() > hostBytes.orElse(0)) {
      hostBytes = bytes;
    }
  }

  /** A round of a model that was loaded just now. */
  void measure(ModelSource source, Placement placement, Executor executor, long loadNanos) {
    Passes passes = new Passes(executor);
    boolean first = loads.isEmpty();
    int prompt = options.promptTokens().stream().findFirst().orElse(1);
    firstTokens.add(nanos(() -> passes.read(prompt)) * 1e-9);
    loads.add(loadNanos * 1e-9);
    // Later rounds find the JVM warm.
    warmUp(passes, first ? warmUp : warmUp.dividedBy(10));
    speeds.forEach(
        (test, values) -> {
          passes.begin(test.depth(), test.sequences());
          long nanos = nanos(() -> test.run(passes));
          values.add(test.allTokens() * 1e9 / nanos);
          cacheBytes.put(test, executor.cacheBytes());
        });
    if (first) {
      backend = placement.description();
      plan = placement.plan();
      speeds.keySet().stream()
          .filter(BenchmarkTest::generates)
          .forEach(test -> reads.put(test, reads(source, executor, test)));
    }
    allCacheBytes = executor.cacheBytes();
  }

  private void warmUp(Passes passes, Duration least) {
    for (BenchmarkTest test : speeds.keySet()) {
      if (test.depth() == options.depths().getFirst()) {
        long start = System.nanoTime();
        do {
          passes.begin(0, test.sequences());
          test.run(passes);
        } while (System.nanoTime() - start < least.toNanos());
      }
    }
  }

  private Reads reads(ModelSource source, Executor executor, BenchmarkTest test) {
    // The mean of the steps.
    long positions = test.depth() + test.tokens() / 2;
    return new Reads(
        test.depth(),
        bytes(plan.onCpu(), source, executor, positions),
        bytes(plan.onDevice(), source, executor, positions),
        OptionalDouble.empty());
  }

  private long bytes(Optional<Part> part, ModelSource source, Executor executor, long positions) {
    return part.map(
            blocks ->
                DecodeReads.of(
                        executor.transformer(), source, blocks, positions, options.cacheType())
                    .total())
        .orElse(0L);
  }

  private static long nanos(Runnable task) {
    long start = System.nanoTime();
    task.run();
    return System.nanoTime() - start;
  }

  /** The device that took part. */
  Optional<DeviceInfo> device() {
    return plan.device();
  }

  /** Why it ran as it did. */
  List<String> notes() {
    return plan.notes();
  }

  /** Everything that was measured. */
  ComparisonRow row(String name, ReadSpeed hostReadSpeed, ReadSpeed deviceReadSpeed) {
    List<Measurement> measurements = new ArrayList<>();
    List<Reads> shares = new ArrayList<>();
    speeds.forEach(
        (test, values) -> {
          Measurement measurement =
              new Measurement(test, new Spread(values), cacheBytes.get(test), OptionalLong.empty());
          measurements.add(measurement);
          if (test.generates()) {
            Reads bytes = reads.get(test);
            OptionalDouble least =
                sum(seconds(bytes.host(), hostReadSpeed), seconds(bytes.device(), deviceReadSpeed));
            shares.add(bytes.within(least, measurement.median()));
          }
        });
    return new ComparisonRow(
        name,
        backend,
        device().map(device -> Hardware.of(device.kind())).orElse(Hardware.PROCESSOR),
        new Spread(loads),
        new Spread(firstTokens),
        measurements,
        hostBytes,
        device().isEmpty() ? OptionalLong.empty() : OptionalLong.of(plan.deviceBytes()),
        allCacheBytes,
        deviceReadSpeed,
        shares);
  }

  private static OptionalDouble sum(OptionalDouble a, OptionalDouble b) {
    return a.isEmpty() || b.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(a.getAsDouble() + b.getAsDouble());
  }

  /** The least time that reading takes. */
  private static OptionalDouble seconds(long bytes, ReadSpeed speed) {
    if (bytes == 0) {
      return OptionalDouble.of(0);
    }
    OptionalDouble best = speed.best();
    return best.isEmpty() ? best : OptionalDouble.of(bytes / best.getAsDouble());
  }
}
