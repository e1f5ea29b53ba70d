package org.zonda.bench.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.zonda.bench.BenchmarkProgress;
import org.zonda.bench.Hardware;
import org.zonda.bench.Machine;
import org.zonda.bench.ReadSpeed;
import org.zonda.bench.Spread;
import org.zonda.model.ZondaException;
import org.zonda.runtime.tornado.Device;
import org.zonda.runtime.tornado.Devices;
import org.zonda.tornado.DeviceProfile;

/** On the simulator: that the kernels run, that wrong results are seen, and what is reported. */
class KernelBenchmarkTest {

  private static final Device DEVICE = Devices.all().getFirst();

  @Test
  void timesEveryKernelAndClaimsNothing() throws Exception {
    KernelReport report =
        KernelBenchmark.run(DEVICE, Duration.ofMinutes(5), BenchmarkProgress.none());

    assertThat(report.notes()).isEmpty();
    assertThat(report.timings())
        .extracting(KernelTiming::kernel)
        .containsExactly(
            "read",
            "copy",
            "matvec F32",
            "matvec F16",
            "matvec BF16",
            "matvec Q8_0",
            "matvec Q4_0",
            "matvec Q4_K",
            "matvec Q6_K",
            "attention of one row");
    assertThat(report.timings())
        .allMatch(timing -> timing.bytesPerSecond() > 0 && timing.launchSeconds().min() > 0);
    assertThat(report.hardware()).isEqualTo(Hardware.SIMULATOR);
    assertThat(report.toText()).contains("simulator: no speed claim").doesNotContain("%");

    assertThat(report.toHtml())
        .contains("matvec Q8_0", "<p>simulator: no speed claim</p>")
        .doesNotContain("<rect class=\"fill\"");

    JsonNode json = new ObjectMapper().readTree(report.toJson());
    assertThat(json.get("caveat").asText()).isEqualTo("simulator: no speed claim");
    assertThat(json.get("kernels")).hasSize(10);
    assertThat(json.get("kernels").get(5).get("kernel").asText()).isEqualTo("matvec Q8_0");
    assertThat(json.get("kernels").get(5).get("bytes").asLong()).isEqualTo(32 * 256 / 32 * 34);
    assertThat(json.get("kernels").get(5).get("share_of_read").isNull()).isTrue();
  }

  @Test
  void leavesOutWhatTheTimeDoesNotSufficeFor() {
    KernelReport report =
        KernelBenchmark.run(DEVICE, Duration.ofNanos(1), BenchmarkProgress.none());

    assertThat(report.timings()).isEmpty();
    assertThat(report.notes()).hasSize(10).allMatch(note -> note.endsWith("the time was up"));
  }

  @Test
  void knowsNoReadSpeedOfTheSimulator() {
    assertThat(KernelBenchmark.readSpeed(DEVICE)).isInstanceOf(ReadSpeed.Unknown.class);
  }

  /** A kernel that computes something else than it should: its time is not taken. */
  @Test
  void refusesWrongResults() {
    DeviceProfile profile = DEVICE.profile(Optional.empty());
    KernelTimer timer = new KernelTimer(DEVICE.handle(), 0);
    for (MatrixCase.Format format : List.of(MatrixCase.Format.F32, MatrixCase.Format.Q4_K)) {
      MatrixCase kernel = new MatrixCase(format, 8, 256, 2, profile);
      timer.time(kernel);
      WrongExpectation wrong = new WrongExpectation(kernel, kernel.expected() + 1);

      assertThatThrownBy(() -> timer.time(wrong))
          .isInstanceOf(ZondaException.class)
          .hasMessageContaining("matvec " + format + " (8 x 256) computed")
          .hasMessageContaining("its time says nothing");
    }
  }

  @Test
  void thePageHasABarForEachKernelAndShape() {
    Spread seconds = new Spread(List.of(1e-6, 2e-6));
    KernelReport report =
        new KernelReport(
            Instant.EPOCH,
            new Machine("A CPU", 2, 8_000_000_000L, "Linux", "a JVM"),
            Optional.empty(),
            "GPU <1>",
            Hardware.ACCELERATOR,
            "warp",
            List.of(
                new KernelTiming("read", "1 GB", 800_000, 2, seconds, OptionalDouble.empty()),
                new KernelTiming("copy", "1 GB", 400_000, 2, seconds, OptionalDouble.of(1e-6))),
            List.of("no time for more"));

    assertThat(report.toHtml())
        .contains("<h1>Kernels on GPU &lt;1&gt;</h1>", "<li>no time for more</li>")
        .contains(">1 GB, 100% of read</text>", ">600 (400 to 800)</text>")
        .contains(">1 GB, 50% of read</text>", ">400</text>");
  }

  @Test
  void takesTheDevicesClockWhereItIsKnown() {
    KernelTiming wall =
        new KernelTiming(
            "k", "s", 1000, 2, new Spread(List.of(2e-6, 1e-6, 4e-6)), OptionalDouble.empty());
    KernelTiming device =
        new KernelTiming("k", "s", 1000, 2, wall.launchSeconds(), OptionalDouble.of(0.5e-6));

    assertThat(wall.bytesPerSecond()).isEqualTo(1e9);
    assertThat(wall.gapSeconds()).isEmpty();
    assertThat(device.bytesPerSecond()).isEqualTo(2e9);
    assertThat(device.gapSeconds().getAsDouble()).isEqualTo(1.5e-6);
  }
}
