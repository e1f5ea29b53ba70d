package org.zonda.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.opentest4j.TestAbortedException;

/** Reference data: the project's own in the resources, published models' beside the repository. */
public final class Golden {

  private static final ObjectMapper JSON = new ObjectMapper();

  private Golden() {}

  /** Reads {@code golden/NAME} of the test resources. */
  public static JsonNode resource(String name) {
    try (InputStream stream = Golden.class.getResourceAsStream("/golden/" + name)) {
      return JSON.readTree(stream);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads a JSON file. */
  public static JsonNode read(Path file) {
    try {
      return JSON.readTree(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads a text file. */
  public static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A folder of {@code ../shared}; where it is absent, the test is reported as skipped. */
  public static Path shared(String folder) {
    Optional<Path> found =
        findShared().map(path -> path.resolve(folder)).filter(Files::isDirectory);
    Assumptions.assumeTrue(
        found.isPresent(), "skipped: no folder shared/" + folder + " beside the repository");
    return found.get();
  }

  /**
   * Tests of the files of a folder of {@code ../shared}; where it is absent, one test that is
   * reported as skipped (a factory that is itself aborted would be counted nowhere).
   */
  public static Stream<DynamicTest> withShared(
      String folder, Function<Path, Stream<DynamicTest>> tests) {
    Path found;
    try {
      found = shared(folder);
    } catch (TestAbortedException absent) {
      return Stream.of(
          DynamicTest.dynamicTest(
              "shared/" + folder,
              () -> {
                throw absent;
              }));
    }
    return tests.apply(found);
  }

  private static Optional<Path> findShared() {
    String property = System.getProperty("zonda.shared");
    if (property != null) {
      return Optional.of(Path.of(property));
    }
    Path folder = Path.of(System.getProperty("user.dir")).toAbsolutePath();
    for (; folder != null; folder = folder.getParent()) {
      Path sibling = folder.resolveSibling("shared");
      if (Files.isDirectory(sibling)) {
        return Optional.of(sibling);
      }
    }
    return Optional.empty();
  }

  static int[] ints(JsonNode array) {
    int[] values = new int[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).asInt();
    }
    return values;
  }

  static float[] floats(JsonNode array) {
    float[] values = new float[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) array.get(i).asDouble();
    }
    return values;
  }

  static List<String> strings(JsonNode array) {
    List<String> values = new ArrayList<>();
    array.forEach(value -> values.add(value.asText()));
    return values;
  }
}
