package org.zonda.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.zonda.bench.BenchmarkTest.Kind;
import org.zonda.bench.picture.Parsed;
import org.zonda.runtime.backend.CacheType;

class BenchmarkHtmlTest {

  private static final Pattern PICTURE = Pattern.compile("<svg.*?</svg>", Pattern.DOTALL);

  private static Measurement prefill(int tokens, int depth, Double... speeds) {
    return measured(new BenchmarkTest(Kind.PROMPT, tokens, depth, 1), 0, speeds);
  }

  private static Measurement decode(int depth, int sequences, Double... speeds) {
    return measured(
        new BenchmarkTest(Kind.GENERATION, 64, depth, sequences), 1_000_000_000, speeds);
  }

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
        List.of("Q8_0"),
        "CPU",
        threads,
        new BenchmarkOptions(512, 64, List.of(0), 3, 256, CacheType.F16),
        Duration.ofMillis(250),
        3_000_000,
        OptionalLong.empty(),
        List.of(measurements));
  }

  private static BenchmarkReport report(BenchmarkRun... runs) {
    return new BenchmarkReport(
        Instant.parse("2026-11-23T07:00:00Z"),
        new Machine("A CPU", 2, 16_000_000_000L, "Linux 6 amd64", "a JVM"),
        Optional.of("0123456789"),
        Arrays.stream(runs)
            .map(BenchmarkRun::threads)
            .distinct()
            .map(BenchmarkHtmlTest::figures)
            .toList(),
        List.of(runs),
        List.of("a model <x> could not be read"));
  }

  private static MachineFigures figures(int threads) {
    return new MachineFigures(
        threads,
        new ReadSpeed.Measured("a test", new Spread(List.of(20e9))),
        new ComputeSpeed.Unknown("none here"),
        new ComputeSpeed.Unknown("none here"),
        new ComputeSpeed.Unknown("none here"));
  }

  private static List<Parsed> pictures(BenchmarkReport report) {
    return PICTURE
        .matcher(report.toHtml())
        .results()
        .map(found -> Parsed.of(found.group()))
        .toList();
  }

  private static List<String> titles(BenchmarkReport report) {
    return pictures(report).stream().map(svg -> svg.texts().getFirst()).toList();
  }

  private static Parsed picture(BenchmarkReport report, String title) {
    return pictures(report).stream()
        .filter(svg -> svg.texts().getFirst().equals(title))
        .findFirst()
        .orElseThrow(() -> new AssertionError(title + " is not among " + titles(report)));
  }

  @Test
  void aSingleRunHasBarsOfItsTests() {
    BenchmarkReport report =
        report(run("m.gguf", 2, prefill(512, 0, 100.0), decode(0, 1, 8.0, 9.0, 4.0)));

    assertThat(titles(report))
        .containsExactly(
            "Prefill, tokens/s",
            "Decode, tokens/s",
            "Decode's share of the memory's read speed, percent");
    assertThat(picture(report, "Prefill, tokens/s").texts()).contains("pp512", "100");
    assertThat(picture(report, "Decode, tokens/s").texts()).contains("tg64", "8.00 (4.00 to 9.00)");
    assertThat(pictures(report).getLast().texts()).contains("tg64", "40.0");
    assertThat(report.toHtml())
        .contains(
            "<h1>m.gguf</h1>",
            "<dd>0123456789</dd>",
            "<li>a model &lt;x&gt; could not be read</li>")
        .contains("<caption>tokens/s, 3 runs</caption>");
  }

  @Test
  void severalRunsAreBarsInGroupsByTest() {
    BenchmarkReport report =
        report(run("a.gguf", 1, decode(0, 1, 8.0)), run("b.gguf", 2, decode(0, 1, 9.0)));

    assertThat(picture(report, "Decode, tokens/s").texts())
        .contains("tg64", "a.gguf, 1 thread", "b.gguf, 2 threads");
    assertThat(titles(report)).as("no curve: models differ too").hasSize(2);
    assertThat(report.toHtml()).contains("<h1>a.gguf and b.gguf</h1>");
  }

  @Test
  void whateverIsVariedHasACurve() {
    BenchmarkReport report =
        report(
            run("m.gguf", 1, prefill(128, 0, 40.0), prefill(512, 0, 50.0), decode(0, 1, 8.0)),
            run(
                "m.gguf",
                2,
                prefill(128, 0, 80.0),
                prefill(512, 0, 99.0),
                decode(0, 1, 15.0),
                decode(2048, 1, 13.0),
                decode(0, 4, 40.0)));

    assertThat(titles(report).subList(3, 8))
        .containsExactly(
            "Tokens/s of prefill, over threads",
            "Tokens/s of prefill, over the number of tokens",
            "Tokens/s of decode, over threads",
            "Tokens/s of decode, over depth",
            "Tokens/s of decode, of sequences together");
    assertThat(titles(report)).hasSize(8);
    assertThat(picture(report, "Tokens/s of prefill, over threads").texts())
        .contains("pp128", "pp512", "1", "2", "threads");
    assertThat(picture(report, "Tokens/s of decode, over depth").texts())
        .contains("2 threads, 1 sequence", "0", "2,048")
        .doesNotContain("2 threads, 4 sequences");
  }

  @Test
  void ofTooManyCurvesThoseOfOneSequenceAtTheLeastDepthAreShown() {
    List<Measurement> all = new ArrayList<>();
    for (int depth : new int[] {0, 512, 2048}) {
      for (int sequences : new int[] {1, 2, 4}) {
        all.add(decode(depth, sequences, 10.0 * sequences));
      }
    }
    Measurement[] measured = all.toArray(Measurement[]::new);

    Parsed few =
        picture(
            report(run("a", 1, measured), run("a", 2, measured)),
            "Tokens/s of decode, over threads");
    Parsed fewer =
        picture(
            report(
                run("a", 1, measured),
                run("a", 2, measured),
                run("b", 1, measured),
                run("b", 2, measured),
                run("c", 1, measured),
                run("c", 2, measured)),
            "Tokens/s of decode, over threads");

    assertThat(few.texts()).contains("more is better; 1 sequence", "depth 0", "depth 2048");
    assertThat(fewer.texts())
        .contains("more is better; 1 sequence; depth 0", "a", "b", "c")
        .doesNotContain("depth 0");
  }

  @Test
  void nothingMeasuredIsAPageToo() {
    assertThat(pictures(report())).isEmpty();
    assertThat(report().toHtml()).contains("<h1>Nothing was measured</h1>");
  }

  @Test
  void namesAreText() {
    List<BenchmarkRun> runs = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      runs.add(run("<script>" + i + "</script>", 1, decode(0, 1, 1.0 + i)));
    }

    assertThat(report(runs.toArray(BenchmarkRun[]::new)).toHtml())
        .doesNotContain("<script")
        .contains("<h1>&lt;script&gt;0&lt;/script&gt; and 11 more</h1>");
  }
}
