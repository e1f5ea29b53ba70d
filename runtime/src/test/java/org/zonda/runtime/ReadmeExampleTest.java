package org.zonda.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Compiles and runs the Java program of README.md, as a reader would. */
@Timeout(120)
class ReadmeExampleTest {

  private static final String SECTION = "\n## From Java\n";
  private static final String BEGIN = "\n```java\n";
  private static final String END = "\n```\n";

  private static final String CLASSPATH = System.getProperty("java.class.path");

  @TempDir private Path folder;

  @Test
  void theExampleCompilesAndRuns() throws Exception {
    Path source = Files.writeString(folder.resolve("Story.java"), example());
    compile(source);

    Path output = folder.resolve("output.txt");
    Path errors = folder.resolve("errors.txt");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "-Dstdout.encoding=UTF-8",
                "-cp",
                folder + System.getProperty("path.separator") + CLASSPATH,
                "Story",
                model().toString())
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile())
            .start();
    try {
      assertThat(process.waitFor(100, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }

    assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
    // The model's weights are random, and so is the text: what is known is what stands around it.
    String text = Files.readString(output, StandardCharsets.UTF_8);
    assertThat(text).containsPattern("(?m)^ended by (MAX_TOKENS, 60|[A-Z_]+, \\d+) tokens at \\d");
    assertThat(text.indexOf("ended by")).as("the story comes first").isGreaterThan(1);
    assertThat(text).containsPattern("(?m)^\\d+ tokens of 128$");
  }

  private static void compile(Path source) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      List<String> options =
          List.of("-Xlint:all", "-Werror", "-cp", CLASSPATH, "-d", source.getParent().toString());
      boolean compiled =
          compiler
              .getTask(messages, files, null, options, null, files.getJavaFileObjects(source))
              .call();
      assertThat(compiled).as(messages.toString()).isTrue();
    }
  }

  private static Path model() throws URISyntaxException {
    return Path.of(ReadmeExampleTest.class.getResource("/golden/llama-gqa/model.gguf").toURI());
  }

  /** The first Java block of the section. */
  private static String example() throws IOException {
    String readme = "\n" + Files.readString(readme(), StandardCharsets.UTF_8);
    int section = readme.indexOf(SECTION);
    assertThat(section).as("README.md has a section 'From Java'").isNotNegative();
    int begin = readme.indexOf(BEGIN, section);
    int end = readme.indexOf(END, begin);
    assertThat(begin).as("the section has a Java block").isNotNegative().isLessThan(end);
    return readme.substring(begin + BEGIN.length(), end + 1);
  }

  private static Path readme() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.exists(at.resolve("README.md")) && Files.exists(at.resolve("pom.xml"))) {
        return at.resolve("README.md");
      }
    }
    throw new AssertionError("README.md is in no folder above " + Path.of("").toAbsolutePath());
  }
}
