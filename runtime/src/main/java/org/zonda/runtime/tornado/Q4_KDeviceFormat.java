package org.zonda.runtime.tornado;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.zonda.kernels.Int8Input;
import org.zonda.kernels.Q4_KKernels;
import org.zonda.model.tensor.TensorType;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Q4_K: 32 words a block of 256, eight elements a word, the first lowest; 3 words with the block's
 * eight scales and eight minima of six bits, split in their low four and high two bits; two half
 * floats, the factors of the scales and of the minima.
 *
 * <p>A stored block: the two factors, 12 bytes of packed scales and minima, and 128 bytes of which
 * each 32 hold 64 elements, the first 32 of them in the low halves.
 */
final class Q4_KDeviceFormat extends DeviceFormat implements Int8Products {

  Q4_KDeviceFormat() {
    super(
        TensorType.Q4_K,
        List.of(
            new Plane(Plane.Kind.INT, 32),
            new Plane(Plane.Kind.INT, 3),
            new Plane(Plane.Kind.HALF, 2)));
  }

  @Override
  void repack(MemorySegment from, long offset, int blocks, DeviceMatrix to, int first) {
    MemorySegment words = to.segment(0);
    MemorySegment factors = to.segment(2);
    for (int i = 0; i < blocks; i++) {
      long block = offset + (long) i * type().blockBytes();
      factors.set(INT, 4L * (first + i), from.get(INT, block));
      Repacking.scalesAndMinima(from, block + 4, to.segment(1), 12L * (first + i));
      for (int k = 0; k < 4; k++) {
        Repacking.nibbles(from, block + 16 + 32 * k, 64, words, 128L * (first + i) + 32 * k);
      }
    }
  }

  @Override
  void matvec(TaskGraph graph, String name, DeviceMatrix m, MatrixTask t) {
    graph.task(
        name,
        t.kernels().of(id("matvec"), Q4_KKernels::matvec),
        t.context(),
        t.pass(),
        t.cursor(),
        t.route(),
        t.x(),
        m.ints(0),
        m.ints(1),
        m.halves(2),
        t.bias(),
        t.y(),
        t.slot(),
        t.perLayer(),
        t.rows(),
        t.columns(),
        t.inStride(),
        t.outStride(),
        t.flags(),
        t.lanes());
  }

  @Override
  void gated(TaskGraph graph, String name, DeviceMatrix m, MatrixTask t) {
    graph.task(
        name,
        t.kernels().of(id("gated"), Q4_KKernels::gated),
        t.context(),
        t.pass(),
        t.cursor(),
        t.route(),
        t.x(),
        m.ints(0),
        m.ints(1),
        m.halves(2),
        t.bias(),
        t.y(),
        t.slot(),
        t.perLayer(),
        t.rows(),
        t.columns(),
        t.inStride(),
        t.outStride(),
        t.flags(),
        t.lanes());
  }

  @Override
  void matmul(TaskGraph graph, String name, DeviceMatrix m, MatrixTask t) {
    graph.task(
        name,
        t.kernels().of(id("matmul"), Q4_KKernels::matmul),
        t.context(),
        t.pass(),
        t.cursor(),
        t.route(),
        t.x(),
        m.ints(0),
        m.ints(1),
        m.halves(2),
        t.bias(),
        t.y(),
        t.slot(),
        t.perLayer(),
        t.rows(),
        t.columns(),
        t.inStride(),
        t.outStride(),
        t.flags(),
        t.lanes());
  }

  @Override
  public int order() {
    return Int8Input.EVEN_ODD;
  }

  @Override
  public void matvec(TaskGraph graph, String name, DeviceMatrix m, MatrixTask t, Int8Rows x) {
    graph.task(
        name,
        t.kernels().of(id("matvec_int8"), Q4_KKernels::matvecInt8),
        t.context(),
        t.pass(),
        t.cursor(),
        t.route(),
        x.values(),
        x.scales(),
        m.ints(0),
        m.ints(1),
        m.halves(2),
        t.bias(),
        t.y(),
        t.slot(),
        t.perLayer(),
        t.rows(),
        t.columns(),
        t.outStride(),
        t.flags());
  }

  @Override
  public void gated(TaskGraph graph, String name, DeviceMatrix m, MatrixTask t, Int8Rows x) {
    graph.task(
        name,
        t.kernels().of(id("gated_int8"), Q4_KKernels::gatedInt8),
        t.context(),
        t.pass(),
        t.cursor(),
        t.route(),
        x.values(),
        x.scales(),
        m.ints(0),
        m.ints(1),
        m.halves(2),
        t.bias(),
        t.y(),
        t.slot(),
        t.perLayer(),
        t.rows(),
        t.columns(),
        t.outStride(),
        t.flags());
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
        kernels.of(id("embed"), Q4_KKernels::embed),
        context,
        pass,
        m.ints(0),
        m.ints(1),
        m.halves(2),
        y,
        m.columns(),
        m.columns(),
        list);
  }
}
