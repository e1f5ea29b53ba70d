package org.zonda.bench.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.zonda.bench.BenchmarkProgress;
import org.zonda.bench.Hardware;
import org.zonda.bench.ReadSpeed;
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
  void takesTheDevicesClockWhereItIsKnown() {
    KernelTiming wall =
        new KernelTiming(
            "k",
            "s",
            1000,
            2,
            new org.zonda.bench.Spread(List.of(2e-6, 1e-6, 4e-6)),
            java.util.OptionalDouble.empty());
    KernelTiming device =
        new KernelTiming(
            "k", "s", 1000, 2, wall.launchSeconds(), java.util.OptionalDouble.of(0.5e-6));

    assertThat(wall.bytesPerSecond()).isEqualTo(1e9);
    assertThat(wall.gapSeconds()).isEmpty();
    assertThat(device.bytesPerSecond()).isEqualTo(2e9);
    assertThat(device.gapSeconds().getAsDouble()).isEqualTo(1.5e-6);
  }
}
