package org.zonda.runtime.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.zonda.model.ZondaException;
import org.zonda.model.architecture.Architectures;
import org.zonda.model.graph.Block;
import org.zonda.model.graph.Operation;
import org.zonda.model.graph.Operation.Attention;
import org.zonda.model.graph.Transformer;
import org.zonda.runtime.backend.Batch;
import org.zonda.runtime.backend.CacheType;
import org.zonda.runtime.backend.Executor;
import org.zonda.runtime.backend.ExecutorOptions;
import org.zonda.runtime.backend.Logits;
import org.zonda.runtime.backend.Part;
import org.zonda.runtime.backend.Progress;
import org.zonda.runtime.backend.Stage;
import org.zonda.runtime.backend.StagedExecutor;
import org.zonda.runtime.backend.TopLogits;
import org.zonda.runtime.cpu.CpuBackend;
import org.zonda.runtime.cpu.GoldenModel;
import org.zonda.tornado.DeviceProfile;

/** What the golden models do not show: many layers, splits, and what does not fit. */
class DeviceStageTest {

  private static final ExecutorOptions OPTIONS = new ExecutorOptions(200, 2, 16, CacheType.F32);

  private GoldenModel model;
  private Transformer transformer;
  private CpuBackend cpu;

  @BeforeEach
  void open() {
    model = GoldenModel.open("llama-gqa");
    transformer = Architectures.describe(model.file);
    cpu = new CpuBackend(1);
  }

  @AfterEach
  void close() {
    cpu.close();
    model.close();
  }

  private Stage device(
      Transformer transformer, ExecutorOptions options, Part part, int layersPerGraph) {
    return new DeviceStage(
        TestDevice.DEVICE,
        TestDevice.layersPerGraph(layersPerGraph),
        transformer,
        model.file,
        options,
        part,
        Progress.NONE);
  }

  /** The same model with its layers one after the other again and again. */
  private static Transformer repeated(Transformer transformer, int layers) {
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      Block block = transformer.layers().get(i % transformer.layers().size());
      int place = i;
      List<Operation> operations =
          block.operations().stream()
              .map(op -> op instanceof Attention attention ? at(attention, place) : op)
              .toList();
      blocks.add(new Block("layer " + i, block.input(), operations, block.output()));
    }
    return new Transformer(
        transformer.architecture(),
        transformer.vocabularySize(),
        transformer.contextLength(),
        transformer.embedding(),
        blocks,
        transformer.head());
  }

  private static Operation at(Attention op, int place) {
    return new Attention(
        op.query(),
        op.key(),
        op.value(),
        op.heads(),
        op.kvHeads(),
        op.scores(),
        op.mask(),
        place,
        op.output());
  }

  private static void assertSame(Logits actual, Logits expected) {
    assertThat(actual.rows()).isEqualTo(expected.rows());
    for (int row = 0; row < expected.rows(); row++) {
      assertThat(actual.row(row))
          .usingComparatorWithPrecision(1e-4f)
          .containsExactly(expected.row(row));
    }
  }

  private Batch prompt(int sequence) {
    Batch batch = new Batch();
    for (int i = 0; i < model.tokens.length; i++) {
      batch.add(sequence, model.tokens[i], i, i % 3 == 0);
    }
    return batch;
  }

  /** A prompt, single tokens, another sequence, and going on from a shortened one. */
  private void assertSame(Executor device, Executor cpu) {
    assertSame(device.forward(prompt(0)), cpu.forward(prompt(0)));
    int next = model.tokens.length;
    for (int i = 0; i < 3; i++) {
      Batch token = Batch.of(0, next + i, model.tokens[i]);
      assertSame(device.forward(token), cpu.forward(token));
    }
    assertSame(device.forward(prompt(1)), cpu.forward(prompt(1)));
    device.truncate(0, 5);
    cpu.truncate(0, 5);
    Batch other = Batch.of(0, 5, 7, 8, 9);
    assertSame(device.forward(other), cpu.forward(other));
    TopLogits top = device.top(Batch.of(0, 8, 1), 3);
    TopLogits expected = cpu.top(Batch.of(0, 8, 1), 3);
    assertThat(top.ids()).isEqualTo(expected.ids());
    for (int i = 0; i < 3; i++) {
      assertThat(top.values()[i]).isCloseTo(expected.values()[i], within(1e-4f));
    }
  }

  @ParameterizedTest
  @CsvSource({"5, 2", "6, 3", "3, 16", "4, 1"})
  void manyLayersRunSomeAtATime(int layers, int perGraph) {
    Transformer many = repeated(transformer, layers);
    try (Executor expected = cpu.load(many, model.file, OPTIONS);
        Executor device =
            new StagedExecutor(
                many, OPTIONS, List.of(device(many, OPTIONS, Part.whole(many), perGraph)))) {
      assertSame(device, expected);
    }
  }

  /** Layers that differ are groups of their own: here by one constant. */
  @Test
  void layersThatDifferFollowEachOther() {
    List<Block> blocks = new ArrayList<>(transformer.layers());
    Block first = blocks.getFirst();
    List<Operation> operations =
        first.operations().stream()
            .map(
                op ->
                    op instanceof Operation.Norm norm
                        ? new Operation.Norm(
                            norm.kind(),
                            norm.input(),
                            norm.heads(),
                            norm.weight(),
                            norm.bias(),
                            0.5f,
                            norm.output())
                        : op)
            .toList();
    blocks.set(0, new Block(first.name(), first.input(), operations, first.output()));
    Transformer mixed =
        new Transformer(
            transformer.architecture(),
            transformer.vocabularySize(),
            transformer.contextLength(),
            transformer.embedding(),
            blocks,
            transformer.head());
    try (Executor expected = cpu.load(mixed, model.file, OPTIONS);
        Executor device =
            new StagedExecutor(
                mixed, OPTIONS, List.of(device(mixed, OPTIONS, Part.whole(mixed), 4)))) {
      assertSame(device, expected);
    }
  }

  @Test
  void whatIsCompiledDoesNotGrowWithTheLayers() {
    Transformer more = repeated(transformer, 8);
    try (DeviceStage two = (DeviceStage) device(transformer, OPTIONS, Part.whole(transformer), 2);
        DeviceStage eight = (DeviceStage) device(more, OPTIONS, Part.whole(more), 2)) {
      assertThat(eight.launches()).isEqualTo(two.launches());
    }
  }

  @ParameterizedTest
  @CsvSource({"0, false", "1, false", "2, false", "1, true"})
  void layersOnTheCpuAndTheRestOnTheDevice(int boundary, boolean deviceFirst) {
    int layers = transformer.layers().size();
    Part front = new Part(true, 0, boundary, false);
    Part back = new Part(false, boundary, layers, true);
    Stage first =
        deviceFirst
            ? device(transformer, OPTIONS, front, 4)
            : cpu.stage(transformer, model.file, OPTIONS, front);
    Stage second =
        deviceFirst
            ? cpu.stage(transformer, model.file, OPTIONS, back)
            : device(transformer, OPTIONS, back, 4);
    try (Executor expected = cpu.load(transformer, model.file, OPTIONS);
        Executor split = new StagedExecutor(transformer, OPTIONS, List.of(first, second))) {
      assertSame(split, expected);
      assertThat(split.cacheBytes()).isPositive();
    }
  }

  /** Over many pages, in prompts and in generation; the simulator takes fewer for its time. */
  @ParameterizedTest
  @EnumSource
  void longSequences(CacheType type) {
    int length = TestDevice.SIMULATED ? 300 : 4096;
    ExecutorOptions options = new ExecutorOptions(length, 1, 128, type);
    try (Executor expected = cpu.load(transformer, model.file, options);
        Executor device =
            new StagedExecutor(
                transformer,
                options,
                List.of(device(transformer, options, Part.whole(transformer), 4)))) {
      Batch prompt = new Batch();
      for (int i = 0; i < length - 4; i++) {
        prompt.add(0, (i * 37 + i / 7) % transformer.vocabularySize(), i, i > length - 8);
      }
      assertClose(device.forward(prompt), expected.forward(prompt), type);
      for (int i = length - 4; i < length; i++) {
        Batch token = Batch.of(0, i, i % 50);
        assertClose(device.forward(token), expected.forward(token), type);
      }
    }
  }

  private static void assertClose(Logits actual, Logits expected, CacheType type) {
    double difference = 0;
    double size = 0;
    for (int i = 0; i < expected.rows() * expected.vocabularySize(); i++) {
      difference += Math.pow((double) actual.values()[i] - expected.values()[i], 2);
      size += Math.pow(expected.values()[i], 2);
    }
    assertThat(Math.sqrt(difference / size)).isLessThan(type == CacheType.F32 ? 5e-5 : 1e-3);
  }

  @Test
  void sequencesShareThePages() {
    ExecutorOptions options = new ExecutorOptions(192, 2, 16, CacheType.F32, 192);
    try (Stage stage = device(transformer, options, Part.whole(transformer), 4)) {
      stage.reserve(0, 100);
      stage.reserve(1, 64);
      assertThatThrownBy(() -> stage.reserve(1, 65))
          .isInstanceOf(ZondaException.class)
          .hasMessageContaining("0 of its 3 pages of 64 positions are free")
          .hasMessageContaining("sequence 1 needs 1 more for 65 positions")
          .hasMessageContaining("fewer sequences");
      stage.truncate(0, 64);
      stage.reserve(1, 65);
    }
  }

  @Test
  void moreThanTheDeviceHasIsRefusedBeforeAnythingIsLoaded() {
    ExecutorOptions endless = new ExecutorOptions(1 << 26, 8, 16, CacheType.F32);
    assertThatThrownBy(() -> device(transformer, endless, Part.whole(transformer), 4))
        .isInstanceOf(ZondaException.class)
        .hasMessageContaining("GB of memory; the weights take 0.0 GB and the KV cache")
        .hasMessageEndingWith(
            "use a shorter context, fewer sequences, fewer layers on the GPU, or --backend cpu");
  }

  @ParameterizedTest
  @CsvSource({"true, false, int8Inputs", "false, true, tensorCores"})
  void whatTheBackendLacksIsRefusedByName(boolean int8, boolean tensorCores, String field) {
    assumeFalse(Device.isNvidia(TestDevice.DEVICE), "CUDA and PTX have it");
    DeviceProfile profile = TestDevice.rounding(int8, tensorCores);
    Part whole = Part.whole(transformer);
    assertThatThrownBy(
            () ->
                new DeviceStage(
                    TestDevice.DEVICE,
                    profile,
                    transformer,
                    model.file,
                    OPTIONS,
                    whole,
                    Progress.NONE))
        .isInstanceOf(ZondaException.class)
        .hasMessageContaining("'" + profile.name() + "' has \"" + field + "\": true, which needs")
        .hasMessageContaining("is driven by " + TestDevice.DEVICE.getTornadoVMBackend())
        .hasMessageEndingWith("set it to false, or use an SDK with the CUDA or PTX backend");
  }

  @Test
  void progressEndsWithTheTotal() {
    List<long[]> heard = new ArrayList<>();
    new DeviceStage(
            TestDevice.DEVICE,
            TestDevice.PROFILE,
            transformer,
            model.file,
            OPTIONS,
            Part.whole(transformer),
            (done, total) -> heard.add(new long[] {done, total}))
        .close();
    long total = model.file.tensors().stream().mapToLong(t -> t.data().byteSize()).sum();
    assertThat(heard).isNotEmpty().allMatch(step -> step[1] == total);
    assertThat(heard.stream().mapToLong(step -> step[0])).isSorted();
    assertThat(heard.getLast()[0]).isEqualTo(total);
  }

  @Test
  void saysWhatItRunsAndWhere() {
    try (Stage stage = device(transformer, OPTIONS, new Part(true, 0, 1, false), 4)) {
      assertThat(stage.description())
          .isEqualTo("embedding and layer 0 on " + DeviceFailures.name(TestDevice.DEVICE));
    }
  }
}
