package org.zonda.runtime.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zonda.model.graph.BlockBuilder;
import org.zonda.model.graph.Mask;
import org.zonda.model.graph.Operation;
import org.zonda.model.graph.Scores;
import org.zonda.model.graph.Transformer;
import org.zonda.model.graph.Value;
import org.zonda.model.graph.Weight;
import org.zonda.runtime.backend.Batch;
import org.zonda.runtime.backend.CacheType;
import org.zonda.runtime.backend.Executor;
import org.zonda.runtime.backend.ExecutorOptions;
import org.zonda.runtime.backend.Logits;
import org.zonda.runtime.backend.TopLogits;

/** Passes keep within the KV cache that all sequences share, as a device's does. */
class PassesTest {

  private static final int PAGE = 64;

  /** Counts the pages of all sequences and refuses more than there are. */
  private static final class Pool implements Executor {
    private final ExecutorOptions options;
    private final Transformer transformer;
    private final int[] lengths;
    private int passes;

    Pool(ExecutorOptions options, boolean causal) {
      this.options = options;
      BlockBuilder embedding = new BlockBuilder("embedding", 1);
      Value token =
          embedding.embed("hidden", Operation.Row.TOKEN, new Weight("table", 1, 1 << 20, 1));
      BlockBuilder layer = new BlockBuilder("layer", 1);
      Value x = layer.input();
      Mask mask = causal ? Mask.CAUSAL : Mask.ALL;
      Value a = layer.attention("attention", x, x, x, 1, 1, Scores.scaled(1), mask, 0);
      BlockBuilder head = new BlockBuilder("head", 1);
      transformer =
          new Transformer(
              "fake",
              1 << 20,
              options.contextLength(),
              embedding.build(token),
              List.of(layer.build(a)),
              head.build(head.input()));
      lengths = new int[options.sequences()];
    }

    @Override
    public Transformer transformer() {
      return transformer;
    }

    @Override
    public ExecutorOptions options() {
      return options;
    }

    /** Each token's state is the token itself. */
    @Override
    public Logits forward(Batch batch) {
      passes++;
      assertThat(batch.size()).isLessThanOrEqualTo(options.batchSize());
      float[] states = new float[batch.outputs()];
      int row = 0;
      for (int i = 0; i < batch.size(); i++) {
        assertThat(batch.position(i)).isEqualTo(lengths[batch.sequence(i)]++);
        if (batch.wantsLogits(i)) {
          states[row++] = batch.token(i);
        }
      }
      int pages = 0;
      for (int length : lengths) {
        pages += Math.ceilDiv(length, PAGE);
      }
      long most = Math.ceilDiv(options.cachePositions(), (long) PAGE);
      assertThat((long) pages).as("pages in use").isLessThanOrEqualTo(most);
      return new Logits(batch.outputs(), 1, states);
    }

    @Override
    public TopLogits top(Batch batch, int best) {
      throw new AssertionError("embeddings want all of a row");
    }

    @Override
    public int length(int sequence) {
      return lengths[sequence];
    }

    @Override
    public void truncate(int sequence, int length) {
      lengths[sequence] = length;
    }

    @Override
    public void fork(int from, int to, int length) {
      throw new AssertionError("embeddings share nothing");
    }

    @Override
    public long cacheBytes() {
      return 0;
    }

    @Override
    public void close() {}
  }

  private static List<Integer> run(Pool pool, int... lengths) {
    List<Integer> done = new ArrayList<>();
    Passes passes = new Passes(pool);
    for (int i = 0; i < lengths.length; i++) {
      int text = i;
      int[] tokens = new int[lengths[i]];
      for (int t = 0; t < tokens.length; t++) {
        tokens[t] = text * 10_000 + t;
      }
      int[] next = {0};
      passes.add(
          new Passes.Text(
              tokens,
              (position, values, offset) -> {
                assertThat(position).isEqualTo(next[0]++);
                assertThat(values[offset]).isEqualTo(text * 10_000 + position);
              },
              () -> done.add(text)));
    }
    passes.finish();
    return done;
  }

  @ParameterizedTest
  @ValueSource(ints = {1024, 1000, 1100, 2048, 8192})
  void textsOfADecoderShareAPoolThatHoldsOneContext(int positions) {
    ExecutorOptions options = new ExecutorOptions(1000, 8, 256, CacheType.F16, positions);
    assertThat(run(new Pool(options, true), 100, 1000, 300, 7, 1000, 1000, 64, 65, 1))
        .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8);
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 520, 1024})
  void textsOfAnEncoderToo(int positions) {
    ExecutorOptions options = new ExecutorOptions(512, 8, 2048, CacheType.F16, positions);
    assertThat(run(new Pool(options, false), 512, 3, 500, 512, 60, 70, 80, 90, 100))
        .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8);
  }

  @ParameterizedTest
  @ValueSource(ints = {2048, 4096})
  void shortTextsStillShareAPass(int positions) {
    ExecutorOptions options = new ExecutorOptions(512, 8, 512, CacheType.F16, positions);
    Pool pool = new Pool(options, true);
    assertThat(run(pool, 10, 20, 30, 40, 50, 60, 61, 62)).hasSize(8);
    assertThat(pool.passes).isEqualTo(1);
  }
}
