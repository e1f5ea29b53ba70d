package org.zonda.runtime.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zonda.model.architecture.Architectures;
import org.zonda.model.graph.Transformer;
import org.zonda.runtime.backend.Batch;
import org.zonda.runtime.backend.CacheType;
import org.zonda.runtime.backend.Executor;
import org.zonda.runtime.backend.ExecutorOptions;
import org.zonda.runtime.backend.OperationRun;
import org.zonda.runtime.backend.Progress;
import org.zonda.runtime.cpu.GoldenModel;
import org.zonda.runtime.profile.Heard;

/** The times of kernels come back to the operations and layers that they compute. */
class LaunchTimesTest {

  private static final int BATCH = 64;

  /** Joined and single matrices, residuals, biases, experts, other norms, odd numbers of layers. */
  @ParameterizedTest
  @ValueSource(strings = {"llama-gqa", "qwen3", "gemma2", "gpt2", "llama-moe"})
  void everyOperationOfEveryLayerIsTold(String name) {
    try (GoldenModel model = GoldenModel.open(name)) {
      Heard heard = new Heard();
      Transformer transformer = Architectures.describe(model.file);
      ExecutorOptions options =
          new ExecutorOptions(BATCH, 2, BATCH, CacheType.F32).withListener(Optional.of(heard));
      try (TornadoBackend backend =
              new TornadoBackend(TestDevice.DEVICE, TestDevice.layersPerGraph(2), Progress.NONE);
          Executor executor = backend.load(transformer, model.file, options)) {
        assertThat(heard.runs).as("while loading").isEmpty();
        int n = model.tokens.length;
        executor.forward(Batch.of(0, 0, model.tokens));
        heard.hasAllOperations(transformer);
        heard.readsEachLayersTensors(transformer, model.file, n);
        long many = weights(heard);
        heard.runs.clear();
        executor.forward(Batch.of(0, n, model.tokens[0]));
        heard.hasAllOperations(transformer);
        assertThat(heard.runs).extracting(OperationRun::rows).containsOnly(1);
        if (!name.contains("moe")) {
          assertThat(weights(heard)).isEqualTo(many);
        }
      }
    }
  }

  private static long weights(Heard heard) {
    return heard.runs.stream()
        .filter(run -> !run.step().operation().contains("attention"))
        .filter(run -> !run.step().operation().equals("embed"))
        .mapToLong(OperationRun::bytes)
        .sum();
  }
}
