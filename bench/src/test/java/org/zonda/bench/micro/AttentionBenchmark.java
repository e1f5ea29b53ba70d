package org.zonda.bench.micro;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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
import org.zonda.model.graph.Mask;
import org.zonda.model.graph.Operation;
import org.zonda.model.graph.Scores;
import org.zonda.model.graph.Transformer;
import org.zonda.model.graph.Weight;
import org.zonda.runtime.backend.CacheType;
import org.zonda.runtime.backend.Logits;

/**
 * Attention alone, in as many layers as a model of a billion parameters has, so that no cache holds
 * the keys and values at depth: {@code tokens=1} is decoding, bound by reading them; {@code
 * tokens=512} is prefill. With eight of 32 heads for keys and values each is used by four queries.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 2, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class AttentionBenchmark {

  private static final int LAYERS = 16;
  private static final int HEADS = 32;
  private static final int HEAD_WIDTH = 64;

  /** Heads of keys and values. */
  @Param({"8", "32"})
  private int kvHeads;

  /** Positions in the cache before. */
  @Param({"512", "4096"})
  private int depth;

  /** Rows that attend in one pass. */
  @Param({"1", "512"})
  private int tokens;

  /** How keys and values are stored. */
  @Param("F16")
  private CacheType cacheType;

  /** Threads of the backend; 0 is one a core. */
  @Param({"1", "0"})
  private int threads;

  private Loaded model;
  private double bytes;
  private double multiplyAdds;

  /** Fills the cache to the depth. */
  @Setup
  public void load() {
    TinyModel weights = new TinyModel();
    int kvWidth = kvHeads * HEAD_WIDTH;
    Weight queries = weights.table("queries", HEADS * HEAD_WIDTH);
    Weight keys = weights.table("keys", kvWidth);
    Weight values = weights.table("values", kvWidth);
    BlockBuilder embedding = new BlockBuilder("embedding", queries.columns());
    Block first = embedding.build(embedding.embed("query", Operation.Row.TOKEN, queries));
    List<Block> layers =
        IntStream.range(0, LAYERS).mapToObj(layer -> layer(layer, keys, values)).toList();
    BlockBuilder head = new BlockBuilder("head", queries.columns());
    Transformer transformer =
        new Transformer(
            "attention",
            TinyModel.TOKENS,
            Integer.MAX_VALUE,
            first,
            layers,
            head.build(head.input()));
    model = new Loaded(transformer, weights, threads, cacheType, depth, tokens, false);
    bytes = 2.0 * LAYERS * kvWidth * cacheType.bytes() * (depth + tokens);
    // Each row sees itself and all before: on average half of the batch.
    double seen = tokens * (depth + (tokens + 1) / 2.0);
    multiplyAdds = 2.0 * LAYERS * HEADS * HEAD_WIDTH * seen;
  }

  private Block layer(int layer, Weight keys, Weight values) {
    BlockBuilder block = new BlockBuilder("layer " + layer, HEADS * HEAD_WIDTH);
    return block.build(
        block.attention(
            "attention",
            block.input(),
            block.embed("key", Operation.Row.TOKEN, keys),
            block.embed("value", Operation.Row.TOKEN, values),
            HEADS,
            kvHeads,
            Scores.scaled((float) (1 / Math.sqrt(HEAD_WIDTH))),
            Mask.CAUSAL,
            layer));
  }

  /** Frees it. */
  @TearDown
  public void close() {
    model.close();
  }

  /** All layers; bytes are those of keys and values, each read once. */
  @Benchmark
  public Logits attend(MachineBenchmark.Reading reading, MachineBenchmark.Computing computing) {
    reading.gigabytes += bytes / 1e9;
    computing.gigaMultiplyAdds += multiplyAdds / 1e9;
    return model.run();
  }
}
