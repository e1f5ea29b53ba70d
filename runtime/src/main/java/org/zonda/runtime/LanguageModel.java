package org.zonda.runtime;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.zonda.model.ModelSource;
import org.zonda.model.ZondaException;
import org.zonda.model.chat.ChatFormat;
import org.zonda.model.chat.ChatFormats;
import org.zonda.model.gguf.GgufFile;
import org.zonda.model.graph.Transformer;
import org.zonda.model.tokenizer.Tokenizer;
import org.zonda.model.tokenizer.Tokenizer.Specials;
import org.zonda.runtime.backend.ExecutorOptions;
import org.zonda.runtime.backend.Loader;
import org.zonda.runtime.generation.Generation;
import org.zonda.runtime.generation.PieceStream;
import org.zonda.runtime.generation.PromptLogits;
import org.zonda.runtime.generation.Request;
import org.zonda.runtime.generation.Sequence;
import org.zonda.runtime.generation.SharedExecutor;
import org.zonda.runtime.placement.MemoryPlan;
import org.zonda.runtime.placement.Placement;

/**
 * An open model. Thread-safe: any number of threads may generate with it, up to {@link
 * LoadOptions#sequences} at once; their passes take turns.
 *
 * <p>Faults that a user can act on (a broken file, a prompt that is too long, a closed model) are
 * {@link ZondaException}s with a complete message.
 */
public final class LanguageModel implements AutoCloseable {

  private final ModelSource source;
  private final Transformer transformer;
  private final Tokenizer tokenizer;
  private final ChatFormat chatFormat;
  private final Loader backend;
  private final SharedExecutor executor;
  private final Duration loadTime;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Takes ownership of source and backend where it succeeds. */
  LanguageModel(
      ModelSource source,
      Transformer transformer,
      Tokenizer tokenizer,
      ChatFormat chatFormat,
      Loader backend,
      LoadOptions options,
      long startNanos) {
    this.source = source;
    this.transformer = transformer;
    this.tokenizer = tokenizer;
    this.chatFormat = chatFormat;
    this.backend = backend;
    Opening.checkVocabulary(source, tokenizer, transformer);
    ExecutorOptions executorOptions = Opening.executorOptions(options, source, transformer);
    executor =
        new SharedExecutor(backend.load(transformer, source, executorOptions), source.label());
    loadTime = Duration.ofNanos(System.nanoTime() - startNanos);
  }

  /**
   * Opens a GGUF file with {@link LoadOptions#DEFAULT}.
   *
   * @param path the file, or any part of a split one
   * @return the model; close it to free its memory
   * @throws ZondaException if the file cannot be read or run
   */
  public static LanguageModel open(Path path) {
    return open(path, LoadOptions.DEFAULT);
  }

  /**
   * Opens a GGUF file.
   *
   * @param path the file, or any part of a split one
   * @param options how to open it
   * @return the model; close it to free its memory
   * @throws ZondaException if the file cannot be read or run
   */
  public static LanguageModel open(Path path, LoadOptions options) {
    long start = System.nanoTime();
    return open(GgufFile.open(path), options, start);
  }

  /**
   * Opens a model of any source.
   *
   * @param source metadata and tensors; closed with the model, or at once if this fails
   * @param options how to open it
   * @return the model; close it to free its memory
   * @throws ZondaException if the model cannot be run
   */
  public static LanguageModel open(ModelSource source, LoadOptions options) {
    return open(source, options, System.nanoTime());
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
    return Opening.plan(source, options, UnaryOperator.identity(), Opening::executorOptions);
  }

  private static LanguageModel open(ModelSource file, LoadOptions options, long startNanos) {
    return Opening.of(file, options, startNanos, LanguageModel::of);
  }

  private static LanguageModel of(Opening opening) {
    ModelSource source = opening.source();
    Transformer transformer = opening.describe();
    requireDecoder(transformer, source);
    return new LanguageModel(
        source,
        transformer,
        opening.tokenizer(),
        ChatFormats.of(source),
        opening.placement(),
        opening.options(),
        opening.startNanos());
  }

  private static void requireDecoder(Transformer transformer, ModelSource source) {
    if (!transformer.isCausal()) {
      throw new ZondaException(
          "%s: %s is an encoder and writes no text; 'zonda embed' (or EmbeddingModel) computes its embeddings"
              .formatted(source.label(), transformer.architecture()));
    }
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
   * The forward pass.
   *
   * @return its description
   */
  public Transformer transformer() {
    return transformer;
  }

  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /**
   * How chats are written for this model.
   *
   * @return what its metadata says, or the default
   */
  public ChatFormat chatFormat() {
    return chatFormat;
  }

  /**
   * Where it runs.
   *
   * @return such as {@code CPU, 2 threads, 512-bit vectors}
   */
  public String backend() {
    return backend.description();
  }

  /**
   * What of it lies where, and why it is not otherwise.
   *
   * @return the plan by which it was loaded
   */
  public Optional<MemoryPlan> plan() {
    return backend instanceof Placement placement
        ? Optional.of(placement.plan())
        : Optional.empty();
  }

  /**
   * Tokens that prompt and answer, or a chat, may have together.
   *
   * @return what {@link LoadOptions} asked for, or the model's own
   */
  public int contextLength() {
    return executor.contextLength();
  }

  /**
   * How long opening took.
   *
   * @return from the call of {@link #open} until it was ready
   */
  public Duration loadTime() {
    return loadTime;
  }

  /**
   * Continues a prompt.
   *
   * @param prompt any text; the tokens that the model wants around it are added
   * @param options how to generate
   * @return the text and what it took
   * @throws ZondaException if the prompt does not fit, an option does not suit the model, or all
   *     sequences are taken
   */
  public GenerationResult generate(String prompt, GenerationOptions options) {
    return generate(prompt, options, piece -> {});
  }

  /**
   * Continues a prompt and hands the text over as it comes.
   *
   * @param prompt any text; the tokens that the model wants around it are added
   * @param options how to generate
   * @param onText called in this thread with each piece of text, which is never half a character;
   *     what it throws ends the generation and comes out here
   * @return the whole text and what it took
   * @throws ZondaException as {@link #generate(String, GenerationOptions)}
   */
  public GenerationResult generate(
      String prompt, GenerationOptions options, Consumer<String> onText) {
    return generate(prompt, options, onText, Cancellation.never());
  }

  /**
   * Continues a prompt until it ends or is cancelled.
   *
   * @param prompt any text; the tokens that the model wants around it are added
   * @param options how to generate
   * @param onText called in this thread with each piece of text, which is never half a character;
   *     what it throws ends the generation and comes out here
   * @param cancellation ends the generation early, with what there is
   * @return the whole text and what it took
   * @throws ZondaException as {@link #generate(String, GenerationOptions)}
   */
  public GenerationResult generate(
      String prompt,
      GenerationOptions options,
      Consumer<String> onText,
      Cancellation cancellation) {
    Request request = request(prompt, options, cancellation);
    try (Sequence sequence = executor.open()) {
      Generation generation = new Generation(sequence, tokenizer, request);
      for (String piece = generation.next(); piece != null; piece = generation.next()) {
        onText.accept(piece);
      }
      return generation.result(loadTime, 0);
    }
  }

  /**
   * Continues a prompt as the stream is read; each piece is computed when it is asked for. Close
   * the stream (best by try-with-resources) where it may not be read to its end: until then it
   * holds one of the model's sequences.
   *
   * @param prompt any text; the tokens that the model wants around it are added
   * @param options how to generate
   * @return a sequential stream of pieces of text; closing it, from any thread, ends it
   * @throws ZondaException as {@link #generate(String, GenerationOptions)}; where it comes from the
   *     model or from all sequences being taken, when the stream is read
   */
  public Stream<String> stream(String prompt, GenerationOptions options) {
    Cancellation cancellation = new Cancellation();
    Request request = request(prompt, options, cancellation);
    return PieceStream.of(executor, tokenizer, request);
  }

  private Request request(String prompt, GenerationOptions options, Cancellation cancellation) {
    long start = System.nanoTime();
    executor.requireOpen();
    int[] tokens = tokenizer.encodePrompt(prompt, options.specials());
    Generation.checkPrompt(
        "the prompt", "shorten it", tokens, contextLength(), transformer.contextLength());
    return new Request(start, tokens, !prompt.isEmpty(), options, cancellation);
  }

  /**
   * Begins a conversation.
   *
   * @param options how to generate its answers
   * @return the chat; close it to free its sequence
   * @throws ZondaException if all sequences are taken or the model is closed
   */
  public Chat chat(GenerationOptions options) {
    return new Chat(this, executor.open(), options);
  }

  /**
   * Counts a text's tokens, without those that are added around a prompt.
   *
   * @param text any text, in which special tokens are recognised
   * @return how many
   * @throws ZondaException if the model is closed
   */
  public int countTokens(String text) {
    executor.requireOpen();
    return tokenizer.encode(text, Specials.PARSED).length;
  }

  /**
   * Computes the logits of every position, as checks against other engines need them.
   *
   * @param tokens ids as they are; no BOS is added
   * @return {@code tokens.length} rows of {@code transformer().vocabularySize()} floats
   * @throws ZondaException if there are none or more than the context holds, if one is no token of
   *     the model, or if all sequences are taken
   */
  public float[][] logits(int... tokens) {
    try (Sequence sequence = executor.open()) {
      return PromptLogits.compute(sequence, tokens);
    }
  }

  /**
   * Takes an empty sequence to read tokens into, as evaluations do.
   *
   * @return the sequence; close it to free it
   * @throws ZondaException if all sequences are taken or the model is closed
   */
  public Sequence openSequence() {
    return executor.open();
  }

  /**
   * Bytes that the KV cache holds now.
   *
   * @return allocated bytes
   * @throws ZondaException if the model is closed
   */
  public long cacheBytes() {
    return executor.cacheBytes();
  }

  /**
   * Frees the model. Waits for the pass that is being computed, not for generations that run: they
   * end at their next token with {@link FinishReason#CANCELLED}. Closing again does nothing.
   */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      try (source;
          backend) {
        executor.close();
      }
    }
  }
}
