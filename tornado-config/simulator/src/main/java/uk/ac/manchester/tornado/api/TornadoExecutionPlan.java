package uk.ac.manchester.tornado.api;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.zonda.tornado.simulator.Plan;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.ProfilerMode;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

/** Graphs and how they are to be executed. A plan and its graphs are used by one thread. */
public class TornadoExecutionPlan implements AutoCloseable {
  private static final AtomicLong PLANS = new AtomicLong();

  /** The device used where none is named. */
  public static TornadoDevice DEFAULT_DEVICE =
      TornadoRuntimeProvider.getTornadoRuntime().getDefaultDevice();

  private final long id = PLANS.incrementAndGet();
  private final Plan plan;
  private final List<TornadoExecutionResult> results = new ArrayList<>();

  /** A plan of the given graphs, executed one after another. */
  public TornadoExecutionPlan(ImmutableTaskGraph... immutableTaskGraphs) {
    this.plan = new Plan(Stream.of(immutableTaskGraphs).map(ImmutableTaskGraph::graph).toList());
  }

  /** A device by the numbers of its backend and of the device within the backend. */
  public static TornadoDevice getDevice(int backendIndex, int deviceIndex) {
    return TornadoRuntimeProvider.getTornadoRuntime()
        .getBackend(backendIndex)
        .getDevice(deviceIndex);
  }

  /** The number of plans made so far. */
  public static int getTotalPlans() {
    return Math.toIntExact(PLANS.get());
  }

  /** All backends and devices. */
  public static TornadoDeviceMap getTornadoDeviceMap() {
    return new TornadoDeviceMap();
  }

  /** Executes the selected graphs. */
  public TornadoExecutionResult execute() {
    plan.execute();
    TornadoExecutionResult result = new TornadoExecutionResult(plan);
    results.add(result);
    return result;
  }

  /** Selects one graph, by number, for what follows. */
  public TornadoExecutionPlan withGraph(int graphIndex) {
    plan.select(graphIndex);
    return this;
  }

  /** Selects all graphs. */
  public TornadoExecutionPlan withAllGraphs() {
    plan.selectAll();
    return this;
  }

  /** Compiles the kernels now. */
  public TornadoExecutionPlan withPreCompilation() {
    plan.compile();
    return this;
  }

  /** Executes on a device. */
  public TornadoExecutionPlan withDevice(TornadoDevice device) {
    plan.setDevice(device);
    return this;
  }

  /** The device of a graph. */
  public TornadoDevice getDevice(int immutableTaskGraphIndex) {
    return plan.device();
  }

  /** Gives up the selected graphs' device memory; it stays reserved for this process. */
  public TornadoExecutionPlan freeDeviceMemory() {
    plan.freeDeviceMemory();
    return this;
  }

  /** Sets the worker grids of the tasks. */
  public TornadoExecutionPlan withGridScheduler(GridScheduler gridScheduler) {
    plan.setGrids(gridScheduler);
    return this;
  }

  /** Measures times. */
  public TornadoExecutionPlan withProfiler(ProfilerMode profilerMode) {
    plan.setProfiling(true);
    return this;
  }

  /** Measures no times. */
  public TornadoExecutionPlan withoutProfiler() {
    plan.setProfiling(false);
    return this;
  }

  /** The device memory that the plan may use, such as {@code 2GB}. */
  public TornadoExecutionPlan withMemoryLimit(String memoryLimit) {
    plan.setMemoryLimit(memoryLimit);
    return this;
  }

  /** The plan may use all device memory. */
  public TornadoExecutionPlan withoutMemoryLimit() {
    plan.setMemoryLimit(null);
    return this;
  }

  /** Forgets compiled kernels and device memory. */
  public TornadoExecutionPlan resetDevice() {
    plan.reset();
    return this;
  }

  /** The plan's number. */
  public long getId() {
    return id;
  }

  /** The number of plans made so far. */
  public long getGlobalExecutionPlansCounter() {
    return PLANS.get();
  }

  /** Forgets measured times. */
  public TornadoExecutionPlan clearProfiles() {
    plan.clearProfiles();
    return this;
  }

  /** Prints the number of work-items of each launch. */
  public TornadoExecutionPlan withThreadInfo() {
    plan.setThreadInfo(true);
    return this;
  }

  /** Prints nothing about launches. */
  public TornadoExecutionPlan withoutThreadInfo() {
    plan.setThreadInfo(false);
    return this;
  }

  /** Prints each kernel as it is compiled. */
  public TornadoExecutionPlan withPrintKernel() {
    plan.setPrintKernel(true);
    return this;
  }

  /** Prints no kernels. */
  public TornadoExecutionPlan withoutPrintKernel() {
    plan.setPrintKernel(false);
    return this;
  }

  /** Flags for the device's compiler; there is none here. */
  public TornadoExecutionPlan withCompilerFlags(TornadoVMBackendType backend, String flags) {
    return this;
  }

  /** Records the launches as one graph of the driver. PTX, CUDA. */
  public TornadoExecutionPlan withCUDAGraph() {
    plan.withCudaGraph();
    return this;
  }

  /** Executes so many times, before what is measured. */
  public TornadoExecutionPlan withWarmUpIterations(int iterations) {
    for (int i = 0; i < iterations; i++) {
      plan.execute();
    }
    return this;
  }

  /** Bytes of device memory held by the selected graphs. */
  public long getCurrentDeviceMemoryUsage() {
    return plan.deviceMemoryUsage();
  }

  /** The result of an earlier execution. */
  public TornadoExecutionResult getPlanResult(int index) {
    return results.get(index);
  }

  @Override
  public void close() throws TornadoExecutionPlanException {
    plan.close();
  }
}
