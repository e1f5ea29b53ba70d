package org.zonda.runtime.tornado;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.zonda.kernels.PackedKernels;
import org.zonda.model.tensor.TensorType;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * A format that {@link PackedKernels} multiplies: how its blocks fill the four planes that {@link
 * org.zonda.kernels.PackedLayout} describes.
 */
abstract sealed class PackedDeviceFormat extends DeviceFormat
    permits Q4_1DeviceFormat,
        Q5_0DeviceFormat,
        Q5_1DeviceFormat,
        Q2_KDeviceFormat,
        Q3_KDeviceFormat,
        Q5_KDeviceFormat,
        IQ4_NLDeviceFormat,
        IQ4_XSDeviceFormat,
        MXFP4DeviceFormat {

  /** The plane of the low bits, in words. */
  static final int LOW = 0;

  /** The plane of the bits above them, in words. */
  static final int HIGH = 1;

  /** The plane of the scales within a block, in bytes. */
  static final int SCALES = 2;

  /** The plane of half floats: a block's scale, and perhaps its minimum. */
  static final int FACTORS = 3;

  private final int layout;

  /**
   * A format by what a block has in each plane.
   *
   * @param type how it is stored
   * @param layout one of {@link org.zonda.kernels.PackedLayout}
   * @param low words
   * @param high words
   * @param scales bytes
   * @param factors half floats
   */
  PackedDeviceFormat(TensorType type, int layout, int low, int high, int scales, int factors) {
    super(
        type,
        List.of(
            new Plane(Plane.Kind.INT, low),
            new Plane(Plane.Kind.INT, high),
            new Plane(Plane.Kind.BYTE, scales),
            new Plane(Plane.Kind.HALF, factors)));
    this.layout = layout;
  }

  @Override
  final void repack(MemorySegment from, long offset, int blocks, DeviceMatrix to, int first) {
    for (int i = 0; i < blocks; i++) {
      repackBlock(from, offset + (long) i * type().blockBytes(), to, (long) first + i);
    }
  }

  /**
   * Takes a block apart.
   *
   * @param from where it is stored
   * @param block its offset in bytes
   * @param to the matrix whose planes it goes to
   * @param number its number among the matrix's blocks
   */
  abstract void repackBlock(MemorySegment from, long block, DeviceMatrix to, long number);

  @Override
  void matvec(TaskGraph graph, String name, DeviceMatrix m, MatrixTask t) {
    graph.task(
        name,
        t.kernels().of(id("matvec"), PackedKernels::matvec),
        t.context(),
        t.pass(),
        t.cursor(),
        t.route(),
        t.x(),
        m.ints(LOW),
        m.ints(HIGH),
        m.ints(SCALES),
        m.halves(FACTORS),
        t.bias(),
        t.y(),
        t.slot(),
        t.perLayer(),
        t.rows(),
        t.columns(),
        t.inStride(),
        t.outStride(),
        t.flags(),
        t.lanes(),
        layout);
  }

  @Override
  void gated(TaskGraph graph, String name, DeviceMatrix m, MatrixTask t) {
    graph.task(
        name,
        t.kernels().of(id("gated"), PackedKernels::gated),
        t.context(),
        t.pass(),
        t.cursor(),
        t.route(),
        t.x(),
        m.ints(LOW),
        m.ints(HIGH),
        m.ints(SCALES),
        m.halves(FACTORS),
        t.bias(),
        t.y(),
        t.slot(),
        t.perLayer(),
        t.rows(),
        t.columns(),
        t.inStride(),
        t.outStride(),
        t.flags(),
        t.lanes(),
        layout);
  }

  @Override
  void matmul(TaskGraph graph, String name, DeviceMatrix m, MatrixTask t) {
    graph.task(
        name,
        t.kernels().of(id("matmul"), PackedKernels::matmul),
        t.context(),
        t.pass(),
        t.cursor(),
        t.route(),
        t.x(),
        m.ints(LOW),
        m.ints(HIGH),
        m.ints(SCALES),
        m.halves(FACTORS),
        t.bias(),
        t.y(),
        t.slot(),
        t.perLayer(),
        t.rows(),
        t.columns(),
        t.inStride(),
        t.outStride(),
        t.flags(),
        t.lanes(),
        layout);
  }

  @Override
  void embed(
      TaskGraph graph,
      String name,
      DeviceMatrix m,
      DeviceKernels kernels,
      KernelContext context,
      IntArray pass,
      FloatArray y,
      int list) {
    graph.task(
        name,
        kernels.of(id("embed"), PackedKernels::embed),
        context,
        pass,
        m.ints(LOW),
        m.ints(HIGH),
        m.ints(SCALES),
        m.halves(FACTORS),
        y,
        m.columns(),
        m.columns(),
        list,
        layout);
  }
}
