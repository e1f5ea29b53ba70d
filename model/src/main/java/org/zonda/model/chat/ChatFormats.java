package org.zonda.model.chat;

import org.zonda.model.ModelSource;

/** Finds a model's chat format. */
public final class ChatFormats {

  private ChatFormats() {}

  /**
   * Recognises the model's template where it is a plain one; else the documented default.
   *
   * @param source the model
   * @return its format
   */
  public static ChatFormat of(ModelSource source) {
    throw new UnsupportedOperationException("being written");
  }
}
