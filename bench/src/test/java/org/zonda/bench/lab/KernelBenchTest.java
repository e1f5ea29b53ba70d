package org.zonda.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zonda.bench.BenchmarkProgress;
import org.zonda.bench.Hardware;
import org.zonda.bench.device.KernelReport;
import org.zonda.bench.device.KernelTiming;
import org.zonda.model.ZondaException;
import org.zonda.runtime.tornado.Device;
import org.zonda.runtime.tornado.Devices;

/** On the simulator and the CPU: that all kernels that can be timed are, and what is reported. */
class KernelBenchTest {

  private static final Device DEVICE = Devices.all().getFirst();
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final CpuTimings.Sizes SMALL = new CpuTimings.Sizes(256, 512, 1, 0, 0);

  private static List<KernelEntry> kernels(String... ids) {
    return List.of(ids).stream().map(KernelCatalogue::get).toList();
  }

  private static KernelReport onDevice(List<KernelEntry> named, List<UserKernel> own) {
    return KernelBench.onDevice(DEVICE, named, own, LONG, BenchmarkProgress.none());
  }

  @Test
  void timesTheUsualKernelsAndClaimsNothing() throws IOException {
    KernelReport report = onDevice(List.of(), List.of());

    assertThat(report.notes()).isEmpty();
    assertThat(report.timings())
        .extracting(KernelTiming::kernel)
        .startsWith("read", "copy", "attention.decode", "norm.rms", "element.gate", "matvec.f32")
        .endsWith("matvec.iq4_xs", "matvec.mxfp4")
        .hasSize(2 + 16 + 3);
    assertThat(report.timings())
        .allMatch(timing -> timing.bytesPerSecond() > 0 && timing.launchSeconds().min() > 0);
    assertThat(report.hardware()).isEqualTo(Hardware.SIMULATOR);
    assertThat(report.roofs()).isEmpty();
    assertThat(report.toText()).contains("simulator: no speed claim").doesNotContain("%");

    JsonNode json = new ObjectMapper().readTree(report.toJson());
    assertThat(json.get("caveat").asText()).isEqualTo("simulator: no speed claim");
    JsonNode q8 = json.get("kernels").get(8);
    assertThat(q8.get("kernel").asText()).isEqualTo("matvec.q8_0");
    assertThat(q8.get("bytes").asLong()).isEqualTo(512 * 256 / 32 * 34);
    assertThat(q8.get("multiply_adds").asLong()).isEqualTo(512 * 256);
    assertThat(q8.get("share_of_roof").isNull()).isTrue();
  }

  /** Each result is checked as it is timed, so this also says that all launches are right. */
  @Test
  void timesAKernelInAllShapes() {
    KernelReport report =
        onDevice(
            kernels(
                "matvec.q4_k",
                "gated.q5_0",
                "matmul.q8_0",
                "norm.layer",
                "element.add",
                "element.scale",
                "element.soft_cap",
                "element.activate"),
            List.of());

    assertThat(report.notes()).isEmpty();
    assertThat(report.timings())
        .extracting(timing -> timing.kernel() + " " + timing.shape())
        .contains("matvec.q4_k 512 x 256", "matvec.q4_k 256 x 256", "matvec.q4_k 256 x 512")
        .contains("gated.q5_0 512 x 256", "matmul.q8_0 256 x 512, 32 rows")
        .contains("norm.layer 32 x 256", "element.activate 1 x 256")
        .hasSize(2 + 3 + 1 + 3 + 5 * 2);
  }

  @Test
  void knowsWhatCanBeTimed() {
    assertThat(KernelCatalogue.all().stream().filter(TimedShapes::has))
        .hasSize(3 * 16 + 1 + RowTiming.IDS.size())
        .containsAll(KernelBench.usual());
  }

  @Test
  void refusesWhatIsNotTimedByItself() {
    assertThatThrownBy(() -> onDevice(kernels("cursor.reset"), List.of()))
        .isInstanceOf(ZondaException.class)
        .hasMessageStartingWith("kernel 'cursor.reset' is not timed by itself; those of matvec,");
    assertThatThrownBy(
            () -> KernelBench.onCpu(kernels("norm.rms"), 1, LONG, BenchmarkProgress.none(), SMALL))
        .isInstanceOf(ZondaException.class)
        .hasMessageStartingWith("the CPU has no kernel of its own for 'norm.rms'");
  }

  @Test
  void timesUsersKernelsBesideTheDefault(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("Half.java");
    Files.writeString(
        file,
        """
        import org.zonda.kernels.ElementKernels;
        import org.zonda.kernels.Kernel;
        import uk.ac.manchester.tornado.api.KernelContext;
        import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
        import uk.ac.manchester.tornado.api.types.arrays.IntArray;

        public final class Half {
          @Kernel("element.scale")
          public static void right(KernelContext c, IntArray pass, FloatArray x, FloatArray y,
              int width, int inOffset, int inStride, int outOffset, int outStride, float factor) {
            if (c.globalIdy < pass.get(0) && c.globalIdx < width) {
              y.set(outOffset + c.globalIdy * outStride + c.globalIdx,
                  factor * x.get(inOffset + c.globalIdy * inStride + c.globalIdx));
            }
          }

          @Kernel("element.add")
          public static void wrong(KernelContext c, IntArray pass, FloatArray left,
              FloatArray right, FloatArray y, int width, int leftOffset, int leftStride,
              int rightOffset, int rightStride, int outOffset, int outStride) {
            if (c.globalIdy < pass.get(0) && c.globalIdx < width) {
              y.set(outOffset + c.globalIdy * outStride + c.globalIdx, 1f);
            }
          }
        }
        """);
    KernelReport report = onDevice(List.of(), UserKernels.load(file).all());

    assertThat(report.timings())
        .as(report.notes().toString())
        .extracting(KernelTiming::kernel)
        .contains("element.scale", "element.scale by Half.right", "element.add")
        .doesNotContain("element.add by Half.wrong");
    assertThat(report.notes())
        .hasSize(2)
        .allMatch(
            note ->
                note.startsWith("element.add by Half.wrong (")
                    && note.contains("computed 1.0 at ")
                    && note.endsWith("its time says nothing"));
  }

  @Test
  void timesTheCpusOwnAgainstItsRoofs() throws IOException {
    List<KernelEntry> all = KernelCatalogue.all().stream().filter(CpuTimings::has).toList();
    assertThat(all).hasSize(2 * 16);
    KernelReport report =
        KernelBench.onCpu(
            kernels("matvec.q8_0", "matmul.f32"), 1, LONG, BenchmarkProgress.none(), SMALL);

    assertThat(report.notes()).isEmpty();
    assertThat(report.hardware()).isEqualTo(Hardware.PROCESSOR);
    assertThat(report.roofs()).isNotEmpty();
    assertThat(report.timings())
        .extracting(KernelTiming::kernel, KernelTiming::shape, KernelTiming::bytes)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("matvec.q8_0", "512 x 256", 512L * 256 / 32 * 34),
            org.assertj.core.groups.Tuple.tuple("matvec.q8_0", "256 x 512", 512L * 256 / 32 * 34),
            org.assertj.core.groups.Tuple.tuple(
                "matmul.f32", "512 x 256, 128 rows", 4L * (512 * 256 + 128 * (512 + 256))),
            org.assertj.core.groups.Tuple.tuple(
                "matmul.f32", "256 x 512, 128 rows", 4L * (512 * 256 + 128 * (512 + 256))));
    assertThat(report.toText()).contains("roof f32: ").containsPattern("\\| [0-9]+% \\|");
    assertThat(report.toHtml()).startsWith("<!").contains("<svg", "matvec.q8_0");
  }
}
