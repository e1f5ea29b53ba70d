package org.zonda.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zonda.app.Zonda.Result;
import org.zonda.model.gguf.GgufFile;
import org.zonda.model.gguf.GgufWriter;
import org.zonda.model.gguf.Metadata;

class RenderCommandTest {

  private static final String TEMPLATE =
      """
      {{ bos_token }}{{ strftime_now('%d %b %Y') }}
      {% for m in messages %}
      [{{ m.role }}] {{ m.content|trim }}{{ eos_token }}
      {% endfor %}
      {% if tools %}{{ tools|tojson }}{% endif %}
      {% if add_generation_prompt %}[assistant]{% endif %}
      """;

  @TempDir private Path directory;

  private String template;
  private String messages;

  @BeforeEach
  void files() throws IOException {
    template = file("f.jinja", TEMPLATE);
    messages = file("m.json", "[{\"role\": \"user\", \"content\": \" Grüß <b>\\n\"}]");
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text).toString();
  }

  @Test
  void printsThePromptAndNothingElse() {
    Result result =
        Zonda.run(
            "render",
            "--template",
            template,
            "--messages",
            messages,
            "--now",
            "2026-07-26T12:00:00",
            "--bos",
            "<s>",
            "--eos",
            "</s>");
    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isZero();
    assertThat(result.out()).isEqualTo("<s>26 Jul 2026\n[user] Grüß <b></s>\n[assistant]");
  }

  @Test
  void toolsAndVariablesAndNoGenerationPrompt() throws IOException {
    String tools = file("t.json", "[{\"name\": \"f\", \"n\": 1.0}]");
    Result result =
        Zonda.run(
            "render",
            "--template",
            template,
            "--messages",
            messages,
            "--tools",
            tools,
            "--now",
            "2026-07-26",
            "--no-generation-prompt",
            "--set",
            "eos_token=\"!\"");
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .isEqualTo("26 Jul 2026\n[user] Grüß <b>!\n[{\"name\": \"f\", \"n\": 1.0}]");
  }

  @Test
  void readsStandardInputAndWhatAChatSaved() {
    Result result =
        Zonda.piped("{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]}")
            .execute("render", "--template", template, "--messages", "-", "--now", "2026-07-26");
    assertThat(result.out()).isEqualTo("26 Jul 2026\n[user] Hi\n[assistant]");
  }

  private String model(String chatTemplate) {
    Path file = directory.resolve("model.gguf");
    try (GgufFile golden = GgufFile.open(TestModels.golden())) {
      Metadata metadata =
          Metadata.builder()
              .putAll(golden.metadata())
              .putString("tokenizer.chat_template", chatTemplate)
              .build(file.toString());
      GgufWriter writer = new GgufWriter(metadata);
      golden.tensors().forEach(writer::tensor);
      writer.write(file);
    }
    return file.toString();
  }

  @Test
  void aModelsOwnTemplateWithItsOwnNames() {
    String model = model("{{ bos_token }}{{ messages[0].content }}{{ eos_token }}");
    Result result = Zonda.run("render", "-m", model, "--messages", messages);
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).isEqualTo("<s> Grüß <b>\n</s>");
    assertThat(Zonda.run("render", "-m", model, "--messages", messages, "--bos", "").out())
        .isEqualTo(" Grüß <b>\n</s>");
  }

  @Test
  void whatFailsIsOneLineAndACode() throws IOException {
    fails(
        1,
        "no/m.json: cannot be read: no such file",
        "render",
        "--template",
        template,
        "--messages",
        "no/m.json");
    fails(
        1,
        "no.jinja: cannot be read: no such file",
        "render",
        "--template",
        "no.jinja",
        "--messages",
        messages);
    fails(
        1,
        "bad.json, line 2, column 1: is no JSON",
        "render",
        "--template",
        template,
        "--messages",
        file("bad.json", "[{\n"));
    fails(
        1,
        "obj.json: expected a JSON array of messages",
        "render",
        "--template",
        template,
        "--messages",
        file("obj.json", "[1]"));
    fails(
        1,
        "tool.json: expected a JSON array of tools",
        "render",
        "--template",
        template,
        "--messages",
        messages,
        "--tools",
        file("tool.json", "{}"));
    fails(
        1,
        "f2.jinja, line 2, column 4: the tag 'nosuch' is unknown here",
        "render",
        "--template",
        file("f2.jinja", "a\n{% nosuch %}"),
        "--messages",
        messages);
    fails(
        1,
        "f3.jinja, line 1: No system role",
        "render",
        "--template",
        file("f3.jinja", "{{ raise_exception('No system role') }}"),
        "--messages",
        messages);
    fails(
        1,
        "f4.jinja, line 1: stopped after",
        "render",
        "--template",
        file(
            "f4.jinja",
            "{% set r = range(99999) %}{% for i in r %}{% for j in r %}{% endfor %}{% endfor %}"),
        "--messages",
        messages);
    fails(
        1,
        "access to '__class__' of 'str' is refused",
        "render",
        "--template",
        file("f5.jinja", "{{ ''.__class__.__mro__ }}"),
        "--messages",
        messages);
    fails(
        1,
        "the model has no chat template",
        "render",
        "-m",
        TestModels.golden().toString(),
        "--messages",
        messages);
    fails(
        1,
        "--set x={, line 1, column 2: is no JSON",
        "render",
        "--template",
        template,
        "--messages",
        messages,
        "--set",
        "x={");
    fails(
        2,
        "name two templates",
        "render",
        "--template",
        template,
        "-m",
        "x.gguf",
        "--messages",
        messages);
    fails(
        2,
        "--now yesterday: expected a time",
        "render",
        "--template",
        template,
        "--messages",
        messages,
        "--now",
        "yesterday");
    fails(2, "--messages", "render", "--template", template);
  }

  private static void fails(int code, String message, String... arguments) {
    Result result = Zonda.run(arguments);
    assertThat(result.code()).as(result.err()).isEqualTo(code);
    assertThat(result.err()).contains(message).endsWith("\n");
    assertThat(result.err().lines()).hasSize(1);
    assertThat(result.out()).isEmpty();
  }

  @Test
  void theHelpHasExamples() {
    assertThat(Zonda.run("render", "--help").out())
        .contains("Usage: zonda render", "--no-generation-prompt", "zonda render -m model.gguf");
  }
}
