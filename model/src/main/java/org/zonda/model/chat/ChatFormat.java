package org.zonda.model.chat;

import java.util.List;
import java.util.stream.Collectors;
import org.zonda.model.tokenizer.Segment;

/** Renders a chat to the prompt that a family of models was trained on. Thread-safe. */
public interface ChatFormat {

  /**
   * Its name for display and for choosing it, such as {@code chatml}.
   *
   * @return the name
   */
  String name();

  /**
   * Renders messages to a prompt in which the format's own words may be special tokens and the
   * messages' contents may not, so that no content can end its turn or begin another. To be encoded
   * by {@code Tokenizer.encodePrompt(List)}.
   *
   * @param messages the turns, oldest first
   * @param forAnswer whether to end with the beginning of the assistant's turn
   * @return the prompt in parts; neighbours are of different kinds and none is empty. It begins
   *     with the BOS only where a template writes that, and encoding does not add another then
   * @throws org.zonda.model.ZondaException if a role is none of system, user and assistant, or a
   *     template refuses the messages
   */
  List<Segment> segments(List<ChatMessage> messages, boolean forAnswer);

  /**
   * Renders messages to one text in which special tokens are written by name, to be shown. What it
   * no longer tells apart are special tokens and contents that only look like them.
   *
   * @param messages the turns, oldest first
   * @param forAnswer whether to end with the beginning of the assistant's turn
   * @return the prompt
   * @throws org.zonda.model.ZondaException as {@link #segments}
   */
  default String render(List<ChatMessage> messages, boolean forAnswer) {
    return segments(messages, forAnswer).stream().map(Segment::text).collect(Collectors.joining());
  }

  /**
   * Texts that end an answer besides the model's end-of-generation tokens: what closes a turn, for
   * models that spell it as text.
   *
   * @return stop strings, possibly none
   */
  List<String> stops();
}
