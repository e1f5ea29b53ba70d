package org.zonda.runtime.generation;

import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.zonda.model.tokenizer.Tokenizer;

/** A generation as a lazy stream: takes its sequence when first read, frees it at the end. */
public final class PieceStream extends Spliterators.AbstractSpliterator<String> {

  private final SharedExecutor executor;
  private final Tokenizer tokenizer;
  private final Request request;

  /** Guarded by this: {@link #close} may come from another thread. */
  private Sequence sequence;

  private Generation generation;

  private PieceStream(SharedExecutor executor, Tokenizer tokenizer, Request request) {
    super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
    this.executor = executor;
    this.tokenizer = tokenizer;
    this.request = request;
  }

  /**
   * Makes the stream.
   *
   * @param executor gives the sequence
   * @param tokenizer the model's
   * @param request what to generate; its cancellation is cancelled when the stream is closed
   * @return a sequential stream
   */
  public static Stream<String> of(SharedExecutor executor, Tokenizer tokenizer, Request request) {
    PieceStream pieces = new PieceStream(executor, tokenizer, request);
    return StreamSupport.stream(pieces, false).onClose(pieces::close);
  }

  @Override
  public boolean tryAdvance(Consumer<? super String> action) {
    boolean more = false;
    try {
      if (generation == null) {
        begin();
      }
      String piece = generation.next();
      if (piece != null) {
        action.accept(piece);
        more = true;
      }
      return more;
    } finally {
      if (!more) {
        close();
      }
    }
  }

  private synchronized void begin() {
    sequence = executor.open();
    generation = new Generation(sequence, tokenizer, request);
  }

  private synchronized void close() {
    request.cancellation().cancel();
    if (sequence != null) {
      sequence.close();
    }
  }
}
