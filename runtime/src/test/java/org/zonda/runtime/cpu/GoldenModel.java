package org.zonda.runtime.cpu;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.zonda.model.gguf.GgufFile;

/** A small model with random weights and what an independent float64 implementation made of it. */
public final class GoldenModel implements AutoCloseable {

  public final String name;
  public final GgufFile file;
  public final int[] tokens;
  public final float[][] logits;
  public final int[] greedy;
  public final float[] greedyGaps;
  public final JsonNode json;

  private GoldenModel(String name, GgufFile file, JsonNode json) {
    this.name = name;
    this.file = file;
    this.json = json;
    tokens = ints(json.get("tokens"));
    greedy = ints(json.get("greedy"));
    greedyGaps = floats(json.get("greedy_gaps"));
    logits = new float[tokens.length][];
    for (int i = 0; i < tokens.length; i++) {
      logits[i] = floats(json.get("logits").get(i));
    }
  }

  public static GoldenModel open(String name) {
    try {
      Path folder =
          Path.of(GoldenModel.class.getResource("/golden/" + name + "/golden.json").toURI())
              .getParent();
      JsonNode json = new ObjectMapper().readTree(folder.resolve("golden.json").toFile());
      return new GoldenModel(name, GgufFile.open(folder.resolve("model.gguf")), json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The relative L2 distance of rows from the reference's. */
  public double distance(float[][] rows) {
    double difference = 0;
    double size = 0;
    for (int r = 0; r < logits.length; r++) {
      for (int i = 0; i < logits[r].length; i++) {
        difference += Math.pow((double) rows[r][i] - logits[r][i], 2);
        size += Math.pow(logits[r][i], 2);
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
