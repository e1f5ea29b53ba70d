package org.zonda.app;

import org.zonda.model.chat.ChatFormat;

/** What to say about a model's chat format. */
final class ChatFormatText {

  private ChatFormatText() {}

  static String describe(ChatFormat format) {
    return format.name();
  }
}
