package org.zonda.bench.device;

import org.zonda.kernels.BF16Kernels;
import org.zonda.kernels.F16Kernels;
import org.zonda.kernels.F32Kernels;
import org.zonda.kernels.PassLayout;
import org.zonda.kernels.Q4_0Kernels;
import org.zonda.kernels.Q4_KKernels;
import org.zonda.kernels.Q6_KKernels;
import org.zonda.kernels.Q8_0Kernels;
import org.zonda.tornado.DeviceProfile;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.WorkerGrid2D;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * A product of a matrix with one row of activations, as decode needs it, in one of the formats.
 * Each launch takes another matrix of a stack. All weights and all activations are equal, so that
 * every result is the number of columns times the weight, whatever the order of the sum.
 */
final class MatrixCase implements KernelCase {

  /** The formats that have kernels, with the bytes that their planes take for 256 columns. */
  enum Format {
    F32(1024, 0.5f),
    F16(512, 0.5f),
    BF16(512, 0.5f),
    Q8_0(272, 0.5f),
    Q4_0(144, 0.5f),
    Q4_K(144, 2),
    Q6_K(210, 1);

    private final int bytes;
    private final float weight;

    Format(int bytes, float weight) {
      this.bytes = bytes;
      this.weight = weight;
    }
  }

  private static final HalfFloat HALF = new HalfFloat(0.5f);

  private final Format format;
  private final int rows;
  private final int columns;
  private final int matrices;
  private final DeviceProfile profile;
  private final IntArray pass = new IntArray(PassLayout.HEADER);
  private final IntArray cursor = new IntArray(1);
  private final IntArray route = new IntArray(1);
  private final FloatArray bias = new FloatArray(1);
  private final FloatArray x;
  private final FloatArray y;

  MatrixCase(Format format, int rows, int columns, int matrices, DeviceProfile profile) {
    this.format = format;
    this.rows = rows;
    this.columns = columns;
    this.matrices = matrices;
    this.profile = profile;
    pass.init(0);
    pass.set(PassLayout.ROWS, 1);
    cursor.init(0);
    route.init(0);
    bias.init(0);
    x = new FloatArray(columns);
    x.init(1);
    y = new FloatArray(rows);
  }

  @Override
  public String name() {
    return "matvec " + format;
  }

  @Override
  public String shape() {
    return rows + " x " + columns;
  }

  @Override
  public long bytes() {
    return (long) rows * columns / 256 * format.bytes;
  }

  @Override
  public int launches() {
    return matrices;
  }

  @Override
  public FloatArray output() {
    return y;
  }

  @Override
  public float expected() {
    return format.weight * columns;
  }

  @Override
  public int results() {
    return rows;
  }

  @Override
  public void addTo(TaskGraph graph, GridScheduler grids) {
    graph.transferToDevice(DataTransferMode.FIRST_EXECUTION, pass, cursor, route, x, bias, y);
    switch (format) {
      case F32 -> addF32(graph);
      case F16 -> addF16(graph);
      case BF16 -> addBf16(graph);
      case Q8_0 -> addQ8(graph);
      case Q4_0 -> addQ4(graph);
      case Q4_K -> addQ4K(graph);
      case Q6_K -> addQ6K(graph);
    }
    int group = profile.lanes() * profile.rowsPerGroup();
    int groups = Math.ceilDiv(rows, profile.rowsPerGroup());
    for (int i = 0; i < matrices; i++) {
      WorkerGrid2D grid = new WorkerGrid2D(groups * group, 1);
      grid.setLocalWork(group, 1, 1);
      grids.addWorkerGrid("timed.t" + i, grid);
    }
  }

  /** An array with as many elements as each block of so many columns has. */
  private int size(int elements, int block) {
    return Math.toIntExact((long) matrices * rows * columns / block * elements);
  }

  private IntArray ints(int elements, int block, int... values) {
    IntArray array = new IntArray(size(elements, block));
    for (int i = 0; i < array.getSize(); i++) {
      array.set(i, values[i % values.length]);
    }
    return array;
  }

  private HalfFloatArray halves(int elements, int block) {
    HalfFloatArray array = new HalfFloatArray(size(elements, block));
    array.init(HALF);
    return array;
  }

  private void upload(TaskGraph graph, Object... planes) {
    graph.transferToDevice(DataTransferMode.FIRST_EXECUTION, planes);
  }

  private void addF32(TaskGraph graph) {
    FloatArray w = new FloatArray(size(1, 1));
    w.init(0.5f);
    upload(graph, w);
    for (int i = 0; i < matrices; i++) {
      graph.task(
          "t" + i,
          F32Kernels::matvec,
          new KernelContext(),
          pass,
          cursor,
          route,
          x,
          w,
          bias,
          y,
          i,
          1,
          rows,
          columns,
          columns,
          rows,
          0,
          profile.lanes());
    }
  }

  private void addF16(TaskGraph graph) {
    HalfFloatArray w = halves(1, 1);
    upload(graph, w);
    for (int i = 0; i < matrices; i++) {
      graph.task(
          "t" + i,
          F16Kernels::matvec,
          new KernelContext(),
          pass,
          cursor,
          route,
          x,
          w,
          bias,
          y,
          i,
          1,
          rows,
          columns,
          columns,
          rows,
          0,
          profile.lanes());
    }
  }

  private void addBf16(TaskGraph graph) {
    IntArray w = ints(1, 2, 0x3F003F00);
    upload(graph, w);
    for (int i = 0; i < matrices; i++) {
      graph.task(
          "t" + i,
          BF16Kernels::matvec,
          new KernelContext(),
          pass,
          cursor,
          route,
          x,
          w,
          bias,
          y,
          i,
          1,
          rows,
          columns,
          columns,
          rows,
          0,
          profile.lanes());
    }
  }

  private void addQ8(TaskGraph graph) {
    IntArray q = ints(8, 32, 0x01010101);
    HalfFloatArray d = halves(1, 32);
    upload(graph, q, d);
    for (int i = 0; i < matrices; i++) {
      graph.task(
          "t" + i,
          Q8_0Kernels::matvec,
          new KernelContext(),
          pass,
          cursor,
          route,
          x,
          q,
          d,
          bias,
          y,
          i,
          1,
          rows,
          columns,
          columns,
          rows,
          0,
          profile.lanes());
    }
  }

  private void addQ4(TaskGraph graph) {
    IntArray q = ints(4, 32, 0x99999999);
    HalfFloatArray d = halves(1, 32);
    upload(graph, q, d);
    for (int i = 0; i < matrices; i++) {
      graph.task(
          "t" + i,
          Q4_0Kernels::matvec,
          new KernelContext(),
          pass,
          cursor,
          route,
          x,
          q,
          d,
          bias,
          y,
          i,
          1,
          rows,
          columns,
          columns,
          rows,
          0,
          profile.lanes());
    }
  }

  /** Scales 2, minimums 2, numbers 3; both scales of them 0.5: each value is 3 - 1. */
  private void addQ4K(TaskGraph graph) {
    IntArray q = ints(32, 256, 0x33333333);
    IntArray s = ints(3, 256, 0x22222222, 0x22222222, 0);
    HalfFloatArray d = halves(2, 256);
    upload(graph, q, s, d);
    for (int i = 0; i < matrices; i++) {
      graph.task(
          "t" + i,
          Q4_KKernels::matvec,
          new KernelContext(),
          pass,
          cursor,
          route,
          x,
          q,
          s,
          d,
          bias,
          y,
          i,
          1,
          rows,
          columns,
          columns,
          rows,
          0,
          profile.lanes());
    }
  }

  /** Scales 2, numbers 33 - 32; the scale of the scales 0.5: each value is 1. */
  private void addQ6K(TaskGraph graph) {
    IntArray low = ints(32, 256, 0x11111111);
    IntArray high = ints(16, 256, 0xAAAAAAAA);
    IntArray s = ints(4, 256, 0x02020202);
    HalfFloatArray d = halves(1, 256);
    upload(graph, low, high, s, d);
    for (int i = 0; i < matrices; i++) {
      graph.task(
          "t" + i,
          Q6_KKernels::matvec,
          new KernelContext(),
          pass,
          cursor,
          route,
          x,
          low,
          high,
          s,
          d,
          bias,
          y,
          i,
          1,
          rows,
          columns,
          columns,
          rows,
          0,
          profile.lanes());
    }
  }
}
