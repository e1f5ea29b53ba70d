package org.zonda.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zonda.app.Zonda.Result;

/** {@code zonda devices} and {@code zonda doctor} in a JVM without TornadoVM. */
class DeviceCommandsTest {

  @TempDir private Path folder;

  @Test
  void devicesListsTheSimulatorAndSaysWhyThereIsNoOther() {
    Result result = Zonda.run("devices");
    assertThat(result.code()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .startsWith("simulator  the GPU path on the CPU, slow and checked")
        .contains("  memory ", "  local memory ", "  largest group ", "  half floats ")
        .contains(
            "  captured graphs   no\n", "  dp4a ", "  mma ", "  profile           simulator: ")
        .containsPattern("No GPU: .+\n$");
  }

  @Test
  void devicesAsJson() {
    JsonNode json = JsonText.parse(Zonda.run("devices", "--json").out());
    assertThat(json.get("missing").isTextual()).isTrue();
    assertThat(json.get("devices")).hasSize(1);
    JsonNode device = json.get("devices").get(0);
    assertThat(device.get("simulator").booleanValue()).isTrue();
    assertThat(device.get("memory").longValue()).isPositive();
    assertThat(device.get("profile").get("lanes").intValue()).isPositive();
  }

  @Test
  void devicesShowsAProfileWithTheUsersChanges() throws IOException {
    Path file =
        Files.writeString(folder.resolve("mine.json"), "{\"lanes\": 2, \"name\": \"mine\"}");
    JsonNode json =
        JsonText.parse(Zonda.run("devices", "--json", "--device-profile", file.toString()).out());
    assertThat(json.get("devices").get(0).get("profile").get("name").textValue()).isEqualTo("mine");
    assertThat(json.get("devices").get(0).get("profile").get("lanes").intValue()).isEqualTo(2);
  }

  @Test
  void aWrongProfileIsOneLine() throws IOException {
    Path file = Files.writeString(folder.resolve("mine.json"), "{\"lanes\": 3}");
    Result result = Zonda.run("devices", "--device-profile", file.toString());
    assertThat(result.code()).isEqualTo(ExitCode.FAILED);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .isEqualTo(
            "zonda: " + file + ": field 'lanes' is 3; expected a power of two from 1 to 1024\n");
  }

  @Test
  void theDoctorRunsKernelsOnTheSimulator() {
    Result result = Zonda.run("doctor", "--backend", "simulator");
    assertThat(result.out()).contains("device 0   ok ", "CPU        ok ").doesNotContain("problem");
    assertThat(result.code()).isZero();
  }

  @Test
  void theDoctorFailsWhereTheGpuCannotRun() {
    Result result = Zonda.run("doctor");
    assertThat(result.code()).isEqualTo(ExitCode.FAILED);
    assertThat(result.out())
        .containsPattern("(SDK|start) +problem  .+; .+\n")
        .contains("CPU        ok ");
    assertThat(Zonda.run("doctor", "--backend", "cpu").code()).isZero();
  }
}
