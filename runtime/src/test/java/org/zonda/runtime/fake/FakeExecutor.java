package org.zonda.runtime.fake;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.zonda.model.ZondaException;
import org.zonda.model.graph.Block;
import org.zonda.model.graph.Transformer;
import org.zonda.model.graph.Value;
import org.zonda.runtime.backend.Batch;
import org.zonda.runtime.backend.Executor;
import org.zonda.runtime.backend.ExecutorOptions;
import org.zonda.runtime.backend.Logits;
import org.zonda.runtime.backend.TopLogits;

/**
 * An executor whose logits are a function of all tokens in the sequence, so that a wrong position,
 * a lost or a kept token changes them. It refuses what the contract forbids, notes every pass, and
 * fills its buffer with NaN once it may be used again.
 */
public final class FakeExecutor implements Executor {

  /** One pass: the sequence, the first position, and how many tokens and logits. */
  public record Pass(int sequence, int position, int tokens, int outputs) {}

  private final ExecutorOptions options;
  private final int vocabularySize;
  private final Function<List<Integer>, float[]> logits;
  private final TreeMap<Integer, List<Integer>> sequences = new TreeMap<>();
  private final List<Pass> passes = new ArrayList<>();
  private final AtomicBoolean busy = new AtomicBoolean();
  private Runnable beforePass = () -> {};
  private float[] buffer = new float[0];
  private int topPasses;
  private boolean closed;

  public FakeExecutor(
      ExecutorOptions options, int vocabularySize, Function<List<Integer>, float[]> logits) {
    this.options = options;
    this.vocabularySize = vocabularySize;
    this.logits = logits;
  }

  /** Logits that look random but depend on every token and its position only. */
  public static Function<List<Integer>, float[]> hashed(int vocabularySize) {
    return history -> {
      float[] row = new float[vocabularySize];
      int hash = history.hashCode();
      for (int i = 0; i < row.length; i++) {
        int mixed = (hash * 31 + i) * 0x9E3779B1;
        mixed = (mixed ^ (mixed >>> 15)) * 0x85EBCA6B;
        row[i] = (mixed >>> 8) / (float) (1 << 22);
      }
      return row;
    };
  }

  /** Says the tokens of a script one after the other, whatever the prompt. */
  public static Function<List<Integer>, float[]> script(
      int vocabularySize, int promptLength, List<Integer> script) {
    return history -> {
      float[] row = new float[vocabularySize];
      int index = history.size() - promptLength;
      if (index >= 0 && index < script.size()) {
        row[script.get(index)] = 100;
      }
      return row;
    };
  }

  public void beforePass(Runnable action) {
    beforePass = action;
  }

  public synchronized List<Pass> passes() {
    return List.copyOf(passes);
  }

  /** How many of the passes asked for the best logits only. */
  public int topPasses() {
    return topPasses;
  }

  public List<Integer> history(int sequence) {
    return List.copyOf(sequences.getOrDefault(sequence, List.of()));
  }

  public boolean isClosed() {
    return closed;
  }

  @Override
  public Transformer transformer() {
    Value value = new Value(0, "input", 1);
    Block block = new Block("nothing", value, List.of(), value);
    return new Transformer(
        "fake", vocabularySize, options.contextLength(), block, List.of(block), block);
  }

  @Override
  public ExecutorOptions options() {
    return options;
  }

  @Override
  public Logits forward(Batch batch) {
    beforePass.run();
    enter();
    try {
      Arrays.fill(buffer, Float.NaN);
      List<float[]> rows = new ArrayList<>();
      if (batch.size() > options.batchSize()) {
        throw new IllegalStateException("a batch of " + batch.size());
      }
      for (int row = 0; row < batch.size(); row++) {
        List<Integer> history =
            sequences.computeIfAbsent(batch.sequence(row), key -> new ArrayList<>());
        if (batch.position(row) != history.size()) {
          throw new IllegalStateException(
              "position " + batch.position(row) + " follows " + history.size() + " tokens");
        }
        if (history.size() == options.contextLength()) {
          throw new ZondaException("beyond the context");
        }
        if (batch.token(row) < 0 || batch.token(row) >= vocabularySize) {
          throw new ZondaException("no token: " + batch.token(row));
        }
        history.add(batch.token(row));
        if (batch.wantsLogits(row)) {
          rows.add(logits.apply(history));
        }
      }
      passes.add(new Pass(batch.sequence(0), batch.position(0), batch.size(), batch.outputs()));
      buffer = new float[rows.size() * vocabularySize];
      for (int i = 0; i < rows.size(); i++) {
        System.arraycopy(rows.get(i), 0, buffer, i * vocabularySize, vocabularySize);
      }
      return new Logits(rows.size(), vocabularySize, buffer);
    } finally {
      busy.set(false);
    }
  }

  @Override
  public TopLogits top(Batch batch, int best) {
    if (best > Math.min(TopLogits.MOST, vocabularySize)) {
      throw new IllegalStateException("the best " + best);
    }
    TopLogits top = TopLogits.of(forward(batch), best);
    topPasses++;
    return top;
  }

  @Override
  public int length(int sequence) {
    return history(sequence).size();
  }

  @Override
  public void truncate(int sequence, int length) {
    enter();
    List<Integer> history = sequences.getOrDefault(sequence, new ArrayList<>());
    if (length > history.size()) {
      throw new IllegalStateException("truncate to " + length + " of " + history.size());
    }
    history.subList(length, history.size()).clear();
    busy.set(false);
  }

  @Override
  public void fork(int from, int to, int length) {
    enter();
    if (length(to) > 0 || length > length(from)) {
      throw new IllegalStateException("fork " + from + " to " + to + " at " + length);
    }
    sequences.put(to, new ArrayList<>(sequences.get(from).subList(0, length)));
    busy.set(false);
  }

  @Override
  public long cacheBytes() {
    return IntStream.range(0, options.sequences()).mapToLong(this::length).sum();
  }

  @Override
  public void close() {
    enter();
    closed = true;
    busy.set(false);
  }

  private void enter() {
    if (closed) {
      throw new IllegalStateException("used after it was closed");
    }
    if (!busy.compareAndSet(false, true)) {
      throw new IllegalStateException("used by two threads at once");
    }
  }
}
