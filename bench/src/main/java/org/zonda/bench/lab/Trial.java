package org.zonda.bench.lab;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid2D;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * A kernel with its arguments, the kernels before and after it that its result needs, and what must
 * come out.
 */
final class Trial {

  /** The name of the graph. */
  static final String GRAPH = "lab";

  /** What outputs hold before: a kernel must leave alone what it has no business with. */
  static final float UNTOUCHED = -7.25f;

  /** The same where they are integers. */
  static final int UNTOUCHED_INT = -725;

  /** Stands for the kernel's context in a list of arguments. */
  static final Object CONTEXT = new Object();

  /**
   * An output.
   *
   * @param name the parameter's
   * @param values what it must hold; not a number where it must be none
   */
  record Expected(String name, TornadoNativeArray array, double[] values) {}

  private record Launch(String name, Object task, Object[] arguments, WorkerGrid grid) {}

  private final double tolerance;
  private final double magnitude;
  private final List<Launch> launches = new ArrayList<>();
  private final List<Object> inputs = new ArrayList<>();
  private final List<Expected> expected = new ArrayList<>();
  private final KernelContext context = new KernelContext();

  /**
   * @param tolerance how far a float may be off, as a share of the largest that is expected in its
   *     array
   */
  Trial(double tolerance) {
    this(tolerance, 0);
  }

  /**
   * @param tolerance how far a float may be off, as a share of the largest that is expected in its
   *     array, or of {@code magnitude} if that is larger
   * @param magnitude of what is added up to a result, which may be much smaller
   */
  Trial(double tolerance, double magnitude) {
    this.tolerance = tolerance;
    this.magnitude = magnitude;
  }

  double magnitude() {
    return magnitude;
  }

  double tolerance() {
    return tolerance;
  }

  List<Expected> expected() {
    return expected;
  }

  /** Arrays that are copied to the device. */
  Trial in(Object... arrays) {
    inputs.addAll(List.of(arrays));
    return this;
  }

  /**
   * An output whose content is copied to the device too, since the kernel reads it.
   *
   * @param values what it must hold in the end
   */
  Trial out(String name, TornadoNativeArray array, double[] values) {
    expected.add(new Expected(name, array, values));
    return this;
  }

  /**
   * An output that is filled with {@link #UNTOUCHED} on the device first: what no kernel reads
   * TornadoVM does not copy there, so that what the kernel leaves alone would be arbitrary.
   */
  Trial filled(String name, TornadoNativeArray array, double[] values) {
    WorkerGrid grid = grid((array.getSize() + 63) / 64, 64, 1);
    Object task =
        switch (array) {
          case FloatArray _ -> LabKernels.FILL_FLOATS;
          case IntArray _ -> LabKernels.FILL_INTS;
          case HalfFloatArray _ -> LabKernels.FILL_HALVES;
          default -> throw new IllegalArgumentException("no output of " + array.getClass());
        };
    Object[] arguments = {CONTEXT, array, array.getSize()};
    launches.add(new Launch("fill_" + name, task, arguments, grid));
    return out(name, array, values);
  }

  /**
   * A kernel.
   *
   * @param task a {@code TornadoFunctions.TaskN}, or null for the one that is checked
   * @param groups groups in x
   * @param items work-items of each
   * @param rows the grid's y, one group each
   * @param arguments with {@link #CONTEXT} in its place
   */
  Trial launch(String name, Object task, int groups, int items, int rows, Object... arguments) {
    launches.add(new Launch(name, task, arguments, grid(groups, items, rows)));
    return this;
  }

  /** A kernel with one work-item an element and row: whole groups of 64 that cover the width. */
  Trial elements(String name, Object task, int width, int rows, Object... arguments) {
    return launch(name, task, (width + 63) / 64, 64, rows, arguments);
  }

  private static WorkerGrid grid(int groups, int items, int rows) {
    WorkerGrid grid = new WorkerGrid2D(Math.max(1, groups) * items, Math.max(1, rows));
    grid.setLocalWork(items, 1, 1);
    return grid;
  }

  /**
   * The graph of all launches.
   *
   * @param task the kernel that is checked
   * @param grids hears of every launch's size
   */
  TaskGraph graph(Object task, GridScheduler grids) {
    TaskGraph graph = new TaskGraph(GRAPH);
    graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, inputs.toArray());
    for (Launch launch : launches) {
      Object[] arguments = launch.arguments.clone();
      for (int i = 0; i < arguments.length; i++) {
        arguments[i] = arguments[i] == CONTEXT ? context : arguments[i];
      }
      KernelTask.add(graph, launch.name, launch.task == null ? task : launch.task, arguments);
      grids.addWorkerGrid(GRAPH + "." + launch.name, launch.grid);
    }
    graph.transferToHost(
        DataTransferMode.EVERY_EXECUTION, expected.stream().map(Expected::array).toArray());
    return graph;
  }

  /** An element of an output. */
  static double value(TornadoNativeArray array, int index) {
    return switch (array) {
      case FloatArray floats -> floats.get(index);
      case IntArray ints -> ints.get(index);
      case HalfFloatArray halves -> halves.get(index).getFloat32();
      default -> throw new IllegalArgumentException("no output of " + array.getClass());
    };
  }

  /** As many values as an array has elements, all untouched. */
  static double[] untouched(TornadoNativeArray array) {
    return untouched(array, array.getSize());
  }

  /** So many values as an array has where nothing was written. */
  static double[] untouched(TornadoNativeArray array, int size) {
    double[] values = new double[size];
    Arrays.fill(
        values,
        switch (array) {
          case IntArray _ -> UNTOUCHED_INT;
          default -> UNTOUCHED; // a half float has it, too
        });
    return values;
  }
}
