package org.zonda.tornado;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** Folders that look like an SDK, and settings of a machine that has them. */
final class MadeUpSdk {

  static final Jdk JDK = new Jdk(Runtime.Version.parse("25.0.3+9"), true, false);

  private final Path home;

  private MadeUpSdk(Path home) {
    this.home = home;
  }

  /** A whole SDK. */
  static MadeUpSdk of(Path home, String version, String... backends) throws IOException {
    MadeUpSdk sdk = new MadeUpSdk(home);
    for (String jar :
        new String[] {
          "tornado-api",
          "tornado-runtime",
          "tornado-annotation",
          "tornado-matrices",
          "tornado-drivers-common",
          "tornado-examples",
          "tornado-cublas"
        }) {
      sdk.file("share/java/tornado/" + jar + "-" + version + ".jar", "");
    }
    sdk.file("share/java/tornado/asm-9.9.jar", "");
    sdk.file("share/java/tornado/README.txt", "no jar");
    sdk.file("share/java/graalJars/compiler-25.0.2.jar", "");
    sdk.file(
        "etc/exportLists/common-exports",
        """
        # Of the common modules.

        --add-reads=tornado.runtime=jdk.graal.compiler
          --add-exports java.base/jdk.internal.misc=tornado.runtime
        """);
    for (String backend : backends) {
      sdk.file("share/java/tornado/tornado-drivers-" + backend + "-" + version + ".jar", "");
      sdk.file("lib/libtornado-" + backend + ".so", "");
      sdk.file(
          "etc/exportLists/" + backend + "-exports",
          "--add-opens=java.base/java.lang=tornado.drivers." + backend + "\n");
    }
    sdk.file("etc/tornado.release", "version=" + version + "\nbranch=master\n");
    sdk.declares(backends);
    return sdk;
  }

  Path home() {
    return home;
  }

  MadeUpSdk file(String name, String text) throws IOException {
    Path file = home.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    return this;
  }

  MadeUpSdk declares(String... backends) throws IOException {
    return file(
        "etc/tornado.backend",
        "tornado.backends="
            + String.join(",", Stream.of(backends).map(name -> name + "-backend").toList())
            + "\n");
  }

  MadeUpSdk without(String name) throws IOException {
    Files.delete(home.resolve(name));
    return this;
  }

  TornadoSdk read() {
    return TornadoSdk.read(home, "TORNADOVM_HOME");
  }

  /** Linux, with these variables set. */
  static Settings linux(Path home, String... variables) {
    return settings("Linux", ":", home, variables);
  }

  static Settings settings(String system, String separator, Path home, String... variables) {
    Map<String, String> set = new HashMap<>();
    for (int i = 0; i < variables.length; i += 2) {
      set.put(variables[i], variables[i + 1]);
    }
    return new Settings(
        set, Map.of("user.home", home.toString(), "os.name", system, "path.separator", separator));
  }
}
