package org.zonda.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.zonda.app.Zonda.Result;

/** {@code --kernel}: kernels of users' own in a model, on the simulator; and timed. */
class KernelSwapTest {

  private static final String MODEL = TestModels.golden().toString();

  @TempDir private Path folder;

  /** Scales a row as RMSNorm does, times a factor. */
  private Path norm(String id, String factor, String at) throws IOException {
    return Files.writeString(
        folder.resolve("MyNorm.java"),
        """
        import org.zonda.kernels.Kernel;
        import uk.ac.manchester.tornado.api.KernelContext;
        import uk.ac.manchester.tornado.api.math.TornadoMath;
        import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
        import uk.ac.manchester.tornado.api.types.arrays.IntArray;

        public final class MyNorm {
          @Kernel("%s")
          public static void norm(KernelContext c, IntArray pass, IntArray cursor, FloatArray x,
              FloatArray weight, FloatArray y, int slot, int width, int heads, int weights,
              int inOffset, int inStride, int outOffset, int outStride, float epsilon) {
            int from = inOffset + c.groupIdy * inStride + c.groupIdx * width;
            int to = outOffset + c.groupIdy * outStride + c.groupIdx * width;
            int own = (cursor.get(0) + slot) * weights;
            if (weights > width) {
              own = own + c.groupIdx * width;
            }
            if (c.groupIdy < pass.get(0) && c.localIdx == 0) {
              float sum = 0f;
              for (int i = 0; i < width; i++) {
                sum = sum + x.get(from + i) * x.get(from + i);
              }
              float scale = %s / TornadoMath.sqrt(sum / width + epsilon);
              for (int i = 0; i < width; i++) {
                y.set(%s, scale * x.get(from + i) * weight.get(own + i));
              }
            }
          }
        }
        """
            .formatted(id, factor, at));
  }

  private static Result zonda(String command, Path kernel, String... more) {
    String[] fixed = {
      command, "-m", MODEL, "--backend", "simulator", "--kernel", kernel.toString(), "the rain"
    };
    String[] all = java.util.Arrays.copyOf(fixed, fixed.length + more.length);
    System.arraycopy(more, 0, all, fixed.length, more.length);
    return Zonda.run(all);
  }

  private static double distance(Result result, String how) {
    JsonNode swapped = JsonText.parse(result.out()).get("swapped");
    assertThat(swapped.get("kernels").get("norm.rms").textValue()).isEqualTo("MyNorm.norm");
    return swapped.get(how).get("relative_l2").doubleValue();
  }

  @Test
  void aRightKernelChangesTheLogitsByRounding() throws IOException {
    Result result = zonda("logits", norm("norm.rms", "1f", "to + i"), "--json");
    assertThat(result.code()).as(result.err()).isZero();
    for (String how : new String[] {"at_once", "one_by_one"}) {
      assertThat(distance(result, how)).isLessThan(1e-5);
      JsonNode swapped = JsonText.parse(result.out()).get("swapped");
      assertThat(swapped.get(how).get("same_greedy").intValue())
          .isEqualTo(swapped.get("tokens").intValue())
          .isPositive();
    }
  }

  @Test
  void aWrongKernelsLogitsAreFarOff() throws IOException {
    Result result = zonda("logits", norm("norm.rms", "1.5f", "to + i"), "--json");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(distance(result, "at_once")).isGreaterThan(0.05);
    assertThat(distance(result, "one_by_one")).isGreaterThan(0.05);
  }

  @Test
  void runTellsTheDistanceAndWritesWithTheKernel() throws IOException {
    Result result =
        zonda("run", norm("norm.rms", "1f", "to + i"), "-n", "2", "--temp", "0", "--no-echo");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.err())
        .startsWith("norm.rms: MyNorm.norm\nlogits of ")
        .containsPattern("tokens read at once, to the default kernels': relative L2 [0-9.e-]+, ")
        .containsPattern("tokens read one by one, .* same greedy token ([0-9]+) of \\1\n");
    Result own =
        Zonda.run(
            "run",
            "-m",
            MODEL,
            "--backend",
            "simulator",
            "-n",
            "2",
            "--temp",
            "0",
            "--no-echo",
            "the rain");
    assertThat(result.out()).isEqualTo(own.out());
  }

  @Test
  void aKernelThatWritesElsewhereIsToldWithItsLine() throws IOException {
    Result result = zonda("run", norm("norm.rms", "1f", "to + i + 1000000"), "-n", "2");
    assertThat(result.code()).isEqualTo(ExitCode.FAILED);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .hasLineCount(1)
        .startsWith("zonda: kernel '")
        .contains("access out of bounds", "MyNorm.norm:25");
  }

  @Test
  void aKernelWithoutAPlaceIsRefused() throws IOException {
    Path kernel = folder.resolve("MyLayer.java");
    String source = Files.readString(norm("norm.layer", "1f", "to + i"));
    Files.writeString(
        kernel,
        source
            .replace("MyNorm", "MyLayer")
            .replace("FloatArray weight, ", "FloatArray weight, FloatArray bias, "));
    Result result = zonda("run", kernel);
    assertThat(result.code()).isEqualTo(ExitCode.FAILED);
    assertThat(result.err())
        .isEqualTo(
            "zonda: model.gguf runs no kernel 'norm.layer' here, which MyLayer.norm was to"
                + " replace; it runs norm.rms\n");
  }

  @Test
  void theCpuRunsNoKernels() throws IOException {
    String kernel = norm("norm.rms", "1f", "to + i").toString();
    Result result = Zonda.run("run", "-m", MODEL, "--backend", "cpu", "--kernel", kernel, "x");
    assertThat(result.code()).isEqualTo(ExitCode.FAILED);
    assertThat(result.err())
        .isEqualTo(
            "zonda: MyNorm.norm runs on devices, and the model would be on the CPU; --backend gpu"
                + " or --backend simulator runs it\n");
    assertThat(Zonda.run("run", "-m", MODEL, "--kernel", kernel, "x").err())
        .startsWith("zonda: MyNorm.norm runs on devices, and the model would be on the CPU (on");
  }

  @Test
  void optionsThatCannotBeAreRefused() throws IOException {
    Path kernel = norm("norm.rms", "1f", "to + i");
    assertThat(Zonda.run("run", "-m", MODEL, "--kernel", "norm.layer=" + kernel, "x").err())
        .contains("has no kernel that stands for 'norm.layer'; it has norm.rms (see zonda run");
    assertThat(Zonda.run("run", "-m", MODEL, "--kernel", "norm.big=" + kernel, "x").err())
        .contains("there is no kernel 'norm.big'; there are norm.rms, norm.layer");
    assertThat(
            Zonda.run(
                    "run",
                    "-m",
                    MODEL,
                    "--kernel",
                    kernel.toString(),
                    "--kernel",
                    kernel.toString(),
                    "x")
                .err())
        .contains("both stand for norm.rms; name one of them");
  }

  @Test
  void theBenchmarkTimesItBesideTheDefault() throws IOException {
    Path kernel = norm("norm.rms", "1f", "to + i");
    Result result =
        Zonda.run("kernel", "bench", "--backend", "simulator", "--json", kernel.toString());
    assertThat(result.code()).as(result.err()).isZero();
    JsonNode json = JsonText.parse(result.out());
    assertThat(json.get("notes")).isEmpty();
    assertThat(json.get("caveat").textValue()).isEqualTo("simulator: no speed claim");
    assertThat(json.get("kernels")).hasSize(2 + 2 * 2);
    assertThat(json.get("kernels").get(5).get("kernel").textValue())
        .isEqualTo("norm.rms by MyNorm.norm");
    Path page = folder.resolve("page.html");
    assertThat(
            Zonda.run("kernel", "bench", kernel.toString(), "--backend", "cpu", "--html", "" + page)
                .err())
        .startsWith("zonda: MyNorm.norm runs on devices, and there is none to time it on;");
    assertThat(page).doesNotExist();
  }

  /** Stopped by the simulator in a process of its own; none of its shapes is timed then. */
  @Test
  @Timeout(120)
  void theBenchmarkRefusesAKernelThatNeverEnds() throws IOException {
    Path kernel = norm("norm.rms", "1f", "to + i");
    Files.writeString(kernel, Files.readString(kernel).replace("i++", "i = i + 0"));
    Result result = Zonda.run("kernel", "bench", "--backend", "simulator", kernel.toString());
    assertThat(result.code()).isEqualTo(ExitCode.FAILED);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .hasLineCount(1)
        .startsWith("zonda: MyNorm.norm is not run, since the simulator found a fault: kernel that")
        .contains("(MyNorm.norm:2", "after 10 s, which is its limit [", "; zonda kernel check ");
  }

  @Test
  void aPageThatCannotBeWrittenIsRefusedBeforeAnythingIsTimed() {
    Path page = folder.resolve("missing").resolve("page.html");
    Result result =
        Zonda.run("kernel", "bench", "rows.gather", "--backend", "simulator", "--html", "" + page);
    assertThat(result.code()).isEqualTo(ExitCode.FAILED);
    assertThat(result.err())
        .isEqualTo(
            "zonda: "
                + page
                + " cannot be written: there is no directory "
                + page.getParent()
                + "\n");
    for (String seconds : new String[] {"0", "-3"}) {
      Result none = Zonda.run("kernel", "bench", "--seconds", seconds);
      assertThat(none.code()).isEqualTo(ExitCode.USAGE);
      assertThat(none.err()).contains("--seconds is " + seconds + "; it must be at least 1");
    }
  }

  @Test
  void theModelsBenchmarkTimesNoKernelsOfUsers() throws IOException {
    String kernel = norm("norm.rms", "1f", "to + i").toString();
    Result result =
        Zonda.run("bench", "--kernels", "--backend", "simulator", "--kernel", kernel, "--json");
    assertThat(result.code()).isEqualTo(ExitCode.USAGE);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains("zonda kernel bench FILE times those of --kernel");
  }
}
