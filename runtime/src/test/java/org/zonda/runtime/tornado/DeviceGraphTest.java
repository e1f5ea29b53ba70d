package org.zonda.runtime.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.zonda.model.graph.Transformer;
import org.zonda.runtime.backend.Batch;
import org.zonda.runtime.backend.CacheType;
import org.zonda.runtime.backend.Executor;
import org.zonda.runtime.backend.ExecutorOptions;
import org.zonda.runtime.backend.Logits;
import org.zonda.runtime.backend.Part;
import org.zonda.runtime.backend.Progress;
import org.zonda.runtime.backend.StagedExecutor;
import org.zonda.runtime.cpu.CpuBackend;

/** Operations in any order: what fusion, places and kernels make of them is what the CPU makes. */
class DeviceGraphTest {

  private static final ExecutorOptions OPTIONS =
      new ExecutorOptions(RandomModel.CONTEXT, 2, 16, CacheType.F32);

  /** Fewer where each takes a driver's compiler. */
  static LongStream seeds() {
    return LongStream.range(0, TestDevice.SIMULATED ? 40 : 8);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void anyOrderOfOperations(long seed) {
    RandomModel model = new RandomModel(seed);
    Transformer transformer = model.transformer();
    DeviceStage stage =
        new DeviceStage(
            TestDevice.DEVICE,
            TestDevice.layersPerGraph(2),
            transformer,
            model,
            OPTIONS,
            Part.whole(transformer),
            Progress.NONE);
    try (CpuBackend backend = new CpuBackend(1);
        Executor cpu = backend.load(transformer, model, OPTIONS);
        Executor device = new StagedExecutor(transformer, OPTIONS, List.of(stage))) {
      assertSame(device, cpu, prompt(0, 20));
      assertSame(device, cpu, prompt(1, 5));
      assertSame(device, cpu, Batch.of(0, 20, 7));
    }
  }

  private static Batch prompt(int sequence, int length) {
    Batch batch = new Batch();
    for (int i = 0; i < length; i++) {
      batch.add(sequence, (i * 7 + sequence) % RandomModel.VOCABULARY, i, i % 3 != 1);
    }
    return batch;
  }

  private static void assertSame(Executor device, Executor cpu, Batch batch) {
    Logits actual = device.forward(batch);
    Logits expected = cpu.forward(batch);
    assertThat(actual.rows()).isEqualTo(expected.rows()).isPositive();
    double difference = 0;
    double size = 0;
    for (int row = 0; row < expected.rows(); row++) {
      float[] a = actual.row(row);
      float[] e = expected.row(row);
      for (int i = 0; i < e.length; i++) {
        difference += Math.pow((double) a[i] - e[i], 2);
        size += Math.pow(e[i], 2);
      }
    }
    assertThat(Math.sqrt(difference / size)).isLessThan(1e-4);
  }
}
