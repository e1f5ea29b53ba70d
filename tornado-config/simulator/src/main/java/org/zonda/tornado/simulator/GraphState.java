package org.zonda.tornado.simulator;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoRuntimeException;
import uk.ac.manchester.tornado.api.exceptions.TornadoTaskRuntimeException;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * A graph within a plan, with its own device copies of the arrays it uses. Two graphs have two
 * copies of an array, except where one consumes what the other leaves on the device.
 *
 * <p>The rules are TornadoVM 5.2.0's where they matter to a program, and stricter where it leaves
 * things to chance: an array that is neither copied in nor consumed holds poison.
 */
final class GraphState {
  private final Graph graph;
  private final List<Kernel> kernels = new ArrayList<>();
  private final Map<Object, DeviceArray> buffers = new IdentityHashMap<>();
  private final Set<Object> allocated = identitySet();
  private final Set<Object> loaded = identitySet();

  /** The consumed arrays by the graph that they are taken over from. */
  private final Map<String, Set<Object>> consumed = new HashMap<>();

  private final Set<Object> consumedAtAll = identitySet();
  private final Set<Object> kept = identitySet();
  private final Set<Object> declared = identitySet();

  /** Arrays of which a part has been fetched. */
  private final Set<Object> fetchedInPart = identitySet();

  GraphState(Graph graph) {
    this.graph = graph;
    for (Graph.Consumption consumption : graph.consumed()) {
      consumedAtAll.add(consumption.array());
      if (consumption.source() != null) {
        consumed.computeIfAbsent(consumption.source(), _ -> identitySet()).add(consumption.array());
      }
    }
    kept.addAll(graph.persisted());
    kept.addAll(consumedAtAll);
    graph.copiesIn().forEach(copy -> declared.add(copy.array()));
    for (Graph.Copy copy : graph.copiesOut()) {
      declared.add(copy.array());
      if (copy.mode() == DataTransferMode.UNDER_DEMAND) {
        kept.add(copy.array());
      }
    }
    declared.addAll(kept);
  }

  private static Set<Object> identitySet() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }

  String name() {
    return graph.name();
  }

  private String taskName(Graph.Task task) {
    return graph.name() + "." + task.id();
  }

  /** Finds the kernels and refuses those that the device cannot run. */
  void compile(Settings settings) {
    if (kernels.isEmpty()) {
      for (Graph.Task task : graph.tasks()) {
        Kernel kernel = Kernel.of(task.code());
        kernel.check(taskName(task), settings.backend());
        checkArguments(task, kernel);
        kernel.code();
        kernels.add(kernel);
      }
    }
  }

  private void checkArguments(Graph.Task task, Kernel kernel) {
    for (int i = 0; i < task.arguments().size(); i++) {
      Object argument = task.arguments().get(i);
      String name =
          "task " + taskName(task) + ", argument " + (i + 1) + " (" + kernel.parameter(i) + ")";
      if (!(argument instanceof TornadoNativeArray
          || argument instanceof KernelContext
          || argument instanceof Number
          || argument instanceof Boolean)) {
        throw new TornadoTaskRuntimeException(
            name + ": a " + argument.getClass().getName() + " cannot be passed to a kernel");
      }
      for (int j = i + 1; kernel.access(i).writes() && j < task.arguments().size(); j++) {
        if (task.arguments().get(j) == argument) {
          throw new TornadoTaskRuntimeException(
              name
                  + ": the array is written here and given again as argument "
                  + (j + 1)
                  + "; TornadoVM never finishes planning such a task unless the written place is"
                  + " the last");
        }
      }
    }
  }

  /** Takes over the buffers of consumed arrays from the graph that was executed just before. */
  void takeOver(GraphState last) {
    if (consumedAtAll.isEmpty()) {
      return;
    }
    if (last != null) {
      Set<Object> arrays = consumed.computeIfAbsent(last.name(), _ -> consumedAtAll);
      for (Object array : arrays) {
        DeviceArray buffer = last.buffers.get(array);
        if (buffer == null || !last.kept.contains(array)) {
          throw new TornadoRuntimeException(
              "graph "
                  + name()
                  + " consumes "
                  + describe(array)
                  + ", but graph "
                  + last.name()
                  + ", executed just before, does not keep it on the device");
        }
        buffers.put(array, buffer);
      }
    }
    for (Object array : consumedAtAll) {
      DeviceArray buffer = buffers.get(array);
      if (buffer == null || buffer.isFreed()) {
        throw new TornadoRuntimeException(
            "graph "
                + name()
                + " consumes "
                + describe(array)
                + (buffer == null
                    ? ", but no graph that keeps it on the device was executed just before"
                    : ", whose device memory has been freed"));
      }
    }
  }

  private String describe(Object array) {
    for (int t = 0; t < graph.tasks().size(); t++) {
      Graph.Task task = graph.tasks().get(t);
      for (int i = 0; i < task.arguments().size(); i++) {
        if (task.arguments().get(i) == array) {
          return "the array " + Kernel.of(task.code()).parameter(i) + " of task " + taskName(task);
        }
      }
    }
    return "a " + array.getClass().getSimpleName();
  }

  /** Allocates and copies in what the tasks need. */
  void copyIn(SimulatedDevice device, Plan.Costs costs) {
    Set<Object> seen = identitySet();
    for (int t = 0; t < kernels.size(); t++) {
      Graph.Task task = graph.tasks().get(t);
      for (int i = 0; i < task.arguments().size(); i++) {
        if (task.arguments().get(i) instanceof TornadoNativeArray host && seen.add(host)) {
          allocate(host, device, costs);
          // What the first task only writes is not copied in, even where that is declared.
          boolean skipped =
              kernels.get(t).access(i).writesOnly()
                  && (host instanceof FloatArray
                      || host instanceof IntArray
                      || host instanceof ByteArray);
          if (!skipped && !consumedAtAll.contains(host)) {
            load(host, costs);
          }
        }
      }
    }
    for (Graph.Copy copy : graph.copiesIn()) {
      if (copy.mode() == DataTransferMode.EVERY_EXECUTION
          && copy.array() instanceof TornadoNativeArray host
          && seen.add(host)) {
        allocate(host, device, costs);
        load(host, costs);
      }
    }
  }

  private void allocate(TornadoNativeArray host, SimulatedDevice device, Plan.Costs costs) {
    DeviceArray known = buffers.get(host);
    if (known != null) {
      // Arrays of no transfer serve one execution.
      if (!declared.contains(host)) {
        known.forget();
      }
      return;
    }
    costs.reserve(host.getNumBytesOfSegmentWithHeader());
    buffers.put(host, DeviceArray.like(host, device.settings().checks()));
    allocated.add(host);
  }

  private void load(TornadoNativeArray host, Plan.Costs costs) {
    for (Graph.Copy copy : graph.copiesIn()) {
      if (copy.array() == host
          && (copy.mode() == DataTransferMode.EVERY_EXECUTION
              || copy.mode() == DataTransferMode.FIRST_EXECUTION && !loaded.contains(host))) {
        buffers.get(host).copyIn(host);
        loaded.add(host);
        costs.copiedIn(host.getNumBytesOfSegment());
        return;
      }
    }
  }

  /** Runs the tasks. */
  void run(GridScheduler grids, Settings settings, Plan.Costs costs) {
    for (int t = 0; t < kernels.size(); t++) {
      Graph.Task task = graph.tasks().get(t);
      Kernel kernel = kernels.get(t);
      Object[] arguments = new Object[task.arguments().size()];
      boolean context = false;
      for (int i = 0; i < arguments.length; i++) {
        Object argument = task.arguments().get(i);
        context |= argument instanceof KernelContext;
        arguments[i] = buffers.getOrDefault(argument, null);
        if (arguments[i] == null) {
          arguments[i] = argument;
        }
      }
      WorkerGrid grid = grids.get(taskName(task));
      if (grid == null && context) {
        throw new KernelFault(
            FaultKind.REFUSED_LAUNCH,
            taskName(task),
            "the kernel uses a KernelContext, and the grid scheduler has no worker grid for it");
      }
      if (grid == null) {
        grid = new WorkerGrid1D(1);
      } else if (grid.getLocalWork() == null && kernel.waits()) {
        throw new KernelFault(
            FaultKind.REFUSED_LAUNCH,
            taskName(task),
            "the kernel has barriers or exchanges, and its worker grid no group size");
      }
      long start = System.nanoTime();
      new Launch(taskName(task), kernel, arguments, grid, settings).run();
      costs.ran(taskName(task), System.nanoTime() - start);
    }
  }

  /** Copies out what is declared and not left to demand. */
  void copyOut(Plan.Costs costs) {
    for (Graph.Copy copy : graph.copiesOut()) {
      if (copy.mode() != DataTransferMode.UNDER_DEMAND
          && copy.array() instanceof TornadoNativeArray host) {
        if (!isWritten(host)) {
          throw new TornadoRuntimeException(
              "graph "
                  + name()
                  + " transfers "
                  + describe(host)
                  + " to the host, but no task of the graph writes it, and TornadoVM then copies"
                  + " nothing; fetch it on demand");
        }
        fetch(host);
        costs.copiedOut(host.getNumBytesOfSegment());
      }
    }
  }

  private boolean isWritten(Object array) {
    for (int t = 0; t < kernels.size(); t++) {
      List<Object> arguments = graph.tasks().get(t).arguments();
      for (int i = 0; i < arguments.size(); i++) {
        if (arguments.get(i) == array && kernels.get(t).access(i).writes()) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether the array can be fetched from this graph. */
  boolean holds(Object array) {
    DeviceArray buffer = buffers.get(array);
    return declared.contains(array) && buffer != null && !buffer.isFreed();
  }

  /** Copies a held array to the host. */
  void fetch(TornadoNativeArray host) {
    if (fetchedInPart.contains(host)) {
      throw new TornadoRuntimeException(
          "graph "
              + name()
              + " transfers "
              + describe(host)
              + " as a whole after a part of it was fetched; TornadoVM then copies too little: name"
              + " a range each time");
    }
    buffers.get(host).copyOut(host, 0, host.getSize());
  }

  /** Copies some elements of a held array to the host. */
  void fetch(TornadoNativeArray host, int first, int count) {
    fetchedInPart.add(host);
    buffers.get(host).copyOut(host, first, count);
  }

  /** Bytes of the buffers that this graph has allocated. */
  long bytes() {
    return allocated.stream().mapToLong(array -> buffers.get(array).bytes()).sum();
  }

  /** Gives up the buffers that this graph has allocated; how many bytes. */
  long free() {
    long bytes = bytes();
    for (Object array : allocated) {
      buffers.get(array).free();
    }
    buffers.clear();
    allocated.clear();
    loaded.clear();
    return bytes;
  }
}
