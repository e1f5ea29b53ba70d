package org.zonda.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TornadoSdkTest {

  private static final String VERSION = "5.2.0-jdk25";

  @TempDir private Path folder;

  private Path home() {
    return folder.resolve("an sdk");
  }

  private Settings settings() {
    return MadeUpSdk.linux(folder);
  }

  private List<String> problems(MadeUpSdk sdk, Jdk jdk) {
    return sdk.read().problems(Optional.empty(), jdk, settings()).stream()
        .map(Problem::toString)
        .toList();
  }

  @Test
  void aWholeSdkHasNoProblems() throws IOException {
    MadeUpSdk made = MadeUpSdk.of(home(), VERSION, "opencl");
    TornadoSdk sdk = made.read();
    assertThat(sdk.version()).isEqualTo(VERSION);
    assertThat(sdk.jdkLine()).hasValue(25);
    assertThat(sdk.backends()).containsExactly(SdkBackend.OPENCL);
    assertThat(problems(made, MadeUpSdk.JDK)).isEmpty();
  }

  @Test
  void theVersionIsTheJarsWhereNoFileSays() throws IOException {
    MadeUpSdk sdk = MadeUpSdk.of(home(), "4.0.0-jdk21", "opencl").without("etc/tornado.release");
    assertThat(sdk.read().version()).isEqualTo("4.0.0-jdk21");
    sdk.without("share/java/tornado/tornado-api-4.0.0-jdk21.jar");
    assertThat(sdk.read().version()).isEqualTo("unknown");
    assertThat(sdk.read().jdkLine()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "share/java/tornado/tornado-api-5.2.0-jdk25.jar, share/java/tornado/tornado-api-*.jar",
    "share/java/tornado/tornado-runtime-5.2.0-jdk25.jar, share/java/tornado/tornado-runtime-*.jar",
    "share/java/tornado/tornado-drivers-common-5.2.0-jdk25.jar,"
        + " share/java/tornado/tornado-drivers-common-*.jar",
    "share/java/graalJars/compiler-25.0.2.jar, share/java/graalJars/*.jar",
    "lib/libtornado-opencl.so, lib/libtornado-opencl.so",
    "etc/exportLists/common-exports, etc/exportLists/common-exports",
    "etc/exportLists/opencl-exports, etc/exportLists/opencl-exports"
  })
  void whatIsMissingIsNamed(String file, String named) throws IOException {
    MadeUpSdk sdk = MadeUpSdk.of(home(), VERSION, "opencl").without(file);
    assertThat(problems(sdk, MadeUpSdk.JDK))
        .containsExactly(
            "the TornadoVM SDK %s lacks %s; install it again, or %s"
                .formatted(home(), named, TornadoSdk.HOW_TO_INSTALL));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          5.2.0-jdk21 | 25.0.3 | is for JDK 21, and this is JDK 25.0.3; install one for JDK 25: sdk install tornadovm 5.2.0-jdk25-opencl
          5.2.0-jdk25 | 26     | is for JDK 25, and this is JDK 26; name a JDK 25 in JAVA_HOME
          5.2.0-jdk25 | 25.0.1 | this is JDK 25.0.1, and TornadoVM needs 25.0.2 or a later update; install the newest JDK 25
          """)
  void anSdkForAnotherJdkIsRefused(String version, String java, String message) throws IOException {
    Jdk jdk = new Jdk(Runtime.Version.parse(java), true, false);
    assertThat(problems(MadeUpSdk.of(home(), version, "opencl"), jdk))
        .singleElement()
        .asString()
        .contains(message);
  }

  @Test
  void aJdkWithoutTheCompilerInterfaceIsRefused() throws IOException {
    Jdk jdk = new Jdk(MadeUpSdk.JDK.version(), false, false);
    assertThat(problems(MadeUpSdk.of(home(), VERSION, "opencl"), jdk))
        .singleElement()
        .asString()
        .startsWith("this JDK has no module jdk.internal.vm.ci")
        .contains("Temurin");
  }

  @Test
  void aFolderThatIsNoSdkIsRefused() throws IOException {
    Files.createDirectories(home());
    TornadoSdk sdk = TornadoSdk.read(home(), "TORNADOVM_HOME");
    assertThat(sdk.problems(Optional.empty(), MadeUpSdk.JDK, settings()))
        .singleElement()
        .asString()
        .startsWith(
            home() + " (from TORNADOVM_HOME) is no TornadoVM SDK: it has no folder share/java");
  }

  @Test
  void ofSeveralBackendsTheFirstThatLacksNothingIsTaken() throws IOException {
    MadeUpSdk made = MadeUpSdk.of(home(), VERSION, "opencl", "ptx", "cuda");
    TornadoSdk sdk = made.read();
    assertThat(sdk.backends()).containsExactly(SdkBackend.CUDA, SdkBackend.PTX, SdkBackend.OPENCL);
    assertThat(sdk.backend(Optional.empty(), settings())).contains(SdkBackend.CUDA);
    made.without("lib/libtornado-cuda.so");
    assertThat(sdk.backend(Optional.empty(), settings())).contains(SdkBackend.PTX);
    assertThat(problems(made, MadeUpSdk.JDK)).isEmpty();
    assertThat(sdk.backend(Optional.of(SdkBackend.OPENCL), settings())).contains(SdkBackend.OPENCL);
    assertThat(sdk.problems(Optional.of(SdkBackend.CUDA), MadeUpSdk.JDK, settings()))
        .singleElement()
        .asString()
        .contains("lacks lib/libtornado-cuda.so");
    assertThat(sdk.problems(Optional.of(SdkBackend.METAL), MadeUpSdk.JDK, settings()))
        .singleElement()
        .asString()
        .contains("has no backend metal; it has cuda, ptx, opencl");
  }

  @Test
  void aBackendCountsIfItIsDeclaredAndItsJarIsThere() throws IOException {
    MadeUpSdk made = MadeUpSdk.of(home(), VERSION, "opencl", "ptx").declares("opencl", "cuda");
    assertThat(made.read().backends()).containsExactly(SdkBackend.OPENCL);
    made.declares("spirv");
    assertThat(problems(made, MadeUpSdk.JDK))
        .singleElement()
        .asString()
        .contains("has none of the backends cuda, ptx, metal, opencl; install one with SDKMAN");
    made.without("etc/tornado.backend");
    assertThat(made.read().backends()).containsExactly(SdkBackend.PTX, SdkBackend.OPENCL);
  }

  @ParameterizedTest
  @CsvSource({
    "Windows 11, tornado-opencl.dll",
    "Mac OS X, libtornado-opencl.dylib",
    "Linux, libtornado-opencl.so"
  })
  void theLibraryIsCalledAsTheSystemCallsIt(String system, String library) throws IOException {
    MadeUpSdk made = MadeUpSdk.of(home(), VERSION, "opencl").without("lib/libtornado-opencl.so");
    Settings settings = MadeUpSdk.settings(system, "\0", folder);
    TornadoSdk sdk = made.read();
    assertThat(sdk.problems(Optional.empty(), MadeUpSdk.JDK, settings))
        .singleElement()
        .asString()
        .contains("lacks lib/" + library);
    made.file("lib/" + library, "");
    assertThat(sdk.problems(Optional.empty(), MadeUpSdk.JDK, settings)).isEmpty();
  }

  @Test
  void aFolderNameThatWouldEndThePathIsRefused() throws IOException {
    MadeUpSdk sdk = MadeUpSdk.of(folder.resolve("a:b"), VERSION, "opencl");
    assertThat(problems(sdk, MadeUpSdk.JDK))
        .singleElement()
        .asString()
        .contains("has a ':' in its name");
  }

  // --- Finding

  private Optional<TornadoSdk> find(Settings settings) {
    return SdkFinder.find(Optional.empty(), MadeUpSdk.JDK, settings);
  }

  private Path candidate(String name) {
    return folder.resolve(".sdkman/candidates/tornadovm").resolve(name);
  }

  @Test
  void whereThereIsNoneNoneIsFound() {
    assertThat(find(settings())).isEmpty();
    assertThat(Availability.absence(() -> MadeUpSdk.JDK, settings()))
        .isEqualTo("no TornadoVM SDK is installed; 'zonda devices' says how to get one");
    assertThat(Availability.installation(settings()).orElseThrow())
        .startsWith("TORNADOVM_HOME is not set, and SDKMAN has no TornadoVM; install one with")
        .contains("sdk install tornadovm");
    Settings named = MadeUpSdk.linux(folder, "TORNADOVM_HOME", folder.toString());
    assertThat(Availability.installation(named)).isEmpty();
  }

  @Test
  void theVariableGoesBeforeSdkman() throws IOException {
    MadeUpSdk.of(candidate("current"), VERSION, "opencl");
    MadeUpSdk.of(home(), "5.1.0-jdk25", "opencl");
    Settings settings = MadeUpSdk.linux(folder, "TORNADOVM_HOME", home().toString());
    assertThat(find(settings).orElseThrow().version()).isEqualTo("5.1.0-jdk25");
    assertThat(find(settings()).orElseThrow().foundBy()).isEqualTo("SDKMAN");
  }

  @Test
  void aVariableThatNamesNothingIsAProblemNotPassedOver() throws IOException {
    MadeUpSdk.of(candidate("current"), VERSION, "opencl");
    Settings settings = MadeUpSdk.linux(folder, "TORNADOVM_HOME", folder + "/gone");
    assertThat(Availability.absence(() -> MadeUpSdk.JDK, settings))
        .startsWith(folder + "/gone (from TORNADOVM_HOME) is no TornadoVM SDK");
  }

  @Test
  void ofSdkmansTheCurrentOneIsTakenUnlessItWillNotDo() throws IOException {
    MadeUpSdk.of(candidate("5.1.0-jdk25-opencl"), "5.1.0-jdk25", "opencl");
    MadeUpSdk.of(candidate("5.2.0-jdk25-opencl"), VERSION, "opencl");
    MadeUpSdk.of(candidate("9.0.0-jdk21-opencl"), "9.0.0-jdk21", "opencl");
    Files.createSymbolicLink(candidate("current"), Path.of("5.1.0-jdk25-opencl"));
    assertThat(find(settings()).orElseThrow().version()).isEqualTo("5.1.0-jdk25");
    Files.delete(candidate("current"));
    Files.createSymbolicLink(candidate("current"), Path.of("9.0.0-jdk21-opencl"));
    assertThat(find(settings()).orElseThrow().version()).isEqualTo(VERSION);
  }

  @Test
  void sdkmanMayBeElsewhere() throws IOException {
    MadeUpSdk.of(folder.resolve("sdks/candidates/tornadovm/current"), VERSION, "opencl");
    assertThat(find(MadeUpSdk.linux(folder, "SDKMAN_DIR", folder + "/sdks"))).isPresent();
  }

  @Test
  void aJvmWithoutTheFlagsOfAGoodSdkSaysSo() throws IOException {
    MadeUpSdk.of(home(), VERSION, "opencl");
    Settings settings = MadeUpSdk.linux(folder, "TORNADOVM_HOME", home().toString());
    assertThat(Availability.absence(() -> MadeUpSdk.JDK, settings))
        .isEqualTo("this JVM was started without TornadoVM's flags; ./zonda starts it with them");
  }

  @Test
  void theLaunchersReasonIsPassedOn() {
    Settings settings = new Settings(java.util.Map.of(), java.util.Map.of(Settings.REASON, "so"));
    assertThat(Availability.absence(() -> MadeUpSdk.JDK, settings)).isEqualTo("so");
  }

  @ParameterizedTest
  @ValueSource(strings = {"opencl", "OpenCL"})
  void aBackendMayBeNamed(String name) {
    assertThat(MadeUpSdk.linux(folder, "ZONDA_GPU_BACKEND", name).backend())
        .contains(SdkBackend.OPENCL);
  }

  @Test
  void anUnknownBackendIsRefusedByName() {
    Settings settings = MadeUpSdk.linux(folder, "ZONDA_GPU_BACKEND", "vulkan");
    assertThatThrownBy(settings::backend)
        .isInstanceOf(TornadoException.class)
        .hasMessage(
            "the environment variable ZONDA_GPU_BACKEND is 'vulkan'; expected one of cuda, ptx,"
                + " metal, opencl");
  }
}
