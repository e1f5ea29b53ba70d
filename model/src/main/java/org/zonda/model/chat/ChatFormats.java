package org.zonda.model.chat;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.zonda.model.ModelSource;
import org.zonda.model.ZondaException;
import org.zonda.model.chat.TurnFormat.Turn;
import org.zonda.model.template.Template;

/**
 * The chat formats that Zonda knows by name, and which one a model wants: its own chat template
 * ({@code tokenizer.chat_template}) where it has one that can be executed, and else one of these.
 */
public final class ChatFormats {

  /** How well the chosen format fits the model. */
  public enum Fit {
    /** The model's own template, executed. */
    TEMPLATE,
    /** The model's template cannot be executed; the format is of its kind and may do less. */
    SIMPLIFIED,
    /** The model has no template, or one of no known kind; the format is a guess. */
    DEFAULT
  }

  /**
   * A format and why it was chosen.
   *
   * @param format the format
   * @param fit how well it fits the model
   * @param reason one line for people
   */
  public record Choice(ChatFormat format, Fit fit, String reason) {}

  /**
   * A format by its name.
   *
   * @param models which models were trained on it
   * @param factory makes it, with the names of BOS and EOS
   */
  private record Known(String models, Function<SpecialNames, ChatFormat> factory) {}

  private static final Map<String, Known> ALL = new LinkedHashMap<>();

  static {
    add(
        "chatml",
        "Qwen, Hermes, SmolLM and many others",
        n -> TurnFormat.ofRoles("chatml", "<|im_start|>", "\n", "<|im_end|>\n", false));
    add(
        "llama3",
        "Llama 3 and its successors",
        n ->
            TurnFormat.ofRoles(
                "llama3", "<|start_header_id|>", "<|end_header_id|>\n\n", "<|eot_id|>", true));
    add(
        "llama2",
        "Llama 2 Chat",
        n ->
            new InstructionFormat(
                "llama2",
                "[INST] ",
                " [/INST]",
                n.bos(),
                "<<SYS>>\n",
                "\n<</SYS>>\n\n",
                false,
                " ",
                " " + n.eos(),
                true));
    add(
        "mistral-v1",
        "Mistral and Mixtral Instruct v0.1 and v0.2",
        n -> mistral("mistral-v1", "[INST] ", " [/INST]", false, " ", n.eos()));
    add(
        "mistral-v3",
        "Mistral Instruct v0.3",
        n -> mistral("mistral-v3", "[INST] ", "[/INST]", true, " ", n.eos()));
    add(
        "mistral-v3-tekken",
        "Mistral Nemo",
        n -> mistral("mistral-v3-tekken", "[INST]", "[/INST]", true, "", n.eos()));
    add(
        "zephyr",
        "Zephyr, TinyLlama Chat",
        n -> TurnFormat.ofRoles("zephyr", "<|", "|>\n", n.eos() + "\n", false));
    add("phi3", "Phi 3", n -> TurnFormat.ofRoles("phi3", "<|", "|>\n", "<|end|>\n", false));
    add(
        "phi4",
        "Phi 4",
        n -> TurnFormat.ofRoles("phi4", "<|im_start|>", "<|im_sep|>", "<|im_end|>", false));
    add("gemma", "Gemma", n -> gemma());
    add(
        "granite",
        "Granite 3",
        n ->
            TurnFormat.ofRoles(
                "granite", "<|start_of_role|>", "<|end_of_role|>", "<|end_of_text|>\n", false));
    add("deepseek3", "DeepSeek V3", n -> deepSeek("deepseek3", ""));
    add("deepseek-r1", "DeepSeek R1", n -> deepSeek("deepseek-r1", "<think>\n"));
    add("alpaca", "Alpaca", n -> EarlyFormats.alpaca());
    add("vicuna", "Vicuna v1.1 and later", n -> EarlyFormats.vicuna(n.eos()));
    add("koala", "Koala", n -> EarlyFormats.koala(n.eos()));
    add("dolly", "Dolly v1 and v2", n -> EarlyFormats.dolly());
    add("openassistant", "OpenAssistant", n -> EarlyFormats.openAssistant(n.eos()));
    add("stablelm-tuned", "StableLM Tuned Alpha", n -> EarlyFormats.stableLm());
    add("colossalchat", "ColossalChat", n -> EarlyFormats.colossalChat());
    add("falcon", "Falcon Instruct", n -> EarlyFormats.falcon());
    add("plain", "any, with User: and Assistant:", n -> plain());
  }

  private ChatFormats() {}

  private static void add(String name, String models, Function<SpecialNames, ChatFormat> factory) {
    ALL.put(name, new Known(models, factory));
  }

  private static ChatFormat mistral(
      String name, String open, String close, boolean systemLast, String answerOpen, String eos) {
    return new InstructionFormat(
        name, open, close, "", "", "\n\n", systemLast, answerOpen, eos, false);
  }

  private static ChatFormat gemma() {
    return new TurnFormat(
        "gemma",
        null,
        "",
        new Turn("<start_of_turn>user\n", "<end_of_turn>\n"),
        new Turn("<start_of_turn>model\n", "<end_of_turn>\n"),
        "<start_of_turn>model\n",
        true,
        false,
        List.of("<end_of_turn>"));
  }

  private static ChatFormat deepSeek(String name, String thought) {
    String end = "<\uFF5Cend\u2581of\u2581sentence\uFF5C>";
    String assistant = "<\uFF5CAssistant\uFF5C>";
    return new TurnFormat(
        name,
        new Turn("", ""),
        "",
        new Turn("<\uFF5CUser\uFF5C>", ""),
        new Turn(assistant, end),
        assistant + thought,
        false,
        true,
        List.of(end));
  }

  private static ChatFormat plain() {
    return new TurnFormat(
        "plain",
        new Turn("", "\n\n"),
        "",
        new Turn("User: ", "\n"),
        new Turn("Assistant: ", "\n"),
        "Assistant:",
        true,
        false,
        List.of("\nUser:"));
  }

  /**
   * The names of all formats that need no template.
   *
   * @return names for {@link #byName}
   */
  public static List<String> names() {
    return List.copyOf(ALL.keySet());
  }

  /**
   * Which models a format is for.
   *
   * @param name one of {@link #names}
   * @return for people
   */
  public static String models(String name) {
    return known(name).models;
  }

  /**
   * Finds a format by its name; BOS and EOS between turns are {@code <s>} and {@code </s>}.
   *
   * @param name such as {@code chatml}
   * @return the format
   * @throws ZondaException if no format has that name; the message lists the names
   */
  public static ChatFormat byName(String name) {
    return known(name).factory.apply(SpecialNames.COMMON);
  }

  /**
   * Finds a format by its name for a model, whose own BOS and EOS it writes between turns.
   *
   * @param name such as {@code zephyr}; {@code template} is the model's own, and {@code mistral}
   *     that version which its vocabulary tells
   * @param source the model
   * @return the format
   * @throws ZondaException if no format has that name, the message lists the names; or if the
   *     model's template is asked for and cannot be executed
   */
  public static ChatFormat byName(String name, ModelSource source) {
    if (name.equals(TemplateFormat.NAME)) {
      return TemplateReader.own(source, Clock.systemDefaultZone());
    }
    String exact = name.equals("mistral") ? TemplateReader.mistral(source.metadata()) : name;
    return known(exact).factory.apply(SpecialNames.of(source, SpecialNames.COMMON));
  }

  private static Known known(String name) {
    Known known = ALL.get(name);
    if (known == null) {
      throw new ZondaException(
          "chat format '%s' is not known; known: %s, mistral, template"
              .formatted(name, String.join(", ", names())));
    }
    return known;
  }

  /**
   * A model's chat template.
   *
   * @param source the model
   * @return the template, parsed
   * @throws ZondaException if the model has none, or it is no Jinja
   */
  public static Template template(ModelSource source) {
    return TemplateReader.template(source);
  }

  /**
   * A format that executes a template for a model, in place of the model's own.
   *
   * @param template the template
   * @param source the model, whose BOS and EOS it writes
   * @return the format
   */
  public static ChatFormat of(Template template, ModelSource source) {
    SpecialNames names = SpecialNames.of(source, SpecialNames.NONE);
    return new TemplateFormat(template, names, Clock.systemDefaultZone(), List.of());
  }

  /**
   * The format of a model: see {@link #choose(ModelSource)}.
   *
   * @param source the model
   * @return its format
   */
  public static ChatFormat of(ModelSource source) {
    return choose(source).format();
  }

  /**
   * Chooses a model's format, with the system's clock: see {@link #choose(ModelSource, Clock)}.
   *
   * @param source the model
   * @return its format, and why
   * @throws ZondaException if the template or the vocabulary is of a wrong type
   */
  public static Choice choose(ModelSource source) {
    return choose(source, Clock.systemDefaultZone());
  }

  /**
   * Chooses a model's format: its own template, executed. Where that cannot be, because it is no
   * Jinja or does what is refused, the format of the template's kind, if the markers that it writes
   * tell one. Where there is no template, the format that markers in the vocabulary or the model's
   * name tell, and else {@code plain}. The choice says which of these it is.
   *
   * @param source the model
   * @param clock for templates that write the date
   * @return its format, and why
   * @throws ZondaException if the template or the vocabulary is of a wrong type
   */
  public static Choice choose(ModelSource source, Clock clock) {
    return TemplateReader.choose(source, clock);
  }
}
