package org.zonda.model.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.zonda.model.tokenizer.Golden;

/** The templates of published models, in every conversation that Jinja2 rendered them for. */
class PublishedTemplatesTest {

  @TestFactory
  Stream<DynamicTest> conversations() {
    return Golden.withShared("templates", folder -> templates(folder).flatMap(this::conversations));
  }

  private static Stream<Path> templates(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".jinja")).sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Stream<DynamicTest> conversations(Path file) {
    String name = file.getFileName().toString().replace(".jinja", "");
    JsonNode golden = Golden.read(file.resolveSibling(name + ".json"));
    LocalDateTime now = LocalDateTime.parse(golden.get("now").asText());
    Template template = Template.parse(name, Golden.text(file));
    return StreamSupport.stream(golden.get("cases").spliterator(), false)
        .map(
            conversation ->
                dynamicTest(
                    name + " " + conversation.get("name").asText(),
                    () -> check(template, conversation, variables(golden, conversation), now)));
  }

  private static Map<String, Object> variables(JsonNode golden, JsonNode conversation) {
    Map<String, Object> variables = new HashMap<>();
    variables.put("bos_token", golden.get("bos_token").asText());
    variables.put("eos_token", golden.get("eos_token").asText());
    variables.put("messages", Json.value(conversation.get("messages")));
    variables.put("add_generation_prompt", conversation.get("add_generation_prompt").asBoolean());
    if (conversation.hasNonNull("tools")) {
      variables.put("tools", Json.value(conversation.get("tools")));
    }
    return variables;
  }

  private static void check(
      Template template, JsonNode conversation, Map<String, Object> variables, LocalDateTime now) {
    if (conversation.has("expected")) {
      String expected = conversation.get("expected").asText();
      assertThat(template.render(variables, () -> now).text()).isEqualTo(expected);
      // Who wrote what does not change what is written.
      variables.put("messages", new Untrusted(variables.get("messages")));
      assertThat(template.render(variables, () -> now).text()).isEqualTo(expected);
      return;
    }
    String error = conversation.get("error").asText();
    // A refusal is in the template's own words; faults are in the interpreter's.
    boolean raised = error.startsWith("RaiseException");
    String words = raised ? error.substring(error.indexOf(": ") + 2) : "line ";
    assertThatThrownBy(() -> template.render(variables, () -> now))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining(words)
        .extracting(e -> ((TemplateException) e).isRaised())
        .isEqualTo(raised);
  }
}
