package org.zonda.model.tensor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;

/**
 * Blocks with their reference values from {@code golden/quant}: made by a llama.cpp fork, and
 * decoded alike by it, by gguf-py and by a third implementation.
 */
record GoldenBlocks(
    String type, int id, int blockElements, int blockBytes, Section quantised, Section randomBits) {

  static final List<String> TYPES =
      List.of(
          "F16", "BF16", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q2_K", "Q3_K", "Q4_K", "Q5_K",
          "Q6_K", "IQ4_NL", "IQ4_XS", "MXFP4");

  record Section(int blocks, byte[] bytes, float[] values) {
    private static Section of(JsonNode node) {
      JsonNode array = node.get("values");
      float[] values = new float[array.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) array.get(i).doubleValue();
      }
      byte[] bytes = Base64.getDecoder().decode(node.get("bytes_base64").textValue());
      return new Section(node.get("blocks").intValue(), bytes, values);
    }
  }

  static GoldenBlocks of(String type) {
    String resource = "/golden/quant/" + type + ".json";
    try (InputStream json = GoldenBlocks.class.getResourceAsStream(resource)) {
      JsonNode node = new ObjectMapper().readTree(json);
      return new GoldenBlocks(
          node.get("type").textValue(),
          node.get("ggml_type_id").intValue(),
          node.get("block_elements").intValue(),
          node.get("block_bytes").intValue(),
          Section.of(node.get("quantised")),
          Section.of(node.get("random_bits")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<Section> sections() {
    return List.of(quantised, randomBits);
  }
}
