package org.zonda.bench.micro;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jmh.annotations.Param;
import org.zonda.bench.ComputeSpeed;
import org.zonda.bench.MachineFigures;
import org.zonda.bench.ReadSpeed;
import org.zonda.bench.Spread;
import org.zonda.model.tensor.Codecs;

class JmhReportTest {

  /** What JMH 1.37 writes, without what nobody reads here. */
  private static final String RESULTS =
      """
      [ { "benchmark": "org.zonda.bench.micro.MatrixBenchmark.multiply", "mode": "thrpt",
          "threads": 1, "params": { "format": "Q8_0", "threads": "2", "tokens": "1" },
          "primaryMetric": { "score": 45.5, "scoreError": "NaN", "scoreUnit": "ops/s" },
          "secondaryMetrics": {
            "gigaMultiplyAdds": { "score": 25.0, "scoreError": 1.0 },
            "gigabytes": { "score": 30.0, "scoreError": 1.0 } } },
        { "benchmark": "org.zonda.bench.micro.TokenizerBenchmark.encode", "mode": "thrpt",
          "threads": 3, "params": { "text": "a.txt" },
          "primaryMetric": { "score": 1234.5, "scoreError": 10.25, "scoreUnit": "ops/s" },
          "secondaryMetrics": { "gigabytes": { "score": 0.0125, "scoreError": "NaN" } } } ]
      """;

  private static final MachineFigures UNKNOWN =
      new MachineFigures(
          2,
          new ReadSpeed.Unknown("none"),
          new ComputeSpeed.Unknown("none"),
          new ComputeSpeed.Unknown("none"),
          new ComputeSpeed.Unknown("none"));

  private static JmhReport report() throws Exception {
    Map<Integer, MachineFigures> figures = new TreeMap<>();
    for (int threads : new int[] {2, 3}) {
      figures.put(
          threads,
          new MachineFigures(
              threads,
              new ReadSpeed.Measured("a test", new Spread(List.of(40e9))),
              new ComputeSpeed.Measured("a test", new Spread(List.of(250e9))),
              new ComputeSpeed.Unknown("none"),
              new ComputeSpeed.Measured("a test", new Spread(List.of(1000e9)))));
    }
    return new JmhReport(JmhReport.read(new ObjectMapper().readTree(RESULTS)), figures);
  }

  @Test
  void setsWhatWasMeasuredBesideTheLimits() throws Exception {
    assertThat(report().toText())
        .isEqualTo(
            """
            limits of 2 threads: reading 40.0 GB/s; multiply-adds: f32 250.0, int8 unknown, bf16 1000.0 GMAC/s
            limits of 3 threads: reading 40.0 GB/s; multiply-adds: f32 250.0, int8 unknown, bf16 1000.0 GMAC/s

            benchmark                  parameters            threads  operations/s      ±    GB/s  of reading  GMAC/s  of f32  of int8  of bf16
            MatrixBenchmark.multiply   format=Q8_0 tokens=1        2         45.50      -   30.00         75%   25.00     10%        -       3%
            TokenizerBenchmark.encode  text=a.txt                  3          1235  10.25  0.0125          0%       -       -        -        -
            """);
    assertThat(report().toMarkdown())
        .contains("\n| MatrixBenchmark.multiply | format=Q8_0 tokens=1 | 2 | 45.50 | - | 30.00 |")
        .contains("\n- limits of 2 threads: ");
  }

  @Test
  void writesForProgramsToo() throws Exception {
    assertThat(report().toCsv().lines())
        .containsExactly(
            "benchmark,format,tokens,text,threads,operations_per_second,error,"
                + "gigabytes_per_second,share_of_reading,giga_multiply_adds_per_second,"
                + "share_of_float32,share_of_int8,share_of_bf16",
            "MatrixBenchmark.multiply,Q8_0,1,,2,45.5,,30.0,0.75,25.0,0.1,,0.025",
            "TokenizerBenchmark.encode,,,a.txt,3,1234.5,10.25,0.0125,3.125E-4,,,,");
    JsonNode json = new ObjectMapper().readTree(report().toJson());
    assertThat(json.get("figures")).hasSize(2);
    assertThat(json.at("/benchmarks/0/parameters/format").asText()).isEqualTo("Q8_0");
    assertThat(json.at("/benchmarks/0/share_of_reading").asDouble()).isEqualTo(0.75);
    assertThat(json.at("/benchmarks/1/share_of_float32").isNull()).isTrue();
  }

  @Test
  void thePageHasARooflineOfWhatMultiplies() throws Exception {
    assertThat(report().toHtml())
        .contains("Kernels under their roofs, 2 threads", ">multiply Q8_0 1 75%</text>")
        .contains(">f32 250 GMAC/s</text>", ">TokenizerBenchmark.encode</th>")
        .doesNotContain("Kernels under their roofs, 3 threads");
  }

  @Test
  void aDotIsUnderTheRoofOfWhatItsFormatIsMultipliedIn() throws Exception {
    assertThat(roofOf("Q8_0", "1")).isEqualTo("int8");
    assertThat(roofOf("Q8_0", "512")).isEqualTo("bf16");
    assertThat(roofOf("BF16", "512")).isEqualTo("bf16");
    assertThat(roofOf("F16", "512")).isEqualTo("f32");
  }

  /** As the table below the picture has it. */
  private static String roofOf(String format, String tokens) throws Exception {
    MachineFigures figures =
        new MachineFigures(
            2,
            new ReadSpeed.Measured("a test", new Spread(List.of(40e9))),
            new ComputeSpeed.Measured("a test", new Spread(List.of(200e9))),
            new ComputeSpeed.Measured("a test", new Spread(List.of(500e9))),
            new ComputeSpeed.Measured("a test", new Spread(List.of(1000e9))));
    JmhReport.Row row =
        new JmhReport.Row(
            "MatrixBenchmark.multiply",
            Map.of("format", format, "tokens", tokens),
            2,
            1,
            0,
            OptionalDouble.of(1),
            OptionalDouble.of(100));
    String page = new JmhReport(List.of(row), Map.of(2, figures)).toHtml();
    return page.replaceAll("(?s).*<tr><th[^>]*>multiply .*?<td[^>]*>(f32|int8|bf16)</td>.*", "$1");
  }

  @Test
  void csvQuotesWhatHasToBe() throws Exception {
    JmhReport.Row row =
        new JmhReport.Row(
            "A.b",
            Map.of("text", "one, \"two\""),
            2,
            1,
            0,
            OptionalDouble.empty(),
            OptionalDouble.empty());

    assertThat(new JmhReport(List.of(row), Map.of(2, UNKNOWN)).toCsv())
        .contains("\nA.b,\"one, \"\"two\"\"\",2,1.0,");
  }

  /** A new format is to be measured without anybody thinking of it. */
  @ParameterizedTest
  @ValueSource(classes = {MatrixBenchmark.class, CodecBenchmark.class})
  void everyFormatIsMeasured(Class<?> benchmark) throws Exception {
    String[] formats = benchmark.getDeclaredField("format").getAnnotation(Param.class).value();

    assertThat(Arrays.asList(formats))
        .containsExactlyInAnyOrderElementsOf(
            Codecs.all().stream().map(codec -> codec.type().name()).toList());
  }
}
