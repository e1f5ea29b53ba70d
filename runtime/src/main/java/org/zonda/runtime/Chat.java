package org.zonda.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.zonda.model.ZondaException;
import org.zonda.model.chat.ChatFormat;
import org.zonda.model.chat.ChatMessage;
import org.zonda.runtime.generation.Generation;
import org.zonda.runtime.generation.Request;
import org.zonda.runtime.generation.Sequence;

/**
 * A conversation with a model. It holds one of the model's sequences until it is closed; what the
 * model has read already is not read again at the next turn.
 *
 * <p>Where a conversation no longer fits, {@link ContextPolicy#STOP} refuses the next message, and
 * {@link ContextPolicy#SHIFT} drops the oldest turns (never the system message), so that a quarter
 * of the context is free for the answer; {@link GenerationResult#forgottenMessages} says how many.
 *
 * <p>One thread at a time; {@link #close} and cancelling may come from any.
 */
public final class Chat implements AutoCloseable {

  private static final String SYSTEM = "system";
  private static final String USER = "user";
  private static final String ASSISTANT = "assistant";

  private final LanguageModel model;
  private final Sequence sequence;
  private ChatFormat format;
  private GenerationOptions options;
  private List<ChatMessage> messages = List.of();
  private volatile boolean closed;

  Chat(LanguageModel model, Sequence sequence, GenerationOptions options) {
    this.model = model;
    this.sequence = sequence;
    this.format = model.chatFormat();
    this.options = Objects.requireNonNull(options, "options");
  }

  /**
   * Says something and waits for the answer.
   *
   * @param userText what the user says; special tokens in it are plain text
   * @return the answer
   * @throws ZondaException as {@link #send(String, Consumer, Cancellation)}
   */
  public GenerationResult send(String userText) {
    return send(userText, piece -> {}, Cancellation.never());
  }

  /**
   * Says something and hands the answer over as it comes. A cancelled answer stays in the
   * conversation as far as it came.
   *
   * @param userText what the user says; special tokens in it are plain text
   * @param onText called in this thread with each piece of the answer; if it throws, that comes out
   *     here, and the conversation is as before
   * @param cancellation ends the answer early
   * @return the answer
   * @throws ZondaException if the conversation does not fit or the chat or the model is closed; the
   *     conversation is as before then
   */
  public GenerationResult send(
      String userText, Consumer<String> onText, Cancellation cancellation) {
    List<ChatMessage> turns = new ArrayList<>(messages);
    turns.add(ChatMessage.user(userText));
    return answer(turns, onText, cancellation);
  }

  /**
   * Answers the last message again. With a fixed seed and the same options, the answer is the same.
   *
   * @param onText called in this thread with each piece of the answer
   * @param cancellation ends the answer early
   * @return the new answer, which takes the place of the old
   * @throws ZondaException if nothing was answered yet, or as {@link #send(String, Consumer,
   *     Cancellation)}
   */
  public GenerationResult regenerate(Consumer<String> onText, Cancellation cancellation) {
    if (messages.isEmpty() || !messages.getLast().role().equals(ASSISTANT)) {
      throw new ZondaException("there is no answer yet that could be given again");
    }
    List<ChatMessage> turns = new ArrayList<>(messages);
    turns.removeLast();
    return answer(turns, onText, cancellation);
  }

  /**
   * The conversation so far.
   *
   * @return an unmodifiable copy, oldest first
   */
  public List<ChatMessage> messages() {
    return messages;
  }

  /**
   * Sets what the model is told before the conversation; the turns so far stay.
   *
   * @param text takes the place of an earlier one; empty for none
   */
  public void system(String text) {
    List<ChatMessage> turns = new ArrayList<>(messages);
    if (firstTurn(turns) == 1) {
      turns.removeFirst();
    }
    if (!text.isEmpty()) {
      turns.addFirst(ChatMessage.system(text));
    }
    messages = List.copyOf(turns);
  }

  /** Forgets all turns; the system message stays. */
  public void reset() {
    messages = messages.subList(0, firstTurn(messages));
    sequence.truncate(0);
  }

  public GenerationOptions options() {
    return options;
  }

  /**
   * Changes how the next answers are generated.
   *
   * @param newOptions from now on
   */
  public void options(GenerationOptions newOptions) {
    options = Objects.requireNonNull(newOptions, "options");
  }

  public ChatFormat format() {
    return format;
  }

  /**
   * Changes how the conversation is written for the model.
   *
   * @param newFormat from now on, for all turns
   */
  public void format(ChatFormat newFormat) {
    format = Objects.requireNonNull(newFormat, "format");
  }

  /** Ends the chat and frees its sequence; an answer that runs ends at its next token. */
  @Override
  public void close() {
    closed = true;
    sequence.close();
  }

  private GenerationResult answer(
      List<ChatMessage> turns, Consumer<String> onText, Cancellation cancellation) {
    long start = System.nanoTime();
    if (closed) {
      throw new ZondaException("the chat is closed; begin a new one");
    }
    sequence.executor().requireOpen();
    int said = turns.size();
    int[] prompt = fit(turns);
    int forgotten = said - turns.size();
    Request request = new Request(start, prompt, false, withStops(), cancellation);
    Generation generation = new Generation(sequence, model.tokenizer(), request);
    for (String piece = generation.next(); piece != null; piece = generation.next()) {
      onText.accept(piece);
    }
    GenerationResult result = generation.result(model.loadTime(), forgotten);
    turns.add(ChatMessage.assistant(result.text()));
    messages = List.copyOf(turns);
    return result;
  }

  /** Encodes the turns; removes the oldest of them where they do not fit and may be forgotten. */
  private int[] fit(List<ChatMessage> turns) {
    int contextLength = model.contextLength();
    int[] prompt = encode(turns);
    if (options.contextPolicy() == ContextPolicy.SHIFT) {
      int quarter = Math.max(1, contextLength / 4);
      int room = options.maxTokens() > 0 ? Math.min(options.maxTokens(), quarter) : quarter;
      int oldest = firstTurn(turns);
      while (prompt.length > contextLength - room && turns.size() - oldest > 1) {
        do {
          turns.remove(oldest);
        } while (turns.size() - oldest > 1 && !turns.get(oldest).role().equals(USER));
        prompt = encode(turns);
      }
    }
    Generation.checkPrompt(
        "the conversation",
        "shorten it, forget its oldest turns (ContextPolicy.SHIFT) or begin a new one",
        prompt,
        contextLength,
        model.transformer().contextLength());
    return prompt;
  }

  private int[] encode(List<ChatMessage> turns) {
    return model.tokenizer().encodePrompt(format.segments(turns, true));
  }

  private GenerationOptions withStops() {
    List<String> stops = new ArrayList<>(options.stops());
    stops.addAll(format.stops());
    return options.toBuilder().stops(stops).build();
  }

  /** The index of the first message that is no system message. */
  private static int firstTurn(List<ChatMessage> turns) {
    return !turns.isEmpty() && turns.getFirst().role().equals(SYSTEM) ? 1 : 0;
  }
}
