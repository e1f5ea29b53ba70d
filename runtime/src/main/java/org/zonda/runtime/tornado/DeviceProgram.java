package org.zonda.runtime.tornado;

import java.util.ArrayList;
import java.util.List;
import org.zonda.kernels.Cursor;
import org.zonda.model.ZondaException;
import org.zonda.runtime.backend.OperationRecorder;
import uk.ac.manchester.tornado.api.DataRange;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.TornadoExecutionResult;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.enums.ProfilerMode;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * The task graphs of a stage in one execution plan, and the arrays that stay on the device for all
 * of them.
 *
 * <p>How arrays stay (found by reading TornadoVM 5.2.0 and by trying): each graph has its own table
 * of device buffers. When a graph is executed, it takes over the buffers of the arrays that it
 * consumes <em>from the graph that was executed just before it</em>, by that graph's name; if it
 * names no array for that graph, it takes all it consumes, and loses those that the other does not
 * have. So:
 *
 * <ul>
 *   <li>{@code upload} gives every resident array its buffer and its contents. It alone lists them
 *       as its own: a buffer that two graphs own cannot be freed.
 *   <li>{@code step}, which begins each pass, takes them from {@code upload} and adds the pass's
 *       own array, the one that is copied down each time.
 *   <li>{@code link} takes everything from {@code step} and is executed directly before the first
 *       execution of each other graph, which takes everything from it.
 *   <li>For every other neighbour, each graph names the {@code cursor} only: the smallest array
 *       that all have. So any graph may follow any, and nothing is looked for again.
 * </ul>
 *
 * <p>Each {@link TornadoExecutionPlan#withGraph} makes a new view of the plan, which alone keeps
 * the results of its executions; so a long run does not pile them up.
 */
final class DeviceProgram implements AutoCloseable {

  private static final String UPLOAD = "upload";
  private static final String LINK = "link";

  private final TornadoDevice device;
  private final Residents residents = new Residents();
  private final List<DeviceGraph> graphs = new ArrayList<>();

  private DeviceGraph step;
  private DeviceGraph link;
  private TornadoExecutionPlan plan;

  /** The graph that was executed last, and what came of it: the only one that can be asked. */
  private DeviceGraph last;

  private TornadoExecutionResult result;

  /** Tells whoever listens how long the graphs' kernels took. */
  final LaunchTimes times;

  /** What kernels are given to know their place; one for all. */
  final KernelContext context = new KernelContext();

  /** An int that is always resident. */
  final IntArray cursor = new IntArray(1);

  DeviceProgram(TornadoDevice device, OperationRecorder recorder) {
    this.device = device;
    times = new LaunchTimes(recorder);
    residents.allocate(cursor);
  }

  /** Has an array's contents copied to the device once, when the program starts. */
  <A extends TornadoNativeArray> A upload(A array) {
    residents.upload(array);
    return array;
  }

  /** Gives an array memory on the device, where kernels write it before they read it. */
  <A extends TornadoNativeArray> A allocate(A array) {
    residents.allocate(array);
    return array;
  }

  /** Bytes of all resident arrays. */
  long residentBytes() {
    return residents.bytes();
  }

  /**
   * Adds the graph that begins each pass.
   *
   * @param tasks its launches
   * @param pass the array that it copies to the device, for all graphs
   */
  DeviceGraph step(TaskList tasks, IntArray pass) {
    step = new DeviceGraph("step", tasks, List.of(pass), false);
    graphs.add(step);
    return step;
  }

  /**
   * Adds a graph.
   *
   * @param name no other graph's
   * @param tasks its launches
   * @param sent arrays of its own that it copies to the device first
   * @param captured whether it is always launched alike, so that the driver may capture it
   */
  DeviceGraph graph(
      String name, TaskList tasks, List<? extends TornadoNativeArray> sent, boolean captured) {
    DeviceGraph graph = new DeviceGraph(name, tasks, sent, captured);
    graphs.add(graph);
    return graph;
  }

  /** The launches of all graphs, each of which is compiled once. */
  int launches() {
    return graphs.stream().mapToInt(graph -> graph.tasks.launches().size()).sum();
  }

  /** Uploads. From now on graphs can run, and nothing can be added. */
  void start() {
    residents.fillUp();
    TaskList touch = residents.tasks(context);
    DeviceGraph upload = new DeviceGraph(UPLOAD, touch, List.of(), false);
    TaskList nothing = new TaskList();
    nothing.add("advance", Grid.single(), (g, n) -> g.task(n, Cursor::advance, context, cursor, 0));
    link = new DeviceGraph(LINK, nothing, List.of(), false);
    graphs.addFirst(link);
    graphs.addFirst(upload);
    GridScheduler scheduler = new GridScheduler();
    graphs.forEach(graph -> graph.register(scheduler));
    plan =
        new TornadoExecutionPlan(
            graphs.stream().map(this::build).toArray(ImmutableTaskGraph[]::new));
    plan.withDevice(device);
    plan.withGridScheduler(scheduler);
    for (DeviceGraph graph : List.of(upload, step, link)) {
      graph.linked = true;
      execute(graph);
    }
  }

  private ImmutableTaskGraph build(DeviceGraph graph) {
    TaskGraph tasks = new TaskGraph(graph.name);
    if (graph.name.equals(UPLOAD)) {
      residents.own(tasks);
    } else {
      consume(tasks, graph);
    }
    if (!graph.sent.isEmpty()) {
      tasks.transferToDevice(DataTransferMode.EVERY_EXECUTION, graph.sent.toArray());
    }
    graph.tasks.launches().forEach(launch -> launch.task().addTo(tasks, launch.name()));
    if (graph == step) {
      tasks.persistOnDevice(graph.sent.toArray());
    }
    return tasks.snapshot();
  }

  /** Names where a graph takes resident arrays from: all from one graph, one from each other. */
  private void consume(TaskGraph tasks, DeviceGraph graph) {
    List<TornadoNativeArray> all = new ArrayList<>(residents.arrays());
    String source = UPLOAD;
    if (graph != step) {
      all.addAll(step.sent);
      source = graph == link ? step.name : LINK;
    }
    tasks.consumeFromDevice(source, all.toArray());
    for (DeviceGraph other : graphs) {
      if (!other.name.equals(source) && !other.name.equals(UPLOAD)) {
        tasks.consumeFromDevice(other.name, cursor);
      }
    }
  }

  /**
   * Runs a graph and waits for it. The first of a pass must be {@code step}.
   *
   * @param graph one of this program's
   * @param size what the pass has
   * @throws ZondaException if it fails
   */
  void run(DeviceGraph graph, PassSize size) {
    run(graph, size, 0);
  }

  /**
   * Runs a graph of layers and waits for it.
   *
   * @param graph one of this program's
   * @param size what the pass has
   * @param layer the first layer that it runs, from the beginning of their group
   * @throws ZondaException if it fails
   */
  void run(DeviceGraph graph, PassSize size, int layer) {
    graph.fit(size);
    if (!graph.linked) {
      execute(link);
      graph.linked = true;
      if (graph.captured) {
        plan.withGraph(graphs.indexOf(graph)).withCUDAGraph();
      }
    }
    if (times.areWanted()) {
      executeTimed(graph, layer);
    } else {
      execute(graph);
    }
  }

  private void executeTimed(DeviceGraph graph, int layer) {
    plan.withProfiler(ProfilerMode.SILENT);
    long start = System.nanoTime();
    execute(graph);
    long nanos = System.nanoTime() - start;
    times.ran(graph, layer, result.getProfilerResult().getProfileLog(), nanos);
    plan.withoutProfiler();
  }

  private void execute(DeviceGraph graph) {
    try {
      last = graph;
      result = plan.withGraph(graphs.indexOf(graph)).execute();
    } catch (RuntimeException | Error e) {
      throw DeviceFailures.of(device, graph, e);
    }
  }

  /**
   * Copies the beginning of a resident array to the host.
   *
   * @param array the array
   * @param elements how many of its elements
   */
  void fetch(TornadoNativeArray array, long elements) {
    try {
      result.transferToHost(new DataRange(array).withSize(elements));
    } catch (RuntimeException | Error e) {
      throw DeviceFailures.of(device, last, e);
    }
  }

  @Override
  public void close() {
    if (plan != null) {
      TornadoExecutionPlan closing = plan;
      plan = null;
      result = null;
      for (int i = 0; i < graphs.size(); i++) {
        closing.withGraph(i).freeDeviceMemory();
      }
    }
  }
}
