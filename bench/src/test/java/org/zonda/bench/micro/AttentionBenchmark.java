package org.zonda.bench.micro;

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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.zonda.runtime.backend.Backend;
import org.zonda.runtime.backend.Batch;
import org.zonda.runtime.backend.CacheType;
import org.zonda.runtime.backend.Executor;
import org.zonda.runtime.backend.ExecutorOptions;
import org.zonda.runtime.backend.Logits;
import org.zonda.runtime.cpu.CpuBackend;

/**
 * The CPU backend's attention at a depth, 16 layers of the 1B shape: {@code tokens=1} is decoding,
 * bound by the bytes of the KV cache; {@code tokens=512} is prefill, bound by multiply-adds.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class AttentionBenchmark {

  /** How keys and values are stored. */
  @Param({"F16", "F32"})
  private CacheType cacheType;

  /** Positions in the cache before. */
  @Param("2048")
  private int depth;

  /** Rows of one pass. */
  @Param({"1", "512"})
  private int tokens;

  /** Query heads. */
  @Param("32")
  private int heads;

  /** KV heads. */
  @Param("8")
  private int kvHeads;

  /** Elements of a head. */
  @Param("64")
  private int headWidth;

  /** Layers, each with keys and values of its own. */
  @Param("16")
  private int layers;

  /** Threads of the backend; 0 is one a core. */
  @Param({"1", "0"})
  private int threads;

  private AttentionOnly model;
  private Backend backend;
  private Executor executor;
  private Batch batch;
  private double cacheBytes;
  private double multiplyAdds;

  /** Fills the cache. */
  @Setup
  public void load() {
    model = new AttentionOnly(heads, kvHeads, headWidth, layers);
    backend = new CpuBackend(threads);
    executor =
        backend.load(
            model.transformer(), model, new ExecutorOptions(depth + tokens, 1, 512, cacheType));
    batch = new Batch();
    for (int i = 0; i < depth; i++) {
      batch.add(0, i % AttentionOnly.TOKENS, i, false);
    }
    executor.forward(batch);
    batch.clear();
    for (int i = 0; i < tokens; i++) {
      batch.add(0, i % AttentionOnly.TOKENS, depth + i, i == tokens - 1);
    }
    int bytes = cacheType == CacheType.F16 ? Short.BYTES : Float.BYTES;
    cacheBytes = 2.0 * layers * kvHeads * headWidth * bytes * (depth + tokens);
    multiplyAdds = 2.0 * layers * heads * headWidth * tokens * (depth + (tokens + 1) / 2.0);
  }

  /** Frees it. */
  @TearDown
  public void close() {
    executor.close();
    backend.close();
    model.close();
  }

  /** One pass. */
  @Benchmark
  public Logits attend(MachineBenchmark.Reading reading, MachineBenchmark.Computing computing) {
    reading.gigabytes += cacheBytes / 1e9;
    computing.gigaMultiplyAdds += multiplyAdds / 1e9;
    executor.truncate(0, depth);
    return executor.forward(batch);
  }
}
