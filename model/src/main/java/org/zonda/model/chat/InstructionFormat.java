package org.zonda.model.chat;

import java.util.List;
import org.zonda.model.tokenizer.Segment;

/**
 * A format that puts what the user says between {@code [INST]} and {@code [/INST]} and leaves the
 * answers bare (Llama 2, Mistral). It has no turn for the system, whose text goes into one of the
 * user's.
 *
 * @param name its name
 * @param open before the user's text
 * @param close after it
 * @param between what stands between two exchanges, after the closing EOS
 * @param systemOpen before the system's text
 * @param systemClose after it
 * @param systemLast whether the system's text goes into the last user's turn, not the first
 * @param answerOpen before an answer; not after the last {@code [/INST]}, since the model writes it
 * @param answerClose after an answer, with the EOS
 * @param trims whether contents lose their white space at both ends
 */
record InstructionFormat(
    String name,
    String open,
    String close,
    String between,
    String systemOpen,
    String systemClose,
    boolean systemLast,
    String answerOpen,
    String answerClose,
    boolean trims)
    implements ChatFormat {

  @Override
  public List<Segment> segments(List<ChatMessage> messages, boolean forAnswer) {
    PromptBuilder prompt = new PromptBuilder();
    String system = "";
    int users = 0;
    for (ChatMessage message : messages) {
      switch (message.role()) {
        case "system" -> system += (system.isEmpty() ? "" : "\n\n") + trimmed(message);
        case "user" -> users++;
        case "assistant" -> {}
        default -> throw PromptBuilder.unknownRole(message);
      }
    }
    int withSystem = systemLast ? users : 1;
    int user = 0;
    boolean answered = false;
    for (ChatMessage message : messages) {
      switch (message.role()) {
        case "user" -> {
          prompt.template(answered ? between + open : open);
          if (++user == withSystem && !system.isEmpty()) {
            prompt.template(systemOpen).content(system).template(systemClose);
          }
          prompt.content(trimmed(message)).template(close);
          answered = false;
        }
        case "assistant" -> {
          prompt.template(answerOpen).content(trimmed(message)).template(answerClose);
          answered = true;
        }
        default -> {}
      }
    }
    if (users == 0 && !system.isEmpty()) {
      prompt.template(open).content(system).template(close);
    }
    return prompt.build();
  }

  private String trimmed(ChatMessage message) {
    return trims ? message.content().strip() : message.content();
  }

  @Override
  public List<String> stops() {
    return List.of("[INST]");
  }
}
