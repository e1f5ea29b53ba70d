package org.zonda.bench.micro;

import java.util.List;
import java.util.Optional;
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
import org.zonda.model.graph.Block;
import org.zonda.model.graph.BlockBuilder;
import org.zonda.model.graph.Operation;
import org.zonda.model.graph.Transformer;
import org.zonda.model.graph.Weight;
import org.zonda.model.tensor.TensorType;
import org.zonda.runtime.backend.CacheType;
import org.zonda.runtime.backend.Logits;

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
  @Param({
    "F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q2_K", "Q3_K", "Q4_K", "Q5_K",
    "Q6_K", "IQ4_NL", "IQ4_XS", "MXFP4"
  })
  private TensorType format;

  /** Rows of activations. */
  @Param({"1", "512"})
  private int tokens;

  /** Threads of the backend; 0 is one a core. */
  @Param({"1", "0"})
  private int threads;

  private Loaded model;
  private double bytes;
  private double multiplyAdds;

  /** Makes a matrix that no cache holds, or for many tokens one whose outputs are not too many. */
  @Setup
  public void load() {
    int rows = Math.min(1 << 18, MAX_OUTPUTS / tokens);
    TinyModel weights = new TinyModel();
    Weight matrix = weights.matrix("matrix", format, COLUMNS, rows);
    BlockBuilder embedding = new BlockBuilder("embedding", COLUMNS);
    Block first =
        embedding.build(
            embedding.embed("hidden", Operation.Row.TOKEN, weights.table("table", COLUMNS)));
    BlockBuilder head = new BlockBuilder("head", COLUMNS);
    Block last = head.build(head.linear("product", head.input(), matrix, Optional.empty()));
    Transformer transformer =
        new Transformer("one matrix", TinyModel.TOKENS, Integer.MAX_VALUE, first, List.of(), last);
    model = new Loaded(transformer, weights, threads, CacheType.F32, 0, tokens, true);
    bytes = weights.bytes("matrix");
    multiplyAdds = (double) tokens * rows * COLUMNS;
  }

  /** Frees it. */
  @TearDown
  public void close() {
    model.close();
  }

  /** One product. */
  @Benchmark
  public Logits multiply(MachineBenchmark.Reading reading, MachineBenchmark.Computing computing) {
    reading.gigabytes += bytes / 1e9;
    computing.gigaMultiplyAdds += multiplyAdds / 1e9;
    return model.run();
  }
}
