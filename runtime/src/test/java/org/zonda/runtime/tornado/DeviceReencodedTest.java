package org.zonda.runtime.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.zonda.model.ModelSource;
import org.zonda.model.architecture.Architectures;
import org.zonda.model.graph.Transformer;
import org.zonda.model.tensor.TensorType;
import org.zonda.runtime.backend.Batch;
import org.zonda.runtime.backend.CacheType;
import org.zonda.runtime.backend.Executor;
import org.zonda.runtime.backend.ExecutorOptions;
import org.zonda.runtime.backend.Logits;
import org.zonda.runtime.backend.Part;
import org.zonda.runtime.backend.Progress;
import org.zonda.runtime.backend.StagedExecutor;
import org.zonda.runtime.cpu.CpuBackend;
import org.zonda.runtime.cpu.GoldenModel;

/** Whole models in the formats that no golden model is stored in, against the CPU. */
class DeviceReencodedTest {

  /** What float32 is off, other than by a mistake. */
  private static final double STRICT = 5e-5;

  private static final ExecutorOptions OPTIONS = new ExecutorOptions(64, 1, 64, CacheType.F32);

  @ParameterizedTest
  @EnumSource(names = {"Q4_1", "Q5_0", "Q5_1", "IQ4_NL", "MXFP4"})
  void blocksOf32(TensorType type) {
    assertSame("llama-gqa", type);
    assertSame("llama-moe", type);
  }

  /** The smallest model whose rows such blocks divide. */
  @ParameterizedTest
  @EnumSource(names = {"Q2_K", "Q3_K", "Q5_K", "IQ4_XS"})
  void blocksOf256(TensorType type) {
    assertSame("llama-Q8_0", type);
  }

  /** A prompt at once, whose rows are multiplied in tiles, and one in chunks of few rows. */
  private static void assertSame(String name, TensorType type) {
    try (GoldenModel model = GoldenModel.open(name);
        ModelSource source = new Reencoded(model.file, type)) {
      Transformer transformer = Architectures.describe(source);
      DeviceStage stage =
          new DeviceStage(
              TestDevice.DEVICE,
              TestDevice.PROFILE,
              transformer,
              source,
              OPTIONS,
              Part.whole(transformer),
              Progress.NONE);
      try (CpuBackend backend = new CpuBackend(1);
          Executor cpu = backend.load(transformer, source, OPTIONS);
          Executor device = new StagedExecutor(transformer, OPTIONS, List.of(stage))) {
        int count = model.tokens.length;
        float[][] expected = rows(cpu, model.tokens, count);
        assertThat(model.distance(expected)).as("another format").isGreaterThan(100 * STRICT);
        for (int at : new int[] {count, 5}) {
          float[][] actual = rows(device, model.tokens, at);
          assertThat(GoldenModel.distance(actual, expected))
              .as("%d rows at a time", at)
              .isLessThan(STRICT);
          device.truncate(0, 0);
        }
      }
    }
  }

  private static float[][] rows(Executor executor, int[] tokens, int at) {
    float[][] rows = new float[tokens.length][];
    for (int from = 0; from < rows.length; from += at) {
      int to = Math.min(rows.length, from + at);
      Batch batch = new Batch();
      for (int i = from; i < to; i++) {
        batch.add(0, tokens[i], i, true);
      }
      Logits logits = executor.forward(batch);
      for (int i = from; i < to; i++) {
        rows[i] = logits.row(i - from);
      }
    }
    return rows;
  }
}
