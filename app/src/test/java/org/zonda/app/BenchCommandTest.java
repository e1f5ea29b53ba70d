package org.zonda.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.zonda.app.Zonda.Result;

/** What is measured and printed; how fast it is, nobody claims. */
class BenchCommandTest {

  private static final String MODEL = TestModels.golden().toString();

  private static Result bench(String... more) {
    return run(List.of("-p", "4", "-n", "2", "-r", "2"), more);
  }

  private static Result run(List<String> sizes, String... more) {
    List<String> arguments = new ArrayList<>(List.of("bench"));
    if (!sizes.isEmpty()) {
      arguments.addAll(List.of("--warm-up", "0"));
      arguments.addAll(sizes);
    }
    arguments.addAll(List.of(more));
    return Zonda.run(arguments.toArray(String[]::new));
  }

  @Test
  void everyCombinationIsALineOfTheTable() {
    Result result =
        bench("-m", MODEL, "-m", MODEL, "-t", "1,2", "-d", "0,7", "--cache-type", "f16,f32");

    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out())
        .containsPattern("\nthreads  cache  test +median +min +max   tokens/s, 2 runs\n")
        .containsPattern("\n +2  F32    tg2 @ 7 +[0-9.]+ +[0-9.]+ +[0-9.]+\n");
    assertThat(result.out().lines().filter(line -> line.contains(" pp4 @ 7 "))).hasSize(8);
  }

  @Test
  void rawRowsGoToFilesAndATableToTheOutput(@TempDir Path folder) throws Exception {
    Path json = folder.resolve("rows.json");
    Path csv = folder.resolve("rows.csv");
    Path html = folder.resolve("bench.html");

    Result result =
        bench(
            "-m",
            MODEL,
            "-b",
            "2,4",
            "--json",
            json.toString(),
            "--csv=" + csv,
            "--html",
            html.toString(),
            "--markdown");

    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .startsWith("- model: ")
        .contains("\n| batch | test | median | min | max |\n| ---: | --- | ---: | ---: | ---: |\n")
        .containsPattern("\n\\| 4 \\| tg2 \\| [0-9.]+ \\| [0-9.]+ \\| [0-9.]+ \\|\n$");
    JsonNode runs = JsonText.parse(Files.readString(json)).get("runs");
    assertThat(runs.findValuesAsText("batch_size")).containsExactly("2", "4");
    assertThat(runs.get(1).get("measurements").get(0).get("tokens_per_second")).hasSize(2);
    assertThat(Files.readString(csv).lines()).hasSize(1 + 2 * 2 * 2);
    assertThat(Files.readString(html)).contains("<svg", "batches of 4", "tokens_per_second");
  }

  @Test
  void syntheticModelsTakeTheShapeBefore() {
    Result result = bench("--synthetic", "llama-15m:q8_0,q4_0", "--json");

    assertThat(result.code()).as(result.err()).isZero();
    assertThat(JsonText.parse(result.out()).get("runs").findValuesAsText("model"))
        .containsExactly("llama-15m:q8_0", "llama-15m:q4_0");
  }

  @Test
  void sequencesShareWhatIsBefore() {
    Result result =
        run(
            List.of("-p", "0", "-n", "2", "-r", "1"),
            "-m",
            MODEL,
            "-d",
            "64",
            "--sequences",
            "8,1,2",
            "--json");

    assertThat(result.code()).as(result.err()).isZero();
    JsonNode measurements = JsonText.parse(result.out()).get("runs").get(0).get("measurements");
    assertThat(measurements.findValuesAsText("sequences")).containsExactly("1", "2", "8");
    List<Long> bytes = new ArrayList<>();
    measurements.findValues("cache_bytes").forEach(value -> bytes.add(value.longValue()));
    // A block of the shared prompt, and one for each sequence.
    long block = bytes.getFirst() / 2;
    assertThat(bytes).containsExactly(2 * block, 3 * block, 9 * block);

    assertThat(bench("-m", MODEL, "--sequences", "1,2").out())
        .containsPattern("\ntest +median +min +max +each +KV cache +tokens/s, 2 runs\n")
        .containsPattern("\ntg2 x 2 +[0-9.]+ .* MB\n");
  }

  @Test
  void whatCannotBeMeasuredIsToldAndTheRestMeasured(@TempDir Path folder) throws Exception {
    Path broken = TestModels.truncated(folder, 1000);

    Result result = bench("-m", broken.toString(), "-m", MODEL, "--csv");

    assertThat(result.code()).isEqualTo(ExitCode.FAILED);
    assertThat(result.out().lines()).hasSize(1 + 4);
    assertThat(result.err()).hasLineCount(1).startsWith("zonda: truncated.gguf: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--json --csv|--json and --csv would both be printed; name a file for all but one",
        "--csv nowhere/x.csv|nowhere/x.csv cannot be written: there is no directory",
        "--html .|is a directory; name a file in it",
        "--kernels --csv|--kernels has no rows for --csv",
        "--warm-up -1|--warm-up is -1.0; it must be from 0 to 3600 seconds",
        "--sequences 0|number of sequences is 0; it must be 1 or more",
        "--sequences 4 -n 0 -p 1|several sequences are measured by writing",
        "-t 1,5000|number of threads is 5000",
        "-b 4,0|batch size is 0",
        "-r 9999 -p 1 -n 1 -d 0,1|39996 measurements were asked for; at most 10000 make sense",
        "-d 0,-1|depth is -1",
        "-d 400000 -p 4 -n 1|the deepest test takes 400004 positions",
        "-m gone.gguf|gone.gguf: no such file",
        "--synthetic llama-15m:q9_9|format 'q9_9' is unknown; known shapes",
        "--synthetic q8_0|expected SHAPE:FORMAT",
        "--save x.gguf|--save writes a synthetic model; name one",
        "--synthetic llama-15m:q8_0,q4_0 --save x.gguf|--save writes a synthetic model; name one",
        "--lora gone.gguf|gone.gguf",
        "--cache-type f16,f8|expected one of [F16, F32]",
      })
  void refusesInOneLine(String arguments, String complaint) {
    Result result = run(List.of(), arguments.split(" "));

    assertThat(result.code()).isNotZero();
    assertThat(result.out()).isEmpty();
    assertThat(result.err().strip()).startsWith("zonda").contains(complaint).doesNotContain("\n");
  }

  @Test
  void theLimitsOfTheMachineCanBeMeasuredToo() {
    Result result = bench("-m", MODEL, "-t", "1", "--limits", "--json");

    assertThat(result.code()).as(result.err()).isZero();
    JsonNode json = JsonText.parse(result.out());
    assertThat(json.get("figures")).hasSize(1);
    assertThat(json.at("/figures/0/read/per_second")).isNotEmpty();
    assertThat(json.at("/runs/0/measurements/1/share_of_reading").isNumber()).isTrue();

    Result alone = run(List.of("-p", "0", "-n", "0"), "--limits");
    assertThat(alone.code()).as(alone.err()).isZero();
    assertThat(alone.out())
        .startsWith("machine ")
        .containsPattern(
            "\nlimits +1 thread read [0-9.]+ GB/s; multiply-adds of floats [0-9.]+ G/s")
        .doesNotContain("tokens/s");
  }

  @Test
  void limitsAloneAreOfTheThreadsThatAreAskedFor() {
    Result result = run(List.of("-p", "0", "-n", "0"), "--limits", "-t", "3,2,3", "--json");

    assertThat(result.code()).as(result.err()).isZero();
    assertThat(JsonText.parse(result.out()).get("figures").findValuesAsText("threads"))
        .containsExactly("3", "2");
    assertThat(run(List.of("-p", "0", "-n", "0"), "--limits", "-t", "-1").code()).isEqualTo(2);
  }
}
