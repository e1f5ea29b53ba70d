package org.zonda.runtime.tornado;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.zonda.kernels.Int8Input;
import org.zonda.kernels.Q8_0Kernels;
import org.zonda.model.tensor.TensorType;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Q8_0: 8 words a block of 32, four signed bytes a word, the first lowest; a half float a block,
 * its scale.
 */
final class Q8_0DeviceFormat extends DeviceFormat implements Int8Products {

  Q8_0DeviceFormat() {
    super(TensorType.Q8_0, List.of(new Plane(Plane.Kind.INT, 8), new Plane(Plane.Kind.HALF, 1)));
  }

  @Override
  void repack(MemorySegment from, long offset, int blocks, DeviceMatrix to, int first) {
    MemorySegment words = to.segment(0);
    MemorySegment scales = to.segment(1);
    for (int i = 0; i < blocks; i++) {
      long block = offset + (long) i * type().blockBytes();
      scales.set(SHORT, 2L * (first + i), from.get(SHORT, block));
      MemorySegment.copy(from, block + 2, words, 32L * (first + i), 32);
    }
  }

  @Override
  void matvec(TaskGraph graph, String name, DeviceMatrix m, MatrixTask t) {
    graph.task(
        name,
        t.kernels().of(id("matvec"), Q8_0Kernels::matvec),
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
        t.kernels().of(id("gated"), Q8_0Kernels::gated),
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
        t.kernels().of(id("matmul"), Q8_0Kernels::matmul),
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
    return Int8Input.IN_TURN;
  }

  @Override
  public void matvec(TaskGraph graph, String name, DeviceMatrix m, MatrixTask t, Int8Rows x) {
    graph.task(
        name,
        t.kernels().of(id("matvec_int8"), Q8_0Kernels::matvecInt8),
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
        t.kernels().of(id("gated_int8"), Q8_0Kernels::gatedInt8),
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
        kernels.of(id("embed"), Q8_0Kernels::embed),
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
