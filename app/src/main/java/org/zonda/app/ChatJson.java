package org.zonda.app;

import java.util.List;
import org.zonda.model.chat.ChatMessage;

/** A conversation as programs exchange it: messages with role and content. */
final class ChatJson {

  private ChatJson() {}

  static void write(Output out, List<ChatMessage> messages) {
    Json.write(
        out,
        json -> {
          json.writeArrayFieldStart("messages");
          for (ChatMessage message : messages) {
            json.writeStartObject();
            json.writeStringField("role", message.role());
            json.writeStringField("content", message.content());
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }
}
