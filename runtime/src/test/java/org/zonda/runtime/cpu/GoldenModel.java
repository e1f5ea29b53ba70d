package org.zonda.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.zonda.model.gguf.GgufFile;

/** A small model with random weights and what an independent float64 implementation made of it. */
public final class GoldenModel implements AutoCloseable {

  public final String name;
  public final GgufFile file;
  public final int[] tokens;

  /** A row for each token: logits, or an encoder's token embeddings. */
  public final float[][] logits;

  public final int[] greedy;
  public final float[] greedyGaps;
  public final JsonNode json;

  private GoldenModel(String name, GgufFile file, JsonNode json) {
    this.name = name;
    this.file = file;
    this.json = json;
    tokens = ints(json.get("tokens"));
    logits = rows(isEncoder(json) ? "token_embeddings" : "logits");
    greedy = isEncoder(json) ? new int[0] : ints(json.get("greedy"));
    greedyGaps = isEncoder(json) ? new float[0] : floats(json.get("greedy_gaps"));
  }

  /** All decoders there are: adding one to the resources adds it to the tests. */
  public static List<String> decoders() {
    return names(false);
  }

  /** All encoders there are. */
  public static List<String> encoders() {
    return names(true);
  }

  private static List<String> names(boolean encoders) {
    try (Stream<Path> folders = Files.list(golden())) {
      List<String> names =
          folders
              .map(folder -> folder.getFileName().toString())
              .filter(name -> isEncoder(json(name)) == encoders)
              .sorted()
              .toList();
      // An empty list would pass every test.
      assertThat(names).hasSizeGreaterThanOrEqualTo(encoders ? 2 : 29);
      return names;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path golden() {
    try {
      return Path.of(GoldenModel.class.getResource("/golden").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode json(String name) {
    try {
      return new ObjectMapper().readTree(golden().resolve(name + "/golden.json").toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static GoldenModel open(String name) {
    GgufFile file = GgufFile.open(golden().resolve(name + "/model.gguf"));
    return new GoldenModel(name, file, json(name));
  }

  private static boolean isEncoder(JsonNode json) {
    return json.path("output").asText().equals("embedding");
  }

  /** Whether an encoder made it, whose rows are token embeddings. */
  public boolean isEncoder() {
    return isEncoder(json);
  }

  /** Whether its weights are quantised. */
  public boolean isQuantized() {
    return json.has("fork_f32_kv");
  }

  /** The relative distance of llama.cpp's logits, which rounds activations to 8 bits. */
  public double roundingCost() {
    return json.get("fork_f32_kv").get("rel_l2").asDouble();
  }

  /** The largest difference of any of llama.cpp's logits. */
  public double largestRoundingError() {
    return json.get("fork_f32_kv").get("max_abs_diff").asDouble();
  }

  /** A field that is a row of floats. */
  public float[] row(String field) {
    return floats(json.get(field));
  }

  /** A field that is a row of floats for each token. */
  public float[][] rows(String field) {
    float[][] rows = new float[tokens.length][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = floats(json.get(field).get(i));
    }
    return rows;
  }

  /** The relative L2 distance of rows from the reference's. */
  public double distance(float[][] rows) {
    return distance(rows, logits);
  }

  /** The relative L2 distance of rows from others. */
  public static double distance(float[][] rows, float[][] expected) {
    double difference = 0;
    double size = 0;
    for (int r = 0; r < expected.length; r++) {
      for (int i = 0; i < expected[r].length; i++) {
        difference += Math.pow((double) rows[r][i] - expected[r][i], 2);
        size += Math.pow(expected[r][i], 2);
      }
    }
    return Math.sqrt(difference / size);
  }

  private static int[] ints(JsonNode array) {
    int[] values = new int[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).asInt();
    }
    return values;
  }

  private static float[] floats(JsonNode array) {
    float[] values = new float[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) array.get(i).asDouble();
    }
    return values;
  }

  @Override
  public void close() {
    file.close();
  }

  @Override
  public String toString() {
    return name;
  }
}
