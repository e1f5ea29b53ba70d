package org.zonda.runtime.fake;

import java.util.List;
import org.zonda.model.chat.ChatFormat;
import org.zonda.model.chat.ChatMessage;

/** Writes each turn as {@code [role:content]}; an answer ends with its bracket. */
public final class FakeChatFormat implements ChatFormat {

  @Override
  public String name() {
    return "fake";
  }

  @Override
  public String render(List<ChatMessage> messages, boolean forAnswer) {
    StringBuilder text = new StringBuilder();
    for (ChatMessage message : messages) {
      text.append('[').append(message.role()).append(':').append(message.content()).append(']');
    }
    return forAnswer ? text + "[assistant:" : text.toString();
  }

  @Override
  public List<String> stops() {
    return List.of("]");
  }
}
