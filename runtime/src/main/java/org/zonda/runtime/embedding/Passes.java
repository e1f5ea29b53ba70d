package org.zonda.runtime.embedding;

import java.util.ArrayList;
import java.util.List;
import org.zonda.runtime.backend.Batch;
import org.zonda.runtime.backend.Executor;

/**
 * Runs texts through an executor, as many in one pass as its batch size, its sequences and its KV
 * cache hold. An encoder's text is in one pass as a whole; a decoder's may go on in the next. One
 * thread.
 */
final class Passes {

  /** Positions by which a sequence's part of the KV cache grows. */
  private static final int PAGE = 64;

  /** Tokens of a text that are in one pass. */
  private record Piece(Text text, int slot, int from, int to) {}

  /**
   * A text on its way.
   *
   * @param tokens its tokens, at least one
   * @param states takes what comes of them
   * @param done called after its last token
   */
  record Text(int[] tokens, HiddenStates states, Runnable done) {}

  private final Executor executor;
  private final boolean whole;
  private final long cachePages;
  private final Batch batch = new Batch();
  private final List<Piece> pieces = new ArrayList<>();
  private int texts;

  /**
   * Begins.
   *
   * @param executor its sequences are empty, and are left so by {@link #finish}
   */
  Passes(Executor executor) {
    this.executor = executor;
    this.whole = !executor.transformer().isCausal();
    this.cachePages = executor.options().cachePositions() / PAGE;
  }

  /**
   * Adds a text, and runs passes that are full.
   *
   * @param text at most as long as the context; for an encoder, as the batch size
   */
  void add(Text text) {
    int length = text.tokens().length;
    int slot = texts++ % executor.options().sequences();
    for (int from = 0; from < length; ) {
      int room = executor.options().batchSize() - batch.size();
      boolean full = pieces.size() == executor.options().sequences();
      if (full || room == 0 || whole && length > room && !pieces.isEmpty()) {
        run();
        continue;
      }
      int to = whole ? length : Math.min(length, from + room);
      if (!pieces.isEmpty() && pages() + pages(to) > cachePages) {
        run();
        continue;
      }
      for (int i = from; i < to; i++) {
        batch.add(slot, text.tokens()[i], i, text.states().wants(i));
      }
      pieces.add(new Piece(text, slot, from, to));
      from = to;
    }
  }

  /** Pages of the texts in this pass; a text that goes on is always among them. */
  private int pages() {
    return pieces.stream().mapToInt(piece -> pages(piece.to())).sum();
  }

  private static int pages(int positions) {
    return Math.ceilDiv(positions, PAGE);
  }

  /** Runs what is left. */
  void finish() {
    if (!pieces.isEmpty()) {
      run();
    }
  }

  private void run() {
    float[] states = executor.forward(batch).values();
    int width = executor.transformer().outputWidth();
    int row = 0;
    for (Piece piece : pieces) {
      Text text = piece.text();
      for (int i = piece.from(); i < piece.to(); i++) {
        if (text.states().wants(i)) {
          text.states().take(i, states, row++ * width);
        }
      }
    }
    for (Piece piece : pieces) {
      if (piece.to() == piece.text().tokens().length) {
        executor.truncate(piece.slot(), 0);
        piece.text().done().run();
      }
    }
    batch.clear();
    pieces.clear();
  }

  /** Empties all sequences after a failure. */
  static void clear(Executor executor) {
    for (int slot = 0; slot < executor.options().sequences(); slot++) {
      executor.truncate(slot, 0);
    }
  }
}
