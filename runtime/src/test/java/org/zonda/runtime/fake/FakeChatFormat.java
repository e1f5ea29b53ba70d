package org.zonda.runtime.fake;

import java.util.ArrayList;
import java.util.List;
import org.zonda.model.chat.ChatFormat;
import org.zonda.model.chat.ChatMessage;
import org.zonda.model.tokenizer.Segment;

/** Writes each turn as {@code [role:content]}; an answer ends with its bracket. */
public final class FakeChatFormat implements ChatFormat {

  @Override
  public String name() {
    return "fake";
  }

  @Override
  public List<Segment> segments(List<ChatMessage> messages, boolean forAnswer) {
    List<Segment> parts = new ArrayList<>();
    for (ChatMessage message : messages) {
      parts.add(Segment.template("[" + message.role() + ":"));
      parts.add(Segment.plain(message.content()));
      parts.add(Segment.template("]"));
    }
    if (forAnswer) {
      parts.add(Segment.template("[assistant:"));
    }
    return parts;
  }

  @Override
  public List<String> stops() {
    return List.of("]");
  }
}
