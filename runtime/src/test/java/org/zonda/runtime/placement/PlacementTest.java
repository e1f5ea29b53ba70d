package org.zonda.runtime.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.zonda.model.ModelSource;
import org.zonda.model.ZondaException;
import org.zonda.model.architecture.Architectures;
import org.zonda.model.gguf.GgufFile;
import org.zonda.model.graph.Transformer;
import org.zonda.runtime.BackendChoice;
import org.zonda.runtime.GpuLayers;
import org.zonda.runtime.LoadOptions;
import org.zonda.runtime.backend.Backend;
import org.zonda.runtime.backend.Batch;
import org.zonda.runtime.backend.CacheType;
import org.zonda.runtime.backend.Executor;
import org.zonda.runtime.backend.ExecutorOptions;
import org.zonda.runtime.backend.Part;
import org.zonda.runtime.backend.Progress;
import org.zonda.runtime.backend.Stage;
import org.zonda.runtime.cpu.CpuBackend;

/** Which device is chosen, what happens where there is none, and that two stages are one model. */
class PlacementTest {

  private static final long GB = 1_000_000_000;
  private static final ExecutorOptions OPTIONS = new ExecutorOptions(128, 1, 8, CacheType.F32);

  /** Devices that compute on the CPU, and note what is done with them. */
  private static final class FakeDevices implements DeviceBackends {
    final List<DeviceInfo> devices = new ArrayList<>();
    final List<String> calls = new ArrayList<>();
    String absence;
    ZondaException listFailure;
    ZondaException stageFailure;

    FakeDevices add(String description, DeviceInfo.Kind kind, long memory) {
      devices.add(new DeviceInfo(devices.size(), description, kind, memory, memory / 4));
      return this;
    }

    @Override
    public Optional<String> absence() {
      return Optional.ofNullable(absence);
    }

    @Override
    public List<DeviceInfo> list() {
      if (listFailure != null) {
        throw listFailure;
      }
      return devices;
    }

    @Override
    public Backend open(DeviceInfo device, Optional<Path> profile, Progress progress) {
      calls.add("open " + device.number());
      CpuBackend cpu = new CpuBackend(1);
      return new Backend() {
        @Override
        public String description() {
          return device.description();
        }

        @Override
        public Stage stage(
            Transformer transformer, ModelSource weights, ExecutorOptions options, Part part) {
          if (stageFailure != null) {
            throw stageFailure;
          }
          progress.at(1, 1);
          calls.add(part.describe(transformer));
          return cpu.stage(transformer, weights, options, part);
        }

        @Override
        public void close() {
          calls.add("close " + device.number());
          cpu.close();
        }
      };
    }
  }

  private final FakeDevices devices = new FakeDevices();
  private GgufFile model;
  private Transformer transformer;

  @BeforeEach
  void open() throws Exception {
    model =
        GgufFile.open(
            Path.of(PlacementTest.class.getResource("/golden/llama-gqa/model.gguf").toURI()));
    transformer = Architectures.describe(model);
  }

  @AfterEach
  void close() {
    model.close();
  }

  private Placement placement(LoadOptions options) {
    return new Placement(options.withThreads(1), false, devices);
  }

  private static LoadOptions on(BackendChoice choice) {
    return LoadOptions.DEFAULT.withBackend(choice);
  }

  private MemoryPlan plan(LoadOptions options) {
    return placement(options).plan(transformer, model, OPTIONS);
  }

  private int chosen(LoadOptions options) {
    return plan(options).device().orElseThrow().number();
  }

  private void assertOnCpu(MemoryPlan plan, String... notes) {
    assertThat(plan.onDevice()).isEmpty();
    assertThat(plan.onCpu()).contains(Part.whole(transformer));
    assertThat(plan.notes()).containsExactly(notes);
  }

  @Test
  void withoutDevicesAutoTakesTheCpuAndSaysWhy() {
    devices.absence = "there is no TornadoVM; install it";
    assertOnCpu(plan(LoadOptions.DEFAULT), "on the CPU: there is no TornadoVM; install it");
    assertOnCpu(plan(on(BackendChoice.CPU)));
    assertThatThrownBy(() -> plan(on(BackendChoice.GPU)))
        .isInstanceOf(ZondaException.class)
        .hasMessage(
            "there is no GPU to run on: there is no TornadoVM; install it; --backend cpu runs without one");
    assertThatThrownBy(() -> plan(LoadOptions.DEFAULT.withDevice("0")))
        .hasMessage(
            "there is no GPU to run on: there is no TornadoVM; install it; --backend cpu runs without one");
  }

  @Test
  void aDriverThatFailsIsAReasonForAutoAndAnErrorForGpu() {
    devices.listFailure = new ZondaException("the driver is broken; mend it");
    assertOnCpu(plan(LoadOptions.DEFAULT), "on the CPU: the driver is broken; mend it");
    assertThatThrownBy(() -> plan(on(BackendChoice.GPU))).isSameAs(devices.listFailure);
  }

  @Test
  void theGpuWithTheMostMemoryIsTakenUnlessAnotherIsNamed() {
    devices
        .add("Processor (OPENCL)", DeviceInfo.Kind.CPU, 64 * GB)
        .add("Acme Small (CUDA)", DeviceInfo.Kind.GPU, 8 * GB)
        .add("Acme Large (CUDA)", DeviceInfo.Kind.GPU, 16 * GB)
        .add("Acme Large II (CUDA)", DeviceInfo.Kind.GPU, 16 * GB);
    assertThat(chosen(LoadOptions.DEFAULT)).isEqualTo(2);
    assertThat(chosen(on(BackendChoice.GPU))).isEqualTo(2);
    assertThat(chosen(LoadOptions.DEFAULT.withDevice("1"))).isEqualTo(1);
    assertThat(chosen(LoadOptions.DEFAULT.withDevice("small"))).isEqualTo(1);
    assertThat(chosen(LoadOptions.DEFAULT.withDevice("processor"))).isZero();
    assertThatThrownBy(() -> plan(LoadOptions.DEFAULT.withDevice("4")))
        .isInstanceOf(ZondaException.class)
        .hasMessageStartingWith("there is no device '4'; there are 0: Processor (OPENCL), 1: ");
    assertThatThrownBy(() -> plan(LoadOptions.DEFAULT.withDevice("large")))
        .hasMessage(
            "'large' is in the names of several devices; there are 2: Acme Large (CUDA), 3: Acme"
                + " Large II (CUDA)");
    assertThatThrownBy(() -> plan(LoadOptions.DEFAULT.withDevice("")))
        .isInstanceOf(ZondaException.class);
  }

  @Test
  void aProcessorBehindADriverIsTakenOnlyWhereAskedFor() {
    devices.add("Processor (OPENCL)", DeviceInfo.Kind.CPU, 64 * GB);
    assertOnCpu(
        plan(LoadOptions.DEFAULT),
        "on the CPU: there is no GPU, and Processor (OPENCL) would be slower; --backend gpu uses"
            + " it all the same");
    assertThat(chosen(on(BackendChoice.GPU))).isZero();
  }

  @Test
  void aDeviceThatWasAskedForAndHoldsNothingIsAnError() {
    devices.add("Acme Tiny (CUDA)", DeviceInfo.Kind.GPU, 1000);
    assertThat(plan(LoadOptions.DEFAULT).notes().getFirst())
        .startsWith("on the CPU: not one layer and the head fit on Acme Tiny (CUDA): ");
    for (LoadOptions asked :
        List.of(on(BackendChoice.GPU), LoadOptions.DEFAULT.withDevice("tiny"))) {
      assertThatThrownBy(() -> plan(asked))
          .isInstanceOf(ZondaException.class)
          .hasMessageContaining("one layer and the head do not fit on Acme Tiny (CUDA): ")
          .hasMessageEndingWith("or use --backend cpu");
    }
  }

  @Test
  void theSimulatorIsTakenOnlyWhereAskedFor() {
    devices.absence = "there is no TornadoVM";
    devices.add("Simulator", DeviceInfo.Kind.SIMULATOR, 16 * GB);
    assertThat(chosen(on(BackendChoice.SIMULATOR))).isZero();
    assertOnCpu(plan(LoadOptions.DEFAULT), "on the CPU: there is no TornadoVM");
    devices.absence = null;
    assertOnCpu(plan(LoadOptions.DEFAULT), "on the CPU: TornadoVM found no device");
    devices.devices.clear();
    assertThatThrownBy(() -> plan(on(BackendChoice.SIMULATOR)))
        .isInstanceOf(ZondaException.class)
        .hasMessageContaining("the simulator is not in this JVM");
  }

  @Test
  void noLayersForTheGpuIsTheCpu() {
    devices.add("Acme (CUDA)", DeviceInfo.Kind.GPU, 8 * GB);
    assertOnCpu(plan(LoadOptions.DEFAULT.withGpuLayers(new GpuLayers(0))));
  }

  private float[] logits(Placement placement) {
    try (Executor executor = placement.load(transformer, model, OPTIONS)) {
      return executor.forward(Batch.of(0, 0, 1, 5, 9, 200, 3, 7, 11, 2, 4)).row(0);
    }
  }

  @Test
  void wholeOrDividedItComputesTheSame() {
    devices.add("Acme (CUDA)", DeviceInfo.Kind.GPU, 8 * GB);
    float[] expected;
    try (Placement cpu = placement(on(BackendChoice.CPU))) {
      expected = logits(cpu);
      assertThat(cpu.description()).startsWith("CPU, 1 thread, ");
    }
    assertThat(devices.calls).isEmpty();
    try (Placement whole = placement(LoadOptions.DEFAULT)) {
      assertThat(logits(whole)).isEqualTo(expected);
      assertThat(whole.description()).isEqualTo("Acme (CUDA)");
      assertThat(whole.plan().onCpu()).isEmpty();
    }
    List<Long> uploaded = new ArrayList<>();
    LoadOptions half =
        LoadOptions.DEFAULT
            .withGpuLayers(new GpuLayers(1))
            .withProgress((done, total) -> uploaded.addAll(Arrays.asList(done, total)));
    try (Placement divided = placement(half)) {
      assertThat(logits(divided)).isEqualTo(expected);
      assertThat(divided.description())
          .startsWith("embedding and layer 0 on CPU, 1 thread, ")
          .contains("; layer 1 and head on ");
    }
    assertThat(uploaded).containsExactly(1L, 1L);
    assertThat(devices.calls)
        .containsExactly(
            "open 0", "all layers", "close 0", "open 0", "layer 1 and head", "close 0");
  }

  @Test
  void whereTheDeviceFailsAutoGoesOnWithTheCpu() {
    devices.add("Acme (CUDA)", DeviceInfo.Kind.GPU, 8 * GB);
    devices.stageFailure = new ZondaException("Acme: kernel x was refused; try y");
    try (Placement placement = placement(LoadOptions.DEFAULT)) {
      logits(placement);
      assertOnCpu(placement.plan(), "on the CPU: Acme: kernel x was refused; try y");
      assertThat(placement.description()).startsWith("CPU, 1 thread, ");
    }
    assertThat(devices.calls).containsExactly("open 0", "close 0");
    for (LoadOptions asked : List.of(on(BackendChoice.GPU), LoadOptions.DEFAULT.withDevice("0"))) {
      try (Placement placement = placement(asked)) {
        assertThatThrownBy(() -> logits(placement)).isSameAs(devices.stageFailure);
      }
    }
  }

  @Test
  void withoutAProviderThereIsNothing() {
    DeviceBackends none = DeviceBackends.none("why");
    assertThat(none.absence()).contains("why");
    assertThat(none.list()).isEmpty();
  }
}
