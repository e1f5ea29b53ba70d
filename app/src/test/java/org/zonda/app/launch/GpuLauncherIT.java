package org.zonda.app.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zonda.app.launch.Checkout.Result;

/** How the script {@code zonda} starts with TornadoVM, in a world of stand-ins. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "tests the script for POSIX shells")
class GpuLauncherIT {

  @TempDir Path world;

  private Checkout checkout;

  @BeforeEach
  void prepare() throws IOException {
    checkout = new Checkout(world.toRealPath());
    checkout.environment("JAVA_HOME", checkout.jdk(world.resolve("a jdk"), "25.0.3").toString());
  }

  @AfterEach
  void removeLinks() throws IOException {
    checkout.removeTools();
  }

  private Result zonda(String arguments) throws Exception {
    return checkout.zonda(arguments.split(" "));
  }

  private void startsWithTornadoVm(String arguments) throws Exception {
    assertThat(zonda(arguments).out())
        .contains("/gpu.args>", "<-jar>")
        .doesNotContain("AOTCache", "zonda.gpu.reason");
  }

  private void startsWithout(String arguments) throws Exception {
    assertThat(zonda(arguments).out())
        .contains("/java.args>", "AOTCache")
        .doesNotContain("gpu.args");
  }

  @Test
  void whereThereIsNoSdkNothingIsLookedFor() throws Exception {
    startsWithout("run x");
    assertThat(checkout.gpuCalls()).isEmpty();
    assertThat(zonda("run x").out()).doesNotContain("zonda.gpu.reason");
  }

  @Test
  void theFirstStartPreparesAndTheSecondTouchesNothing() throws Exception {
    Path sdk = checkout.sdk("always", "");
    Result first = zonda("run x");
    assertThat(first.err()).contains("Looking for GPUs");
    assertThat(first.out()).contains("sdk <" + sdk + ">\n<@", "/gpu.args>\n<-jar>\n", "<run>\n<x>");
    var before = checkout.everything();
    Result second = zonda("run x");
    assertThat(second.err()).isEmpty();
    assertThat(second.code()).isEqualTo(7);
    assertThat(second.out()).startsWith("java 25.0.3 " + second.pid() + "\n");
    assertThat(checkout.everything()).isEqualTo(before);
    assertThat(checkout.gpuCalls()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "chat",
        "logits x",
        "bench -r 2",
        "compare -m x",
        "devices --json",
        "doctor",
        "run --backend gpu x",
        "run --backend=auto x",
        "run -- --backend cpu",
        "perplexity -m x -f y",
        "perplexity --backend cpu --compare-backend gpu",
        "perplexity --compare-backend=GPU --backend=cpu"
      })
  void whatMayRunOnTheGpuStartsWithTornadoVm(String arguments) throws Exception {
    checkout.sdk("always", "");
    startsWithTornadoVm(arguments);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--version",
        "inspect x",
        "tokenize run",
        "run --help",
        "run -h",
        "run --backend cpu x",
        "run --backend CPU x",
        "chat --backend=cpu",
        "run x --backend simulator",
        "doctor --backend simulator",
        "perplexity --backend cpu --compare-backend simulator"
      })
  void theOthersStartQuickly(String arguments) throws Exception {
    checkout.sdk("always", "");
    startsWithout(arguments);
    assertThat(checkout.gpuCalls()).isEmpty();
  }

  @Test
  void whereOnlyTheCpuIsADeviceItIsUsedWhenAskedFor() throws Exception {
    checkout.sdk("asked", "only a CPU");
    startsWithout("run x");
    assertThat(zonda("run x").out()).contains("<-Dzonda.gpu.reason=only a CPU>\n<-jar>");
    startsWithTornadoVm("run --backend gpu x");
    startsWithTornadoVm("run --backend=GPU x");
    startsWithTornadoVm("run --device 0 x");
    startsWithTornadoVm("compare --backends cpu,gpu");
    startsWithout("compare --backends cpu,simulator");
    startsWithTornadoVm("devices");
    assertThat(checkout.gpuCalls()).hasSize(1);
  }

  @Test
  void anSdkThatWillNotDoIsSaidWhyAndOnlyThoseWhoAskLookAgain() throws Exception {
    checkout.sdk("never", "the SDK's \"lib\" is $gone");
    startsWithout("run x");
    assertThat(zonda("run x").out())
        .contains("<-Dzonda.gpu.reason=the SDK's \"lib\" is $gone>\n<-jar>");
    assertThat(checkout.gpuCalls()).hasSize(1);
    startsWithout("devices");
    startsWithout("run --backend gpu");
    assertThat(checkout.gpuCalls()).hasSize(3);
    checkout.environment("WHEN", "always");
    startsWithTornadoVm("devices");
    startsWithTornadoVm("run x");
    assertThat(checkout.gpuCalls()).hasSize(4);
  }

  @Test
  void theDoctorAlwaysLooksAgain() throws Exception {
    checkout.sdk("always", "");
    zonda("doctor");
    zonda("doctor");
    assertThat(checkout.gpuCalls()).hasSize(2);
  }

  @Test
  void whatChangesIsPreparedAgain() throws Exception {
    Path sdk = checkout.sdk("always", "");
    zonda("run x");
    checkout.environment("ZONDA_GPU_BACKEND", "opencl");
    zonda("run x");
    assertThat(checkout.gpuCalls()).containsExactly(sdk + " ", sdk + " opencl");
    Path other = Files.createDirectories(world.resolve("other"));
    checkout.environment("TORNADOVM_HOME", other.toString());
    zonda("run x");
    assertThat(checkout.gpuCalls()).hasSize(3).last().isEqualTo(other + " opencl");
    Files.createFile(other.resolve("new"));
    Files.setLastModifiedTime(
        other, java.nio.file.attribute.FileTime.from(java.time.Instant.now().plusSeconds(2)));
    zonda("run x");
    assertThat(checkout.gpuCalls()).hasSize(4);
  }

  @Test
  void sdkmansFolderIsEnough() throws Exception {
    checkout.sdk("always", "");
    Path candidates = checkout.home.resolve(".sdkman/candidates/tornadovm");
    Files.createDirectories(candidates);
    checkout.environment("TORNADOVM_HOME", "");
    zonda("run x");
    assertThat(checkout.gpuCalls()).containsExactly(candidates + " ");
  }

  // --- zonda test --tornado

  @Test
  void testsOnTornadoVmNeedAnSdk() throws Exception {
    Result result = zonda("test --tornado");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err())
        .isEqualTo(
            "zonda: test --tornado needs a TornadoVM SDK: name its folder in TORNADOVM_HOME\n");
    assertThat(checkout.mavenCalls()).isEmpty();
  }

  @Test
  void testsOnTornadoVmNeedOneThatWillDo() throws Exception {
    checkout.sdk("never", "it lacks a library");
    Result result = zonda("test --tornado");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).endsWith("zonda: test --tornado: it lacks a library\n");
    assertThat(checkout.mavenCalls()).hasSize(1);
  }

  @Test
  void testsOnTornadoVmCompileAgainstItsApiAndRunWithItsFlags() throws Exception {
    checkout.sdk("asked", "only a CPU");
    Result result = checkout.zonda("test", "--tornado", "-Dtest=A B");
    assertThat(result.code()).isZero();
    assertThat(checkout.mavenCalls())
        .hasSize(3)
        .contains("-B -ntp -q test-compile -Ptornado-api -pl kernels,runtime -am")
        .last()
        .asString()
        .startsWith("-B -ntp verify -Ptornado -pl kernels,runtime -am -Dzonda.tornado.args=")
        .contains(checkout.root + "/app/target/start/")
        .endsWith("/test.args -Dtest=A B");
    assertThat(result.out()).contains("TestSummary.java>");
  }

  @Test
  void withCudaItsTestsAreAmongThem() throws Exception {
    checkout.sdk("always", "");
    checkout.environment("BY", "cuda");
    zonda("test --tornado");
    assertThat(checkout.mavenCalls().getLast()).endsWith("-Dzonda.tornado.excluded=simulator");
  }

  @Test
  void whereItDoesNotCompileAgainstItsApiTheTestsFail() throws Exception {
    checkout.sdk("always", "");
    zonda("run x");
    checkout.maven("exit 5");
    assertThat(zonda("test --tornado").code()).isEqualTo(5);
    assertThat(checkout.mavenCalls()).hasSize(2);
  }
}
