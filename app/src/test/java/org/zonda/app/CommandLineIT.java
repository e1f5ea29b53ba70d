package org.zonda.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zonda.app.ZondaJar.Result;

/** Every command once, in the jar that users get. */
class CommandLineIT {

  private static final String MODEL = TestModels.golden().toString();

  private static final String LILY =
      "Once upon a time, there was a little girl named Lily. She loved to play outside in the park."
          + " One day, she saw a big, red ball. She wanted to play with it, but it was too high.";

  @TempDir private Path directory;

  @Test
  void helpAndVersion() {
    Result help = ZondaJar.run();
    assertThat(help.code()).isZero();
    assertThat(help.err()).isEmpty();
    assertThat(help.out()).contains("Usage: zonda COMMAND", "  zonda run \"Once upon a time\"");
    Result version = ZondaJar.run("--version");
    assertThat(version.code()).isZero();
    assertThat(version.out())
        .matches("zonda \\d+\\.\\d+\\.\\d+ \\(.*" + Runtime.version().feature() + ".*\\)\\n");
  }

  @Test
  void runWritesTheGreedyTextOfARealModel() {
    Path model = stories();
    assumeThat(model).as("the shared model").exists();
    Result result =
        ZondaJar.run("run", "-m", model.toString(), "--temp", "0", "-n", "60", "Once upon a time");
    assertThat(result.code()).isZero();
    assertThat(result.out()).startsWith(LILY);
    assertThat(result.err()).contains("stories260K.gguf | CPU, ", "load ", " | decode 59 tokens");
  }

  @Test
  void runKnowsTheEmbeddedModel() {
    Result result = ZondaJar.run("run", "-n", "8", "Once upon a time");
    assertThat(result.code()).isZero();
    assertThat(result.out()).startsWith("Once upon a time").endsWith("\n");
    assertThat(result.err()).startsWith("the embedded story model (name another with -m FILE)");
  }

  @Test
  void runReadsAPromptInAnyScript() {
    Result argument = ZondaJar.run("run", "-q", "-n", "1", "-m", MODEL, "Ça va, 🦙?");
    assertThat(argument.code()).isZero();
    assertThat(argument.out()).startsWith("Ça va, 🦙?");
    Result pipe = ZondaJar.piped("Ça va, 🦙?\n", "run", "-q", "-n", "1", "-m", MODEL);
    assertThat(pipe.out()).startsWith("Ça va, 🦙?");
  }

  @Test
  void chatOverAPipe() {
    Path saved = directory.resolve("chat.json");
    Result result =
        ZondaJar.piped(
            "the rain\n/stats\n/save " + saved + "\n",
            "chat",
            "-m",
            MODEL,
            "-n",
            "4",
            "--temp",
            "0");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.err())
        .contains("chat format: ", " | decode 3 tokens", "2 messages are in " + saved);
    assertThat(saved).content().contains("\"role\":\"user\",\"content\":\"the rain\"");
  }

  @Test
  void chatKnowsTheEmbeddedModelAndItsTemplate() {
    Result result = ZondaJar.piped("Hello!\n", "chat", "--temp", "0");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).isNotBlank().endsWith("\n");
    assertThat(result.err())
        .startsWith("the embedded story model (name another with -m FILE)")
        .contains("chat format: the model's own chat template, executed");
  }

  @Test
  void renderExecutesTheEmbeddedModelsTemplate() {
    String messages = "[{\"role\": \"user\", \"content\": \"Hi\"}]";
    Result result = ZondaJar.piped(messages, "render", "--messages", "-");
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).isEqualTo("<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n");
  }

  @Test
  void inspectWithAChecksum() {
    Result result = ZondaJar.run("inspect", "--sha256", MODEL);
    assertThat(result.code()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .contains("  architecture  llama\n")
        .containsPattern("sha256 +[0-9a-f]{64}");
  }

  @Test
  void tokenizeAndBack() {
    Result ids = ZondaJar.run("tokenize", "-m", MODEL, "--ids", "the quiet river");
    assertThat(ids.out()).startsWith("1,");
    Result text = ZondaJar.piped(ids.out(), "detokenize", "-m", MODEL);
    assertThat(text.out()).isEqualTo("the quiet river\n");
    assertThat(text.err()).isEmpty();
  }

  @Test
  void logitsOfEveryPosition() {
    Result result = ZondaJar.run("logits", "-m", MODEL, "--tokens", "1,5,9", "--json");
    JsonNode json = JsonText.parse(result.out());
    assertThat(json.get("logits")).hasSize(3);
    assertThat(json.get("logits").get(2)).hasSize(TestModels.VOCABULARY);
  }

  @Test
  void benchOnASyntheticModelThatIsKept() {
    Path file = directory.resolve("synthetic.gguf");
    Result result =
        ZondaJar.run(
            "bench",
            "--synthetic",
            "llama-15m:q8_0",
            "--save",
            file.toString(),
            "-p",
            "16",
            "-n",
            "4",
            "-r",
            "2",
            "--json");
    assertThat(result.code()).as(result.err()).isZero();
    JsonNode run = JsonText.parse(result.out()).get("runs").get(0);
    assertThat(run.get("backend").textValue()).startsWith("CPU, ");
    assertThat(run.get("measurements").findValuesAsText("test")).containsExactly("pp16", "tg4");
    assertThat(Files.exists(file)).isTrue();
    assertThat(ZondaJar.run("inspect", file.toString()).out()).contains("  runs here     yes\n");
  }

  /** Beside the checkout; never part of it. */
  private static Path stories() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path model = at.resolve("shared/models/stories260K.gguf");
      if (Files.exists(model)) {
        return model;
      }
    }
    return Path.of("shared/models/stories260K.gguf");
  }
}
