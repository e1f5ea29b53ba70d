package org.zonda.runtime.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.zonda.model.ZondaException;
import org.zonda.model.architecture.Architectures;
import org.zonda.model.graph.Transformer;
import org.zonda.runtime.BackendChoice;
import org.zonda.runtime.GpuLayers;
import org.zonda.runtime.LoadOptions;
import org.zonda.runtime.backend.Batch;
import org.zonda.runtime.backend.CacheType;
import org.zonda.runtime.backend.Executor;
import org.zonda.runtime.backend.ExecutorOptions;
import org.zonda.runtime.backend.Logits;
import org.zonda.runtime.backend.Part;
import org.zonda.runtime.backend.Progress;
import org.zonda.runtime.backend.StagedExecutor;
import org.zonda.runtime.backend.TopLogits;
import org.zonda.runtime.cpu.CpuBackend;
import org.zonda.runtime.cpu.GoldenModel;
import org.zonda.runtime.placement.DeviceBackends;
import org.zonda.runtime.placement.DeviceInfo;
import org.zonda.runtime.placement.MemoryKind;
import org.zonda.runtime.placement.MemoryPlan;
import org.zonda.runtime.placement.MemoryPlanner;
import org.zonda.runtime.placement.Placement;

/** Models divided between the CPU and a device, and what the device's part takes of its memory. */
class HybridTest {

  private static final double TOLERANCE = 5e-5;

  private static final LoadOptions ON_DEVICE =
      LoadOptions.DEFAULT
          .withThreads(2)
          .withBackend(TestDevice.SIMULATED ? BackendChoice.SIMULATOR : BackendChoice.GPU);

  private static final ExecutorOptions OPTIONS = new ExecutorOptions(64, 2, 9, CacheType.F32);

  /** Models, and every number of layers that the device can have, all included. */
  static Stream<Arguments> everySplit() {
    return Stream.of("llama-gqa", "llama-moe")
        .flatMap(
            name -> {
              try (GoldenModel model = GoldenModel.open(name)) {
                int layers = Architectures.describe(model.file).layers().size();
                return IntStream.rangeClosed(1, layers).mapToObj(n -> Arguments.of(name, n));
              }
            });
  }

  private interface Check {
    void run(GoldenModel model, Transformer transformer, Placement placement, Executor executor);
  }

  private static void with(String name, GpuLayers layers, Check check) {
    try (GoldenModel model = GoldenModel.open(name);
        Placement placement =
            new Placement(ON_DEVICE.withGpuLayers(layers), false, DeviceBackends.installed())) {
      Transformer transformer = Architectures.describe(model.file);
      try (Executor executor = placement.load(transformer, model.file, OPTIONS)) {
        check.run(model, transformer, placement, executor);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("everySplit")
  void everySplitComputesTheSameModel(String name, int layers) {
    with(
        name,
        new GpuLayers(layers),
        (model, transformer, placement, executor) -> {
          int all = transformer.layers().size();
          assertThat(placement.plan().deviceLayers()).isEqualTo(layers);
          assertThat(placement.plan().onCpu().isPresent()).isEqualTo(layers < all);
          Batch prompt = new Batch();
          for (int i = 0; i < model.tokens.length; i++) {
            prompt.add(0, model.tokens[i], i, true);
          }
          assertThat(model.distance(rows(executor.forward(prompt)))).isLessThan(TOLERANCE);
          executor.truncate(0, 2);
          Batch two = new Batch().add(0, model.tokens[2], 2, true).add(1, 5, 0, true);
          executor.forward(two);
          TopLogits top = executor.top(Batch.of(0, 3, model.tokens[3]), 2);
          float[] expected = model.logits[3].clone();
          assertThat(top.values()[0]).isCloseTo(expected[top.ids()[0]], within(1e-3f));
          assertThat(top.values()[1]).isCloseTo(expected[top.ids()[1]], within(1e-3f));
        });
  }

  private static float[][] rows(Logits logits) {
    float[][] rows = new float[logits.rows()][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = logits.row(i);
    }
    return rows;
  }

  @Test
  void theEmbeddingMayStayBehindAlone() {
    try (GoldenModel model = GoldenModel.open("llama-gqa")) {
      Transformer transformer = Architectures.describe(model.file);
      int layers = transformer.layers().size();
      try (TornadoBackend backend =
              new TornadoBackend(TestDevice.DEVICE, TestDevice.PROFILE, Progress.NONE);
          CpuBackend cpu = new CpuBackend(1);
          Executor executor =
              new StagedExecutor(
                  transformer,
                  OPTIONS,
                  List.of(
                      cpu.stage(transformer, model.file, OPTIONS, new Part(true, 0, 0, false)),
                      backend.stage(
                          transformer, model.file, OPTIONS, new Part(false, 0, layers, true))))) {
        Batch prompt = new Batch();
        for (int i = 0; i < model.tokens.length; i++) {
          prompt.add(0, model.tokens[i], i, true);
        }
        assertThat(model.distance(rows(executor.forward(prompt)))).isLessThan(TOLERANCE);
      }
    }
  }

  @Test
  void theUploadIsHeardFromBeginningToEnd() {
    List<Long> heard = new ArrayList<>();
    long[] all = new long[1];
    Progress progress =
        (done, total) -> {
          heard.add(done);
          all[0] = total;
        };
    try (GoldenModel model = GoldenModel.open("llama-gqa");
        Placement placement =
            new Placement(ON_DEVICE.withProgress(progress), false, DeviceBackends.installed());
        Executor executor =
            placement.load(Architectures.describe(model.file), model.file, OPTIONS)) {
      assertThat(executor.length(0)).isZero();
    }
    assertThat(heard).isSorted().last().isEqualTo(all[0]);
  }

  /** Sequences, contexts, batches and caches of many sizes, for whole models and parts. */
  static Stream<Arguments> sizes() {
    return Stream.of(
            "llama-gqa", "llama-moe", "llama-tied", "gemma3", "stablelm-12b", "gpt2", "bert")
        .flatMap(
            name ->
                Stream.of(
                    Arguments.of(name, GpuLayers.ALL, new ExecutorOptions(64, 1, 8, CacheType.F32)),
                    Arguments.of(
                        name, GpuLayers.ALL, new ExecutorOptions(128, 2, 64, CacheType.F16)),
                    Arguments.of(
                        name, new GpuLayers(1), new ExecutorOptions(100, 3, 16, CacheType.F16)),
                    Arguments.of(
                        name, GpuLayers.ALL, new ExecutorOptions(64, 4, 8, CacheType.F32, 128))));
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void thePlanIsNeverLessThanWhatTheDeviceHolds(
      String name, GpuLayers layers, ExecutorOptions options) {
    try (GoldenModel model = GoldenModel.open(name)) {
      Transformer transformer = Architectures.describe(model.file);
      DeviceInfo card = new DeviceInfo(0, "a card", DeviceInfo.Kind.GPU, 1L << 32, 1L << 30);
      MemoryPlan plan =
          new MemoryPlanner(transformer, model.file, options, false).on(card, layers, true);
      try (DeviceStage stage =
          new DeviceStage(
              TestDevice.DEVICE,
              TestDevice.PROFILE,
              transformer,
              model.file,
              plan.options(),
              plan.onDevice().orElseThrow(),
              Progress.NONE)) {
        // What a large model does not have, and a small one is full of: headers and padding.
        long small = 64 << 10;
        assertThat(stage.deviceBytes()).isLessThan(plan.deviceBytes() + small);
        assertThat(plan.deviceBytes()).isLessThan(2 * stage.deviceBytes() + (1 << 20));
        MemoryPlan.Row cache = plan.rows().get(MemoryKind.CACHE.ordinal());
        assertThat(cache.deviceBytes()).isEqualTo(stage.cacheBytes());
      }
    }
  }

  @Test
  void aFullCacheIsSaidAndLeavesTheOthersAsTheyWere() {
    try (GoldenModel model = GoldenModel.open("llama-gqa");
        TornadoBackend backend =
            new TornadoBackend(TestDevice.DEVICE, TestDevice.PROFILE, Progress.NONE);
        Executor executor =
            backend.load(
                Architectures.describe(model.file),
                model.file,
                new ExecutorOptions(128, 2, 8, CacheType.F32, 128))) {
      executor.forward(Batch.of(0, 0, new int[70]));
      float[] expected = executor.forward(Batch.of(0, 70, 3)).row(0);
      assertThatThrownBy(() -> executor.forward(Batch.of(1, 0, 1)))
          .isInstanceOf(ZondaException.class)
          .hasMessageContaining("the KV cache on ")
          .hasMessageContaining("is full");
      assertThat(executor.length(1)).isZero();
      executor.truncate(0, 70);
      assertThat(executor.forward(Batch.of(0, 70, 3)).row(0)).isEqualTo(expected);
      executor.truncate(0, 0);
      executor.forward(Batch.of(1, 0, 1));
      assertThat(executor.length(1)).isOne();
    }
  }
}
