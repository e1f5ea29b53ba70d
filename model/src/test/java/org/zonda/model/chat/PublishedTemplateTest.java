package org.zonda.model.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.zonda.model.chat.ChatFormats.Choice;
import org.zonda.model.chat.ChatFormats.Fit;
import org.zonda.model.tokenizer.Golden;
import org.zonda.model.tokenizer.MemoryModel;

/**
 * Published chat templates: that each is executed, and what is written where it could not be: which
 * format it is taken for, and that the format renders what the template itself does, in every
 * conversation where the template writes nothing of its own.
 */
class PublishedTemplateTest {

  /**
   * What to expect of a template.
   *
   * @param format the format that it is taken for
   * @param fit whether its kind is known
   * @param equal the conversations that render equally
   */
  private record Expectation(String format, Fit fit, Set<String> equal) {}

  private static final Set<String> ALL =
      Set.of("user", "no-generation-prompt", "system-user", "multi-turn", "unicode");

  /** Those that bring a system text of their own, so that the template adds none. */
  private static final Set<String> WITH_SYSTEM = Set.of("system-user", "multi-turn");

  private static final Map<String, Expectation> EXPECTED =
      Map.ofEntries(
          Map.entry("Qwen-Qwen2.5-7B-Instruct", simplified("chatml", WITH_SYSTEM)),
          // It writes an empty thought into an answer that ends the chat.
          Map.entry(
              "Qwen-Qwen3-0.6B",
              simplified("chatml", Set.of("user", "system-user", "multi-turn", "unicode"))),
          Map.entry("HuggingFaceTB-SmolLM3-3B", simplified("chatml", Set.of())),
          Map.entry(
              "NousResearch-Hermes-2-Pro-Llama-3-8B-tool_use", simplified("chatml", Set.of())),
          Map.entry("deepseek-ai-DeepSeek-R1-Distill-Llama-8B", simplified("deepseek-r1", ALL)),
          // It refuses a system text; the format puts it before the user's.
          Map.entry(
              "google-gemma-2-2b-it",
              new Expectation(
                  "gemma", Fit.SIMPLIFIED, Set.of("user", "no-generation-prompt", "unicode"))),
          Map.entry("ibm-granite-granite-3.3-2B-Instruct", simplified("granite", WITH_SYSTEM)),
          // They write dates into every system text.
          Map.entry("meta-llama-Llama-3.1-8B-Instruct", simplified("llama3", Set.of())),
          Map.entry("meta-llama-Llama-3.2-3B-Instruct", simplified("llama3", Set.of())),
          // It closes a chat that awaits no answer with EOS.
          Map.entry(
              "microsoft-Phi-3.5-mini-instruct",
              new Expectation(
                  "phi3", Fit.SIMPLIFIED, Set.of("user", "system-user", "multi-turn", "unicode"))),
          Map.entry("mistralai-Mistral-Nemo-Instruct-2407", simplified("mistral-v3-tekken", ALL)),
          Map.entry(
              "CohereForAI-c4ai-command-r-plus-tool_use",
              new Expectation("plain", Fit.DEFAULT, Set.of())),
          Map.entry("openai-gpt-oss-120b", new Expectation("plain", Fit.DEFAULT, Set.of())));

  private static Expectation simplified(String format, Set<String> equal) {
    return new Expectation(format, Fit.SIMPLIFIED, equal);
  }

  @TestFactory
  Stream<DynamicTest> templates() {
    return Golden.withShared(
        "templates",
        folder ->
            EXPECTED.keySet().stream()
                .sorted()
                .map(name -> dynamicTest(name, () -> check(folder, name))));
  }

  @Test
  void noTemplateIsLeftOut() throws IOException {
    try (Stream<Path> files = Files.list(Golden.shared("templates"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .filteredOn(name -> name.endsWith(".jinja"))
          .containsExactlyInAnyOrderElementsOf(
              EXPECTED.keySet().stream().map(name -> name + ".jinja").toList());
    }
  }

  private static void check(Path folder, String name) {
    Expectation expected = EXPECTED.get(name);
    JsonNode golden = Golden.read(folder.resolve(name + ".json"));
    String bos = golden.get("bos_token").asText();
    String eos = golden.get("eos_token").asText();
    String template = Golden.text(folder.resolve(name + ".jinja"));
    Clock clock = Clock.fixed(Instant.parse(golden.get("now").asText() + "Z"), ZoneOffset.UTC);
    Choice own = ChatFormats.choose(model(template, bos, eos), clock);
    assertThat(own.fit()).isEqualTo(Fit.TEMPLATE);
    Choice choice = ChatFormats.choose(model(template + "{% nosuch %}", bos, eos));
    assertThat(choice.format().name()).isEqualTo(expected.format);
    assertThat(choice.fit()).isEqualTo(expected.fit);

    List<String> equal = new ArrayList<>();
    for (JsonNode conversation : golden.get("cases")) {
      if (conversation.hasNonNull("tools") || !conversation.hasNonNull("expected")) {
        continue;
      }
      List<ChatMessage> messages = new ArrayList<>();
      for (JsonNode message : conversation.get("messages")) {
        messages.add(
            new ChatMessage(message.get("role").asText(), message.get("content").asText()));
      }
      String prompt = conversation.get("expected").asText();
      String withoutBos = prompt.startsWith(bos) ? prompt.substring(bos.length()) : prompt;
      boolean forAnswer = conversation.get("add_generation_prompt").asBoolean();
      assertThat(own.format().render(messages, forAnswer)).isEqualTo(prompt);
      if (choice.format().render(messages, forAnswer).equals(withoutBos)) {
        equal.add(conversation.get("name").asText());
      }
    }
    assertThat(equal).containsExactlyInAnyOrderElementsOf(expected.equal);
  }

  private static MemoryModel model(String template, String bos, String eos) {
    return MemoryModel.of(
        metadata ->
            metadata
                .putString("tokenizer.chat_template", template)
                .putStrings("tokenizer.ggml.tokens", List.of(bos, eos))
                .putUint32("tokenizer.ggml.bos_token_id", 0)
                .putUint32("tokenizer.ggml.eos_token_id", 1));
  }
}
