package org.zonda.model.chat;

import java.util.List;
import org.zonda.model.tokenizer.Segment;

/**
 * A format in which every turn stands between two texts that depend on its role.
 *
 * @param name its name
 * @param system around the system's turn; null where the format has none, and the system's text
 *     goes before that of the next user's turn
 * @param preamble the system's text of a chat that has none of its own; empty for nothing
 * @param user around a user's turn
 * @param assistant around an assistant's turn
 * @param answer the beginning of the assistant's turn to come
 * @param trims whether contents lose their white space at both ends
 * @param dropsReasoning whether earlier answers lose what they say up to {@code </think>}
 * @param stops what ends an answer
 */
record TurnFormat(
    String name,
    Turn system,
    String preamble,
    Turn user,
    Turn assistant,
    String answer,
    boolean trims,
    boolean dropsReasoning,
    List<String> stops)
    implements ChatFormat {

  /**
   * What stands around a content.
   *
   * @param open before it
   * @param close after it
   */
  record Turn(String open, String close) {}

  /** A format that writes the role between two texts, as most do. */
  static TurnFormat ofRoles(
      String name, String open, String afterRole, String close, boolean trims) {
    return new TurnFormat(
        name,
        new Turn(open + "system" + afterRole, close),
        "",
        new Turn(open + "user" + afterRole, close),
        new Turn(open + "assistant" + afterRole, close),
        open + "assistant" + afterRole,
        trims,
        false,
        List.of(close.strip()));
  }

  @Override
  public List<Segment> segments(List<ChatMessage> messages, boolean forAnswer) {
    PromptBuilder prompt = new PromptBuilder();
    if (!preamble.isEmpty() && messages.stream().noneMatch(m -> m.role().equals("system"))) {
      prompt.template(system.open + preamble + system.close);
    }
    String pending = "";
    for (ChatMessage message : messages) {
      String content = trims ? message.content().strip() : message.content();
      switch (message.role()) {
        case "system" -> {
          if (system == null) {
            pending += content + "\n\n";
          } else {
            add(prompt, system, content);
          }
        }
        case "user" -> {
          add(prompt, user, pending + content);
          pending = "";
        }
        case "assistant" -> add(prompt, assistant, dropsReasoning ? said(content) : content);
        default -> throw PromptBuilder.unknownRole(message);
      }
    }
    if (!pending.isEmpty()) {
      add(prompt, user, trims ? pending.strip() : pending);
    }
    return (forAnswer ? prompt.template(answer) : prompt).build();
  }

  private static void add(PromptBuilder prompt, Turn turn, String content) {
    prompt.template(turn.open).content(content).template(turn.close);
  }

  private static String said(String content) {
    String end = "</think>";
    int thought = content.lastIndexOf(end);
    return thought < 0 ? content : content.substring(thought + end.length());
  }
}
