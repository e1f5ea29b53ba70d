package org.zonda.bench.micro;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.zonda.runtime.GenerationOptions;
import org.zonda.runtime.backend.Logits;
import org.zonda.runtime.backend.TopLogits;
import org.zonda.runtime.sampling.Sampler;

/** From the logits of a large vocabulary to a token; one thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class SamplingBenchmark {

  private static final int BEST = 40;

  /** How tokens are chosen. */
  public enum Way {
    /** The most probable one. */
    GREEDY,
    /** The options that hold where none are given. */
    DEFAULT,
    /** Of the whole vocabulary by probability alone. */
    TOP_P,
    /** The default, less likely what was there. */
    PENALTIES
  }

  /** How. */
  @Param private Way way;

  /** Tokens that there are. */
  @Param("128256")
  private int vocabulary;

  private float[] logits;
  private float[] copy;
  private Sampler sampler;

  /** Normal numbers, as logits roughly are. */
  @Setup
  public void prepare() {
    SplittableRandom random = new SplittableRandom(1);
    logits = new float[vocabulary];
    for (int i = 0; i < vocabulary; i++) {
      logits[i] = (float) (3 * random.nextGaussian());
    }
    copy = new float[vocabulary];
    GenerationOptions.Builder options = GenerationOptions.builder();
    switch (way) {
      case GREEDY -> options.temperature(0);
      case DEFAULT -> {}
      case TOP_P -> options.topK(0).topP(0.95).minP(0);
      case PENALTIES -> options.repetitionPenalty(1.1).frequencyPenalty(0.1);
    }
    sampler = new Sampler(options.build(), vocabulary, 4096, 1);
  }

  /** A token from all logits, which are copied before, since some ways change them. */
  @Benchmark
  public int sample(MachineBenchmark.Reading reading) {
    reading.gigabytes += vocabulary * 4 / 1e9;
    System.arraycopy(logits, 0, copy, 0, vocabulary);
    return sampler.sample(copy);
  }

  /** The best logits, which is all that most ways need. */
  @Benchmark
  public TopLogits best(MachineBenchmark.Reading reading) {
    reading.gigabytes += vocabulary * 4 / 1e9;
    return TopLogits.of(new Logits(1, vocabulary, logits), BEST);
  }
}
