package org.zonda.runtime.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.zonda.model.architecture.Architectures;
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
import org.zonda.runtime.cpu.GoldenModel;

/** Hidden states on a device: of every encoder, and of decoders up to their last matrix. */
class DeviceEncoderTest {

  private static final double STRICT = 5e-5;
  private static final double HALF_CACHE = 1e-3;

  private static Executor device(
      GoldenModel model, Transformer transformer, ExecutorOptions options) {
    DeviceStage stage =
        new DeviceStage(
            TestDevice.DEVICE,
            TestDevice.PROFILE,
            transformer,
            model.file,
            options,
            Part.whole(transformer),
            Progress.NONE);
    return new StagedExecutor(transformer, options, List.of(stage));
  }

  private static Batch text(int sequence, int... tokens) {
    Batch batch = new Batch();
    for (int i = 0; i < tokens.length; i++) {
      batch.add(sequence, tokens[i], i, true);
    }
    return batch;
  }

  private static float[][] rows(Logits output) {
    float[][] rows = new float[output.rows()][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = output.row(i);
    }
    return rows;
  }

  static Stream<Arguments> encoders() {
    return GoldenModel.encoders().stream()
        .flatMap(model -> Stream.of(CacheType.values()).map(type -> Arguments.of(model, type)));
  }

  /** A text in tiles, one of few rows, and two whose rows alternate. */
  @ParameterizedTest
  @MethodSource
  void encoders(String name, CacheType type) {
    double tolerance = type == CacheType.F32 ? STRICT : HALF_CACHE;
    ExecutorOptions options = new ExecutorOptions(64, 2, 64, type);
    try (GoldenModel model = GoldenModel.open(name)) {
      Transformer transformer = Architectures.describe(model.file);
      try (CpuBackend backend = new CpuBackend(1);
          Executor cpu = backend.load(transformer, model.file, options);
          Executor device = device(model, transformer, options)) {
        int[] few = {7, 300, 12};
        float[][] expected = rows(cpu.forward(text(1, few)));
        assertThat(model.distance(rows(device.forward(text(0, model.tokens)))))
            .as("many rows")
            .isLessThan(tolerance);
        assertThat(GoldenModel.distance(rows(device.forward(text(1, few))), expected))
            .as("few rows")
            .isLessThan(tolerance);
        device.truncate(0, 0);
        device.truncate(1, 0);
        Batch both = new Batch();
        for (int i = 0; i < model.tokens.length; i++) {
          both.add(0, model.tokens[i], i, true);
          if (i < few.length) {
            both.add(1, few[i], i, true);
          }
        }
        Logits output = device.forward(both);
        float[][] first = new float[model.tokens.length][];
        float[][] second = new float[few.length][];
        for (int i = 0; i < first.length; i++) {
          first[i] = output.row(i + Math.min(i, few.length));
          if (i < few.length) {
            second[i] = output.row(2 * i + 1);
          }
        }
        assertThat(model.distance(first)).as("alternating").isLessThan(tolerance);
        assertThat(GoldenModel.distance(second, expected)).isLessThan(tolerance);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama-gqa", "gemma2", "gptj"})
  void featuresOfADecoder(String name) {
    ExecutorOptions options = new ExecutorOptions(64, 1, 64, CacheType.F32);
    try (GoldenModel model = GoldenModel.open(name)) {
      Transformer transformer = Architectures.describe(model.file).features();
      try (CpuBackend backend = new CpuBackend(1);
          Executor cpu = backend.load(transformer, model.file, options);
          Executor device = device(model, transformer, options)) {
        float[][] expected = rows(cpu.forward(text(0, model.tokens)));
        float[][] actual = rows(device.forward(text(0, model.tokens)));
        assertThat(actual[0]).hasSize(transformer.hiddenWidth());
        assertThat(GoldenModel.distance(actual, expected)).isLessThan(STRICT);
      }
    }
  }
}
