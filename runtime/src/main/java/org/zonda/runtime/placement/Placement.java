package org.zonda.runtime.placement;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.zonda.model.ModelSource;
import org.zonda.model.ZondaException;
import org.zonda.model.graph.Transformer;
import org.zonda.runtime.BackendChoice;
import org.zonda.runtime.LoadOptions;
import org.zonda.runtime.backend.Backend;
import org.zonda.runtime.backend.Executor;
import org.zonda.runtime.backend.ExecutorOptions;
import org.zonda.runtime.backend.Loader;
import org.zonda.runtime.backend.Stage;
import org.zonda.runtime.backend.StagedExecutor;
import org.zonda.runtime.cpu.CpuBackend;

/**
 * Places a model where it was asked to run: plans its memory, opens what the plan needs, and joins
 * the stages. Where the choice is left to it and the device fails, it takes the CPU instead and
 * notes why. Places one model.
 */
public final class Placement implements Loader {

  private final LoadOptions options;
  private final boolean mayShorten;
  private final DeviceBackends devices;
  private final List<Backend> backends = new ArrayList<>();
  private MemoryPlan plan;
  private String description = "";

  /**
   * Prepares a placement; nothing is opened yet.
   *
   * @param options where to run, with which kernels, and who listens; sizes are not looked at
   * @param mayShorten whether the context may become shorter to make room for layers
   * @param devices those that there are
   */
  public Placement(LoadOptions options, boolean mayShorten, DeviceBackends devices) {
    this.options = options;
    this.mayShorten = mayShorten;
    this.devices = devices;
  }

  /**
   * Plans without loading.
   *
   * @param transformer the model
   * @param source its tensors, of which only types and sizes are looked at
   * @param wanted sizes of the KV cache and batch
   * @return what goes where
   * @throws ZondaException if what was asked for cannot be had; the message says what would work
   */
  public MemoryPlan plan(Transformer transformer, ModelSource source, ExecutorOptions wanted) {
    MemoryPlan plan = planFor(transformer, source, wanted);
    if (plan.onDevice().isEmpty() && !options.kernels().isEmpty()) {
      throw new ZondaException(
          "%s runs on devices, and the model would be on the CPU%s; --backend gpu or --backend simulator runs it"
              .formatted(
                  options.kernels().getFirst().name(),
                  plan.notes().isEmpty() ? "" : " (" + plan.notes().getFirst() + ")"));
    }
    return plan;
  }

  private MemoryPlan planFor(Transformer transformer, ModelSource source, ExecutorOptions wanted) {
    MemoryPlanner planner = planner(transformer, source, wanted);
    if (options.gpuLayers().count() == 0) {
      return planner.onCpu();
    }
    DeviceChoice.Choice choice =
        new DeviceChoice(devices).choose(options.backend(), options.device());
    if (choice.device().isPresent()) {
      return planner.on(choice.device().get(), options.gpuLayers(), mayUseCpu());
    }
    return choice.why().isEmpty() ? planner.onCpu() : planner.onCpu(onCpu(choice.why()));
  }

  private MemoryPlanner planner(
      Transformer transformer, ModelSource source, ExecutorOptions wanted) {
    ExecutorOptions complete = wanted.withKernels(options.kernels());
    if (options.listener().isPresent()) {
      complete = complete.withListener(options.listener());
    }
    return new MemoryPlanner(transformer, source, complete, mayShorten);
  }

  /**
   * The device that a user's choice comes to, for what needs one and no model.
   *
   * @param options the choice
   * @param devices those that there are
   * @return the device
   * @throws ZondaException if there is none; the message says why
   */
  public static DeviceInfo device(LoadOptions options, DeviceBackends devices) {
    DeviceChoice.Choice choice =
        new DeviceChoice(devices).choose(options.backend(), options.device());
    return choice
        .device()
        .orElseThrow(
            () ->
                new ZondaException(
                    choice.why().isEmpty()
                        ? "the CPU is no device that kernels run on; ask for gpu or simulator"
                        : choice.why()));
  }

  /**
   * The device that a user's choice comes to, for what the CPU can do as well.
   *
   * @param options the choice
   * @param devices those that there are
   * @return the device; empty where the choice comes to the CPU
   * @throws ZondaException if one was asked for that cannot be had
   */
  public static Optional<DeviceInfo> deviceIfAny(LoadOptions options, DeviceBackends devices) {
    return new DeviceChoice(devices).choose(options.backend(), options.device()).device();
  }

  /** Whether the device was left to this to choose. */
  private boolean mayUseCpu() {
    return options.backend() == BackendChoice.AUTO
        && options.device().isEmpty()
        && options.kernels().isEmpty();
  }

  private static String onCpu(String why) {
    return "on the CPU: " + why;
  }

  /**
   * What was planned and carried out.
   *
   * @return the plan of {@link #load}
   */
  public MemoryPlan plan() {
    return plan;
  }

  @Override
  public Executor load(Transformer transformer, ModelSource weights, ExecutorOptions wanted) {
    plan = plan(transformer, weights, wanted);
    if (plan.onDevice().isPresent()) {
      try {
        return open(transformer, weights);
      } catch (ZondaException e) {
        closeBackends();
        if (!mayUseCpu()) {
          throw e;
        }
        MemoryPlanner planner = planner(transformer, weights, wanted);
        plan = planner.onCpu(onCpu(e.getMessage()));
      }
    }
    return open(transformer, weights);
  }

  /** Opens what the plan says, the device first, which may fail. */
  private Executor open(Transformer transformer, ModelSource weights) {
    List<Stage> stages = new ArrayList<>();
    try {
      if (plan.onDevice().isPresent()) {
        Backend device =
            devices.open(plan.device().orElseThrow(), options.deviceProfile(), options.progress());
        backends.add(device);
        stages.add(device.stage(transformer, weights, plan.options(), plan.onDevice().get()));
      }
      if (plan.onCpu().isPresent()) {
        Backend cpu = new CpuBackend(options.threads(), options.exact());
        backends.add(cpu);
        stages.addFirst(cpu.stage(transformer, weights, plan.options(), plan.onCpu().get()));
      }
    } catch (RuntimeException | Error e) {
      stages.forEach(Stage::close);
      throw e;
    }
    description =
        stages.size() == 1
            ? backends.getFirst().description()
            : stages.stream().map(Stage::description).collect(Collectors.joining("; "));
    return new StagedExecutor(transformer, plan.options(), stages);
  }

  @Override
  public String description() {
    return description;
  }

  private void closeBackends() {
    backends.forEach(Backend::close);
    backends.clear();
  }

  @Override
  public void close() {
    closeBackends();
  }
}
