package org.zonda.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** What is in the one jar that users run. */
class JarIT {

  private static final Path JAR = Path.of("target", "zonda.jar");

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
