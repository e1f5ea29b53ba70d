package org.zonda.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.zonda.app.Zonda.Result;

/** {@code zonda run} on a model of random weights, which writes nonsense but always the same. */
class RunCommandTest {

  private static final String MODEL = TestModels.golden().toString();
  private static final String PROMPT = "the rain";

  @Test
  void printsPromptAndTextAndTellsHowLongItTook() {
    Result result = run("-n", "5", PROMPT);
    JsonNode json = json("-n", "5", PROMPT);
    assertThat(result.code()).isZero();
    assertThat(withoutLastLineBreak(result.out()))
        .isEqualTo(withoutLastLineBreak(PROMPT + json.get("text").textValue()));
    assertThat(result.err().lines())
        .satisfiesExactly(
            model -> assertThat(model).startsWith("model.gguf | CPU, "),
            why -> assertThat(why).startsWith("on the CPU: "),
            statistics ->
                assertThat(statistics)
                    .matches(
                        "load [0-9.]+ s \\| first token [0-9.]+ s"
                            + " \\| prefill [0-9]+ tokens, [0-9.]+/s"
                            + " \\| decode 4 tokens, [0-9.]+/s"
                            + " \\| CPU, 1 thread, .*"));
  }

  @Test
  void canKeepToTheTextAlone() {
    Result result = run("-n", "5", "--no-echo", "--quiet", PROMPT);
    assertThat(withoutLastLineBreak(result.out()))
        .isEqualTo(withoutLastLineBreak(json("-n", "5", PROMPT).get("text").textValue()));
    assertThat(result.err()).isEmpty();
  }

  @Test
  void asJsonTellsEverything() {
    JsonNode json = json("-n", "5", PROMPT);
    assertThat(json.get("model").textValue()).isEqualTo("model.gguf");
    assertThat(json.get("backend").textValue()).startsWith("CPU, ");
    assertThat(json.get("prompt").textValue()).isEqualTo(PROMPT);
    assertThat(json.get("prompt_tokens").intValue()).isGreaterThan(1);
    assertThat(json.get("tokens")).hasSize(5);
    assertThat(json.get("finish_reason").textValue()).isEqualTo("max_tokens");
    assertThat(json.get("seed").isIntegralNumber()).isTrue();
    JsonNode timings = json.get("timings");
    assertThat(timings.get("prefill_tokens").intValue())
        .isEqualTo(json.get("prompt_tokens").intValue());
    assertThat(timings.get("decode_tokens").intValue()).isEqualTo(4);
    assertThat(timings.get("time_to_first_token").doubleValue()).isPositive();
    assertThat(timings.get("decode_tokens_per_second").doubleValue()).isPositive();
  }

  @Test
  void theProfileFollowsTheText() {
    Result result = run("-n", "5", "-q", "--profile", PROMPT);
    assertThat(result.code()).isZero();
    assertThat(result.out()).isEqualTo(run("-n", "5", "-q", PROMPT).out());
    String text = result.err();
    assertThat(text)
        .containsPattern("(?m)^prefill: [0-9]+ tokens in [0-9.]+ ms$")
        .containsPattern("(?m)^decode: 4 tokens in [0-9.]+ ms$")
        .containsPattern("(?m)^linear +attn_q\\+attn_k\\+attn_v +F32 +[0-9]+ ")
        .containsPattern("(?m)^sampling  +[0-9.]+ ")
        .containsPattern("(?m)^host gaps  +[0-9.]+ ")
        .containsPattern("(?m)^layer 0 ")
        .containsPattern("of read: the share of [0-9.]+ GB/s, as 1 thread that sums");
  }

  @Test
  void theProfileAsJsonAddsUp() {
    JsonNode profile = json("-n", "5", "--profile", PROMPT).get("profile");
    assertThat(profile.get("read_bytes_per_second").doubleValue()).isPositive();
    for (String phase : new String[] {"prefill", "decode"}) {
      JsonNode part = profile.get(phase);
      double seconds = part.get("seconds").doubleValue();
      double rest =
          part.get("sampling_seconds").doubleValue() + part.get("host_seconds").doubleValue();
      assertThat(seconds).isPositive();
      for (String lines : new String[] {"operations", "layers"}) {
        double sum = rest;
        double share = rest / seconds;
        for (JsonNode line : part.get(lines)) {
          sum += line.get("seconds").doubleValue();
          share += line.get("share").doubleValue();
          assertThat(line.get("calls").longValue()).isPositive();
        }
        assertThat(sum).as(phase + " " + lines).isCloseTo(seconds, within(1e-7));
        assertThat(share).isCloseTo(1, within(1e-6));
      }
      assertThat(part.get("operations").get(0).get("operation").textValue()).isEqualTo("embed");
      assertThat(part.get("layers").get(0).get("layer").textValue()).isEqualTo("embedding");
    }
    assertThat(json("-n", "5", PROMPT).has("profile")).isFalse();
  }

  @Test
  void aSeedRepeatsTheTextAndIsReported() {
    JsonNode first = json("--temp", "2", "-n", "20", PROMPT);
    String seed = Long.toString(first.get("seed").longValue());
    JsonNode second = json("--temp", "2", "-n", "20", "--seed", seed, PROMPT);
    assertThat(second.get("tokens")).isEqualTo(first.get("tokens"));
    assertThat(second.get("seed")).isEqualTo(first.get("seed"));
  }

  @Test
  void aForbiddenTokenDoesNotCome() {
    JsonNode free = json("-n", "8", PROMPT);
    int first = free.get("tokens").get(0).intValue();
    JsonNode bent = json("-n", "8", "--logit-bias", first + "=-inf", PROMPT);
    assertThat(StreamSupport.stream(bent.get("tokens").spliterator(), false))
        .noneMatch(token -> token.intValue() == first);
  }

  @Test
  void aFullContextIsSaidOnTheWay() {
    Result result = run("-c", "16", "-n", "0", "--ignore-eos", PROMPT);
    assertThat(result.code()).isZero();
    assertThat(result.err())
        .endsWith(
            "the context of 16 tokens is full; -c makes it longer, --context-policy shift goes"
                + " on\n");
  }

  @Test
  void aNumberOfThreadsThatCannotBeIsRefusedInOneLine() {
    Result result = Zonda.run("run", "-m", MODEL, "-t", "2000000000", PROMPT);
    assertThat(result.code()).isEqualTo(ExitCode.USAGE);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .isEqualTo(
            "zonda run: number of threads is 2000000000; it must be a number from 0 to 1024"
                + " (see zonda run --help)\n");
  }

  @Test
  void aPromptLongerThanTheContextIsRefused() {
    Result result = run("the ".repeat(TestModels.CONTEXT));
    assertThat(result.code()).isEqualTo(ExitCode.FAILED);
    assertThat(result.err().lines().toList().getLast())
        .startsWith("zonda: ")
        .contains("prompt", Integer.toString(TestModels.CONTEXT));
  }

  @Test
  void readsThePromptFromAPipe() {
    Result result =
        Zonda.piped(PROMPT + "\n").execute("run", "-m", MODEL, "--temp", "0", "-n", "5", "-q");
    assertThat(result.out()).isEqualTo(run("-n", "5", "-q", PROMPT).out());
  }

  @Test
  void readsSpecialTokensUnlessToldNotTo() {
    assertThat(json("-n", "1", "</s>").get("prompt_tokens").intValue())
        .isLessThan(json("-n", "1", "--no-special", "</s>").get("prompt_tokens").intValue());
  }

  @Test
  void withoutAModelItSaysThatItUsesTheEmbeddedOne() {
    Result result = Zonda.run("run", "-n", "1", "Once");
    assertThat(result.code()).isZero();
    assertThat(result.err()).startsWith("the embedded story model (name another with -m FILE)");
  }

  private static Result run(String... arguments) {
    return Zonda.run(arguments("run -t 1 --temp 0 -m".split(" "), arguments));
  }

  private static JsonNode json(String... arguments) {
    Result result = Zonda.run(arguments("run -t 1 --json --temp 0 -m".split(" "), arguments));
    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isZero();
    return JsonText.parse(result.out());
  }

  private static String[] arguments(String[] fixed, String[] more) {
    String[] all = Arrays.copyOf(fixed, fixed.length + 1 + more.length);
    all[fixed.length] = MODEL;
    System.arraycopy(more, 0, all, fixed.length + 1, more.length);
    return all;
  }

  private static String withoutLastLineBreak(String text) {
    return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
  }
}
