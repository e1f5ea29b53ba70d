package org.zonda.runtime.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.zonda.model.ZondaException;
import org.zonda.model.graph.Block;
import org.zonda.model.graph.BlockBuilder;
import org.zonda.model.graph.Operation;
import org.zonda.model.graph.Transformer;
import org.zonda.model.graph.Weight;

/** What the executor asks of its stages, and what becomes of them when one fails. */
class StagedExecutorTest {

  private static final int VOCABULARY = 5;
  private static final ExecutorOptions OPTIONS = new ExecutorOptions(10, 2, 3, CacheType.F32);

  /** The hidden state is one float: the token, plus 10 for each stage it went through. */
  private static final class Recorder implements Stage {
    final List<String> calls = new ArrayList<>();
    private final boolean first;
    private float[] state;
    private RuntimeException failure;
    private boolean closed;

    Recorder(boolean first) {
      this.first = first;
    }

    void fail(String call) {
      if (failure != null && failure.getMessage().equals(call)) {
        throw failure;
      }
    }

    @Override
    public String description() {
      return "recorder";
    }

    @Override
    public void reserve(int sequence, int length) {
      fail("reserve");
      calls.add("reserve " + sequence + " to " + length);
    }

    @Override
    public void truncate(int sequence, int length) {
      calls.add("truncate " + sequence + " to " + length);
      fail("truncate");
    }

    @Override
    public void fork(int from, int to, int length) {
      calls.add("fork %d from %d at %d".formatted(to, from, length));
      fail("fork");
    }

    @Override
    public void run(Chunk chunk, float[] hidden) {
      calls.add("run " + Arrays.toString(chunk.tokens()));
      fail("run");
      state = new float[chunk.rows()];
      for (int i = 0; i < state.length; i++) {
        state[i] = 10 + (first ? chunk.tokens()[i] : hidden[i]);
      }
    }

    @Override
    public void hidden(float[] into) {
      System.arraycopy(state, 0, into, 0, state.length);
    }

    @Override
    public void logits(int[] rows, int count, float[] into, int offset) {
      for (int i = 0; i < count; i++) {
        for (int token = 0; token < VOCABULARY; token++) {
          into[offset + i * VOCABULARY + token] = state[rows[i]] + token / 8f;
        }
      }
    }

    @Override
    public TopLogits top(int[] rows, int count, int best) {
      float[] logits = new float[count * VOCABULARY];
      logits(rows, count, logits, 0);
      return TopLogits.of(new Logits(count, VOCABULARY, logits), best);
    }

    @Override
    public long cacheBytes() {
      return 100;
    }

    @Override
    public void close() {
      closed = true;
      fail("close");
    }
  }

  private final Recorder one = new Recorder(true);
  private final Recorder two = new Recorder(false);
  private final StagedExecutor executor =
      new StagedExecutor(transformer(), OPTIONS, List.of(one, two));

  private static Transformer transformer() {
    BlockBuilder embedding = new BlockBuilder("embedding", 1);
    Block e =
        embedding.build(
            embedding.embed("hidden", Operation.Row.TOKEN, new Weight("table", 1, VOCABULARY, 1)));
    BlockBuilder head = new BlockBuilder("head", 1);
    Weight out = new Weight("out", 1, VOCABULARY, 1);
    Block h = head.build(head.linear("logits", head.input(), out, Optional.empty()));
    return new Transformer("fake", VOCABULARY, 10, e, List.of(), h);
  }

  private static Batch batch() {
    return new Batch()
        .add(0, 1, 0, true)
        .add(0, 2, 1, false)
        .add(1, 3, 0, true)
        .add(1, 4, 1, true)
        .add(0, 0, 2, false);
  }

  @Test
  void chunksGoThroughTheStagesAndWantedRowsAreGathered() {
    Logits logits = executor.forward(batch());

    assertThat(logits.rows()).isEqualTo(3);
    assertThat(logits.row(0)).containsExactly(21, 21.125f, 21.25f, 21.375f, 21.5f);
    assertThat(logits.row(1)[0]).isEqualTo(23);
    assertThat(logits.row(2)[0]).isEqualTo(24);
    List<String> calls = List.of("reserve 0 to 3", "reserve 1 to 2", "run [1, 2, 3]", "run [4, 0]");
    assertThat(one.calls).isEqualTo(calls);
    assertThat(two.calls).isEqualTo(calls);
    assertThat(executor.length(0)).isEqualTo(3);
    assertThat(executor.length(1)).isEqualTo(2);
    assertThat(executor.cacheBytes()).isEqualTo(200);
  }

  @Test
  void theBestAreGatheredFromAllChunks() {
    TopLogits top = executor.top(batch(), 2);

    assertThat(top.rows()).isEqualTo(3);
    assertThat(top.ids()).containsExactly(4, 3, 4, 3, 4, 3);
    assertThat(top.values()).containsExactly(21.5f, 21.375f, 23.5f, 23.375f, 24.5f, 24.375f);
  }

  @Test
  void noBestOfNothingAndNoMoreThanThereAre() {
    assertThat(executor.top(new Batch(), 5).rows()).isZero();
    assertThatThrownBy(() -> executor.top(batch(), 6)).hasMessageContaining("the best 6 of 5");
    assertThatThrownBy(() -> executor.top(batch(), 0)).hasMessageContaining("the best 0 of 5");
    assertThat(executor.length(0)).isZero();
  }

  @Test
  void whatAFailedPassReservedIsTakenBackEverywhere() {
    executor.forward(Batch.of(0, 0, 1, 2));
    for (String call : List.of("reserve", "run")) {
      two.failure = new ZondaException(call);
      one.calls.clear();
      assertThatThrownBy(() -> executor.forward(Batch.of(0, 2, 3))).isSameAs(two.failure);
      assertThat(one.calls).last().isEqualTo("truncate 0 to 2");
      assertThat(two.calls).last().isEqualTo("truncate 0 to 2");
      assertThat(executor.length(0)).isEqualTo(2);
    }
    two.failure = null;
    assertThat(executor.forward(Batch.of(0, 2, 3)).row(0)[0]).isEqualTo(23);
  }

  @Test
  void aLostStageDoesNotHideTheFirstFailureNorStopTheOthers() {
    two.failure = new ZondaException("run");
    one.failure = new ZondaException("truncate");
    assertThatThrownBy(() -> executor.forward(Batch.of(0, 0, 1)))
        .isSameAs(two.failure)
        .satisfies(e -> assertThat(e.getSuppressed()).containsExactly(one.failure));
    assertThat(two.calls).last().isEqualTo("truncate 0 to 0");
  }

  @Test
  void everyStageForksOrNoneDoes() {
    executor.forward(Batch.of(0, 0, 1, 2));
    two.failure = new ZondaException("fork");
    assertThatThrownBy(() -> executor.fork(0, 1, 2)).isSameAs(two.failure);
    assertThat(one.calls).endsWith("fork 1 from 0 at 2", "truncate 1 to 0");
    assertThat(two.calls).last().isEqualTo("truncate 1 to 0");
    assertThat(executor.length(1)).isZero();

    two.failure = null;
    executor.fork(0, 1, 1);
    assertThat(one.calls).last().isEqualTo("fork 1 from 0 at 1");
    assertThat(two.calls).last().isEqualTo("fork 1 from 0 at 1");
    assertThat(executor.length(1)).isEqualTo(1);
  }

  @Test
  void closesEveryStage() {
    one.failure = new ZondaException("close");
    two.failure = new ZondaException("close");
    assertThatThrownBy(executor::close)
        .isSameAs(one.failure)
        .satisfies(e -> assertThat(e.getSuppressed()).containsExactly(two.failure));
    assertThat(two.closed).isTrue();
  }

  @Test
  void partsAreNamed() {
    BlockBuilder layer = new BlockBuilder("layer", 1);
    Block block = layer.build(layer.input());
    Transformer d = transformer();
    Transformer four =
        new Transformer(
            "fake", 5, 10, d.embedding(), List.of(block, block, block, block), d.head());
    assertThat(Part.whole(four).describe(four)).isEqualTo("all layers");
    assertThat(new Part(true, 0, 3, false).describe(four)).isEqualTo("embedding and layers 0 to 2");
    assertThat(new Part(false, 3, 4, true).describe(four)).isEqualTo("layer 3 and head");
    assertThat(new Part(false, 1, 3, false).describe(four)).isEqualTo("layers 1 to 2");
    assertThat(new Part(true, 0, 0, false).describe(four)).isEqualTo("embedding");
    assertThat(new Part(true, 0, 2, true).describe(four))
        .isEqualTo("embedding, layers 0 to 1 and head");
    assertThat(new Part(false, 4, 4, true).describe(four)).isEqualTo("head");
  }
}
