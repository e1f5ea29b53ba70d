package org.zonda.runtime.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zonda.model.architecture.Architectures;
import org.zonda.model.graph.Transformer;
import org.zonda.runtime.backend.Batch;
import org.zonda.runtime.backend.CacheType;
import org.zonda.runtime.backend.Executor;
import org.zonda.runtime.backend.ExecutorOptions;
import org.zonda.runtime.backend.Part;
import org.zonda.runtime.backend.Progress;
import org.zonda.runtime.backend.StagedExecutor;
import org.zonda.runtime.cpu.GoldenModel;

/**
 * Graphs that the driver captures and replays: what changes from token to token must reach the
 * device through memory. The simulator only executes them again; a device shows the rest.
 */
@Tag("cuda")
class CapturedGraphsTest {

  private static final double STRICT = 5e-5;

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void replayedLayersSeeEachTokensOwnPosition(int layersPerGraph) {
    try (GoldenModel model = GoldenModel.open("llama-gqa");
        Executor executor = capturing(model, layersPerGraph)) {
      int count = model.tokens.length;
      float[][] rows = new float[count][];
      for (int i = 0; i < count; i++) {
        rows[i] = executor.forward(Batch.of(0, i, model.tokens[i])).row(0);
      }
      assertThat(model.distance(rows)).isLessThan(STRICT);
      Batch prompt = Batch.of(1, 0, model.tokens);
      assertThat(executor.forward(prompt).row(0)).hasSize(rows[count - 1].length);
      executor.truncate(0, count - 1);
      Batch last = Batch.of(0, count - 1, model.tokens[count - 1]);
      assertThat(executor.forward(last).row(0))
          .as("the same token again, after a pass that was not captured")
          .isEqualTo(rows[count - 1]);
    }
  }

  private static Executor capturing(GoldenModel model, int layersPerGraph) {
    Transformer transformer = Architectures.describe(model.file);
    ExecutorOptions options = new ExecutorOptions(64, 2, 16, CacheType.F32);
    return new StagedExecutor(
        transformer,
        options,
        List.of(
            new DeviceStage(
                TestDevice.DEVICE,
                TestDevice.capturing(layersPerGraph),
                transformer,
                model.file,
                options,
                Part.whole(transformer),
                Progress.NONE)));
  }
}
