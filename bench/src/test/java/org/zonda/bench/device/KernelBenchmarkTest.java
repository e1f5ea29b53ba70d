package org.zonda.bench.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import org.zonda.bench.picture.Roofline;
import org.zonda.model.ZondaException;
import org.zonda.runtime.tornado.Device;
import org.zonda.runtime.tornado.Devices;

/** On the simulator: that the kernels run, that wrong results are seen, and what is reported. */
class KernelBenchmarkTest {

  private static final Device DEVICE = Devices.all().getFirst();

  @Test
  void leavesOutWhatTheTimeDoesNotSufficeFor() {
    KernelReport report =
        KernelBenchmark.run(DEVICE, List.of(), Duration.ofNanos(1), BenchmarkProgress.none());

    assertThat(report.timings()).isEmpty();
    assertThat(report.notes())
        .containsExactly("2 of 2 were left out, since the time was up; name fewer kernels");
  }

  @Test
  void knowsNoReadSpeedOfTheSimulator() {
    assertThat(KernelBenchmark.readSpeed(DEVICE)).isInstanceOf(ReadSpeed.Unknown.class);
  }

  /** A kernel that computes something else than it should: its time is not taken. */
  @Test
  void refusesWrongResults() {
    KernelTimer timer = new KernelTimer(DEVICE.handle(), 0);
    MemoryCase kernel = new MemoryCase(true, 64, 64, 1, 2);
    timer.time(kernel);
    assertThatThrownBy(() -> timer.time(new WrongExpectation(kernel)))
        .isInstanceOf(ZondaException.class)
        .hasMessage("copy (0.5 MB) computed 1.0 at 0; expected 2.0: its time says nothing");
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
            Optional.of("warp"),
            List.of(new Roofline.Roof("memory", 800e9, OptionalDouble.empty())),
            List.of(
                new KernelTiming("read", "1 GB", 800_000, 0, 2, seconds, OptionalDouble.empty()),
                new KernelTiming("copy", "1 GB", 400_000, 0, 2, seconds, OptionalDouble.of(1e-6))),
            List.of("no time for more"));

    assertThat(report.toHtml())
        .contains("<h1>Kernels on GPU &lt;1&gt;</h1>", "<li>no time for more</li>")
        .contains(">1 GB, 67% of roof</text>", ">600 (400 to 800)</text>")
        .contains(">1 GB, 50% of roof</text>", ">400</text>");
  }

  /** Norms and single rows of floats cannot reach the peaks of bytes and tiles. */
  @Test
  void aShareIsOfTheRoofAboveTheKernel() {
    KernelReport report =
        new KernelReport(
            Instant.EPOCH,
            new Machine("A CPU", 2, 8_000_000_000L, "Linux", "a JVM"),
            Optional.empty(),
            "CPU",
            Hardware.PROCESSOR,
            Optional.empty(),
            List.of(
                new Roofline.Roof("f32", 10e9, OptionalDouble.of(100e9)),
                new Roofline.Roof("int8", 10e9, OptionalDouble.of(200e9)),
                new Roofline.Roof("bf16", 10e9, OptionalDouble.of(400e9))),
            List.of(timing("matmul.q8_0"), timing("matvec.q8_0"), timing("matmul.f16")),
            List.of());

    assertThat(report.timings().stream().map(timing -> report.roof(timing).get().name()))
        .containsExactly("bf16", "int8", "f32");
    assertThat(report.timings().stream().map(timing -> report.share(timing).getAsDouble()))
        .containsExactly(0.125, 0.25, 0.5);
    assertThat(report.toText())
        .contains("| 50.0 | 13% |", "\nroof f32: 10.0 GB/s, 100 GMAC/s; above matmul.f16\n");
    assertThat(report.toJson()).contains("\"roof\":\"int8\",\"share_of_roof\":0.25");
    assertThat(report.toHtml()).contains("25%</text>");
  }

  /** 50 billion multiply-adds a second, in the median. */
  private static KernelTiming timing(String name) {
    Spread seconds = new Spread(List.of(1.0, 2.0, 4.0));
    return new KernelTiming(
        name, "a shape", 1_000_000_000, 100_000_000_000L, 1, seconds, OptionalDouble.empty());
  }

  @Test
  void takesTheDevicesClockWhereItIsKnown() {
    KernelTiming wall =
        new KernelTiming(
            "k", "s", 1000, 500, 2, new Spread(List.of(2e-6, 1e-6, 4e-6)), OptionalDouble.empty());
    KernelTiming device =
        new KernelTiming("k", "s", 1000, 500, 2, wall.launchSeconds(), OptionalDouble.of(0.5e-6));

    assertThat(wall.bytesPerSecond()).isEqualTo(0.5e9).isEqualTo(wall.speed().median());
    assertThat(wall.multiplyAddsPerSecond()).isEqualTo(0.25e9).isEqualTo(wall.compute().median());
    assertThat(device.intensity()).isEqualTo(0.5);
    assertThat(wall.gapSeconds()).isEmpty();
    assertThat(device.bytesPerSecond()).isEqualTo(2e9);
    assertThat(device.gapSeconds().getAsDouble()).isEqualTo(1.5e-6);
  }
}
