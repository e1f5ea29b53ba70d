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
import org.zonda.model.tensor.TensorType;
import org.zonda.runtime.backend.Backend;
import org.zonda.runtime.backend.Batch;
import org.zonda.runtime.backend.CacheType;
import org.zonda.runtime.backend.Executor;
import org.zonda.runtime.backend.ExecutorOptions;
import org.zonda.runtime.backend.Logits;
import org.zonda.runtime.cpu.CpuBackend;

/**
 * The CPU backend's product of a matrix with rows of activations, for each format: {@code tokens=1}
 * is decoding, bound by the bytes of the matrix; {@code tokens=512} is prefill, bound by
 * multiply-adds. Reading the activations (a millionth of the work) counts too.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 2, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class MatrixBenchmark {

  private static final int COLUMNS = 2048;

  /** Output floats of one call at most, so that writing them stays cheap. */
  private static final int MAX_OUTPUTS = 1 << 22;

  /** Any format that has a codec. */
  @Param({"F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_K", "Q6_K"})
  private TensorType format;

  /** Rows of activations. */
  @Param({"1", "512"})
  private int tokens;

  /** Threads of the backend; 0 is one a core. */
  @Param({"1", "0"})
  private int threads;

  private OneMatrix model;
  private Backend backend;
  private Executor executor;
  private Batch batch;
  private double multiplyAdds;

  /** Makes a matrix that no cache holds, or for many tokens one whose outputs are not too many. */
  @Setup
  public void load() {
    int rows = Math.min(1 << 18, MAX_OUTPUTS / tokens);
    model = new OneMatrix(format, COLUMNS, rows);
    backend = new CpuBackend(threads);
    executor =
        backend.load(
            model.transformer(), model, new ExecutorOptions(tokens, 1, tokens, CacheType.F32));
    batch = new Batch();
    for (int i = 0; i < tokens; i++) {
      batch.add(0, i % model.activations(), i, true);
    }
    multiplyAdds = (double) tokens * rows * COLUMNS;
  }

  /** Frees it. */
  @TearDown
  public void close() {
    executor.close();
    backend.close();
    model.close();
  }

  /** One product. */
  @Benchmark
  public Logits multiply(MachineBenchmark.Reading reading, MachineBenchmark.Computing computing) {
    reading.gigabytes += model.matrixBytes() / 1e9;
    computing.gigaMultiplyAdds += multiplyAdds / 1e9;
    executor.truncate(0, 0);
    return executor.forward(batch);
  }
}
