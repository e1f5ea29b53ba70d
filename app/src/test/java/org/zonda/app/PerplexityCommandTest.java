package org.zonda.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.zonda.app.Zonda.Result;
import org.zonda.runtime.evaluation.PerplexityResult;

class PerplexityCommandTest {

  private static final String MODEL = TestModels.golden().toString();

  private static final String TEXT = "the wind was warm, and the llama ran down the hill to drink";

  @TempDir Path folder;

  private static Result perplexity(String... more) {
    String[] fixed = {"perplexity", "-m", MODEL, "-t", "2", "--cache-type", "f32"};
    String[] all = Arrays.copyOf(fixed, fixed.length + more.length);
    System.arraycopy(more, 0, all, fixed.length, more.length);
    return Zonda.run(all);
  }

  private static JsonNode json(String... more) {
    String[] all = Arrays.copyOf(more, more.length + 1);
    all[more.length] = "--json";
    Result result = perplexity(all);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.err()).isEmpty();
    return JsonText.parse(result.out());
  }

  private Path text(String text) throws IOException {
    return Files.writeString(folder.resolve("text.txt"), text);
  }

  /** The same from 'zonda logits', by hand: BOS first, each token predicted from all before it. */
  @Test
  void isThatOfTheLogits() throws IOException {
    JsonNode reference =
        JsonText.parse(
            Zonda.run("logits", "-m", MODEL, "--cache-type", "f32", "--json", TEXT).out());
    JsonNode tokens = reference.get("tokens");
    double sum = 0;
    for (int target = 1; target < tokens.size(); target++) {
      JsonNode row = reference.get("logits").get(target - 1);
      double partition = 0;
      for (JsonNode logit : row) {
        partition += Math.exp(logit.asDouble());
      }
      sum += Math.log(partition) - row.get(tokens.get(target).asInt()).asDouble();
    }
    int scored = tokens.size() - 1;
    JsonNode json = json("-f", text(TEXT + "\n").toString());
    assertThat(json.get("tokens_scored").asInt()).isEqualTo(scored);
    assertThat(json.get("surprise").asDouble()).isCloseTo(sum / scored, within(1e-6));
    assertThat(json.get("perplexity").asDouble()).isCloseTo(Math.exp(sum / scored), within(1e-3));
    assertThat(json.get("bytes_scored").asInt()).isEqualTo(TEXT.length());
    assertThat(json.get("bits_per_byte").asDouble())
        .isCloseTo(sum / Math.log(2) / TEXT.length(), within(1e-6));
    assertThat(json.get("context").asInt()).as("the model's own").isEqualTo(TestModels.CONTEXT);
    assertThat(json.get("complete").asBoolean()).isTrue();
  }

  @Test
  void forPeople() {
    Result result = perplexity(TEXT);
    assertThat(result.code()).isZero();
    assertThat(result.err()).startsWith("model.gguf | CPU, ");
    assertThat(result.out())
        .containsPattern("perplexity [0-9.]+ ± [0-9.]+\n")
        .containsPattern("bits +[0-9.]+ a byte, [0-9.]+ a character\n")
        .containsPattern("scored +[0-9]+ tokens in 1 of 1 windows of up to 128\n")
        .containsPattern("speed +[0-9.]+ tokens/s, ");
  }

  @Test
  void windowsStridesAndChunks() {
    JsonNode all = json("-c", "16", "--stride", "4", TEXT);
    int tokens = all.get("tokens_scored").asInt();
    int windows = 1 + Math.ceilDiv(tokens - 15, 4);
    assertThat(tokens).isGreaterThan(20);
    assertThat(all.get("windows").asInt()).isEqualTo(windows).isGreaterThan(2);
    assertThat(all.get("windowing").asText()).isEqualTo("strided");
    JsonNode two = json("-c", "16", "--stride", "4", "--chunks", "2", TEXT);
    assertThat(two.get("windows").asInt()).isEqualTo(2);
    assertThat(two.get("tokens_scored").asInt()).isEqualTo(15 + 4);
    JsonNode halves = json("-c", "16", "--like-llama-cpp", TEXT);
    assertThat(halves.get("windowing").asText()).isEqualTo("second_halves");
    assertThat(halves.get("tokens_scored").asInt())
        .isEqualTo((tokens + 1) / 16 * 7); // a window scores what follows its 9th token
  }

  @Test
  void comparedWithWhatWasQuantisedFromIt() {
    String small = folder.resolve("q4_0.gguf").toString();
    assertThat(Zonda.run("quantize", MODEL, small, "--type", "Q4_0").code()).isZero();
    JsonNode json = json("--compare", small, TEXT);
    assertThat(json.get("model").asText()).isEqualTo("model.gguf");
    assertThat(json.get("compared").get("model").asText()).isEqualTo("q4_0.gguf");
    double ratio =
        json.get("compared").get("perplexity").asDouble() / json.get("perplexity").asDouble();
    assertThat(json.get("perplexity_ratio").asDouble()).isCloseTo(ratio, within(1e-9));
    JsonNode divergence = json.get("kl_divergence");
    assertThat(divergence.get("mean").asDouble()).isBetween(1e-5, 1.0);
    assertThat(divergence.get("largest").asDouble())
        .isGreaterThanOrEqualTo(divergence.get("percentile_99").asDouble());
    assertThat(json.get("largest_logit_difference").asDouble()).isPositive();
    assertThat(perplexity("--compare", small, TEXT).out())
        .containsPattern("perplexity [0-9.]+ ± [0-9.]+\n +[0-9.]+ ± [0-9.]+, compared\n")
        .containsPattern("ratio +[0-9.]+ ± [0-9.e-]+\n")
        .containsPattern("KL +[0-9.e-]+ ± [0-9.e-]+ nats a token\n")
        .containsPattern("same top +[0-9.]+% ± [0-9.]+% of the tokens\n")
        .containsPattern("logits +differ by [0-9.e-]+ at most\n");
  }

  @Test
  void comparedWithItself() {
    JsonNode json = json("--compare", MODEL, TEXT);
    assertThat(json.get("kl_divergence").get("largest").asDouble()).isZero();
    assertThat(json.get("same_top").asDouble()).isEqualTo(1);
    assertThat(json.get("perplexity_ratio").asDouble()).isEqualTo(1);
  }

  @Test
  void comparedWithTheSimulator() {
    JsonNode json = json("-c", "8", "--chunks", "1", "--compare-backend", "simulator", TEXT);
    assertThat(json.get("backend").asText()).startsWith("CPU, ");
    assertThat(json.get("compared").get("backend").asText()).doesNotStartWith("CPU, ");
    assertThat(json.get("kl_divergence").get("largest").asDouble()).isLessThan(1e-6);
    assertThat(json.get("same_top").asDouble()).isEqualTo(1);
    assertThat(json.get("largest_logit_difference").asDouble()).isPositive();
  }

  @Test
  void otherVocabulariesAreRefused() {
    String story = folder.resolve("story.gguf").toString();
    try (var resource = EmbeddedModel.resource()) {
      Files.copy(resource, Path.of(story));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    Result result = perplexity("-c", "16", "--compare", story, TEXT);
    assertThat(result.code()).isEqualTo(ExitCode.FAILED);
    assertThat(result.err())
        .contains("model.gguf and story.gguf cannot be compared: their vocabularies have 360 and");
  }

  static Stream<List<String>> wrongUsage() {
    return Stream.of(
        List.of("--compare-backend auto names no backend", "--compare-backend", "auto", "x"),
        List.of("must be at least 1", "-c", "-1", "x"),
        List.of("a stride of 3 is not for them", "--stride", "3", "--like-llama-cpp", "x"));
  }

  @ParameterizedTest
  @MethodSource
  void wrongUsage(List<String> arguments) {
    Result result = perplexity(arguments.stream().skip(1).toArray(String[]::new));
    assertThat(result.code()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains(arguments.getFirst());
  }

  @Test
  void whatCannotBeMeasured() throws IOException {
    Result empty = perplexity("-f", text("\n").toString());
    assertThat(empty.code()).isEqualTo(ExitCode.FAILED);
    assertThat(empty.err()).endsWith("zonda: the text is empty; there is nothing to predict\n");
    Path latin = folder.resolve("latin1.txt");
    Files.write(latin, "qué".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(perplexity("-f", latin.toString()).err()).contains("latin1.txt: is not UTF-8 text");
    assertThat(perplexity("-f", folder.resolve("none").toString()).err())
        .contains("no such file or directory");
    assertThat(perplexity("-c", "16", "--stride", "16", TEXT).err())
        .contains("a stride of 16 leaves no overlap of windows of 16 tokens");
    assertThat(perplexity("-c", "1", TEXT).err()).contains("the least context is 2");
    assertThat(perplexity("-c", "129", TEXT).err()).contains("the model was made for 128");
    assertThat(perplexity("--like-llama-cpp", "the").err())
        .contains("less than one window of 128; choose a shorter context");
  }

  /** A line that is written over; its estimate is of what was read. */
  @Test
  void aTerminalSeesTheEstimateSoFar() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console =
        Console.of(
                new ByteArrayInputStream(new byte[0]), new ByteArrayOutputStream(), err, Map.of())
            .asTerminal();
    EvaluationText text = new EvaluationText(console);
    text.progress(
        new PerplexityResult(
            100, Math.log(12.5), 0.01, 400, 400, 3, 10, 600, Duration.ofSeconds(30)));
    text.clear();
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "\r\u001b[Kwindow 3/10 | perplexity 12.500 ± 0.1250 | 20.0 tokens/s | 1:10 left"
                + "\r\u001b[K");
  }
}
