package org.zonda.model.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.zonda.model.ModelSource;
import org.zonda.model.chat.ChatFormats.Choice;
import org.zonda.model.chat.ChatFormats.Fit;
import org.zonda.model.chat.ChatFormats.Names;
import org.zonda.model.gguf.Metadata;

/** Tells a chat template's kind by the markers that it writes, without running it. */
final class TemplateReader {

  private static final String TOKENS = "tokenizer.ggml.tokens";

  private TemplateReader() {}

  static Choice choose(ModelSource source) {
    Metadata metadata = source.metadata();
    Optional<String> template = metadata.findString("tokenizer.chat_template");
    Optional<String> kind = template.flatMap(TemplateReader::kind);
    if (kind.isPresent()) {
      ChatFormat format = ChatFormats.byName(kind.get(), source);
      List<String> extras = extras(template.get());
      return extras.isEmpty()
          ? new Choice(format, Fit.TEMPLATE, "the model's chat template is " + format.name())
          : new Choice(
              format,
              Fit.SIMPLIFIED,
              "the model's chat template is "
                  + format.name()
                  + " with more that is left out: "
                  + String.join(", ", extras));
    }
    String why =
        template.isPresent()
            ? "the model's chat template is of no known kind"
            : "the model has no chat template";
    boolean chatml =
        metadata.contains(TOKENS) && metadata.getStrings(TOKENS).contains("<|im_start|>");
    return chatml
        ? new Choice(
            ChatFormats.byName("chatml"),
            Fit.DEFAULT,
            why + "; guessing chatml, since its vocabulary has <|im_start|>")
        : new Choice(
            ChatFormats.byName("plain"), Fit.DEFAULT, why + "; using plain User:/Assistant:");
  }

  /** The names of a model's BOS and EOS, or the common ones where it has none. */
  static Names names(Metadata metadata) {
    return new Names(
        piece(metadata, "bos", Names.COMMON.bos()), piece(metadata, "eos", Names.COMMON.eos()));
  }

  private static String piece(Metadata metadata, String name, String absent) {
    String key = "tokenizer.ggml." + name + "_token_id";
    if (!metadata.contains(key) || !metadata.contains(TOKENS)) {
      return absent;
    }
    long id = metadata.getLong(key);
    List<String> pieces = metadata.getStrings(TOKENS);
    return id >= 0 && id < pieces.size() ? pieces.get((int) id) : absent;
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
