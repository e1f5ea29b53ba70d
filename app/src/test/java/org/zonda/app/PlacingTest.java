package org.zonda.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.zonda.app.Zonda.Result;

/** Where a model is to run: options, plan, and what is said of it. No kernel runs here. */
class PlacingTest {

  private static final String MODEL = TestModels.golden().toString();

  private static Result zonda(String command, String... options) {
    List<String> arguments = new ArrayList<>(List.of(command, "-m", MODEL));
    if (command.equals("bench")) {
      arguments.addAll(List.of("-p", "10", "-n", "5")); // the model's context is short
    }
    arguments.addAll(Arrays.asList(options));
    return Zonda.run(arguments.toArray(String[]::new));
  }

  private static JsonNode json(String command, String... options) {
    Result result = zonda(command, options);
    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isZero();
    return JsonText.parse(result.out());
  }

  private static long sum(JsonNode plan, String place) {
    long sum = 0;
    for (JsonNode row : plan.get("memory")) {
      sum += row.get(place).longValue();
    }
    return sum;
  }

  @ParameterizedTest
  @ValueSource(strings = {"run", "chat", "logits", "bench"})
  void everyCommandThatRunsAModelShowsItsPlanAndLoadsNothing(String command) {
    Result result = zonda(command, "--backend", "simulator", "--plan");
    assertThat(result.code()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(result.out().lines())
        .anyMatch(line -> line.matches("device +all layers"))
        .anyMatch(line -> line.matches(" +.*[Ss]imulator.*"))
        .anyMatch(line -> line.matches("memory +CPU +device"))
        .anyMatch(line -> line.matches("  attention +0 B +[0-9.]+ KiB"))
        .anyMatch(line -> line.matches("  KV cache +0 B +[0-9.]+ [KM]iB"))
        .anyMatch(line -> line.matches("  total +0 B +[0-9.]+ [KM]iB"));
  }

  @Test
  void thePlanAsJsonAddsUp() {
    JsonNode plan =
        json("run", "--backend", "simulator", "--gpu-layers", "1", "-c", "128", "--plan", "--json");
    assertThat(plan.get("model").textValue()).isEqualTo("model.gguf");
    assertThat(plan.get("cpu").textValue()).isEqualTo("embedding and layer 0");
    assertThat(plan.get("device").textValue()).isEqualTo("layer 1 and head");
    assertThat(plan.get("device_number").intValue()).isZero();
    assertThat(plan.get("device_memory").longValue()).isPositive();
    assertThat(plan.get("layers").intValue()).isEqualTo(2);
    assertThat(plan.get("device_layers").intValue()).isOne();
    assertThat(plan.get("context").intValue()).isEqualTo(128);
    assertThat(plan.get("cache_positions").longValue()).isEqualTo(128);
    assertThat(plan.get("cache_type").textValue()).isEqualTo("f16");
    assertThat(plan.get("batch").intValue()).isEqualTo(512);
    assertThat(plan.get("memory")).hasSize(8);
    assertThat(plan.get("cpu_total").longValue()).isEqualTo(sum(plan, "cpu")).isPositive();
    assertThat(plan.get("device_total").longValue()).isEqualTo(sum(plan, "device")).isPositive();
    assertThat(plan.get("notes")).isEmpty();
  }

  @Test
  void theCpuIsPlannedTooAndTheReasonIsGiven() {
    JsonNode plan = json("logits", "--plan", "--json");
    assertThat(plan.get("cpu").textValue()).isEqualTo("all layers");
    assertThat(plan.get("device").isNull()).isTrue();
    assertThat(plan.has("device_memory")).isFalse();
    assertThat(plan.get("notes").get(0).textValue()).startsWith("on the CPU: ");
    assertThat(json("run", "--backend", "cpu", "--plan", "--json").get("notes")).isEmpty();
    assertThat(json("run", "--gpu-layers", "0", "--plan", "--json").get("notes")).isEmpty();
    assertThat(zonda("run", "--backend", "cpu", "--plan").out())
        .contains("memory", "  total")
        .doesNotContain("device");
  }

  @Test
  void benchmarksPlanForTheContextThatTheyNeed() {
    JsonNode plan = json("bench", "-d", "0,7", "--plan", "--json");
    assertThat(plan.get("context").intValue()).isEqualTo(17);
    Result tooLong = Zonda.run("bench", "-m", MODEL, "-p", "1000", "--plan");
    assertThat(tooLong.code()).isEqualTo(ExitCode.FAILED);
    assertThat(tooLong.err()).contains("the deepest test takes 1000 positions");
  }

  @Test
  void whyTheCpuRunsItIsSaidUnlessTheCpuWasAskedFor() {
    assertThat(zonda("run", "-n", "1", "x").err().lines().skip(1).findFirst().orElseThrow())
        .startsWith("on the CPU: ");
    assertThat(zonda("run", "--backend", "cpu", "-n", "1", "x").err())
        .doesNotContain("on the CPU: ");
    assertThat(zonda("run", "-q", "-n", "1", "x").err()).isEmpty();
    assertThat(zonda("logits", "x").err()).startsWith("on the CPU: ");
    assertThat(json("run", "-n", "1", "--json", "x").get("notes").get(0).textValue())
        .startsWith("on the CPU: ");
    assertThat(json("run", "--backend", "CPU", "-n", "1", "--json", "x").get("notes")).isEmpty();
    assertThat(json("logits", "--json", "x").get("notes")).hasSize(1);
  }

  @Test
  void verboseShowsTheTableToo() {
    assertThat(zonda("run", "--verbose", "-n", "1", "x").err())
        .contains("  feed-forward", "  total", "on the CPU: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "run --gpu-layers some x|zonda run: number of GPU layers is 'some'; it must be auto, all,"
            + " or a number from 0 on (see zonda run --help)",
        "chat --backend gpu --gpu-layers 0|zonda chat: 0 GPU layers leave nothing for the GPU; ask"
            + " for at least 1, or for the CPU (see zonda chat --help)",
        "bench --gpu-layers -3|zonda bench: number of GPU layers is '-3'; it must be auto, all, or"
            + " a number from 0 on (see zonda bench --help)"
      })
  void whatCannotBeIsWrongUsage(String commandLine, String message) {
    Result result = Zonda.run(commandLine.split(" "));
    assertThat(result.code()).isEqualTo(ExitCode.USAGE);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).isEqualTo(message + "\n");
  }

  @Test
  void anUnknownBackendIsWrongUsageAndTheKnownAreListed() {
    Result result = zonda("run", "--backend", "tpu", "x");
    assertThat(result.code()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains("'tpu'", "AUTO, CPU, GPU, SIMULATOR");
  }

  static Stream<List<String>> unavailable() {
    return Stream.of(
        List.of("--backend", "gpu"),
        List.of("--device", "1"),
        List.of("--backend", "simulator", "--device", "7"));
  }

  @ParameterizedTest
  @MethodSource("unavailable")
  void whatCannotBeHadIsAFailureOfOneLineWithTheWayOut(List<String> options) {
    for (String command : List.of("run", "chat", "logits", "bench")) {
      Result result = zonda(command, options.toArray(String[]::new));
      assertThat(result.code()).as(command).isEqualTo(ExitCode.FAILED);
      assertThat(result.out()).isEmpty();
      assertThat(result.err().lines())
          .singleElement()
          .asString()
          .matches(
              "zonda: (there is no GPU to run on: .*; --backend cpu runs without one"
                  + "|there is no device '7'; there is only 0: .*)");
    }
  }

  @Test
  void theUploadIsShownAtATerminalOnly() {
    for (boolean terminal : new boolean[] {true, false}) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      Console console = Console.of(new ByteArrayInputStream(new byte[0]), out, out, Map.of());
      try (ByteBar bar = new ByteBar(terminal ? console.asTerminal() : console, "upload", out)) {
        bar.at(10 << 20, 40 << 20);
        bar.at(40 << 20, 40 << 20);
      }
      String shown = out.toString(StandardCharsets.UTF_8);
      if (terminal) {
        assertThat(shown).contains("upload", "100%", "40/40 MiB");
      } else {
        assertThat(shown).isEmpty();
      }
    }
  }
}
