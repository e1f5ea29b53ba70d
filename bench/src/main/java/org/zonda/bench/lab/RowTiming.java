package org.zonda.bench.lab;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.zonda.bench.device.KernelCase;
import org.zonda.kernels.Activations;
import org.zonda.kernels.oracle.ElementOracle;
import org.zonda.kernels.oracle.NormOracle;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.WorkerGrid2D;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** What is done to rows without a matrix: norms, and what is done to each element. */
final class RowTiming implements KernelCase {

  /** Launches in a graph; the rows come from a cache where they fit into one, as in a model. */
  private static final int LAUNCHES = 4;

  private static final float EPSILON = 1e-5f;

  /** What a kernel is given after the context and the pass, and what must come of it. */
  private record Kind(List<Object> arguments, int arrays, IntToDoubleFunction expected) {}

  private final String name;
  private final Object task;
  private final int rows;
  private final int width;
  private final int group;
  private final boolean perRow;
  private final Kind kind;
  private final IntArray pass;
  private final FloatArray x;
  private final FloatArray other;
  private final FloatArray y;

  /**
   * @param id the kernel's in the catalogue, one of {@link #IDS}
   * @param name what is timed
   * @param task the kernel
   * @param rows of the pass
   * @param width of a row
   * @param group work-items of a group
   */
  RowTiming(String id, String name, Object task, int rows, int width, int group) {
    this.name = name;
    this.task = task;
    this.rows = rows;
    this.width = width;
    this.group = group;
    Random random = new Random(1);
    pass = Inputs.ints(rows);
    x = Inputs.floats(Inputs.gaussian(random, rows * width));
    other = Inputs.floats(Inputs.gaussian(random, rows * width));
    y = new FloatArray(rows * width);
    perRow = id.startsWith("norm.");
    kind = kind(id);
  }

  /** Kernels that can be timed so. */
  static final List<String> IDS =
      List.of(
          "norm.rms",
          "norm.layer",
          "element.gate",
          "element.add",
          "element.scale",
          "element.soft_cap",
          "element.activate");

  private Kind kind(String id) {
    IntArray cursor = Inputs.ints(0);
    int code = Activations.SILU;
    return switch (id) {
      case "norm.rms" ->
          new Kind(
              List.of(cursor, x, other, y, 0, width, 1, width, 0, width, 0, width, EPSILON),
              2,
              i -> NormOracle.rms(row(x), row(other), EPSILON)[i]);
      case "norm.layer" ->
          new Kind(
              List.of(cursor, x, other, other, y, 0, width, 1, width, 0, width, 0, width, EPSILON),
              2,
              i -> NormOracle.layer(row(x), row(other), row(other), EPSILON)[i]);
      case "element.gate" ->
          new Kind(
              List.of(x, other, y, code, width, 1, 0, width, 0, width, 0, width),
              3,
              i -> ElementOracle.gate(code, x.get(i), other.get(i)));
      case "element.add" ->
          new Kind(
              List.of(x, other, y, width, 0, width, 0, width, 0, width),
              3,
              i -> ElementOracle.add(x.get(i), other.get(i)));
      case "element.scale" ->
          new Kind(
              List.of(x, y, width, 0, width, 0, width, 3f),
              2,
              i -> ElementOracle.scale(x.get(i), 3f));
      case "element.soft_cap" ->
          new Kind(
              List.of(x, y, width, 0, width, 0, width, 3f),
              2,
              i -> ElementOracle.softCap(x.get(i), 3f));
      case "element.activate" ->
          new Kind(
              List.of(x, y, width, 0, width, 0, width, code),
              2,
              i -> ElementOracle.activate(code, x.get(i)));
      default -> throw new IllegalArgumentException(id);
    };
  }

  private float[] row(FloatArray array) {
    float[] row = new float[width];
    for (int i = 0; i < width; i++) {
      row[i] = array.get(i);
    }
    return row;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String shape() {
    return rows + " x " + width;
  }

  @Override
  public long bytes() {
    return (long) kind.arrays * rows * width * Float.BYTES;
  }

  @Override
  public long multiplyAdds() {
    return 0;
  }

  @Override
  public int launches() {
    return LAUNCHES;
  }

  @Override
  public void addTo(TaskGraph graph, GridScheduler grids) {
    graph.transferToDevice(DataTransferMode.FIRST_EXECUTION, pass);
    graph.transferToDevice(
        DataTransferMode.FIRST_EXECUTION,
        kind.arguments.stream()
            .filter(argument -> argument instanceof FloatArray || argument instanceof IntArray)
            .distinct()
            .toArray());
    for (int i = 0; i < LAUNCHES; i++) {
      Object[] arguments = new Object[2 + kind.arguments.size()];
      arguments[0] = new KernelContext();
      arguments[1] = pass;
      System.arraycopy(kind.arguments.toArray(), 0, arguments, 2, arguments.length - 2);
      KernelTask.add(graph, "t" + i, task, arguments);
      int groups = perRow ? 1 : Math.ceilDiv(width, group);
      WorkerGrid2D grid = new WorkerGrid2D(groups * group, rows);
      grid.setLocalWork(group, 1, 1);
      grids.addWorkerGrid(GRAPH + ".t" + i, grid);
    }
  }

  @Override
  public FloatArray output() {
    return y;
  }

  /** Looks at the first row. */
  @Override
  public Optional<String> fault() {
    double[] expected = new double[width];
    Arrays.setAll(expected, kind.expected);
    return KernelCase.compare(y, 0, expected, 1e-4);
  }
}
