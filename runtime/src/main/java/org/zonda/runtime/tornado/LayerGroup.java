package org.zonda.runtime.tornado;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.zonda.kernels.Cursor;
import org.zonda.model.ZondaException;
import org.zonda.model.graph.Block;
import org.zonda.model.graph.Operation;
import org.zonda.model.graph.Weight;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Consecutive layers of equal shape. Their weights are stacked, so that a graph of one or a few of
 * them, executed several times, runs all of them: what is compiled does not grow with their number.
 * The graph finds its first layer in the group's cursor, which it moves on at its end.
 */
final class LayerGroup {

  /** TornadoVM's arrays have int indices and a header. */
  private static final long MOST_ELEMENTS = Integer.MAX_VALUE - 16;

  private static final long HEADER = 64;

  private final StageMemory stage;
  private final String name;
  private final int layers;
  private final BlockTasks block;
  private final IntArray cursor;

  /** A graph and the first of the layers that it runs. */
  private record Execution(DeviceGraph graph, int layer) {}

  private final List<Execution> fewRows = new ArrayList<>();
  private final List<Execution> manyRows = new ArrayList<>();

  /**
   * Makes layers ready and takes their weights.
   *
   * @param stage what the steps share
   * @param name unique in the stage
   * @param blocks the layers, of equal shape
   * @param hidden where the hidden state lies, before and after
   */
  LayerGroup(StageMemory stage, String name, List<Block> blocks, Slot hidden) {
    this.stage = stage;
    this.name = name;
    layers = blocks.size();
    block = new BlockTasks(stage, blocks, hidden, hidden);
    cursor = stage.program.upload(cursor(stage, blocks));
  }

  /** The cursor at the first layer, with what the layers differ in. */
  private static IntArray cursor(StageMemory stage, List<Block> blocks) {
    IntArray cursor = new IntArray(Cursor.size(blocks.size()));
    cursor.init(0);
    for (int layer = 0; layer < blocks.size(); layer++) {
      for (Operation operation : blocks.get(layer).operations()) {
        if (operation instanceof Operation.Attention op) {
          cursor.set(Cursor.window(layer), op.mask().window());
        } else if (operation instanceof Operation.Rotate op) {
          cursor.set(Cursor.rotation(layer), stage.rotations.offset(op.rotary()));
        }
      }
    }
    return cursor;
  }

  /**
   * Divides layers into groups: equal ones that follow each other, as many as the device can have
   * in one array.
   *
   * @param stage what the steps share
   * @param blocks the layers
   * @return the groups' layers
   * @throws ZondaException if an array of a single layer is too large for the device
   */
  static List<List<Block>> divide(StageMemory stage, List<Block> blocks) {
    Function<Weight, DeviceFormat> format = stage.weights::format;
    List<List<Block>> groups = new ArrayList<>();
    for (int from = 0; from < blocks.size(); ) {
      LayerShape shape = LayerShape.of(blocks.get(from), format);
      int most = mostLayers(stage, blocks.get(from));
      int to = from + 1;
      while (to < blocks.size()
          && to - from < most
          && LayerShape.of(blocks.get(to), format).equals(shape)) {
        to++;
      }
      groups.add(blocks.subList(from, to));
      from = to;
    }
    return groups;
  }

  /** How many layers can be stacked before an array of theirs is too large. */
  private static int mostLayers(StageMemory stage, Block layer) {
    long bytes = stage.device.getPhysicalDevice().getDeviceMaxAllocationSize() - HEADER;
    long most = Integer.MAX_VALUE;
    for (Step step : Fusion.of(layer, stage.weights::format)) {
      for (List<Weight> joined : step.matrices()) {
        DeviceFormat format = stage.weights.format(joined.getFirst());
        for (Plane plane : format.planes()) {
          long elements =
              joined.stream().mapToLong(weight -> elements(weight, format, plane)).sum();
          long limit = Math.min(MOST_ELEMENTS, bytes / plane.kind().bytes());
          most = Math.min(most, limit / Math.max(1, elements));
        }
      }
      if (step instanceof Step.Attend attend) {
        long elements = stage.cache.layerElements(attend.operation());
        most =
            Math.min(most, Math.min(MOST_ELEMENTS, bytes / stage.cache.elementBytes()) / elements);
      }
    }
    if (most == 0) {
      throw new ZondaException(
          "%s: an array of this layer's weights or of its KV cache is larger than the %d bytes that %s gives at once; use a shorter context or --backend cpu"
              .formatted(layer.name(), bytes, DeviceFailures.name(stage.device)));
    }
    return (int) most;
  }

  private static long elements(Weight weight, DeviceFormat format, Plane plane) {
    long rows = (long) weight.rows() * weight.matrices();
    return rows * (weight.columns() / format.blockElements()) * plane.perBlock();
  }

  /** Adds the launch that goes back to the first layer. */
  void addReset(TaskList tasks) {
    tasks.add(
        name + "_first",
        Grid.single(),
        (g, n) -> g.task(n, Cursor::reset, stage.program.context, cursor));
  }

  /** Adds the graphs, after all memory has been planned. */
  void addGraphs(IntArray pass, boolean captures) {
    addGraphs(pass, "few", true, captures, layersPerGraph(), fewRows);
    // With many rows a launch from the host costs nothing beside the work: compile one layer only.
    addGraphs(pass, "many", false, false, 1, manyRows);
  }

  /** A divisor of the layers that is near what is wanted, or else what is wanted. */
  private int layersPerGraph() {
    int wanted = Math.min(layers, stage.profile.layersPerGraph());
    for (int n = wanted; n > wanted / 2; n--) {
      if (layers % n == 0) {
        return n;
      }
    }
    return wanted;
  }

  private void addGraphs(
      IntArray pass,
      String kind,
      boolean few,
      boolean captured,
      int perGraph,
      List<Execution> executions) {
    DeviceGraph graph = graph(pass, name + "_" + kind, few, captured, perGraph);
    for (int i = 0; i < layers / perGraph; i++) {
      executions.add(new Execution(graph, i * perGraph));
    }
    if (layers % perGraph > 0) {
      int rest = layers % perGraph;
      DeviceGraph last = graph(pass, name + "_" + kind + "_rest", few, captured, rest);
      executions.add(new Execution(last, layers - rest));
    }
  }

  private DeviceGraph graph(
      IntArray pass, String graphName, boolean few, boolean captured, int slots) {
    TaskList tasks = new TaskList();
    for (int slot = 0; slot < slots; slot++) {
      block.add(new Target(tasks, pass, cursor, slot, few));
    }
    tasks.add(
        "next",
        Grid.single(),
        (g, n) -> g.task(n, Cursor::advance, stage.program.context, cursor, slots));
    return stage.program.graph(graphName, tasks, List.of(), captured);
  }

  /** Runs all layers. */
  void run(PassSize size, boolean few) {
    for (Execution execution : few ? fewRows : manyRows) {
      stage.program.run(execution.graph(), size, execution.layer());
    }
  }
}
