package org.zonda.model.chat;

import java.util.List;

/** Renders a chat to the prompt text that a family of models was trained on. Thread-safe. */
public interface ChatFormat {

  /**
   * Its name for display and for choosing it, such as {@code chatml}.
   *
   * @return the name
   */
  String name();

  /**
   * Renders messages to text in which special tokens are written by name.
   *
   * @param messages the turns, oldest first
   * @param forAnswer whether to end with the beginning of the assistant's turn
   * @return the prompt, without a BOS
   */
  String render(List<ChatMessage> messages, boolean forAnswer);

  /**
   * Texts that end an answer besides the model's end-of-generation tokens.
   *
   * @return stop strings, possibly none
   */
  List<String> stops();
}
