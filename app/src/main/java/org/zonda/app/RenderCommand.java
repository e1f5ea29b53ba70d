package org.zonda.app;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.zonda.model.ModelSource;
import org.zonda.model.ZondaException;
import org.zonda.model.chat.ChatFormats;
import org.zonda.model.chat.SpecialNames;
import org.zonda.model.template.Template;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code zonda render}: shows the prompt that a chat template makes of a conversation. */
@Command(
    name = "render",
    header = "Shows the prompt that a chat template makes of a conversation.",
    description =
        "%nExecutes a model's own template, or one from a file, and prints the prompt and nothing"
            + " else, not even a line break at its end.",
    synopsisHeading = "%nUsage: ",
    sortOptions = false,
    customSynopsis = {"zonda render [OPTIONS] --messages FILE"},
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  zonda render -m model.gguf --messages chat.json",
      "  zonda render -m model.gguf --messages chat.json --tools tools.json",
      "  zonda render --template f.jinja --bos \"<s>\" --messages chat.json",
      "  echo '[{\"role\": \"user\", \"content\": \"Hi\"}]' | zonda render --messages -",
      "  zonda render -m qwen3.gguf --messages chat.json --set enable_thinking=false",
      "",
      "Messages are a JSON array of objects with role and content, or an object with",
      "such an array as \"messages\", as /save in a chat writes it."
    })
final class RenderCommand implements Runnable {

  private final Console console;

  @Mixin private final CommonOptions common;

  @Mixin private final ModelOption model = new ModelOption();

  @Option(
      names = "--template",
      paramLabel = "FILE",
      order = 2,
      description = "A Jinja template, instead of a model's.")
  private String template;

  @Option(
      names = "--messages",
      paramLabel = "FILE",
      required = true,
      order = 3,
      description = "The conversation as JSON; - reads it from standard input.")
  private String messages;

  @Option(
      names = "--tools",
      paramLabel = "FILE",
      order = 4,
      description = "Tools that the model may call: a JSON array, as the template wants it.")
  private String tools;

  @Option(
      names = "--no-generation-prompt",
      order = 5,
      description = "Do not end with the beginning of the assistant's turn.")
  private boolean noGenerationPrompt;

  @Option(
      names = "--now",
      paramLabel = "TIME",
      order = 6,
      description =
          "The time for templates that write the date, such as 2026-07-26T12:00:00 (default: that"
              + " of the clock).")
  private String now;

  @Option(
      names = "--bos",
      paramLabel = "S",
      order = 7,
      description = "What bos_token is (default: the model's; without a model, empty).")
  private String bos;

  @Option(
      names = "--eos",
      paramLabel = "S",
      order = 8,
      description = "What eos_token is (default: the model's; without a model, empty).")
  private String eos;

  @Option(
      names = "--set",
      paramLabel = "NAME=JSON",
      order = 9,
      description = "Another variable of the template; can be given several times.")
  private Map<String, String> variables = new LinkedHashMap<>();

  RenderCommand(Console console) {
    this.console = console;
    common = new CommonOptions(console);
  }

  @Override
  public void run() {
    if (template != null && model.named()) {
      throw new UsageException("--template and --model name two templates; give one");
    }
    Supplier<LocalDateTime> clock = clock();
    Map<String, Object> values = values();
    String prompt =
        template != null
            ? render(
                ChatFormatOption.template(UserPath.of(template)), SpecialNames.NONE, values, clock)
            : renderModels(values, clock);
    console.out().print(prompt).flush();
  }

  private String renderModels(Map<String, Object> values, Supplier<LocalDateTime> clock) {
    try (ModelSource source = model.choose(console).open()) {
      SpecialNames names = SpecialNames.of(source, SpecialNames.NONE);
      return render(ChatFormats.template(source), names, values, clock);
    }
  }

  private String render(
      Template parsed,
      SpecialNames names,
      Map<String, Object> values,
      Supplier<LocalDateTime> clock) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("bos_token", bos != null ? bos : names.bos());
    all.put("eos_token", eos != null ? eos : names.eos());
    all.put("add_generation_prompt", !noGenerationPrompt);
    all.putAll(values);
    return parsed.render(all, clock).text();
  }

  private Supplier<LocalDateTime> clock() {
    if (now == null) {
      return LocalDateTime::now;
    }
    try {
      LocalDateTime time =
          now.contains("T") ? LocalDateTime.parse(now) : LocalDate.parse(now).atStartOfDay();
      return () -> time;
    } catch (DateTimeException e) {
      throw new UsageException(
          "--now " + now + ": expected a time such as 2026-07-26T12:00:00, or a date");
    }
  }

  /** What the template reads, but for what the model knows. */
  private Map<String, Object> values() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("messages", conversation(JsonInput.read(messages, console)));
    if (tools != null) {
      if (!(JsonInput.read(tools, console) instanceof List<?> list)) {
        throw new ZondaException(tools + ": expected a JSON array of tools");
      }
      values.put("tools", list);
    }
    variables.forEach(
        (name, json) -> values.put(name, JsonInput.parse(json, "--set " + name + "=" + json)));
    return values;
  }

  private List<?> conversation(Object json) {
    Object list = json instanceof Map<?, ?> map ? map.get("messages") : json;
    if (!(list instanceof List<?> turns) || !turns.stream().allMatch(Map.class::isInstance)) {
      throw new ZondaException(
          "%s: expected a JSON array of messages, such as [{\"role\": \"user\", \"content\": \"Hi\"}]"
              .formatted(messages.equals(TextInput.STDIN) ? "standard input" : messages));
    }
    return turns;
  }
}
