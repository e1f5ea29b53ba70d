package org.zonda.app.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FreshnessTest {

  private static final Instant BUILT = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir Path root;

  @BeforeEach
  void checkout() throws IOException {
    for (String file :
        new String[] {
          "pom.xml",
          "model/pom.xml",
          "model/src/main/java/A.java",
          "model/inner/pom.xml",
          "model/inner/src/main/java/B.java",
          "docs/page"
        }) {
      Files.createDirectories(root.resolve(file).getParent());
      Files.createFile(root.resolve(file));
    }
    try (var files = Files.walk(root)) {
      for (Path file : files.toList()) {
        time(file, BUILT.minusSeconds(1));
      }
    }
    Files.createDirectories(root.resolve("app/target"));
    time(Files.createFile(root.resolve("app/target/zonda.built")), BUILT);
  }

  private static void time(Path file, Instant time) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(time));
  }

  @Test
  void whatIsNewerThanAllSourcesIsFresh() throws IOException {
    assertThat(Freshness.isFresh(root)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pom.xml",
        "model/pom.xml",
        "model/src/main/java/A.java",
        "model/src/main/java",
        "model/inner/pom.xml",
        "model/inner/src/main/java/B.java"
      })
  void oneNewerSourceMakesItStale(String source) throws IOException {
    time(root.resolve(source), BUILT.plusSeconds(1));
    assertThat(Freshness.isFresh(root)).isFalse();
  }

  @Test
  void whatTheJarIsNotMadeOfDoesNotCount() throws IOException {
    time(root.resolve("docs/page"), BUILT.plusSeconds(1));
    assertThat(Freshness.isFresh(root)).isTrue();
  }

  @Test
  void whatWasNeverBuiltIsStale() throws IOException {
    Files.delete(root.resolve("app/target/zonda.built"));
    assertThat(Freshness.isFresh(root)).isFalse();
  }
}
