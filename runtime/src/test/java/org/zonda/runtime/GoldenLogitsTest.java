package org.zonda.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** From a file to logits through the public API, against an independent implementation. */
class GoldenLogitsTest {

  @Test
  void logitsOfEveryPosition() throws Exception {
    Path file = Path.of(getClass().getResource("/golden/llama-gqa/model.gguf").toURI());
    JsonNode golden;
    try (InputStream json = getClass().getResourceAsStream("/golden/llama-gqa/golden.json")) {
      golden = new ObjectMapper().readTree(json);
    }
    int[] tokens = new int[golden.get("tokens").size()];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = golden.get("tokens").get(i).asInt();
    }
    // Five tokens a pass, so that there are three passes.
    LoadOptions options = FakeModel.options(0, 5).withThreads(2);
    try (LanguageModel model = LanguageModel.open(file, options)) {
      float[][] rows = model.logits(tokens);
      assertThat(rows).hasDimensions(tokens.length, model.transformer().vocabularySize());
      double difference = 0;
      double size = 0;
      for (int row = 0; row < rows.length; row++) {
        for (int i = 0; i < rows[row].length; i++) {
          double expected = golden.get("logits").get(row).get(i).asDouble();
          difference += Math.pow(rows[row][i] - expected, 2);
          size += expected * expected;
        }
      }
      assertThat(Math.sqrt(difference / size)).as("relative L2").isLessThan(5e-5);
    }
  }
}
