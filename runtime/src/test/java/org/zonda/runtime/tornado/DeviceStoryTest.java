package org.zonda.runtime.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.zonda.runtime.BackendChoice;
import org.zonda.runtime.GenerationOptions;
import org.zonda.runtime.LanguageModel;
import org.zonda.runtime.LoadOptions;

/** A really trained model (karpathy/tinyllamas) on a device, where its file is there. */
class DeviceStoryTest {

  private static final String STORY =
      "Once upon a time, there was a little girl named Lily. She loved to play outside in the park."
          + " One day, she saw a big, red ball. She wanted to play with it, but it was too high."
          + "\nLily";

  /** The folder beside the repository with what is not to be committed. */
  private static Path shared() {
    String property = System.getProperty("zonda.shared");
    if (property != null) {
      return Path.of(property);
    }
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.isDirectory(at.resolveSibling("shared").resolve("models"))) {
        return at.resolveSibling("shared");
      }
    }
    return Path.of("shared");
  }

  @Test
  void tellsItsStoryGreedily() {
    Path file = shared().resolve("models").resolve("stories260K.gguf");
    assumeTrue(Files.exists(file), () -> file + " is not there");
    // The simulator takes its time.
    int tokens = TestDevice.SIMULATED ? 20 : 60;
    LoadOptions options =
        LoadOptions.DEFAULT
            .withContextLength(80)
            .withSequences(1)
            .withBatchSize(16)
            .withBackend(TestDevice.SIMULATED ? BackendChoice.SIMULATOR : BackendChoice.GPU);
    try (LanguageModel model = LanguageModel.open(file, options)) {
      GenerationOptions greedy =
          GenerationOptions.builder().temperature(0).maxTokens(tokens).build();
      String text = "Once upon a time" + model.generate("Once upon a time", greedy).text();
      if (tokens == 60) {
        assertThat(text).isEqualTo(STORY);
      } else {
        assertThat(STORY).startsWith(text);
        assertThat(text).startsWith("Once upon a time, there was a little girl");
      }
    }
  }
}
