package org.zonda.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.zonda.runtime.backend.CacheType;

/** Figures that nobody measured, so that every cell is known. */
class BenchmarkReportTest {

  private static final BenchmarkTest PROMPT =
      new BenchmarkTest(BenchmarkTest.Kind.PROMPT, 512, 0, 1);
  private static final BenchmarkTest TEXT =
      new BenchmarkTest(BenchmarkTest.Kind.GENERATION, 64, 1024, 1);
  private static final BenchmarkTest TEXTS =
      new BenchmarkTest(BenchmarkTest.Kind.GENERATION, 64, 1024, 4);

  private static Measurement measured(BenchmarkTest test, long stepBytes, Double... speeds) {
    return new Measurement(
        test,
        new Spread(List.of(speeds)),
        3_000_000,
        stepBytes == 0 ? OptionalLong.empty() : OptionalLong.of(stepBytes));
  }

  private static BenchmarkRun run(String model, int threads, Measurement... measurements) {
    return new BenchmarkRun(
        model,
        1_240_000_000,
        1_310_000_000,
        List.of("Q8_0", "F32"),
        "CPU, " + Machine.threads(threads),
        threads,
        new BenchmarkOptions(512, 64, List.of(1024), 3, 256, CacheType.F16),
        Duration.ofMillis(250),
        3_000_000,
        OptionalLong.of(1_600_000_000),
        List.of(measurements));
  }

  private static BenchmarkReport report(List<MachineFigures> figures, BenchmarkRun... runs) {
    return new BenchmarkReport(
        Instant.parse("2026-11-23T07:00:00Z"),
        new Machine("A \"quick\" CPU, 3 GHz", 2, 16_000_000_000L, "Linux 6 amd64", "a JVM"),
        Optional.of("0123456789"),
        figures,
        List.of(runs),
        List.of());
  }

  private static final BenchmarkRun PLAIN =
      run("m.gguf", 2, measured(PROMPT, 0, 100.0, 300.0, 200.0), measured(TEXT, 0, 8.0, 9.0, 4.0));

  @Test
  void aSingleRunHasATableOfTestsAlone() {
    assertThat(report(List.of(), PLAIN).toText())
        .isEqualTo(
            """
            model    m.gguf, 1.24 billion parameters, 1.31 GB in Q8_0, F32
            backend  CPU, 2 threads; batches of 256, KV cache in F16
            machine  A "quick" CPU, 3 GHz, 2 cores, 16.00 GB; Linux 6 amd64
            java     a JVM
            commit   0123456789
            load     0.25 s; KV cache 3.0 MB; peak memory 1.60 GB

            test         median     min     max   tokens/s, 3 runs
            pp512        200.00  100.00  300.00
            tg64 @ 1024    8.00    4.00    9.00
            """);
  }

  @Test
  void whatDiffersHasAColumn() {
    MachineFigures figures =
        new MachineFigures(
            1,
            new ReadSpeed.Measured("a test", new Spread(List.of(10e9, 20e9))),
            new ComputeSpeed.Measured("a test", new Spread(List.of(100e9))),
            new ComputeSpeed.Unknown("none here"),
            new ComputeSpeed.Measured("a test", new Spread(List.of(800e9))));
    BenchmarkReport report =
        report(
            List.of(figures),
            run("a|b.gguf", 1, measured(TEXT, 1_000_000_000, 10.0)),
            run("c.gguf", 2, measured(TEXT, 1_000_000_000, 10.0), measured(TEXTS, 0, 36.0)));

    assertThat(report.toMarkdown())
        .isEqualTo(
            """
            - model: a\\|b.gguf, 1.24 billion parameters, 1.31 GB in Q8_0, F32
            - model: c.gguf, 1.24 billion parameters, 1.31 GB in Q8_0, F32
            - backend: CPU, 1 thread; batches of 256, KV cache in F16
            - backend: CPU, 2 threads; batches of 256, KV cache in F16
            - machine: A "quick" CPU, 3 GHz, 2 cores, 16.00 GB; Linux 6 amd64
            - java: a JVM
            - commit: 0123456789
            - limits: 1 thread read 20.0 GB/s; multiply-adds of floats 100.0 G/s, of 8-bit integers unknown, of bfloat16 800.0 G/s
            - load: a\\|b.gguf, 1 thread: 0.25 s; KV cache 3.0 MB; peak memory 1.60 GB
            - load: c.gguf, 2 threads: 0.25 s; KV cache 3.0 MB; peak memory 1.60 GB
            - numbers: tokens/s, 3 runs

            | model | threads | test | median | min | max | each | KV cache | of reading |
            | --- | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |
            | a\\|b.gguf | 1 | tg64 @ 1024 | 10.00 | 10.00 | 10.00 | 10.00 | 3.0 MB | 50% |
            | c.gguf | 2 | tg64 @ 1024 | 10.00 | 10.00 | 10.00 | 10.00 | 3.0 MB | - |
            | c.gguf | 2 | tg64 @ 1024 x 4 | 36.00 | 36.00 | 36.00 | 9.00 | 3.0 MB | - |
            """);
    assertThat(report.toText())
        .contains(
            "\nmodel     threads  test             median    min    max   each  KV cache  of"
                + " reading   tokens/s, 3 runs\na|b.gguf        1  tg64 @ 1024 ");
  }

  @Test
  void csvHasALineForEachRepetition() {
    List<String> lines = report(List.of(), PLAIN).toCsv().lines().toList();

    assertThat(lines).hasSize(7);
    assertThat(lines.getFirst()).startsWith("time,commit,cpu,").endsWith(",tokens_per_second");
    assertThat(lines.get(2))
        .isEqualTo(
            "2026-11-23T07:00:00Z,0123456789,\"A \"\"quick\"\" CPU, 3 GHz\",2,a JVM,m.gguf,"
                + "1240000000,1310000000,Q8_0 F32,\"CPU, 2 threads\",2,256,F16,0.25,1600000000,"
                + "pp512,512,0,1,3000000,2,300.0");
    assertThat(lines.getLast()).endsWith(",tg64,64,1024,1,3000000,3,4.0");
  }

  @Test
  void jsonHasEverything() throws Exception {
    MachineFigures figures =
        new MachineFigures(
            2,
            new ReadSpeed.Measured("a test", new Spread(List.of(10e9, 20e9))),
            new ComputeSpeed.Measured("a test", new Spread(List.of(100e9))),
            new ComputeSpeed.Unknown("none here"),
            new ComputeSpeed.Measured("a test", new Spread(List.of(800e9))));
    String text =
        report(List.of(figures), run("m.gguf", 2, measured(TEXT, 1_000_000_000, 8.0, 9.0, 4.0)))
            .toJson();

    assertThat(text).doesNotContain("\n");
    JsonNode json = new ObjectMapper().readTree(text);
    assertThat(json.get("machine").get("cores").asInt()).isEqualTo(2);
    assertThat(json.get("figures").get(0).get("read").get("per_second")).hasSize(2);
    assertThat(json.get("figures").get(0).get("multiply_add_int8").get("unknown").asText())
        .isEqualTo("none here");
    JsonNode run = json.get("runs").get(0);
    assertThat(run.get("model").asText()).isEqualTo("m.gguf");
    assertThat(run.get("weight_bytes").asLong()).isEqualTo(1_310_000_000);
    JsonNode test = run.get("measurements").get(0);
    assertThat(test.get("test").asText()).isEqualTo("tg64");
    assertThat(test.get("depth").asInt()).isEqualTo(1024);
    assertThat(test.get("sequences").asInt()).isEqualTo(1);
    assertThat(test.get("median").asDouble()).isEqualTo(8);
    assertThat(test.get("tokens_per_second")).hasSize(3);
    assertThat(test.get("share_of_reading").asDouble()).isEqualTo(0.4);
  }
}
