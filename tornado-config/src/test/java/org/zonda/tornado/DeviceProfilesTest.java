package org.zonda.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceProfilesTest {

  private static final DeviceIdentity CARD =
      new DeviceIdentity("CUDA", "NVIDIA Corporation", "NVIDIA GeForce RTX 4070", "GPU");

  @TempDir private Path folder;

  private Settings settings() {
    return new Settings(Map.of("XDG_CONFIG_HOME", folder.toString()), Map.of());
  }

  private DeviceProfile choose(DeviceIdentity device) {
    return DeviceProfiles.choose(device, Optional.empty(), settings());
  }

  private Path file(String json) throws IOException {
    return Files.writeString(folder.resolve("mine.json"), json);
  }

  private DeviceProfile with(String json) throws IOException {
    return DeviceProfiles.choose(CARD, Optional.of(file(json)), settings());
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          CUDA,      NVIDIA Corporation,           NVIDIA GeForce RTX 4070, GPU,     nvidia
          OPENCL,    NVIDIA Corporation,           NVIDIA H100,             GPU,     nvidia
          OPENCL,    'Advanced Micro Devices, Inc.', gfx1100,               GPU,     amd
          OPENCL,    Intel(R) Corporation,         Intel(R) Arc(TM) A770,   GPU,     intel
          METAL,     Apple,                        Apple M3,                GPU,     apple
          OPENCL,    GenuineIntel,                 cpu-haswell,             CPU,     cpu
          SIMULATOR, '',                           simulator,               GPU,     simulator
          OPENCL,    Imagination,                  PowerVR,                 GPU,     default
          OPENCL,    '',                           '',                      UNKNOWN, default
          """)
  void eachDeviceHasItsProfile(
      String backend, String vendor, String name, String type, String profile) {
    assertThat(choose(new DeviceIdentity(backend, vendor, name, type)).name()).isEqualTo(profile);
  }

  @ParameterizedTest
  @FieldSource("org.zonda.tornado.DeviceProfiles#BUILT_IN")
  void theBuiltInOnesAreWholeAndCalledAsTheirFiles(String name) {
    assertThat(DeviceProfiles.builtIn(name).profile().name()).isEqualTo(name);
  }

  /** What rounds is for the user to ask for. */
  @ParameterizedTest
  @FieldSource("org.zonda.tornado.DeviceProfiles#BUILT_IN")
  void theBuiltInOnesRoundNothing(String name) {
    assertThat(DeviceProfiles.builtIn(name).profile())
        .returns(false, DeviceProfile::int8Inputs)
        .returns(false, DeviceProfile::tensorCores);
  }

  @Test
  void aFileMayAskForRounding() throws IOException {
    assertThat(with("{\"int8Inputs\": true, \"tensorCores\": true}").within(64))
        .returns(true, DeviceProfile::int8Inputs)
        .returns(true, DeviceProfile::tensorCores);
    assertThat(with("{\"int8Inputs\": true}")).returns(false, DeviceProfile::tensorCores);
  }

  @Test
  void aFileChangesWhatItNames() throws IOException {
    DeviceProfile profile = with("{\"lanes\": 64, \"rowsPerGroup\": 2} // tried on Monday");
    assertThat(profile.lanes()).isEqualTo(64);
    assertThat(profile.rowsPerGroup()).isEqualTo(2);
    assertThat(profile.normGroup()).isEqualTo(choose(CARD).normGroup());
    assertThat(profile.name()).startsWith("nvidia, changed by ").endsWith("mine.json");
  }

  @Test
  void theConfiguredFileCountsForTheDevicesItMatches() throws IOException {
    Files.createDirectory(folder.resolve("zonda"));
    Files.writeString(
        folder.resolve("zonda/device-profile.json"),
        "{\"name\": \"mine\", \"match\": {\"name\": [\"rtx 40\"]}, \"lanes\": 16}");
    assertThat(choose(CARD).name()).isEqualTo("mine");
    assertThat(choose(CARD).lanes()).isEqualTo(16);
    DeviceIdentity other = new DeviceIdentity("CUDA", CARD.vendor(), "NVIDIA H100", "GPU");
    assertThat(choose(other).name()).isEqualTo("nvidia");
    assertThat(with("{\"name\": \"named\"}").lanes()).isEqualTo(32);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"lanes": 48}                   | field 'lanes' is 48; expected a power of two from 1 to 1024
          {"lanes": 2048}                 | field 'lanes' is 2048; expected a power of two from 1 to 1024
          {"lanes": 0}                    | field 'lanes' is 0; expected a power of two from 1 to 1024
          {"lanes": -2147483648}          | field 'lanes' is -2147483648; expected a power of two from 1 to 1024
          {"lanes": 4294967296}           | field 'lanes' is 4294967296; expected a whole number
          {"lanes": 32.5}                 | field 'lanes' is 32.5; expected a whole number
          {"lanes": "32"}                 | field 'lanes' is "32"; expected a whole number
          {"lanes": null}                 | field 'lanes' is null; expected a whole number
          {"rowsPerGroup": 64}            | field 'rowsPerGroup' is 64, which with 32 lanes makes groups of 2048 work-items; at most 1024 are possible, so at most 32 rows
          {"attentionSplits": 0}          | field 'attentionSplits' is 0; expected 1 to 256
          {"matmulTile": 48}              | field 'matmulTile' is 48; expected 16, 32 or 64
          {"captureGraphs": 1}            | field 'captureGraphs' is 1; expected true or false
          {"int8Inputs": "yes"}           | field 'int8Inputs' is "yes"; expected true or false
          {"tensorCores": 1}              | field 'tensorCores' is 1; expected true or false
          {"name": 3}                     | field 'name' is 3; expected a text
          {"warp": 32}                    | there is no field 'warp'; the fields are name, description, lanes,
          {"match": "nvidia"}             | field 'match' is "nvidia"; expected an object
          {"match": {"maker": ["x"]}}     | there is no field 'match.maker'; expected backend, vendor, name, type
          {"match": {"vendor": "x"}}      | field 'match.vendor' is "x"; expected a list of words
          {"match": {"vendor": [1]}}      | field 'match.vendor' is 1; expected words
          [1]                             | is a JSON array; expected a JSON object
          {"lanes": 32                    | no valid JSON at line 1
          {"lanes": 32, "lanes": 16}      | no valid JSON at line 1
          {"lanes": 32} {}                | no valid JSON at line 1
          """)
  void aWrongFileIsRefusedByName(String json, String message) throws IOException {
    Path file = file(json);
    assertThatThrownBy(() -> DeviceProfiles.choose(CARD, Optional.of(file), settings()))
        .isInstanceOf(TornadoException.class)
        .hasMessageStartingWith(file + ": " + message)
        .message()
        .doesNotContain("\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  \n"})
  void anEmptyFileIsRefused(String json) throws IOException {
    Path file = file(json);
    assertThatThrownBy(() -> DeviceProfiles.choose(CARD, Optional.of(file), settings()))
        .isInstanceOf(TornadoException.class)
        .hasMessageStartingWith(file + ": is empty; expected a JSON object");
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    Path file = folder.resolve("none.json");
    assertThatThrownBy(() -> DeviceProfiles.choose(CARD, Optional.of(file), settings()))
        .isInstanceOf(TornadoException.class)
        .hasMessage(file + ": the device profile cannot be read: no such file or directory");
  }

  @Test
  void groupsAreHalvedUntilTheDeviceCanHaveThem() {
    DeviceProfile small = choose(CARD).within(64);
    assertThat(small.lanes()).isEqualTo(32);
    assertThat(small.rowsPerGroup()).isEqualTo(2);
    assertThat(small.normGroup()).isEqualTo(64);
    assertThat(small.attentionGroup()).isEqualTo(64);
    assertThat(choose(CARD).within(1024)).isEqualTo(choose(CARD));
    assertThat(choose(CARD).within(1).lanes()).isEqualTo(1);
  }
}
