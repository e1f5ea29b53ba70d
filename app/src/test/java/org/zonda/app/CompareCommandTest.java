package org.zonda.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.zonda.app.Zonda.Result;

/** In this JVM there is the simulator and no TornadoVM, as for most who try it. */
class CompareCommandTest {

  private static Result compare(String... more) {
    String[] fixed = {
      "compare", "-m", TestModels.golden().toString(), "-p", "4", "-n", "2", "-r", "1"
    };
    String[] arguments = new String[fixed.length + more.length];
    System.arraycopy(fixed, 0, arguments, 0, fixed.length);
    System.arraycopy(more, 0, arguments, fixed.length, more.length);
    return Zonda.run(arguments);
  }

  @Test
  void comparesWhatThereIsAndSaysThatThereIsNoGpu() {
    Result result = compare();

    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isZero();
    assertThat(result.out())
        .containsPattern(" +CPU\n")
        .containsPattern("\ntg2, tokens/s +[0-9.]+\n")
        .containsPattern("\nno GPU: .+\n");
  }

  @Test
  void setsThreadCountsAndTheSimulatorsSplitsSideBySide(@TempDir Path folder) throws Exception {
    Path json = folder.resolve("compare.json");
    Path html = folder.resolve("compare.html");

    Result result =
        compare(
            "--backends", "cpu,simulator",
            "--threads", "1,2",
            "--gpu-layers", "all,1",
            "--json", json.toString(),
            "--html", html.toString());

    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .containsPattern(
            " +CPU, 1 thread +CPU, 2 threads +simulator, all layers +simulator, 1 layer\n")
        .contains("simulator: no speed claim")
        .doesNotContain("no GPU:");
    JsonNode rows = new ObjectMapper().readTree(Files.readString(json)).get("rows");
    assertThat(rows).hasSize(4);
    assertThat(rows.get(3).get("name").asText()).isEqualTo("simulator, 1 layer");
    assertThat(rows.get(3).get("backend").asText()).contains("CPU", "simulator");
    assertThat(Files.readString(html)).contains("<svg", "simulator, 1 layer");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--backends cpu,tpu|backend 'tpu' is unknown; known ones: cpu, gpu, simulator",
        "--gpu-layers few|number of GPU layers is 'few'",
        "--threads -1|number of threads is -1",
        "-b 0|batch size is 0",
        "--synthetic llama-15m:q8_0|--synthetic and --model name two models",
        "--json nowhere/x.json|nowhere/x.json cannot be written: there is no directory",
        "--html .|is a directory; name a file in it",
        "--backends gpu|there is no GPU to run on",
      })
  void refusesInOneLine(String arguments, String complaint) {
    Result result = compare(arguments.split(" "));

    assertThat(result.code()).isNotZero();
    assertThat(result.out()).isEmpty();
    assertThat(result.err().strip()).startsWith("zonda").contains(complaint).doesNotContain("\n");
  }

  @Test
  void theKernelsOfTheSimulatorCanBeTimedButClaimNothing(@TempDir Path folder) throws Exception {
    Path html = folder.resolve("kernels.html");
    Result result =
        Zonda.run(
            "bench", "--kernels", "--backend", "simulator", "--json", "--html", html.toString());

    assertThat(result.err()).isEmpty();
    JsonNode report = new ObjectMapper().readTree(result.out());
    assertThat(report.get("notes")).isEmpty();
    assertThat(report.get("kernels")).hasSizeGreaterThan(8);
    assertThat(report.get("caveat").asText()).isEqualTo("simulator: no speed claim");
    assertThat(Files.readString(html)).contains("<svg", "simulator: no speed claim");

    assertThat(Zonda.run("bench", "--kernels", "--backend", "cpu").err())
        .contains("the CPU is no device that kernels run on; ask for gpu or simulator");
    assertThat(Zonda.run("bench", "--kernels", "--synthetic", "llama-15m:q8_0").err())
        .contains("--kernels measures no model");
  }

  @Test
  void aSyntheticModelCanBeWrittenAlone(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("model.gguf");

    Result result =
        Zonda.run(
            "bench",
            "--synthetic",
            "llama-15m:q4_k",
            "--save",
            file.toString(),
            "-p",
            "0",
            "-n",
            "0");

    assertThat(result.code()).isZero();
    assertThat(result.out()).isEmpty();
    assertThat(Files.size(file)).isGreaterThan(8_000_000);
  }
}
