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
import org.zonda.model.graph.Activation;
import org.zonda.model.graph.Block;
import org.zonda.model.graph.BlockBuilder;
import org.zonda.model.graph.NormKind;
import org.zonda.model.graph.Operation;
import org.zonda.model.graph.Rotary;
import org.zonda.model.graph.Transformer;
import org.zonda.model.graph.Value;
import org.zonda.model.graph.Weight;
import org.zonda.model.tensor.TensorType;
import org.zonda.runtime.backend.CacheType;
import org.zonda.runtime.backend.Logits;

/**
 * Operations on each element of the activations, many times in a row, so that taking part in a pass
 * costs little beside. What they read is in a cache, as it is when a model runs: shares of the
 * memory's speed may be above 1.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class ElementBenchmark {

  private static final int WIDTH = 2048;
  private static final int HEAD_WIDTH = 64;
  private static final int TIMES = 64;

  /** What is done to the elements. */
  public enum Kind {
    /** Root mean square. */
    RMS_NORM(2),
    /** Mean and variance. */
    LAYER_NORM(2),
    /** Rotary position embedding, halves as pairs. */
    ROTATE(2),
    /** Sigmoid linear unit of one row, times another. */
    GATE_SILU(3),
    /** Gaussian error linear unit by tanh, times another. */
    GATE_GELU_TANH(3),
    /** Gaussian error linear unit by erf. */
    GELU(2),
    /** The sum of two rows. */
    ADD(3);

    /** Rows that are read or written. */
    private final int rows;

    Kind(int rows) {
      this.rows = rows;
    }
  }

  /** The operation. */
  @Param private Kind operation;

  /** Rows of activations. */
  @Param({"1", "512"})
  private int tokens;

  /** Threads of the backend; 0 is one a core. */
  @Param({"1", "0"})
  private int threads;

  private Loaded model;
  private double bytes;

  /** A layer of nothing but the operation. */
  @Setup
  public void load() {
    TinyModel weights = new TinyModel();
    Weight norm = weights.matrix("norm", TensorType.F32, WIDTH, 1);
    BlockBuilder embedding = new BlockBuilder("embedding", WIDTH);
    Block first =
        embedding.build(
            embedding.embed("hidden", Operation.Row.TOKEN, weights.table("table", WIDTH)));
    BlockBuilder layer = new BlockBuilder("layer", WIDTH);
    Value value = layer.input();
    for (int i = 0; i < TIMES; i++) {
      value = apply(layer, value, norm);
    }
    BlockBuilder head = new BlockBuilder("head", WIDTH);
    Transformer transformer =
        new Transformer(
            "elements",
            TinyModel.TOKENS,
            Integer.MAX_VALUE,
            first,
            List.of(layer.build(value)),
            head.build(head.input()));
    model = new Loaded(transformer, weights, threads, CacheType.F32, 0, tokens, false);
    bytes = (double) TIMES * operation.rows * tokens * WIDTH * Float.BYTES;
  }

  private Value apply(BlockBuilder layer, Value in, Weight norm) {
    return switch (operation) {
      case RMS_NORM -> layer.norm("norm", NormKind.RMS, in, 1, norm, Optional.empty(), 1e-5f);
      case LAYER_NORM -> layer.norm("norm", NormKind.LAYER, in, 1, norm, Optional.empty(), 1e-5f);
      case ROTATE -> layer.rotate("rotated", in, WIDTH / HEAD_WIDTH, rotary());
      case GATE_SILU -> layer.gate("gated", Activation.SILU, layer.input(), in);
      case GATE_GELU_TANH -> layer.gate("gated", Activation.GELU_TANH, layer.input(), in);
      case GELU -> layer.activate("activated", Activation.GELU, in);
      case ADD -> layer.add("sum", layer.input(), in);
    };
  }

  private static Rotary rotary() {
    float[] frequencies = new float[HEAD_WIDTH / 2];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = (float) Math.pow(10_000, -2.0 * i / HEAD_WIDTH);
    }
    return new Rotary(Rotary.Pairing.HALVES, frequencies, 1);
  }

  /** Frees it. */
  @TearDown
  public void close() {
    model.close();
  }

  /** The operation, many times. */
  @Benchmark
  public Logits apply(MachineBenchmark.Reading reading) {
    reading.gigabytes += bytes / 1e9;
    return model.run();
  }
}
