package org.zonda.model.chat;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.zonda.model.ModelSource;
import org.zonda.model.ZondaException;
import org.zonda.model.chat.ChatFormats.Choice;
import org.zonda.model.chat.ChatFormats.Fit;
import org.zonda.model.gguf.Metadata;
import org.zonda.model.template.Template;
import org.zonda.model.template.TemplateException;

/**
 * Finds the format of a model. Where its template cannot be executed, its kind is told by the
 * markers that it writes.
 */
final class TemplateReader {

  private static final String KEY = "tokenizer.chat_template";

  /** Formats by markers that models of their kind have in their vocabulary: all of a list. */
  private static final Map<String, List<String>> BY_VOCABULARY = new LinkedHashMap<>();

  /** Formats by what the names of such models contain: one of a list. */
  private static final Map<String, List<String>> BY_NAME = new LinkedHashMap<>();

  static {
    BY_VOCABULARY.put("chatml", List.of("<|im_start|>"));
    BY_VOCABULARY.put("llama3", List.of("<|start_header_id|>", "<|eot_id|>"));
    BY_VOCABULARY.put("gemma", List.of("<start_of_turn>", "<end_of_turn>"));
    BY_VOCABULARY.put("granite", List.of("<|start_of_role|>", "<|end_of_role|>"));
    BY_VOCABULARY.put("phi3", List.of("<|user|>", "<|end|>"));
    BY_VOCABULARY.put("openassistant", List.of("<|prompter|>", "<|assistant|>"));
    BY_VOCABULARY.put("stablelm-tuned", List.of("<|USER|>", "<|ASSISTANT|>"));
    BY_VOCABULARY.put("dolly", List.of("### End", "### Instruction:"));
    BY_NAME.put("alpaca", List.of("alpaca"));
    BY_NAME.put("vicuna", List.of("vicuna"));
    BY_NAME.put("koala", List.of("koala"));
    BY_NAME.put("dolly", List.of("dolly"));
    BY_NAME.put("openassistant", List.of("oasst", "openassistant"));
    BY_NAME.put("stablelm-tuned", List.of("stablelm-tuned", "stablelm tuned"));
    BY_NAME.put("colossalchat", List.of("colossalchat", "coati"));
    BY_NAME.put("zephyr", List.of("zephyr"));
    BY_NAME.put("falcon", List.of("falcon-7b-instruct", "falcon-40b-instruct", "falcon instruct"));
    BY_NAME.put("llama2", List.of("llama-2-7b-chat", "llama-2-13b-chat", "llama-2-70b-chat"));
  }

  private TemplateReader() {}

  static Choice choose(ModelSource source, Clock clock) {
    Optional<String> template = source.metadata().findString(KEY);
    if (template.isEmpty()) {
      return guess(source, "the model has no chat template");
    }
    try {
      TemplateFormat own = own(source, clock);
      own.check();
      return new Choice(own, Fit.TEMPLATE, "the model's own chat template, executed");
    } catch (TemplateException e) {
      String why = "the model's chat template cannot be executed (" + e.getMessage() + ")";
      Optional<String> kind = kind(template.get());
      if (kind.isEmpty()) {
        return guess(source, why);
      }
      List<String> extras = extras(template.get());
      String lost =
          extras.isEmpty()
              ? ""
              : ", leaving out what it does besides: " + String.join(", ", extras);
      ChatFormat format = ChatFormats.byName(kind.get(), source);
      return new Choice(
          format, Fit.SIMPLIFIED, why + "; writing " + format.name() + " instead" + lost);
    }
  }

  /** The model's own template, as a format. */
  static TemplateFormat own(ModelSource source, Clock clock) {
    List<String> stops =
        kind(source.metadata().findString(KEY).orElse(""))
            .map(kind -> ChatFormats.byName(kind, source).stops())
            .orElse(List.of());
    SpecialNames names = SpecialNames.of(source, SpecialNames.NONE);
    return new TemplateFormat(template(source), names, clock, stops);
  }

  static Template template(ModelSource source) {
    String text =
        source
            .metadata()
            .findString(KEY)
            .orElseThrow(
                () -> new ZondaException(source.label() + ": the model has no chat template"));
    return Template.parse(source.label() + ": " + KEY, text);
  }

  /** A format that the vocabulary or the model's name tells. */
  private static Choice guess(ModelSource source, String why) {
    Metadata metadata = source.metadata();
    List<String> tokens =
        metadata.contains(SpecialNames.TOKENS)
            ? metadata.getStrings(SpecialNames.TOKENS)
            : List.of();
    for (Map.Entry<String, List<String>> entry : BY_VOCABULARY.entrySet()) {
      if (tokens.containsAll(entry.getValue())) {
        String marker = entry.getValue().getFirst();
        return guessed(source, entry.getKey(), why, "its vocabulary has " + marker);
      }
    }
    for (String key : List.of("general.name", "general.basename", "general.finetune")) {
      String name = metadata.find(key).map(Object::toString).orElse("");
      for (Map.Entry<String, List<String>> entry : BY_NAME.entrySet()) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (entry.getValue().stream().anyMatch(lower::contains)) {
          return guessed(source, entry.getKey(), why, "its " + key + " is '" + name + "'");
        }
      }
    }
    return new Choice(
        ChatFormats.byName("plain"), Fit.DEFAULT, why + "; using plain User:/Assistant:");
  }

  private static Choice guessed(ModelSource source, String name, String why, String evidence) {
    ChatFormat format = ChatFormats.byName(name, source);
    return new Choice(format, Fit.DEFAULT, why + "; guessing " + name + ", since " + evidence);
  }

  /** Which of Mistral's formats a vocabulary is for. */
  static String mistral(Metadata metadata) {
    boolean markers =
        metadata.contains(SpecialNames.TOKENS)
            && metadata.getStrings(SpecialNames.TOKENS).contains("[INST]");
    boolean tekken = metadata.findString("tokenizer.ggml.pre").orElse("").equals("tekken");
    return !markers ? "mistral-v1" : tekken ? "mistral-v3-tekken" : "mistral-v3";
  }

  private static Optional<String> kind(String template) {
    return Optional.ofNullable(kindOrNull(template));
  }

  private static String kindOrNull(String template) {
    if (template.contains("<|im_start|>")) {
      if (template.contains("<|im_sep|>")) {
        return "phi4";
      }
      // Idefics and SmolVLM begin a chat, not a turn, with it.
      return template.contains("<end_of_utterance>") ? null : "chatml";
    }
    if (template.contains("[INST]")) {
      return instructionKind(template);
    }
    if (template.contains("<|start_header_id|>") && template.contains("<|eot_id|>")) {
      return "llama3";
    }
    if (template.contains("<start_of_turn>")) {
      return "gemma";
    }
    if (template.contains("<|start_of_role|>")) {
      return "granite";
    }
    if (template.contains("<\uFF5CUser\uFF5C>")) {
      return template.contains("<\uFF5CAssistant\uFF5C><think>") ? "deepseek-r1" : "deepseek3";
    }
    if (template.contains("<|user|>") && !template.contains("[gMASK]")) {
      return template.contains("<|end|>") ? "phi3" : endsTurnsWithEos(template) ? "zephyr" : null;
    }
    return null;
  }

  private static String instructionKind(String template) {
    if (template.contains("[SYSTEM_PROMPT]")) {
      return null;
    }
    if (template.contains("<<SYS>>")) {
      return "llama2";
    }
    if (template.contains(" [/INST]")) {
      return "mistral-v1";
    }
    return template.contains("[INST] ") ? "mistral-v3" : "mistral-v3-tekken";
  }

  /** Whether the expression that writes a user's turn also writes the EOS. */
  private static boolean endsTurnsWithEos(String template) {
    int turn = template.indexOf("<|user|>");
    int end = template.indexOf("}}", turn);
    String expression = template.substring(turn, end < 0 ? template.length() : end);
    return expression.contains("eos_token") || expression.contains("</s>");
  }

  /** What a template seems to do besides writing turns. */
  private static List<String> extras(String template) {
    List<String> extras = new ArrayList<>();
    if (template.contains("tools") || template.contains("tool_calls")) {
      extras.add("tools");
    }
    if (template.contains("strftime_now") || template.contains("date_string")) {
      extras.add("dates");
    }
    if (template.contains("You are ")) {
      extras.add("a default system text");
    }
    if (template.contains("<think>") || template.contains("thinking")) {
      extras.add("reasoning");
    }
    return extras;
  }
}
