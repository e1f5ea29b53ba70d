package org.zonda.runtime.backend;

import java.util.List;
import org.zonda.model.ZondaException;
import org.zonda.model.graph.Transformer;

/**
 * Runs a model in stages that follow each other: the first has the embedding, the last the head,
 * and only hidden states cross from one to the next. It checks batches, cuts them into chunks of
 * the batch size, and knows how long each sequence is. One thread at a time.
 */
public final class StagedExecutor implements Executor {

  /** What becomes of the wanted rows of a chunk. */
  private interface Head {
    /**
     * Takes rows of the last stage's last run.
     *
     * @param rows their numbers
     * @param count how many of them count
     * @param done how many rows of the batch came before
     */
    void take(int[] rows, int count, int done);
  }

  private final Transformer transformer;
  private final ExecutorOptions options;
  private final List<Stage> stages;
  private final Stage last;
  private final int[] lengths;
  private final boolean causal;

  private float[] hidden = {};
  private float[] logits = {};

  /**
   * Joins stages.
   *
   * @param transformer the whole model
   * @param options which the stages were made with
   * @param stages in the order of their layers; owned from now on
   */
  public StagedExecutor(Transformer transformer, ExecutorOptions options, List<Stage> stages) {
    this.transformer = transformer;
    this.options = options;
    this.stages = List.copyOf(stages);
    last = this.stages.getLast();
    lengths = new int[options.sequences()];
    causal = transformer.isCausal();
  }

  @Override
  public Transformer transformer() {
    return transformer;
  }

  @Override
  public ExecutorOptions options() {
    return options;
  }

  @Override
  public Logits forward(Batch batch) {
    int width = transformer.outputWidth();
    logits = room(logits, batch.outputs(), width);
    run(batch, (rows, count, done) -> last.logits(rows, count, logits, done * width));
    return new Logits(batch.outputs(), width, logits);
  }

  @Override
  public TopLogits top(Batch batch, int best) {
    if (best < 1 || best > Math.min(TopLogits.MOST, transformer.outputWidth())) {
      throw new IllegalArgumentException(
          "the best %d of %d logits; at most %d can be had"
              .formatted(best, transformer.outputWidth(), TopLogits.MOST));
    }
    TopLogits[] top = new TopLogits[1];
    run(
        batch,
        (rows, count, done) -> {
          TopLogits part = last.top(rows, count, best);
          if (count == batch.outputs()) {
            top[0] = part;
          } else {
            top[0] = top[0] == null ? TopLogits.empty(batch.outputs(), best) : top[0];
            top[0].set(part, done);
          }
        });
    return top[0] == null ? TopLogits.empty(0, best) : top[0];
  }

  private void run(Batch batch, Head head) {
    int[] grown = check(batch);
    try {
      for (int sequence = 0; sequence < grown.length; sequence++) {
        if (grown[sequence] > lengths[sequence]) {
          for (Stage stage : stages) {
            stage.reserve(sequence, grown[sequence]);
          }
        }
      }
      int[] wanted = new int[Math.min(batch.size(), options.batchSize())];
      int done = 0;
      for (int from = 0; from < batch.size(); from += wanted.length) {
        int to = Math.min(batch.size(), from + wanted.length);
        runStages(Chunk.of(batch, from, to));
        int count = 0;
        for (int row = from; row < to; row++) {
          if (batch.wantsLogits(row)) {
            wanted[count++] = row - from;
          }
        }
        if (count > 0) {
          head.take(wanted, count, done);
          done += count;
        }
      }
    } catch (RuntimeException | Error e) {
      for (int sequence = 0; sequence < grown.length; sequence++) {
        if (grown[sequence] > lengths[sequence]) {
          shorten(sequence, lengths[sequence], e);
        }
      }
      throw e;
    }
    System.arraycopy(grown, 0, lengths, 0, lengths.length);
  }

  private void runStages(Chunk chunk) {
    for (int i = 0; i < stages.size(); i++) {
      stages.get(i).run(chunk, hidden);
      if (i < stages.size() - 1) {
        hidden = room(hidden, chunk.rows(), transformer.hiddenWidth());
        stages.get(i).hidden(hidden);
      }
    }
  }

  private static float[] room(float[] memory, int rows, int width) {
    long floats = (long) rows * width;
    if (floats > Integer.MAX_VALUE - 16) {
      throw new ZondaException(
          "a batch of " + rows + " rows of " + width + " floats is too large; use a smaller batch");
    }
    return memory.length < floats ? new float[(int) floats] : memory;
  }

  /** Takes back what a failed pass reserved; a stage that is lost cannot keep others from it. */
  private void shorten(int sequence, int length, Throwable failure) {
    for (Stage stage : stages) {
      try {
        stage.truncate(sequence, length);
      } catch (RuntimeException e) {
        failure.addSuppressed(e);
      }
    }
  }

  /** Checks every row before anything is changed; returns the sequences' new lengths. */
  private int[] check(Batch batch) {
    int[] grown = lengths.clone();
    int[] firstRows = new int[causal ? 0 : grown.length];
    for (int row = 0; row < batch.size(); row++) {
      int sequence = batch.sequence(row);
      checkSequence(sequence);
      int token = batch.token(row);
      if (token < 0 || token >= transformer.vocabularySize()) {
        throw new ZondaException(
            "token %d is not in the vocabulary; expected 0 to %d"
                .formatted(token, transformer.vocabularySize() - 1));
      }
      if (batch.position(row) != grown[sequence]) {
        throw new ZondaException(
            "position %d of sequence %d does not continue it; expected %d"
                .formatted(batch.position(row), sequence, grown[sequence]));
      }
      if (!causal) {
        checkWhole(batch, row, firstRows);
      }
      if (grown[sequence] >= options.contextLength()) {
        throw new ZondaException(
            "position %d is beyond the context of %d positions"
                .formatted(grown[sequence], options.contextLength()));
      }
      grown[sequence]++;
    }
    return grown;
  }

  /** Without a causal mask a token also sees later ones, which have to be in the same chunk. */
  private void checkWhole(Batch batch, int row, int[] firstRows) {
    int sequence = batch.sequence(row);
    if (batch.position(row) == 0) {
      firstRows[sequence] = row;
    } else if (lengths[sequence] > 0
        || firstRows[sequence] / options.batchSize() != row / options.batchSize()) {
      throw new ZondaException(
          "position %d of sequence %d is not in one pass with the sequence's first; %s attends to whole texts: give each in one batch, no longer than the batch size of %d"
              .formatted(
                  batch.position(row), sequence, transformer.architecture(), options.batchSize()));
    }
  }

  private void checkSequence(int sequence) {
    if (sequence < 0 || sequence >= lengths.length) {
      throw new ZondaException(
          "sequence %d does not exist; there are %d, from 0 on"
              .formatted(sequence, lengths.length));
    }
  }

  @Override
  public int length(int sequence) {
    return lengths[sequence];
  }

  @Override
  public void truncate(int sequence, int length) {
    if (length < 0 || length > lengths[sequence]) {
      throw new IllegalArgumentException(
          "sequence " + sequence + " has " + lengths[sequence] + " positions, not " + length);
    }
    lengths[sequence] = length;
    for (Stage stage : stages) {
      stage.truncate(sequence, length);
    }
  }

  @Override
  public void fork(int from, int to, int length) {
    checkSequence(from);
    checkSequence(to);
    if (from == to || lengths[to] > 0) {
      throw new IllegalArgumentException(
          "sequence "
              + to
              + " has "
              + lengths[to]
              + " positions; only an empty one can begin as another");
    }
    if (length < 0 || length > lengths[from]) {
      throw new IllegalArgumentException(
          "sequence " + from + " has " + lengths[from] + " positions, not " + length);
    }
    try {
      for (Stage stage : stages) {
        stage.fork(from, to, length);
      }
    } catch (RuntimeException | Error e) {
      shorten(to, 0, e);
      throw e;
    }
    lengths[to] = length;
  }

  @Override
  public long cacheBytes() {
    return stages.stream().mapToLong(Stage::cacheBytes).sum();
  }

  @Override
  public void close() {
    RuntimeException failure = null;
    for (Stage stage : stages) {
      try {
        stage.close();
      } catch (RuntimeException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
