package org.zonda.tornado.simulator;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;
import uk.ac.manchester.tornado.api.exceptions.TornadoBailoutRuntimeException;
import uk.ac.manchester.tornado.api.exceptions.TornadoOutOfMemoryException;
import uk.ac.manchester.tornado.api.exceptions.TornadoRuntimeException;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/** Graphs and how they are executed. One launch runs at a time in a JVM. */
public final class Plan {
  private static final ReentrantLock DEVICE = new ReentrantLock();

  private final List<GraphState> graphs;
  private List<GraphState> selected;
  private GraphState last;
  private SimulatedDevice device = SimulatedRuntime.INSTANCE.getDefaultDevice();
  private GridScheduler grids = new GridScheduler();
  private long memoryLimit = Long.MAX_VALUE;
  private boolean cudaGraph;
  private boolean profiling;
  private boolean threadInfo;
  private boolean printKernel;
  private Profile profile = Profile.NONE;

  /** A plan of graphs. */
  public Plan(List<Graph> graphs) {
    this.graphs = graphs.stream().map(GraphState::new).toList();
    this.selected = this.graphs;
  }

  /** Selects a graph. */
  public void select(int index) {
    if (index < 0 || index >= graphs.size()) {
      throw new TornadoRuntimeException(
          "graph " + index + " of a plan with " + graphs.size() + " graphs");
    }
    selected = List.of(graphs.get(index));
  }

  /** Selects all graphs. */
  public void selectAll() {
    selected = graphs;
  }

  /** Makes the kernels of the selected graphs ready. */
  public void compile() {
    selected.forEach(graph -> graph.compile(device.settings()));
  }

  /** Executes the selected graphs, one after another. */
  public void execute() {
    DEVICE.lock();
    try {
      Costs costs = new Costs();
      if (cudaGraph && device.getTornadoVMBackend() == TornadoVMBackendType.OPENCL) {
        throw new TornadoBailoutRuntimeException(
            device + " records no graphs of launches; withCUDAGraph needs PTX or CUDA");
      }
      for (GraphState graph : selected) {
        execute(graph, costs);
      }
      // Not earlier: what one execution runs does not see one another's arrays.
      last = selected.getLast();
      profile = profiling ? costs.profile() : Profile.NONE;
    } finally {
      DEVICE.unlock();
    }
  }

  private void execute(GraphState graph, Costs costs) {
    long start = System.nanoTime();
    graph.compile(device.settings());
    graph.takeOver(last);
    costs.compilation += System.nanoTime() - start;
    start = System.nanoTime();
    graph.copyIn(device, costs);
    costs.copyIn += System.nanoTime() - start;
    graph.run(grids, device.settings(), costs);
    start = System.nanoTime();
    graph.copyOut(costs);
    costs.copyOut += System.nanoTime() - start;
  }

  /** Copies arrays of the selected graphs to the host. */
  public void fetch(Object... arrays) {
    for (Object array : arrays) {
      holder(array).fetch((TornadoNativeArray) array);
    }
  }

  /** Copies a part of an array to the host; offset and size in bytes, the header included. */
  public void fetch(TornadoNativeArray host, long offset, long bytes) {
    int size = host.getElementSize();
    holder(host)
        .fetch(
            host,
            Math.toIntExact((offset - TornadoNativeArray.ARRAY_HEADER) / size),
            Math.toIntExact(bytes / size));
  }

  private GraphState holder(Object array) {
    for (GraphState graph : selected) {
      if (graph.holds(array)) {
        return graph;
      }
    }
    throw new TornadoRuntimeException(
        "a "
            + array.getClass().getSimpleName()
            + " is fetched that the selected graphs ("
            + selected.stream().map(GraphState::name).collect(Collectors.joining(", "))
            + ") do not hold on the device");
  }

  /** Executes on another device. */
  public void setDevice(TornadoDevice other) {
    if (!(other instanceof SimulatedDevice simulated)) {
      throw new TornadoRuntimeException("the simulator cannot execute on " + other);
    }
    if (simulated != device) {
      free(graphs);
      device = simulated;
    }
  }

  /** The device. */
  public TornadoDevice device() {
    return device;
  }

  /** Gives up the device memory of the selected graphs. */
  public void freeDeviceMemory() {
    free(selected);
  }

  private void free(List<GraphState> these) {
    these.forEach(graph -> device.release(graph.free()));
  }

  /** Sets the worker grids. */
  public void setGrids(GridScheduler scheduler) {
    grids = scheduler;
  }

  /** Turns the measuring of times on or off. */
  public void setProfiling(boolean on) {
    profiling = on;
  }

  /** Sets the most device memory of the plan, such as {@code 512MB}; null for all there is. */
  public void setMemoryLimit(String limit) {
    memoryLimit = limit == null ? Long.MAX_VALUE : bytes(limit);
  }

  private static long bytes(String text) {
    String upper = text.strip().toUpperCase(Locale.ROOT);
    int shift =
        switch (upper.substring(Math.max(0, upper.length() - 2))) {
          case "KB" -> 10;
          case "MB" -> 20;
          case "GB" -> 30;
          default ->
              throw new TornadoRuntimeException(
                  "a memory limit is '" + text + "'; it must end in KB, MB or GB");
        };
    return Long.parseLong(upper.substring(0, upper.length() - 2).strip()) << shift;
  }

  /** Forgets what is on the device. */
  public void reset() {
    free(graphs);
    last = null;
  }

  /** Forgets the times. */
  public void clearProfiles() {
    profile = Profile.NONE;
  }

  /** Whether launches are printed. */
  public void setThreadInfo(boolean on) {
    threadInfo = on;
  }

  /** Whether kernels are printed; of a simulated one there is only the name. */
  public void setPrintKernel(boolean on) {
    printKernel = on;
  }

  /** Records launches as a graph of the driver. */
  public void withCudaGraph() {
    cudaGraph = true;
  }

  /** Bytes of device memory of the selected graphs. */
  public long deviceMemoryUsage() {
    return selected.stream().mapToLong(GraphState::bytes).sum();
  }

  /** The times of the last execution. */
  public Profile profile() {
    return profile;
  }

  /** Frees all device memory of the plan. */
  public void close() {
    free(graphs);
  }

  /** What an execution costs, as it is counted up. */
  final class Costs {
    private final long start = System.nanoTime();
    private final Map<String, Long> tasks = new LinkedHashMap<>();
    private long compilation;
    private long copyIn;
    private long copyOut;
    private long bytesIn;
    private long bytesOut;

    /** Takes device memory, or fails. */
    void reserve(long bytes) {
      long used = graphs.stream().mapToLong(GraphState::bytes).sum();
      if (bytes > memoryLimit - used) {
        throw new TornadoOutOfMemoryException(
            bytes + " bytes more than the plan's limit of " + memoryLimit + " bytes allows");
      }
      device.reserve(bytes);
    }

    void copiedIn(long bytes) {
      bytesIn += bytes;
    }

    void copiedOut(long bytes) {
      bytesOut += bytes;
    }

    void ran(String task, long nanoseconds) {
      tasks.merge(task, nanoseconds, Long::sum);
      if (threadInfo || printKernel) {
        System.out.println(task + " on " + device + ": " + grids.get(task));
      }
    }

    Profile profile() {
      String log =
          tasks.entrySet().stream()
              .map(e -> "\"" + e.getKey() + "\": {\"TASK_KERNEL_TIME\": \"" + e.getValue() + "\"}")
              .collect(Collectors.joining(", ", "{", "}"));
      return new Profile(
          System.nanoTime() - start,
          compilation,
          copyIn,
          copyOut,
          tasks.values().stream().mapToLong(Long::longValue).sum(),
          bytesIn,
          bytesOut,
          deviceMemoryUsage(),
          log);
    }
  }
}
