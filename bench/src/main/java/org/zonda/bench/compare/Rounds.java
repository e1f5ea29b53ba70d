package org.zonda.bench.compare;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.zonda.bench.BenchmarkOptions;
import org.zonda.bench.Hardware;
import org.zonda.bench.Measurement;
import org.zonda.bench.Passes;
import org.zonda.bench.ReadSpeed;
import org.zonda.bench.Spread;
import org.zonda.bench.compare.ComparisonRow.Reads;
import org.zonda.model.ModelSource;
import org.zonda.model.graph.Decoder;
import org.zonda.runtime.backend.Executor;

/** What is measured of one candidate, round by round. */
final class Rounds {

  /** A test at a depth; the key of its speeds. */
  private record Test(String name, int tokens, int tokensPerBatch, int depth) {}

  private final BenchmarkOptions options;
  private final Duration warmUp;
  private final List<Double> loads = new ArrayList<>();
  private final List<Double> firstTokens = new ArrayList<>();
  private final Map<Test, List<Double>> speeds = new LinkedHashMap<>();
  private final Map<Integer, Reads> reads = new LinkedHashMap<>();
  private String backend = "";
  private Hardware hardware = Hardware.PROCESSOR;
  private OptionalLong hostBytes = OptionalLong.empty();
  private OptionalLong deviceBytes = OptionalLong.empty();
  private ReadSpeed deviceReadSpeed = new ReadSpeed.Unknown("there is no device");
  private long cacheBytes;

  Rounds(BenchmarkOptions options, Duration warmUp) {
    this.options = options;
    this.warmUp = warmUp;
    for (int depth : options.depths()) {
      int prompt = options.promptTokens();
      int generated = options.generatedTokens();
      if (prompt > 0) {
        speeds.put(new Test("pp" + prompt, prompt, prompt, depth), new ArrayList<>());
      }
      if (generated > 0) {
        speeds.put(new Test("tg" + generated, generated, 1, depth), new ArrayList<>());
      }
    }
  }

  void hostBytes(OptionalLong bytes) {
    if (bytes.isPresent() && bytes.getAsLong() > hostBytes.orElse(0)) {
      hostBytes = bytes;
    }
  }

  /** A round of a model that was loaded just now. */
  void measure(Decoder decoder, ModelSource source, Candidate.Loaded loaded, long loadNanos) {
    Executor executor = loaded.executor();
    Passes passes = new Passes(executor);
    boolean first = loads.isEmpty();
    int prompt = Math.max(1, options.promptTokens());
    firstTokens.add(nanos(() -> passes.run(prompt, prompt)) * 1e-9);
    loads.add(loadNanos * 1e-9);
    // Later rounds find the JVM warm, and compile kernels at most.
    warmUp(executor, passes, first ? warmUp : warmUp.dividedBy(10));
    for (Test test : speeds.keySet()) {
      passes.fill(test.depth());
      executor.truncate(0, test.depth());
      long nanos = nanos(() -> passes.run(test.tokens(), test.tokensPerBatch()));
      speeds.get(test).add(test.tokens() * 1e9 / nanos);
    }
    if (first) {
      backend = loaded.description();
      hardware = loaded.hardware();
      deviceReadSpeed = loaded.deviceReadSpeed();
      for (Test test : speeds.keySet()) {
        if (test.tokensPerBatch() == 1) {
          reads.put(test.depth(), reads(decoder, source, loaded, test.depth()));
        }
      }
    }
    cacheBytes = executor.cacheBytes();
    deviceBytes = loaded.deviceBytes();
  }

  private void warmUp(Executor executor, Passes passes, Duration least) {
    for (Test test : speeds.keySet()) {
      if (test.depth() == options.depths().getFirst()) {
        long start = System.nanoTime();
        do {
          executor.truncate(0, 0);
          passes.run(test.tokens(), test.tokensPerBatch());
        } while (System.nanoTime() - start < least.toNanos());
      }
    }
  }

  private Reads reads(Decoder decoder, ModelSource source, Candidate.Loaded loaded, int depth) {
    long positions = depth + options.generatedTokens() / 2;
    long host = 0;
    long device = 0;
    for (Candidate.Placed placed : loaded.parts()) {
      long bytes =
          DecodeReads.of(decoder, source, placed.part(), positions, options.cacheType()).total();
      if (placed.onDevice()) {
        device += bytes;
      } else {
        host += bytes;
      }
    }
    return new Reads(depth, host, device, OptionalDouble.empty());
  }

  private static long nanos(Runnable task) {
    long start = System.nanoTime();
    task.run();
    return System.nanoTime() - start;
  }

  /** Everything that was measured. */
  ComparisonRow row(String name, ReadSpeed hostReadSpeed) {
    List<Measurement> measurements = new ArrayList<>();
    List<Reads> shares = new ArrayList<>();
    speeds.forEach(
        (test, values) -> {
          Measurement measurement = new Measurement(test.name(), test.depth(), values);
          measurements.add(measurement);
          if (test.tokensPerBatch() == 1) {
            shares.add(share(reads.get(test.depth()), measurement.median(), hostReadSpeed));
          }
        });
    return new ComparisonRow(
        name,
        backend,
        hardware,
        new Spread(loads),
        new Spread(firstTokens),
        measurements,
        hostBytes,
        deviceBytes,
        cacheBytes,
        deviceReadSpeed,
        shares);
  }

  /** The least time of a step over its time, where both memories' speeds are known. */
  private Reads share(Reads bytes, double tokensPerSecond, ReadSpeed hostReadSpeed) {
    OptionalDouble host = seconds(bytes.host(), hostReadSpeed);
    OptionalDouble device = seconds(bytes.device(), deviceReadSpeed);
    return host.isEmpty() || device.isEmpty()
        ? bytes
        : new Reads(
            bytes.depth(),
            bytes.host(),
            bytes.device(),
            OptionalDouble.of((host.getAsDouble() + device.getAsDouble()) * tokensPerSecond));
  }

  private static OptionalDouble seconds(long bytes, ReadSpeed speed) {
    if (bytes == 0) {
      return OptionalDouble.of(0);
    }
    return switch (speed) {
      case ReadSpeed.Measured measured ->
          OptionalDouble.of(bytes / measured.bytesPerSecond().max());
      case ReadSpeed.Unknown unknown -> OptionalDouble.empty();
    };
  }
}
