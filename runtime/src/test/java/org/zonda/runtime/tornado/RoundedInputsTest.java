package org.zonda.runtime.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
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
import org.zonda.tornado.DeviceProfile;

/**
 * Products that round what they read, where the backend has them: under the simulator's CUDA rules
 * in the normal run. Each distance has a lower bound too: below it, nothing was rounded.
 */
@Tag("cuda")
class RoundedInputsTest {

  /** More than float32 is off, less than any rounding. */
  private static final double EXACT = 2e-5;

  /**
   * A value rounded to a half float is off by at most 2^-11. These models raise rounding about
   * fivefold on its way to the logits: with int8 inputs, which are off by half a percent, the
   * golden files say 2.1 to 2.6 percent.
   */
  private static final double HALVES = 5 * 0x1p-11;

  private static final DeviceProfile INT8 = TestDevice.rounding(true, false);
  private static final DeviceProfile TENSOR_CORES = TestDevice.rounding(false, true);

  @BeforeAll
  static void backend() {
    assertThat(Device.isNvidia(TestDevice.DEVICE)).as("backend CUDA or PTX").isTrue();
  }

  private static ExecutorOptions options(int batch) {
    return new ExecutorOptions(100, 2, batch, CacheType.F32);
  }

  private static DeviceStage stage(DeviceProfile profile, ModelSource source, int batch) {
    Transformer transformer = Architectures.describe(source);
    Part whole = Part.whole(transformer);
    return new DeviceStage(
        TestDevice.DEVICE, profile, transformer, source, options(batch), whole, Progress.NONE);
  }

  private static Executor device(DeviceProfile profile, ModelSource source, int batch) {
    return new StagedExecutor(
        Architectures.describe(source), options(batch), List.of(stage(profile, source, batch)));
  }

  private static Batch prompt(int sequence, int[] tokens, int from, int to) {
    Batch batch = new Batch();
    for (int i = from; i < to; i++) {
      batch.add(sequence, tokens[i % tokens.length], i, true);
    }
    return batch;
  }

  /** All rows, computed some at a time. */
  private static float[][] rows(Executor executor, int sequence, int[] tokens, int count, int at) {
    float[][] rows = new float[count][];
    for (int from = 0; from < count; from += at) {
      int to = Math.min(count, from + at);
      Logits logits = executor.forward(prompt(sequence, tokens, from, to));
      for (int i = from; i < to; i++) {
        rows[i] = logits.row(i - from);
      }
    }
    return rows;
  }

  private static double distance(float[][] actual, float[][] expected) {
    double difference = 0;
    double size = 0;
    for (int r = 0; r < expected.length; r++) {
      for (int i = 0; i < expected[r].length; i++) {
        difference += Math.pow((double) actual[r][i] - expected[r][i], 2);
        size += Math.pow(expected[r][i], 2);
      }
    }
    return Math.sqrt(difference / size);
  }

  /** The golden file says what rounding costs another engine; twice that is allowed. */
  @ParameterizedTest
  @ValueSource(strings = {"llama-Q8_0", "llama-Q4_0", "llama-Q4_K_M", "llama-Q6_K"})
  void int8InputsCostWhatIsKnown(String name) {
    try (GoldenModel model = GoldenModel.open(name);
        Executor executor = device(INT8, model.file, 16)) {
      double known = model.json.get("fork_f32_kv").get("rel_l2").asDouble();
      int count = model.tokens.length;
      float[][] single = rows(executor, 0, model.tokens, count, 1);
      assertThat(model.distance(single)).isBetween(known / 4, 2 * known);
      float[][] several = rows(executor, 1, model.tokens, count, 5);
      assertThat(model.distance(several)).isBetween(known / 4, 2 * known);
      executor.truncate(0, 0);
      float[][] many = rows(executor, 0, model.tokens, count, count);
      assertThat(model.distance(many)).as("prompts are not rounded").isLessThan(EXACT);
    }
  }

  /** A value is rounded once, however many products read it. */
  @Test
  void productsShareTheirRoundedInput() {
    try (GoldenModel model = GoldenModel.open("llama-Q4_K_M");
        DeviceStage plain = stage(TestDevice.PROFILE, model.file, 16);
        DeviceStage rounded = stage(INT8, model.file, 16)) {
      // Of each layer: the input of query, key and value (Q4_K and Q6_K), of output, of gate and
      // up, of down; and that of each of the head's three graphs for one row.
      int layers = Architectures.describe(model.file).layers().size();
      assertThat(rounded.launches() - plain.launches()).isEqualTo(4 * layers + 3);
    }
  }

  /** Each expert reads the rounded row that is its own. */
  @ParameterizedTest
  @ValueSource(ints = {1, 5})
  void int8InputsOfExperts(int at) {
    try (GoldenModel model = GoldenModel.open("llama-moe");
        ModelSource source = new Reencoded(model.file, TensorType.Q8_0);
        CpuBackend cpu = new CpuBackend(1);
        Executor expected = cpu.load(Architectures.describe(source), source, options(16));
        Executor executor = device(INT8, source, 16)) {
      int count = model.tokens.length;
      float[][] rounded = rows(executor, 0, model.tokens, count, at);
      assertThat(distance(rounded, rows(expected, 0, model.tokens, count, count)))
          .isBetween(1e-3, 5e-2);
    }
  }

  /** Batches that are no multiple of a tile of rows, and prompts of more than one tile. */
  @ParameterizedTest
  @CsvSource({"llama-gqa, 12, 16", "llama-gqa, 75, 75", "llama-tied, 22, 11", "llama-moe, 12, 12"})
  void tensorCoresRoundToHalves(String name, int count, int batch) {
    try (GoldenModel model = GoldenModel.open(name);
        ModelSource source = new Reencoded(model.file, TensorType.F16);
        CpuBackend cpu = new CpuBackend(1);
        Executor expected = cpu.load(Architectures.describe(source), source, options(batch));
        Executor executor = device(TENSOR_CORES, source, batch)) {
      float[][] exact = rows(expected, 0, model.tokens, count, count);
      assertThat(distance(rows(executor, 0, model.tokens, count, count), exact))
          .isBetween(EXACT, HALVES);
      assertThat(
              distance(
                  rows(executor, 1, model.tokens, 10, 1), rows(expected, 1, model.tokens, 10, 1)))
          .as("single rows are not rounded")
          .isLessThan(EXACT);
    }
  }

  /** The one kernel adds biases; the other cannot, so that the product is made without it. */
  @ParameterizedTest
  @CsvSource({"Q8_0, 1, 1e-3, 5e-2", "F16, 12, 2e-5, 2.4e-3"})
  void biasesAreAdded(TensorType type, int at, double least, double most) {
    try (GoldenModel model = GoldenModel.open("llama-moe");
        Reencoded source = new Reencoded(model.file, type);
        CpuBackend cpu = new CpuBackend(1)) {
      int count = model.tokens.length;
      float[][] without;
      try (Executor executor = cpu.load(Architectures.describe(source), source, options(count))) {
        without = rows(executor, 0, model.tokens, count, count);
      }
      source.addBias("blk.0.attn_output.bias", "blk.0.attn_norm.weight");
      try (Executor expected = cpu.load(Architectures.describe(source), source, options(count));
          Executor executor = device(TestDevice.rounding(true, true), source, count)) {
        float[][] exact = rows(expected, 0, model.tokens, count, count);
        assertThat(distance(rows(executor, 0, model.tokens, count, at), exact))
            .isBetween(least, most);
        assertThat(distance(without, exact)).as("the bias matters").isGreaterThan(2 * most);
      }
    }
  }

  /** Other formats are multiplied as ever. */
  @Test
  void formatsWithoutSuchKernelsAreNotRounded() {
    try (GoldenModel model = GoldenModel.open("llama-gqa");
        Executor executor = device(TestDevice.rounding(true, true), model.file, 16)) {
      int count = model.tokens.length;
      assertThat(model.distance(rows(executor, 0, model.tokens, count, count))).isLessThan(EXACT);
      assertThat(model.distance(rows(executor, 1, model.tokens, count, 1))).isLessThan(EXACT);
    }
  }
}
