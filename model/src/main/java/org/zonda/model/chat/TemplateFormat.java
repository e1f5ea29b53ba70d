package org.zonda.model.chat;

import java.time.Clock;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.zonda.model.ZondaException;
import org.zonda.model.template.Rendering;
import org.zonda.model.template.Template;
import org.zonda.model.template.TemplateException;
import org.zonda.model.template.Untrusted;
import org.zonda.model.tokenizer.Segment;

/**
 * A chat template that is executed, such as a model's own. Contents are {@link Untrusted}: wherever
 * the template puts them, trimmed, split or otherwise changed, they become segments of plain text.
 * Roles are trusted, since templates write them into special tokens; they are of the few known
 * ones. Thread-safe.
 */
public final class TemplateFormat implements ChatFormat {

  /** What {@link #name} says. */
  public static final String NAME = "template";

  private final Template template;
  private final SpecialNames names;
  private final Clock clock;
  private final List<String> stops;

  /**
   * Makes a format of a template.
   *
   * @param template the template
   * @param names of BOS and EOS, for templates that write them
   * @param clock for templates that write the date
   * @param stops texts that end an answer besides the model's end-of-generation tokens
   */
  public TemplateFormat(Template template, SpecialNames names, Clock clock, List<String> stops) {
    this.template = Objects.requireNonNull(template, "template");
    this.names = Objects.requireNonNull(names, "names");
    this.clock = Objects.requireNonNull(clock, "clock");
    this.stops = List.copyOf(stops);
  }

  @Override
  public String name() {
    return NAME;
  }

  /**
   * Renders messages; the prompt begins with the BOS by name where the template writes it.
   *
   * @throws TemplateException if the template refuses the messages; the message is its own
   */
  @Override
  public List<Segment> segments(List<ChatMessage> messages, boolean forAnswer) {
    List<Map<String, Object>> values = new ArrayList<>();
    for (ChatMessage message : messages) {
      PromptBuilder.requireKnownRole(message);
      values.add(Map.of("role", message.role(), "content", new Untrusted(message.content())));
    }
    Map<String, Object> variables =
        Map.of(
            "messages",
            values,
            "add_generation_prompt",
            forAnswer,
            "bos_token",
            names.bos(),
            "eos_token",
            names.eos());
    PromptBuilder prompt = new PromptBuilder();
    for (Rendering.Part part : template.render(variables, () -> LocalDateTime.now(clock)).parts()) {
      if (part.trusted()) {
        prompt.template(part.text());
      } else {
        prompt.content(part.text());
      }
    }
    return prompt.build();
  }

  @Override
  public List<String> stops() {
    return stops;
  }

  /**
   * Tries the template with one short message.
   *
   * @throws ZondaException if it cannot be executed; that it refuses a message is no such fault
   */
  void check() {
    try {
      segments(List.of(ChatMessage.user("Hi")), true);
    } catch (TemplateException e) {
      if (!e.isRaised()) {
        throw e;
      }
    }
  }
}
