package org.zonda.model.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.zonda.model.ZondaException;
import org.zonda.model.tokenizer.Segment;

/** Collects a prompt's parts, joining neighbours of one kind. One thread. */
final class PromptBuilder {

  private static final Set<String> ROLES = Set.of("system", "user", "assistant");

  private final List<Segment> segments = new ArrayList<>();

  /** Adds a format's own words, which may be special tokens. */
  PromptBuilder template(String text) {
    return add(text, true);
  }

  /** Adds a message's content, which may not. */
  PromptBuilder content(String text) {
    return add(text, false);
  }

  private PromptBuilder add(String text, boolean special) {
    if (!segments.isEmpty() && segments.getLast().special() == special) {
      segments.add(new Segment(segments.removeLast().text() + text, special));
    } else if (!text.isEmpty()) {
      segments.add(new Segment(text, special));
    }
    return this;
  }

  List<Segment> build() {
    return List.copyOf(segments);
  }

  /** Refuses roles that no format knows. */
  static void requireKnownRole(ChatMessage message) {
    if (!ROLES.contains(message.role())) {
      throw unknownRole(message);
    }
  }

  /** Refuses roles that no format knows: they would end up in the template's own words. */
  static ZondaException unknownRole(ChatMessage message) {
    return new ZondaException(
        "chat role '" + message.role() + "' is not known; expected system, user or assistant");
  }
}
