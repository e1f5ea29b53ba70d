package org.zonda.runtime.tornado;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.zonda.kernels.Int8Input;
import org.zonda.kernels.Q4_0Kernels;
import org.zonda.model.tensor.TensorType;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Q4_0: 4 words a block of 32, eight elements a word, the first lowest; a half float a block, its
 * scale. A stored block has element i in the low and element i + 16 in the high half of byte i.
 */
final class Q4_0DeviceFormat extends DeviceFormat implements Int8Products {

  Q4_0DeviceFormat() {
    super(TensorType.Q4_0, List.of(new Plane(Plane.Kind.INT, 4), new Plane(Plane.Kind.HALF, 1)));
  }

  @Override
  void repack(MemorySegment from, long offset, int blocks, DeviceMatrix to, int first) {
    MemorySegment words = to.segment(0);
    MemorySegment scales = to.segment(1);
    for (int i = 0; i < blocks; i++) {
      long block = offset + (long) i * type().blockBytes();
      scales.set(SHORT, 2L * (first + i), from.get(SHORT, block));
      Repacking.nibbles(from, block + 2, 32, words, 16L * (first + i));
    }
  }

  @Override
  void matvec(TaskGraph graph, String name, DeviceMatrix m, MatrixTask t) {
    graph.task(
        name,
        t.kernels().of(id("matvec"), Q4_0Kernels::matvec),
        t.context(),
        t.pass(),
        t.cursor(),
        t.route(),
        t.x(),
        m.ints(0),
        m.halves(1),
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
        t.kernels().of(id("gated"), Q4_0Kernels::gated),
        t.context(),
        t.pass(),
        t.cursor(),
        t.route(),
        t.x(),
        m.ints(0),
        m.halves(1),
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
        t.kernels().of(id("matmul"), Q4_0Kernels::matmul),
        t.context(),
        t.pass(),
        t.cursor(),
        t.route(),
        t.x(),
        m.ints(0),
        m.halves(1),
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
        t.kernels().of(id("matvec_int8"), Q4_0Kernels::matvecInt8),
        t.context(),
        t.pass(),
        t.cursor(),
        t.route(),
        x.values(),
        x.scales(),
        m.ints(0),
        m.halves(1),
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
        t.kernels().of(id("gated_int8"), Q4_0Kernels::gatedInt8),
        t.context(),
        t.pass(),
        t.cursor(),
        t.route(),
        x.values(),
        x.scales(),
        m.ints(0),
        m.halves(1),
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
        kernels.of(id("embed"), Q4_0Kernels::embed),
        context,
        pass,
        m.ints(0),
        m.halves(1),
        y,
        m.columns(),
        m.columns(),
        list);
  }
}
