package org.zonda.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.zonda.model.tokenizer.Tokenizer.Specials;
import org.zonda.runtime.GenerationOptions;
import org.zonda.runtime.GenerationResult;
import org.zonda.runtime.LanguageModel;
import org.zonda.runtime.LoadOptions;
import org.zonda.runtime.backend.CacheType;

/**
 * The embedded model against the NumPy reference that its training left behind: the same tokens in,
 * the same logits and greedy tokens out.
 */
class EmbeddedModelTest {

  /** Of logits with an F32 cache; those of the file have four decimals. */
  private static final float TOLERANCE = 2e-3f;

  private static JsonNode expected() throws IOException {
    // Maven runs a module's tests in its folder.
    return new ObjectMapper().readTree(Path.of("embedded-model", "expected.json").toFile());
  }

  private static LanguageModel open() {
    return LanguageModel.open(
        EmbeddedModel.open(), LoadOptions.DEFAULT.withCacheType(CacheType.F32).withThreads(2));
  }

  @Test
  void promptsHaveTheReferencesTokensAndLogits() throws IOException {
    JsonNode cases = expected().get("cases");
    assertThat(cases).hasSizeGreaterThan(10);
    try (LanguageModel model = open()) {
      for (JsonNode c : cases) {
        int[] prompt = ids(c.get("prompt_ids"));
        String text = c.get("prompt").asText();
        assertThat(model.tokenizer().encodePrompt(text, Specials.PARSED))
            .as(text)
            .containsExactly(prompt);
        float[] logits = model.logits(prompt)[prompt.length - 1];
        for (int i = 0; i < logits.length; i++) {
          assertThat(logits[i])
              .as("%s: logit %d", text, i)
              .isCloseTo((float) c.get("logits").get(i).asDouble(), within(TOLERANCE));
        }
      }
    }
  }

  @Test
  void greedyAnswersAreTheReferencesWhereItsLeadsAreClear() throws IOException {
    int compared = 0;
    try (LanguageModel model = open()) {
      for (JsonNode c : expected().get("cases")) {
        if (c.get("smallest_lead").asDouble() < 10 * TOLERANCE) {
          continue;
        }
        GenerationOptions greedy =
            GenerationOptions.builder().temperature(0).maxTokens(400).build();
        GenerationResult result = model.generate(c.get("prompt").asText(), greedy);
        int[] ids = ids(c.get("greedy_ids"));
        List<Integer> withoutStop = new ArrayList<>();
        for (int i = 0; i < ids.length - 1; i++) {
          withoutStop.add(ids[i]);
        }
        assertThat(result.tokens()).as(c.get("prompt").asText()).isEqualTo(withoutStop);
        assertThat(result.text()).isEqualTo(c.get("text").asText());
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(8);
  }

  private static int[] ids(JsonNode array) {
    int[] ids = new int[array.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = array.get(i).asInt();
    }
    return ids;
  }
}
