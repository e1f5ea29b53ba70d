package org.zonda.runtime.generation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.zonda.model.ZondaException;
import org.zonda.model.tokenizer.TokenStream;
import org.zonda.model.tokenizer.Tokenizer;
import org.zonda.runtime.ContextPolicy;
import org.zonda.runtime.FinishReason;
import org.zonda.runtime.GenerationOptions;
import org.zonda.runtime.GenerationResult;
import org.zonda.runtime.Timings;
import org.zonda.runtime.backend.Logits;
import org.zonda.runtime.backend.OperationListener;
import org.zonda.runtime.backend.OperationListener.Phase;
import org.zonda.runtime.backend.TopLogits;
import org.zonda.runtime.generation.Sequence.Wanted;
import org.zonda.runtime.sampling.Sampler;

/**
 * One generation, pulled piece by piece: the prompt is read in chunks, then each pass over one
 * token gives the next. Whoever pulls owns the sequence and closes it. One thread at a time.
 */
public final class Generation {

  private final Sequence sequence;
  private final Tokenizer tokenizer;
  private final Request request;
  private final GenerationOptions options;
  private final long seed;
  private final Sampler sampler;
  private final TokenStream stream;
  private final StopStrings stops;

  /** Null: nobody listens. */
  private final OperationListener listener;

  /**
   * How many of a row's best logits decide; 0 where all are needed, which they are too where some
   * have no token with a text.
   */
  private final int best;

  /** Tokens that have a text. */
  private final int vocabularySize;

  /** The last row's logits, copied while the executor was ours: the best of them, or all. */
  private TopLogits top;

  private float[] logits;

  private final List<Integer> tokens = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private FinishReason finishReason;

  private long timeToFirstToken;
  private int prefillTokens;
  private long prefill;
  private int decodeTokens;
  private long decode;

  /**
   * Prepares a generation; nothing is computed yet.
   *
   * @param sequence empty, or with tokens of which those that the prompt begins with are used again
   * @param tokenizer the model's
   * @param request what to generate; see {@link #checkPrompt}
   * @throws ZondaException if an option does not suit the model
   */
  public Generation(Sequence sequence, Tokenizer tokenizer, Request request) {
    this.sequence = sequence;
    this.tokenizer = tokenizer;
    this.request = request;
    options = request.options();
    SharedExecutor executor = sequence.executor();
    vocabularySize = Math.min(tokenizer.vocabularySize(), executor.vocabularySize());
    seed = options.seed().orElseGet(() -> RandomGenerator.getDefault().nextLong());
    sampler = new Sampler(options, vocabularySize, executor.contextLength(), seed);
    sampler.prompt(request.prompt());
    best = vocabularySize == executor.vocabularySize() ? sampler.best() : 0;
    stream = tokenizer.stream(request.afterText());
    stops = new StopStrings(options.stops());
    listener = executor.listener().orElse(null);
  }

  /**
   * Refuses a prompt that leaves no room for an answer, or that is empty.
   *
   * @param name what messages call it
   * @param advice what to do where it is too long
   * @param prompt token ids
   * @param contextLength of the open model
   * @param trainedLength what the model was made for
   * @throws ZondaException with the numbers and what would work
   */
  public static void checkPrompt(
      String name, String advice, int[] prompt, int contextLength, int trainedLength) {
    if (prompt.length == 0) {
      throw new ZondaException(
          name + " has no tokens, and this model's tokenizer adds none; give it some text");
    }
    if (prompt.length >= contextLength) {
      String longer =
          prompt.length < trainedLength
              ? ", or open the model with a context of %d to %d"
                  .formatted(prompt.length + 1, trainedLength)
              : " (%d is what the model was made for)".formatted(trainedLength);
      throw new ZondaException(
          "%s has %d tokens, but a context of %d holds at most %d and one of the answer; %s%s"
              .formatted(name, prompt.length, contextLength, contextLength - 1, advice, longer));
    }
  }

  /**
   * Runs until there is text or the end.
   *
   * @return the next piece, never empty; or null at the end
   * @throws ZondaException if the model computes what is no number
   */
  public String next() {
    while (finishReason == null) {
      String piece = tokens.isEmpty() ? first() : following();
      if (!piece.isEmpty()) {
        text.append(piece);
        return piece;
      }
    }
    return null;
  }

  /**
   * What came of it, at the end or so far.
   *
   * @param load how long opening the model took
   * @param forgottenMessages see {@link GenerationResult}
   * @return the result
   */
  public GenerationResult result(Duration load, int forgottenMessages) {
    return new GenerationResult(
        text.toString(),
        tokens,
        request.prompt().length,
        finishReason,
        seed,
        new Timings(
            load,
            Duration.ofNanos(timeToFirstToken),
            prefillTokens,
            Duration.ofNanos(prefill),
            decodeTokens,
            Duration.ofNanos(decode)),
        forgottenMessages);
  }

  private String first() {
    int[] prompt = request.prompt();
    // The last token is read in any case, for its logits.
    sequence.truncate(Math.min(sequence.commonPrefix(prompt), prompt.length - 1));
    int reused = sequence.length();
    began(Phase.PREFILL);
    long start = System.nanoTime();
    boolean complete;
    int token;
    try {
      complete = read(prompt, reused);
      prefillTokens = sequence.length() - reused;
      prefill = System.nanoTime() - start;
      token = complete ? sample() : 0;
    } finally {
      ended(Phase.PREFILL, prefillTokens, System.nanoTime() - start);
    }
    if (!complete) {
      return end(FinishReason.CANCELLED);
    }
    timeToFirstToken = System.nanoTime() - request.startNanos();
    return accept(token);
  }

  private String following() {
    if (isCancelled()) {
      return end(FinishReason.CANCELLED);
    }
    began(Phase.DECODE);
    long start = System.nanoTime();
    int sampled = 0;
    int token;
    try {
      int pending = tokens.getLast();
      boolean full = sequence.length() == sequence.executor().contextLength();
      if (!read(full ? shift(pending) : new int[] {pending}, 0)) {
        return end(FinishReason.CANCELLED);
      }
      token = sample();
      sampled = 1;
    } finally {
      long nanos = System.nanoTime() - start;
      if (sampled > 0) {
        decodeTokens++;
        decode += nanos;
      }
      ended(Phase.DECODE, sampled, nanos);
    }
    return accept(token);
  }

  /** Takes a sampled token and returns the text that it completed. */
  private String accept(int token) {
    if (tokenizer.isEndOfGeneration(token) && !options.ignoreEndOfGeneration()) {
      return end(FinishReason.END_OF_GENERATION);
    }
    tokens.add(token);
    String piece = stops.push(stream.push(token));
    if (stops.found()) {
      finishReason = FinishReason.STOP_STRING;
    } else if (tokens.size() == options.maxTokens()) {
      piece += end(FinishReason.MAX_TOKENS);
    } else if (options.contextPolicy() == ContextPolicy.STOP
        && sequence.length() + 1 >= sequence.executor().contextLength()) {
      piece += end(FinishReason.CONTEXT_FULL);
    }
    return piece;
  }

  /** Ends, and returns the text that was held back. */
  private String end(FinishReason reason) {
    String last = stops.push(stream.finish());
    if (stops.found()) {
      finishReason = FinishReason.STOP_STRING;
      return last;
    }
    finishReason = reason;
    return last + stops.finish();
  }

  /**
   * Makes room in a full context: keeps the first token and the newer half of the others. Those are
   * read again, since their keys and values hold old positions and what is now forgotten.
   *
   * @return what is to be read, ending with the pending token
   */
  private int[] shift(int pending) {
    int[] kept = sequence.tokens(1 + sequence.length() / 2);
    sequence.truncate(1);
    int[] again = Arrays.copyOf(kept, kept.length + 1);
    again[kept.length] = pending;
    return again;
  }

  /** Reads tokens in chunks and keeps the last one's logits; false if cancelled. */
  private boolean read(int[] source, int from) {
    int batchSize = sequence.executor().batchSize();
    for (int at = from; at < source.length; ) {
      int to = Math.min(source.length, at + batchSize);
      Wanted wanted = to == source.length ? Wanted.LAST : Wanted.NONE;
      if (isCancelled() || !append(source, at, to, wanted)) {
        return false;
      }
      at = to;
    }
    return true;
  }

  private boolean append(int[] source, int from, int to, Wanted wanted) {
    return best > 0
        ? sequence.appendTop(source, from, to, wanted, best, this::keep)
        : sequence.append(source, from, to, wanted, this::keep);
  }

  private void keep(TopLogits rows) {
    if (rows.rows() > 0) {
      top = rows.row(0);
    }
  }

  private void keep(Logits rows) {
    if (rows.rows() > 0) {
      if (logits == null) {
        logits = new float[vocabularySize];
      }
      System.arraycopy(rows.values(), 0, logits, 0, vocabularySize);
    }
  }

  private int sample() {
    if (listener == null) {
      return choose();
    }
    long start = System.nanoTime();
    int token = choose();
    listener.sampled(System.nanoTime() - start);
    return token;
  }

  private int choose() {
    return best > 0 ? sampler.sample(top) : sampler.sample(logits);
  }

  private void began(Phase phase) {
    if (listener != null) {
      listener.began(phase);
    }
  }

  private void ended(Phase phase, int tokensDone, long nanos) {
    if (listener != null) {
      listener.ended(phase, tokensDone, nanos);
    }
  }

  private boolean isCancelled() {
    return request.cancellation().isCancelled() || Thread.currentThread().isInterrupted();
  }
}
