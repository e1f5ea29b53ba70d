package org.zonda.runtime.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.zonda.model.ZondaException;
import org.zonda.model.architecture.Architectures;
import org.zonda.model.graph.Transformer;
import org.zonda.model.tensor.TensorType;
import org.zonda.runtime.GpuLayers;
import org.zonda.runtime.backend.CacheType;
import org.zonda.runtime.backend.ExecutorOptions;
import org.zonda.runtime.backend.Part;

class MemoryPlannerTest {

  /** Cards are sold in decimal or binary gigabytes; the smaller is the harder. */
  private static final long GB = 1_000_000_000;

  private static final Part WHOLE = new Part(true, 0, 32, true);

  /** A card, of which, as OpenCL often has it, one array may take a quarter. */
  private static DeviceInfo card(long memory) {
    return new DeviceInfo(0, "a card", DeviceInfo.Kind.GPU, memory, memory / 4);
  }

  private static ExecutorOptions options(int context) {
    return new ExecutorOptions(context, 1, 512, CacheType.F16);
  }

  private static MemoryPlanner planner(ShapeOnly model, int context, boolean mayShorten) {
    return new MemoryPlanner(Architectures.describe(model), model, options(context), mayShorten);
  }

  private static MemoryPlanner eightBillion(int context) {
    return planner(ShapeOnly.eightBillion(TensorType.Q4_K), context, false);
  }

  private static long device(MemoryPlan plan, MemoryKind kind) {
    return plan.rows().get(kind.ordinal()).deviceBytes();
  }

  private static long cpu(MemoryPlan plan, MemoryKind kind) {
    return plan.rows().get(kind.ordinal()).cpuBytes();
  }

  @Test
  void eightBillionParametersWithAContextOf8192FitIntoEightGigabytes() {
    MemoryPlan plan = eightBillion(8192).on(card(8 * GB), GpuLayers.AUTO, true);

    assertThat(plan.onDevice()).contains(WHOLE);
    assertThat(plan.onCpu()).isEmpty();
    assertThat(plan.deviceLayers()).isEqualTo(32).isEqualTo(plan.layers());
    assertThat(plan.options()).isEqualTo(options(8192));
    assertThat(plan.notes()).isEmpty();
    assertThat(plan.cpuBytes()).isZero();
    assertThat(plan.deviceBytes())
        .isBetween((long) (5.6 * GB), card(8 * GB).usable())
        .isLessThan(8 * GB);
  }

  @Test
  void weightsTakeTheSizeOfTheFilesBlocksAndEachKindIsCounted() {
    ShapeOnly model = ShapeOnly.eightBillion(TensorType.Q4_K);
    MemoryPlan plan = planner(model, 8192, false).on(card(8 * GB), GpuLayers.AUTO, true);

    long block = 144; // bytes of 256 numbers
    assertThat(device(plan, MemoryKind.EMBEDDING)).isEqualTo(128_256L * 4096 / 256 * block);
    assertThat(device(plan, MemoryKind.HEAD)).isEqualTo(128_256L * 4096 / 256 * block);
    assertThat(device(plan, MemoryKind.ATTENTION))
        .isEqualTo(32L * 4096 * (4096 + 1024 + 1024 + 4096) / 256 * block);
    assertThat(device(plan, MemoryKind.FEED_FORWARD))
        .isEqualTo(32L * 3 * 4096 * 14_336 / 256 * block);
    assertThat(device(plan, MemoryKind.NORMS)).isEqualTo(65L * 4096 * 4);
    assertThat(device(plan, MemoryKind.CACHE)).isEqualTo(32L * 8192 * 2 * 8 * 128 * 2);
    assertThat(device(plan, MemoryKind.ACTIVATIONS)).isPositive();
    assertThat(device(plan, MemoryKind.WORKSPACE)).isPositive();
    assertThat(
            device(plan, MemoryKind.EMBEDDING)
                + device(plan, MemoryKind.HEAD)
                + device(plan, MemoryKind.ATTENTION)
                + device(plan, MemoryKind.FEED_FORWARD)
                + device(plan, MemoryKind.NORMS))
        .isEqualTo(model.bytes());
  }

  @Test
  void anF32CacheTakesTwiceAsMuch() {
    ShapeOnly model = ShapeOnly.eightBillion(TensorType.Q4_K);
    ExecutorOptions wide = new ExecutorOptions(8192, 1, 512, CacheType.F32);
    MemoryPlan plan =
        new MemoryPlanner(Architectures.describe(model), model, wide, false)
            .on(card(12 * GB), GpuLayers.AUTO, true);
    assertThat(device(plan, MemoryKind.CACHE)).isEqualTo(32L * 8192 * 2 * 8 * 128 * 4);
  }

  @Test
  void theHeadOfATiedModelIsNotCountedTwiceInOnePlace() {
    ShapeOnly model = ShapeOnly.oneBillion(TensorType.Q8_0);
    MemoryPlanner planner = planner(model, 8192, false);
    MemoryPlan whole = planner.on(card(8 * GB), GpuLayers.ALL, true);
    assertThat(device(whole, MemoryKind.HEAD)).isZero();
    assertThat(device(whole, MemoryKind.EMBEDDING)).isPositive();
    MemoryPlan split = planner.on(card(8 * GB), new GpuLayers(8), true);
    assertThat(device(split, MemoryKind.HEAD)).isEqualTo(cpu(split, MemoryKind.EMBEDDING));
    assertThat(device(split, MemoryKind.EMBEDDING)).isZero();
    assertThat(cpu(split, MemoryKind.HEAD)).isZero();
  }

  @ParameterizedTest
  @CsvSource({"8, 8192", "12, 8192", "12, 24576", "16, 8192", "16, 49152"})
  void cardsThatPeopleHaveNeedNoFlag(int gigabytes, int context) {
    MemoryPlan plan = eightBillion(context).on(card(gigabytes * GB), GpuLayers.AUTO, true);
    assertThat(plan.onDevice()).contains(WHOLE);
    assertThat(plan.options().contextLength()).isEqualTo(context);
    assertThat(plan.deviceBytes()).isLessThanOrEqualTo(card(gigabytes * GB).usable());
  }

  @ParameterizedTest
  @CsvSource({"6, 8192, 30, 31", "6, 16384, 20, 30", "4, 8192, 15, 24"})
  void whatDoesNotFitStaysOnTheCpu(int gigabytes, int context, int least, int most) {
    MemoryPlan plan = eightBillion(context).on(card(gigabytes * GB), GpuLayers.AUTO, true);
    assertThat(plan.options().contextLength()).isEqualTo(context);
    assertThat(plan.deviceBytes()).isLessThanOrEqualTo(card(gigabytes * GB).usable());
    assertThat(plan.layers()).isEqualTo(32);
    assertThat(plan.deviceLayers()).isBetween(least, most);
    Part device = plan.onDevice().orElseThrow();
    assertThat(device).isEqualTo(new Part(false, 32 - plan.deviceLayers(), 32, true));
    assertThat(plan.onCpu()).contains(new Part(true, 0, device.from(), false));
    assertThat(plan.notes())
        .singleElement()
        .asString()
        .startsWith(plan.deviceLayers() + " layers of 32 fit on a card")
        .endsWith("the CPU runs the rest");
    assertThat(cpu(plan, MemoryKind.CACHE) + device(plan, MemoryKind.CACHE))
        .isEqualTo(32L * context * 2 * 8 * 128 * 2);
    assertThat(cpu(plan, MemoryKind.ATTENTION) / device.from())
        .isEqualTo(device(plan, MemoryKind.ATTENTION) / device.layers());
  }

  @ParameterizedTest
  @ValueSource(longs = {2, 3, 4, 5, 6, 7, 8})
  void asManyLayersAsFitAndNotOneMore(long gigabytes) {
    MemoryPlanner planner = eightBillion(4096);
    DeviceInfo card = card(gigabytes * GB);
    int layers = planner.on(card, GpuLayers.AUTO, true).deviceLayers();
    assertThat(planner.on(card, new GpuLayers(layers), true).deviceBytes())
        .isLessThanOrEqualTo(card.usable());
    if (layers < 32) {
      assertThatThrownBy(() -> planner.on(card, new GpuLayers(layers + 1), true))
          .isInstanceOf(ZondaException.class)
          .hasMessageStartingWith(
              "shape: " + (layers + 1) + " layers and the head do not fit on a card: they take ")
          .hasMessageContaining("with a context of 4096 tokens")
          .hasMessageContaining("; " + layers + " would, or more with a shorter context");
    }
  }

  @Test
  void theEmbeddingStaysBehindBeforeALayerDoes() {
    MemoryPlanner planner = eightBillion(8192);
    boolean seen = false;
    for (long memory = 6 * GB; memory < 8 * GB; memory += GB / 50) {
      MemoryPlan plan = planner.on(card(memory), GpuLayers.AUTO, true);
      if (plan.deviceLayers() == 32 && plan.onCpu().isPresent()) {
        seen = true;
        assertThat(plan.onCpu()).contains(new Part(true, 0, 0, false));
        assertThat(plan.notes().getFirst()).startsWith("the layers without the embedding of 32");
      }
    }
    assertThat(seen).isTrue();
  }

  @Test
  void whereNothingFitsTheCpuRunsItAndSaysWhy() {
    MemoryPlan plan =
        eightBillion(8192)
            .on(new DeviceInfo(0, "a card", DeviceInfo.Kind.GPU, GB, GB), GpuLayers.AUTO, true);
    assertThat(plan.device()).isEmpty();
    assertThat(plan.onDevice()).isEmpty();
    assertThat(plan.onCpu()).contains(WHOLE);
    assertThat(plan.deviceBytes()).isZero();
    assertThat(plan.cpuBytes()).isPositive();
    assertThat(plan.notes())
        .singleElement()
        .asString()
        .matches(
            "on the CPU: not one layer and the head fit on a card: they take [0-9.]+ GiB with a"
                + " context of 8192 tokens, and of its 0.93 GiB a model may take 0.47 GiB");
  }

  @Test
  void anArrayMayBeTooLargeThoughTheMemoryIsNot() {
    DeviceInfo card = new DeviceInfo(0, "a card", DeviceInfo.Kind.GPU, 16 * GB, 256 << 20);
    MemoryPlan plan = eightBillion(8192).on(card, GpuLayers.AUTO, true);
    assertThat(plan.onDevice()).isEmpty();
    assertThat(plan.notes())
        .singleElement()
        .asString()
        .endsWith("a card: its largest array is 0.25 GiB, and one of 0.28 GiB is needed");
    // One layer's keys of so many positions are an array, too.
    DeviceInfo larger = new DeviceInfo(0, "a card", DeviceInfo.Kind.GPU, 80 * GB, 300 << 20);
    ShapeOnly model = ShapeOnly.eightBillion(TensorType.Q4_K);
    assertThat(planner(model, 131_072, false).on(larger, GpuLayers.AUTO, true).deviceLayers())
        .isEqualTo(32);
    Transformer transformer = Architectures.describe(model);
    ExecutorOptions wide = new ExecutorOptions(131_072, 1, 512, CacheType.F32);
    assertThat(
            new MemoryPlanner(transformer, model, wide, false)
                .on(larger, GpuLayers.AUTO, true)
                .deviceLayers())
        .isZero();
  }

  @Test
  void aContextThatNobodyAskedForMakesRoomForLayers() {
    ShapeOnly model = ShapeOnly.eightBillion(TensorType.Q4_K);
    MemoryPlan plan = planner(model, 131_072, true).on(card(7 * GB), GpuLayers.AUTO, true);
    assertThat(plan.onDevice()).contains(WHOLE);
    int context = plan.options().contextLength();
    assertThat(context).isBetween(MemoryPlanner.LEAST_CONTEXT, 16_384).matches(n -> n % 64 == 0);
    assertThat(plan.notes())
        .singleElement()
        .asString()
        .startsWith("the context is " + context + " tokens of the model's 131072");
    assertThat(plan.deviceBytes()).isLessThanOrEqualTo(card(7 * GB).usable());
    // It is as long as it can be.
    assertThat(planner(model, context + 64, false).on(card(7 * GB), GpuLayers.AUTO, true).onCpu())
        .isPresent();
  }

  @Test
  void aContextThatNobodyAskedForDoesNotTakeAllThereIs() {
    ShapeOnly model = ShapeOnly.eightBillion(TensorType.Q4_K);
    MemoryPlan plan = planner(model, 131_072, true).on(card(80 * GB), GpuLayers.AUTO, true);
    assertThat(plan.options().contextLength()).isEqualTo(MemoryPlanner.LONGEST_DEFAULT_CONTEXT);
    MemoryPlan asked = planner(model, 131_072, false).on(card(80 * GB), GpuLayers.AUTO, true);
    assertThat(asked.options().contextLength()).isEqualTo(131_072);
    assertThat(asked.notes()).isEmpty();
  }

  @Test
  void sequencesShareTheCacheWhereNotAllFit() {
    ShapeOnly model = ShapeOnly.eightBillion(TensorType.Q4_K);
    Transformer transformer = Architectures.describe(model);
    ExecutorOptions eight = new ExecutorOptions(8192, 8, 512, CacheType.F16);
    MemoryPlanner planner = new MemoryPlanner(transformer, model, eight, false);
    MemoryPlan small = planner.on(card(8 * GB), GpuLayers.AUTO, true);
    assertThat(small.onDevice()).contains(WHOLE);
    assertThat(small.options().cachePositions()).isBetween(8192L, 8 * 8192L - 1);
    assertThat(small.deviceBytes()).isLessThanOrEqualTo(card(8 * GB).usable());
    MemoryPlan large = planner.on(card(80 * GB), GpuLayers.AUTO, true);
    assertThat(large.options().cachePositions()).isEqualTo(MemoryPlanner.SHARED_POSITIONS);
  }

  @Test
  void someMemoryStaysFree() {
    assertThat(card(24L << 30).reserve()).isEqualTo(2L << 30);
    assertThat(card(2L << 30).reserve()).isEqualTo(512 << 20);
    assertThat(card(100).usable()).isEqualTo(50);
  }

  @Test
  void moreLayersThanThereAreAreAll() {
    assertThat(eightBillion(4096).on(card(12 * GB), new GpuLayers(99), true).onDevice())
        .contains(WHOLE);
  }

  @Test
  void absurdSizesAreNoFault() {
    ShapeOnly model = ShapeOnly.eightBillion(TensorType.Q4_K);
    ExecutorOptions absurd =
        new ExecutorOptions(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, CacheType.F32);
    MemoryPlanner planner = new MemoryPlanner(Architectures.describe(model), model, absurd, false);
    assertThat(planner.on(card(8 * GB), GpuLayers.AUTO, true).onDevice()).isEmpty();
    assertThat(planner.onCpu().cpuBytes()).isPositive();
  }
}
