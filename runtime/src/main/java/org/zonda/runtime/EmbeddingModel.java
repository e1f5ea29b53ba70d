package org.zonda.runtime;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.zonda.model.ModelSource;
import org.zonda.model.ZondaException;
import org.zonda.model.architecture.Pooling;
import org.zonda.model.gguf.GgufFile;
import org.zonda.model.graph.Transformer;
import org.zonda.model.tokenizer.Tokenizer;
import org.zonda.model.tokenizer.Tokenizer.Specials;
import org.zonda.runtime.backend.ExecutorOptions;
import org.zonda.runtime.embedding.Embedder;
import org.zonda.runtime.placement.MemoryPlan;
import org.zonda.runtime.placement.Placement;

/**
 * An open model that turns texts into vectors: an encoder such as BERT, or a decoder, whose hidden
 * states before the logits are taken. Thread-safe; calls take turns.
 *
 * <p>Texts are encoded as prompts are, with the tokens that the model wants around them; names of
 * special tokens in them are plain text. As many texts as {@link LoadOptions#sequences} and {@link
 * LoadOptions#batchSize} allow share a pass. An encoder reads each text in one pass, so that its
 * batch is at least as long as its context.
 *
 * <p>Faults that a user can act on are {@link ZondaException}s with a complete message.
 */
public final class EmbeddingModel implements AutoCloseable {

  private final ModelSource source;
  private final Transformer transformer;
  private final Tokenizer tokenizer;
  private final Placement placement;
  private final Embedder embedder;
  private final Duration loadTime;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Takes ownership of source and placement where it succeeds. */
  private EmbeddingModel(Opening opening) {
    source = opening.source();
    placement = opening.placement();
    transformer = opening.describe().features();
    tokenizer = opening.tokenizer();
    Opening.checkVocabulary(source, tokenizer, transformer);
    ExecutorOptions executorOptions = executorOptions(opening.options(), source, transformer);
    embedder = new Embedder(placement.load(transformer, source, executorOptions), source.label());
    loadTime = Duration.ofNanos(System.nanoTime() - opening.startNanos());
  }

  /**
   * Opens a GGUF file with {@link LoadOptions#DEFAULT}.
   *
   * @param path the file, or any part of a split one
   * @return the model; close it to free its memory
   * @throws ZondaException if the file cannot be read or run
   */
  public static EmbeddingModel open(Path path) {
    return open(path, LoadOptions.DEFAULT);
  }

  /**
   * Opens a GGUF file.
   *
   * @param path the file, or any part of a split one
   * @param options how to open it; its sequences are texts that share a pass
   * @return the model; close it to free its memory
   * @throws ZondaException if the file cannot be read or run
   */
  public static EmbeddingModel open(Path path, LoadOptions options) {
    long start = System.nanoTime();
    return open(GgufFile.open(path), options, start);
  }

  /**
   * Opens a model of any source.
   *
   * @param source metadata and tensors; closed with the model, or at once if this fails
   * @param options how to open it; its sequences are texts that share a pass
   * @return the model; close it to free its memory
   * @throws ZondaException if the model cannot be run
   */
  public static EmbeddingModel open(ModelSource source, LoadOptions options) {
    return open(source, options, System.nanoTime());
  }

  private static EmbeddingModel open(ModelSource file, LoadOptions options, long startNanos) {
    return Opening.of(file, options, startNanos, EmbeddingModel::new);
  }

  /**
   * Says what of a model would go where, without loading it.
   *
   * @param source metadata and tensors; stays open
   * @param options how to open it
   * @return the plan
   * @throws ZondaException if the model cannot be run so
   */
  public static MemoryPlan plan(ModelSource source, LoadOptions options) {
    return Opening.plan(source, options, Transformer::features, EmbeddingModel::executorOptions);
  }

  /** As for text, but an encoder's batch holds the longest text. */
  private static ExecutorOptions executorOptions(
      LoadOptions options, ModelSource source, Transformer transformer) {
    ExecutorOptions text = Opening.executorOptions(options, source, transformer);
    return transformer.isCausal()
        ? text
        : new ExecutorOptions(
                text.contextLength(),
                text.sequences(),
                Math.max(text.batchSize(), text.contextLength()),
                text.cacheType())
            .withListener(text.listener());
  }

  /**
   * Computes the vector of a text with {@link EmbeddingOptions#DEFAULT}.
   *
   * @param text any text
   * @return as many floats as {@link #width()}, of length 1
   * @throws ZondaException as {@link #embed(List, EmbeddingOptions, IntConsumer)}
   */
  public float[] embed(String text) {
    return embed(List.of(text), EmbeddingOptions.DEFAULT, count -> {}).getFirst().vector();
  }

  /**
   * Computes the vectors of texts.
   *
   * @param texts any texts
   * @param options how
   * @param done hears, on this thread, how many are done; may not use this model
   * @return one a text, in their order
   * @throws ZondaException if a text has no tokens or too many, the model's metadata names no
   *     pooling that is known and none was chosen, or the model is closed
   */
  public List<Embedding> embed(List<String> texts, EmbeddingOptions options, IntConsumer done) {
    Pooling pooling = pooling(options);
    Tokens tokens = tokens(texts, options);
    float[][] vectors = embedder.pooled(tokens.ids(), pooling, options.normalised(), done);
    return IntStream.range(0, vectors.length)
        .mapToObj(
            i -> new Embedding(vectors[i], tokens.ids().get(i).length, tokens.truncated().get(i)))
        .toList();
  }

  /**
   * Computes the vectors of the tokens of texts.
   *
   * @param texts any texts
   * @param options how; their pooling is not looked at
   * @param done hears, on this thread, how many texts are done; may not use this model
   * @return the tokens of each text, in their order
   * @throws ZondaException as {@link #embed(List, EmbeddingOptions, IntConsumer)}
   */
  public List<TokenEmbeddings> tokenEmbeddings(
      List<String> texts, EmbeddingOptions options, IntConsumer done) {
    Tokens tokens = tokens(texts, options);
    float[][][] vectors = embedder.ofTokens(tokens.ids(), options.normalised(), done);
    return IntStream.range(0, vectors.length)
        .mapToObj(
            i -> new TokenEmbeddings(tokens.ids().get(i), vectors[i], tokens.truncated().get(i)))
        .toList();
  }

  /** What is read of texts. */
  private record Tokens(List<int[]> ids, BitSet truncated) {}

  private Tokens tokens(List<String> texts, EmbeddingOptions options) {
    Tokens tokens = new Tokens(new ArrayList<>(texts.size()), new BitSet());
    for (int i = 0; i < texts.size(); i++) {
      String name = texts.size() == 1 ? "the text" : "text " + (i + 1);
      int[] all = tokenizer.encodePrompt(texts.get(i), Specials.PLAIN);
      int[] fitting = fitting(all, options, name);
      tokens.ids().add(fitting);
      tokens.truncated().set(i, fitting.length < all.length);
    }
    return tokens;
  }

  /**
   * Computes the vector of a text that is tokens already.
   *
   * @param tokens ids as they are; nothing is added to them
   * @param options how
   * @return as many floats as {@link #width()}
   * @throws ZondaException as {@link #embed(List, EmbeddingOptions, IntConsumer)}
   */
  public Embedding embed(int[] tokens, EmbeddingOptions options) {
    int[] fitting = fitting(tokens, options, "the text");
    float[][] vectors =
        embedder.pooled(List.of(fitting), pooling(options), options.normalised(), count -> {});
    return new Embedding(vectors[0], fitting.length, fitting.length < tokens.length);
  }

  /**
   * Computes the vector of each token of a text that is tokens already, not normalised.
   *
   * @param tokens ids as they are; nothing is added to them
   * @return a row of {@link #width()} floats a token
   * @throws ZondaException if there are none or more than the context holds, one is no token of the
   *     model, or the model is closed
   */
  public float[][] tokenEmbeddings(int... tokens) {
    int[] fitting = fitting(tokens, EmbeddingOptions.DEFAULT, "the text");
    return embedder.ofTokens(List.of(fitting), false, count -> {})[0];
  }

  private int[] fitting(int[] tokens, EmbeddingOptions options, String name) {
    int most = contextLength();
    if (tokens.length == 0) {
      throw new ZondaException(
          "%s: %s has no tokens, and the model adds none; expected at least one"
              .formatted(source.label(), name));
    }
    if (tokens.length <= most) {
      return tokens;
    }
    if (!options.truncated()) {
      throw new ZondaException(
          "%s: %s has %d tokens, but the context holds %d; shorten it, or have it cut (--truncate)"
              .formatted(source.label(), name, tokens.length, most));
    }
    int[] cut = Arrays.copyOf(tokens, most);
    int last = tokens[tokens.length - 1];
    if (tokenizer.eos().isPresent() && last == tokenizer.eos().getAsInt()) {
      cut[most - 1] = last; // the end that the model was trained with stays
    }
    return cut;
  }

  /**
   * How tokens become one vector.
   *
   * @param options may choose
   * @return what they choose, else what the model was trained for: what its metadata says, else the
   *     mean for an encoder and the last token for a decoder
   * @throws ZondaException if the metadata's is unknown
   */
  public Pooling pooling(EmbeddingOptions options) {
    return options
        .pooling()
        .or(() -> Pooling.of(source))
        .orElse(transformer.isCausal() ? Pooling.LAST : Pooling.MEAN);
  }

  /**
   * The width of a vector.
   *
   * @return floats
   */
  public int width() {
    return embedder.width();
  }

  /**
   * Tokens that a text may have.
   *
   * @return what {@link LoadOptions} asked for, or the model's own
   */
  public int contextLength() {
    return embedder.contextLength();
  }

  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /**
   * Metadata and tensors.
   *
   * @return owned by this model
   */
  public ModelSource source() {
    return source;
  }

  /**
   * The forward pass up to the hidden states.
   *
   * @return its description
   */
  public Transformer transformer() {
    return transformer;
  }

  /**
   * Where it runs.
   *
   * @return such as {@code CPU, 2 threads, 512-bit vectors}
   */
  public String backend() {
    return placement.description();
  }

  /**
   * What of it lies where, and why it is not otherwise.
   *
   * @return the plan by which it was loaded
   */
  public MemoryPlan plan() {
    return placement.plan();
  }

  /**
   * How long opening took.
   *
   * @return from the call of {@link #open} until it was ready
   */
  public Duration loadTime() {
    return loadTime;
  }

  /** Frees the model, once a call that runs has ended. Closing again does nothing. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      try (source;
          placement) {
        embedder.close();
      }
    }
  }
}
