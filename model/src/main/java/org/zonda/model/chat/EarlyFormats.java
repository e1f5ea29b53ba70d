package org.zonda.model.chat;

import java.util.List;
import org.zonda.model.chat.TurnFormat.Turn;

/**
 * The formats of models from before chat templates, whose files carry none. Each is what its
 * authors' own program writes; most have a text that comes first where the user gives no system
 * text.
 */
final class EarlyFormats {

  private static final Turn FIRST_PARAGRAPH = new Turn("", "\n\n");
  private static final Turn INSTRUCTION = new Turn("### Instruction:\n", "\n\n");
  private static final String RESPONSE = "### Response:\n";

  private static final String TASK =
      "Below is an instruction that describes a task. Write a response that appropriately completes"
          + " the request.";

  private EarlyFormats() {}

  /** Its answers follow the colon at once. */
  static ChatFormat alpaca() {
    return new TurnFormat(
        "alpaca",
        FIRST_PARAGRAPH,
        TASK,
        INSTRUCTION,
        new Turn("### Response:", "\n\n"),
        "### Response:",
        true,
        false,
        List.of("### Instruction:"));
  }

  static ChatFormat vicuna(String eos) {
    return new TurnFormat(
        "vicuna",
        new Turn("", " "),
        "A chat between a curious user and an artificial intelligence assistant. The assistant"
            + " gives helpful, detailed, and polite answers to the user's questions.",
        new Turn("USER: ", " "),
        new Turn("ASSISTANT: ", eos),
        "ASSISTANT:",
        true,
        false,
        List.of("USER:"));
  }

  static ChatFormat koala(String eos) {
    return new TurnFormat(
        "koala",
        new Turn("", " "),
        "BEGINNING OF CONVERSATION:",
        new Turn("USER: ", " "),
        new Turn("GPT:", eos),
        "GPT:",
        true,
        false,
        List.of("USER:"));
  }

  static ChatFormat dolly() {
    return new TurnFormat(
        "dolly",
        FIRST_PARAGRAPH,
        TASK,
        INSTRUCTION,
        new Turn(RESPONSE, "\n\n### End\n\n"),
        RESPONSE,
        true,
        false,
        List.of("### End"));
  }

  static ChatFormat openAssistant(String eos) {
    return new TurnFormat(
        "openassistant",
        new Turn("<|system|>", eos),
        "",
        new Turn("<|prompter|>", eos),
        new Turn("<|assistant|>", eos),
        "<|assistant|>",
        false,
        false,
        List.of("<|prompter|>"));
  }

  static ChatFormat stableLm() {
    return new TurnFormat(
        "stablelm-tuned",
        new Turn("<|SYSTEM|>", ""),
        """
        # StableLM Tuned (Alpha version)
        - StableLM is a helpful and harmless open-source AI language model developed by StabilityAI.
        - StableLM is excited to be able to help the user, but will refuse to do anything that could\
         be considered harmful to the user.
        - StableLM is more than just an information source, StableLM is also able to write poetry,\
         short stories, and make jokes.
        - StableLM will refuse to participate in anything that could harm a human.
        """,
        new Turn("<|USER|>", ""),
        new Turn("<|ASSISTANT|>", ""),
        "<|ASSISTANT|>",
        false,
        false,
        List.of("<|USER|>"));
  }

  static ChatFormat colossalChat() {
    return new TurnFormat(
        "colossalchat",
        FIRST_PARAGRAPH,
        TASK + " Do not generate new instructions.",
        INSTRUCTION,
        new Turn(RESPONSE, "\n\n"),
        RESPONSE,
        true,
        false,
        List.of("### Instruction:"));
  }

  static ChatFormat falcon() {
    return new TurnFormat(
        "falcon",
        new Turn("", ""),
        "",
        new Turn("\n\nUser: ", ""),
        new Turn("\n\nAssistant: ", ""),
        "\n\nAssistant:",
        true,
        false,
        List.of("\nUser:"));
  }
}
