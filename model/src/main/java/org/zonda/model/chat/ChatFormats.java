package org.zonda.model.chat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.zonda.model.ModelSource;
import org.zonda.model.ZondaException;
import org.zonda.model.chat.TurnFormat.Turn;

/**
 * The chat formats that Zonda knows, and which of them a model wants.
 *
 * <p>A model's {@code tokenizer.chat_template} is a program (Jinja). It is not run; its kind is
 * recognised by the markers that it writes, and messages of system, user and assistant are rendered
 * in that kind. What a template does beyond that (tools, dates, a default system text, reasoning
 * modes, refusing an order of roles) is left out, and {@link Choice} says so.
 */
public final class ChatFormats {

  /** How well the chosen format fits the model's own template. */
  public enum Fit {
    /** The model's template is plain and of this format. */
    TEMPLATE,
    /** The model's template is of this format and does more, which is left out. */
    SIMPLIFIED,
    /** The model has no template, or one of no known kind; the format is a guess. */
    DEFAULT
  }

  /**
   * A format and why it was chosen.
   *
   * @param format the format
   * @param fit how well it fits the model's own template
   * @param reason one line for people
   */
  public record Choice(ChatFormat format, Fit fit, String reason) {}

  /** The names of BOS and EOS, which some formats write between turns. */
  record Names(String bos, String eos) {
    static final Names COMMON = new Names("<s>", "</s>");
  }

  private static final Map<String, Function<Names, ChatFormat>> ALL = new LinkedHashMap<>();

  static {
    add("chatml", n -> TurnFormat.ofRoles("chatml", "<|im_start|>", "\n", "<|im_end|>\n", false));
    add(
        "llama3",
        n ->
            TurnFormat.ofRoles(
                "llama3", "<|start_header_id|>", "<|end_header_id|>\n\n", "<|eot_id|>", true));
    add(
        "llama2",
        n ->
            new InstructionFormat(
                "llama2",
                "[INST] ",
                " [/INST]",
                n.bos,
                "<<SYS>>\n",
                "\n<</SYS>>\n\n",
                false,
                " ",
                " " + n.eos,
                true));
    add("mistral-v1", n -> mistral("mistral-v1", "[INST] ", " [/INST]", false, " ", n.eos));
    add("mistral-v3", n -> mistral("mistral-v3", "[INST] ", "[/INST]", true, " ", n.eos));
    add(
        "mistral-v3-tekken",
        n -> mistral("mistral-v3-tekken", "[INST]", "[/INST]", true, "", n.eos));
    add("zephyr", n -> TurnFormat.ofRoles("zephyr", "<|", "|>\n", n.eos + "\n", false));
    add("phi3", n -> TurnFormat.ofRoles("phi3", "<|", "|>\n", "<|end|>\n", false));
    add("phi4", n -> TurnFormat.ofRoles("phi4", "<|im_start|>", "<|im_sep|>", "<|im_end|>", false));
    add(
        "gemma",
        n ->
            new TurnFormat(
                "gemma",
                null,
                new Turn("<start_of_turn>user\n", "<end_of_turn>\n"),
                new Turn("<start_of_turn>model\n", "<end_of_turn>\n"),
                "<start_of_turn>model\n",
                true,
                false,
                List.of("<end_of_turn>")));
    add(
        "granite",
        n ->
            TurnFormat.ofRoles(
                "granite", "<|start_of_role|>", "<|end_of_role|>", "<|end_of_text|>\n", false));
    add("deepseek3", n -> deepSeek("deepseek3", ""));
    add("deepseek-r1", n -> deepSeek("deepseek-r1", "<think>\n"));
    add(
        "plain",
        n ->
            new TurnFormat(
                "plain",
                new Turn("", "\n\n"),
                new Turn("User: ", "\n"),
                new Turn("Assistant: ", "\n"),
                "Assistant:",
                true,
                false,
                List.of("\nUser:")));
  }

  private ChatFormats() {}

  private static void add(String name, Function<Names, ChatFormat> factory) {
    ALL.put(name, factory);
  }

  private static ChatFormat mistral(
      String name, String open, String close, boolean systemLast, String answerOpen, String eos) {
    return new InstructionFormat(
        name, open, close, "", "", "\n\n", systemLast, answerOpen, eos, false);
  }

  private static ChatFormat deepSeek(String name, String thought) {
    String end = "<\uFF5Cend\u2581of\u2581sentence\uFF5C>";
    String assistant = "<\uFF5CAssistant\uFF5C>";
    return new TurnFormat(
        name,
        new Turn("", ""),
        new Turn("<\uFF5CUser\uFF5C>", ""),
        new Turn(assistant, end),
        assistant + thought,
        false,
        true,
        List.of(end));
  }

  /**
   * The names of all formats.
   *
   * @return names for {@link #byName}
   */
  public static List<String> names() {
    return List.copyOf(ALL.keySet());
  }

  /**
   * Finds a format by its name; BOS and EOS between turns are {@code <s>} and {@code </s>}.
   *
   * @param name such as {@code chatml}
   * @return the format
   * @throws ZondaException if no format has that name; the message lists the names
   */
  public static ChatFormat byName(String name) {
    return make(name, Names.COMMON);
  }

  /**
   * Finds a format by its name for a model, whose own BOS and EOS it writes between turns.
   *
   * @param name such as {@code zephyr}
   * @param source the model
   * @return the format
   * @throws ZondaException if no format has that name; the message lists the names
   */
  public static ChatFormat byName(String name, ModelSource source) {
    return make(name, TemplateReader.names(source.metadata()));
  }

  private static ChatFormat make(String name, Names names) {
    Function<Names, ChatFormat> factory = ALL.get(name);
    if (factory == null) {
      throw new ZondaException(
          "chat format '%s' is not known; known: %s".formatted(name, String.join(", ", names())));
    }
    return factory.apply(names);
  }

  /**
   * The format of a model: see {@link #choose}.
   *
   * @param source the model
   * @return its format
   */
  public static ChatFormat of(ModelSource source) {
    return choose(source).format();
  }

  /**
   * Recognises a model's template where it is of a known kind. Where it is not, or is absent, the
   * format is {@code chatml} if the vocabulary has {@code <|im_start|>}, and else {@code plain}:
   * turns that begin with {@code User:} and {@code Assistant:}, one per paragraph.
   *
   * @param source the model
   * @return its format, and why
   * @throws ZondaException if the template or the vocabulary is of a wrong type
   */
  public static Choice choose(ModelSource source) {
    return TemplateReader.choose(source);
  }
}
