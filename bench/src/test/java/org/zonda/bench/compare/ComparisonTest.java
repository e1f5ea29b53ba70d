package org.zonda.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.zonda.bench.BenchmarkOptions;
import org.zonda.bench.BenchmarkProgress;
import org.zonda.bench.Hardware;
import org.zonda.bench.Measurement;
import org.zonda.bench.ReadSpeed;
import org.zonda.bench.Spread;
import org.zonda.model.ZondaException;
import org.zonda.model.synthetic.SyntheticModel;
import org.zonda.runtime.BackendChoice;
import org.zonda.runtime.GpuLayers;
import org.zonda.runtime.LoadOptions;
import org.zonda.runtime.backend.CacheType;
import org.zonda.runtime.placement.DeviceInfo;

class ComparisonTest {

  private static final Candidate CPU =
      new Candidate("CPU", LoadOptions.DEFAULT.withBackend(BackendChoice.CPU).withThreads(1));

  private static Candidate device(String name, BackendChoice backend, GpuLayers layers) {
    return new Candidate(
        name, LoadOptions.DEFAULT.withBackend(backend).withGpuLayers(layers).withThreads(1));
  }

  private static final Candidate GPU = device("GPU", BackendChoice.GPU, GpuLayers.ALL);
  private static final Candidate SPLIT =
      device("GPU, 3 layers", BackendChoice.GPU, new GpuLayers(3));

  private static ReadSpeed speed(double bytesPerSecond) {
    return new ReadSpeed.Measured("a test", new Spread(List.of(bytesPerSecond)));
  }

  private static Surroundings with(FakeDevices devices) {
    return new Surroundings(devices, () -> speed(2e9), device -> speed(8e9), Optional.of("5.2"));
  }

  private static BenchmarkOptions options(int rounds, Integer... depths) {
    return new BenchmarkOptions(8, 4, List.of(depths), rounds, 512, CacheType.F16);
  }

  private static ComparisonReport compare(
      FakeDevices devices, BenchmarkOptions options, Candidate... candidates) {
    return Comparison.run(
        () -> SyntheticModel.create("llama-15m:q4_0", 1),
        List.of(candidates),
        options,
        with(devices),
        BenchmarkProgress.none(),
        Duration.ZERO);
  }

  @Test
  void takesTurnsAndLoadsAnew() {
    FakeDevices devices = new FakeDevices(DeviceInfo.Kind.GPU);
    List<String> steps = new ArrayList<>();

    Comparison.run(
        () -> SyntheticModel.create("llama-15m:q4_0", 1),
        List.of(SPLIT, CPU, GPU),
        options(2, 0),
        with(devices),
        (step, completed, total) -> steps.add(step + " " + completed + "/" + total),
        Duration.ZERO);

    assertThat(steps)
        .containsExactly(
            "the speed of memory 0/7",
            "GPU, 3 layers, round 1 of 2 1/7",
            "CPU, round 1 of 2 2/7",
            "GPU, round 1 of 2 3/7",
            "GPU, 3 layers, round 2 of 2 4/7",
            "CPU, round 2 of 2 5/7",
            "GPU, round 2 of 2 6/7",
            "done 7/7");
    assertThat(devices.stages)
        .containsExactly(
            "layers 5 to 7 and head", "all layers", "layers 5 to 7 and head", "all layers");
    assertThat(devices.open).as("all are closed again").isZero();
  }

  @Test
  void measuresEachInEveryRound() {
    ComparisonReport report =
        compare(new FakeDevices(DeviceInfo.Kind.GPU), options(3, 0, 16), CPU, SPLIT, GPU);

    assertThat(report.rows())
        .extracting(ComparisonRow::name)
        .containsExactly("CPU", "GPU, 3 layers", "GPU");
    for (ComparisonRow row : report.rows()) {
      assertThat(row.measurements())
          .extracting(Measurement::name)
          .containsExactly("pp8", "tg4", "pp8 @ 16", "tg4 @ 16");
      assertThat(row.measurements()).allMatch(m -> m.tokensPerSecond().size() == 3);
      assertThat(row.load().values()).hasSize(3).allMatch(seconds -> seconds > 0);
      assertThat(row.firstToken().values()).hasSize(3).allMatch(seconds -> seconds > 0);
      assertThat(row.cacheBytes()).isPositive();
    }
    assertThat(report.rows())
        .extracting(ComparisonRow::hardware)
        .containsExactly(Hardware.PROCESSOR, Hardware.ACCELERATOR, Hardware.ACCELERATOR);
    assertThat(report.rows().get(0).deviceBytes()).isEmpty();
    assertThat(report.rows().get(1).deviceBytes().getAsLong())
        .isPositive()
        .isLessThan(report.rows().get(2).deviceBytes().getAsLong());
    assertThat(report.notes()).isEmpty();
  }

  /** The least time is that of the host's bytes and that of the device's, one after the other. */
  @Test
  void relatesDecodeToTheSpeedOfBothMemories() {
    ComparisonReport report =
        compare(new FakeDevices(DeviceInfo.Kind.GPU), options(1, 32), CPU, SPLIT, GPU);

    long all = report.rows().getFirst().reads().getFirst().host();
    for (ComparisonRow row : report.rows()) {
      ComparisonRow.Reads reads = row.reads().getFirst();
      assertThat(reads.depth()).isEqualTo(32);
      assertThat(reads.host() + reads.device()).isEqualTo(all);
      double least = reads.host() / 2e9 + reads.device() / 8e9;
      double median = row.measurement("tg4 @ 32").orElseThrow().median();
      assertThat(reads.share().getAsDouble()).isCloseTo(least * median, within(1e-12));
    }
    assertThat(report.rows().get(0).reads().getFirst().device()).isZero();
    assertThat(report.rows().get(1).reads().getFirst().host()).isPositive();
    assertThat(report.rows().get(1).reads().getFirst().device()).isPositive();
    assertThat(report.rows().get(2).reads().getFirst().host()).isZero();
  }

  @Test
  void hasNoShareWhereASpeedIsUnknown() {
    ComparisonReport report =
        Comparison.run(
            () -> SyntheticModel.create("llama-15m:q4_0", 1),
            List.of(CPU, GPU),
            options(1, 0),
            new Surroundings(
                new FakeDevices(DeviceInfo.Kind.GPU),
                () -> speed(1e9),
                device -> new ReadSpeed.Unknown("it would not say"),
                Optional.empty()),
            BenchmarkProgress.none(),
            Duration.ZERO);

    assertThat(report.rows().get(0).reads().getFirst().share()).isPresent();
    assertThat(report.rows().get(1).reads().getFirst().share()).isEmpty();
    assertThat(report.toText()).contains("GPU, device's memory: speed unknown: it would not say");
  }

  @Test
  void notesWhatCannotBeHadAndGoesOn() {
    FakeDevices devices = new FakeDevices(DeviceInfo.Kind.GPU);
    devices.broken = true;

    ComparisonReport report = compare(devices, options(2, 0), GPU, CPU);

    assertThat(report.rows()).extracting(ComparisonRow::name).containsExactly("CPU");
    assertThat(report.notes()).containsExactly("GPU: the fake is broken");
    assertThat(report.toText()).contains("GPU: the fake is broken\n");
  }

  @Test
  void failsWhereNothingCanBeHad() {
    FakeDevices devices = new FakeDevices(DeviceInfo.Kind.GPU);
    devices.broken = true;

    assertThatThrownBy(() -> compare(devices, options(1, 0), GPU))
        .isInstanceOf(ZondaException.class)
        .hasMessage("the fake is broken");
  }

  @Test
  void refusesMoreThanTheContextHolds() {
    assertThatThrownBy(() -> compare(new FakeDevices(DeviceInfo.Kind.GPU), options(1, 2045), CPU))
        .isInstanceOf(ZondaException.class)
        .hasMessageContaining("takes 2053 positions, but the model was made for 2048");
  }

  @Test
  void claimsNoSpeedOfTheSimulator() {
    Candidate simulator = device("simulator", BackendChoice.SIMULATOR, GpuLayers.ALL);
    ComparisonReport report =
        compare(new FakeDevices(DeviceInfo.Kind.SIMULATOR), options(1, 0), CPU, simulator);

    assertThat(report.toText()).containsPattern("mind +simulator: no speed claim\n");
    String html = report.toHtml();
    String chart = html.substring(html.indexOf("<svg"), html.indexOf("</svg>"));
    assertThat(chart)
        .contains("simulator: no speed claim")
        .containsOnlyOnce("<rect class=\"fill\"");
  }

  @Test
  void reportsInTextJsonAndHtml() throws Exception {
    ComparisonReport report =
        compare(new FakeDevices(DeviceInfo.Kind.GPU), options(2, 0, 16), CPU, GPU);

    assertThat(report.toText())
        .contains("model    llama-15m:q4_0, 0.01 billion parameters")
        .contains("tornado  5.2\n", report.machine().java())
        .containsPattern(" {2,}CPU +GPU\n")
        .containsPattern("\nload, s +[0-9.]+ \\([0-9.]+ to [0-9.]+\\) +[0-9.]+ \\(")
        .containsPattern("\npp8 @ 16, tokens/s +[0-9.]+ \\(")
        .containsPattern("\ndevice memory +- +[0-9.]+ MB\n")
        .containsPattern("\nof the bandwidth @ 16 +[0-9]+% +[0-9]+%\n")
        .contains("GPU: Fake <1>\n", "host's memory: 2.0 GB/s, measured with a test\n");

    assertThat(report.toJson()).doesNotContain("\n");
    JsonNode json = new ObjectMapper().readTree(report.toJson());
    assertThat(json.get("rows")).hasSize(2);
    JsonNode row = json.get("rows").get(1);
    assertThat(row.get("tornadovm").asText()).isEqualTo("5.2");
    assertThat(row.get("machine").get("java").asText()).isEqualTo(report.machine().java());
    assertThat(row.has("commit")).isTrue();
    JsonNode last = row.get("measurements").get(3);
    assertThat(last.get("test").asText() + last.get("depth").asInt()).isEqualTo("tg416");
    assertThat(last.get("tokens_per_second").get("median").asDouble())
        .isEqualTo(report.rows().get(1).measurements().getLast().median());
    assertThat(last.get("tokens_per_second").get("values")).hasSize(2);
    assertThat(row.get("reads").get(0).get("share_of_bandwidth").asDouble())
        .isEqualTo(report.rows().get(1).reads().getFirst().share().getAsDouble());

    String html = report.toHtml();
    assertThat(html)
        .startsWith("<!DOCTYPE html>")
        .contains("Fake &lt;1&gt;")
        .doesNotContain("<script", "Fake <1>", "NaN", "null<");
    assertThat(html.split("<svg"))
        .as("charts: 2 tests, share, load, first token, memory")
        .hasSizeBetween(6, 7);
    String rows = html.substring(html.indexOf("<pre>") + 5, html.indexOf("</pre>"));
    assertThat(
            new ObjectMapper()
                .readTree(
                    rows.replace("&quot;", "\"")
                        .replace("&#39;", "'")
                        .replace("&lt;", "<")
                        .replace("&gt;", ">")))
        .isEqualTo(json);
  }
}
