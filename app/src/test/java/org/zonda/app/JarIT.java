package org.zonda.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** The one jar that users run: what is in it, and that it runs. */
class JarIT {

  private static final Path JAR = Path.of("target", "zonda.jar");

  @Test
  void saysItsVersion() throws Exception {
    String java = ProcessHandle.current().info().command().orElseThrow();
    Process process =
        new ProcessBuilder(java, "-jar", JAR.toString(), "--version")
            .redirectErrorStream(true)
            .start();
    assertThat(new String(process.getInputStream().readAllBytes(), UTF_8))
        .matches("zonda \\d+\\.\\d+\\.\\d+ \\(.*\\)\\R");
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
  }

  @Test
  void holdsLicencesAndNoTestOrBenchmarkLibraries() throws IOException {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      List<String> names = jar.stream().map(JarEntry::getName).toList();
      assertThat(names)
          .contains("META-INF/LICENSE", "META-INF/LICENSE.txt", "META-INF/NOTICE")
          .contains("META-INF/THIRD-PARTY.txt")
          .noneMatch(name -> name.startsWith("org/openjdk/jmh/"))
          .noneMatch(name -> name.startsWith("org/junit/"))
          .noneMatch(name -> name.matches("META-INF/.*\\.(SF|RSA|DSA)"))
          .noneMatch(name -> name.endsWith("module-info.class"))
          .doesNotHaveDuplicates();
      Attributes manifest = jar.getManifest().getMainAttributes();
      assertThat(manifest.getValue("Multi-Release")).isEqualTo("true");
      assertThat(manifest.getValue("Enable-Native-Access")).isEqualTo("ALL-UNNAMED");
    }
  }

  /** The JDK leaves classes from before Java 6 (version 50) out of its AOT cache. */
  @Test
  void everyClassMayBeInTheCacheOfTheQuickStart() throws IOException {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      List<String> old = new ArrayList<>();
      for (JarEntry entry : Collections.list(jar.entries())) {
        if (entry.getName().endsWith(".class")) {
          try (DataInputStream in = new DataInputStream(jar.getInputStream(entry))) {
            in.readInt(); // the magic number
            in.readUnsignedShort(); // the minor version
            if (in.readUnsignedShort() < 50) {
              old.add(entry.getName());
            }
          }
        }
      }
      assertThat(old).isEmpty();
    }
  }
}
