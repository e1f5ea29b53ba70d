package org.zonda.runtime.tornado;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.zonda.kernels.F16Kernels;
import org.zonda.kernels.TensorKernels;
import org.zonda.model.tensor.TensorType;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** F16: half floats as they are. */
final class F16DeviceFormat extends DeviceFormat implements TensorCoreProducts {

  F16DeviceFormat() {
    super(TensorType.F16, List.of(new Plane(Plane.Kind.HALF, 1)));
  }

  @Override
  void repack(MemorySegment from, long offset, int blocks, DeviceMatrix to, int first) {
    MemorySegment.copy(from, offset, to.segment(0), 2L * first, 2L * blocks);
  }

  @Override
  void matvec(TaskGraph graph, String name, DeviceMatrix m, MatrixTask t) {
    graph.task(
        name,
        t.kernels().of(id("matvec"), F16Kernels::matvec),
        t.context(),
        t.pass(),
        t.cursor(),
        t.route(),
        t.x(),
        m.halves(0),
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
        t.kernels().of(id("gated"), F16Kernels::gated),
        t.context(),
        t.pass(),
        t.cursor(),
        t.route(),
        t.x(),
        m.halves(0),
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
        t.kernels().of(id("matmul"), F16Kernels::matmul),
        t.context(),
        t.pass(),
        t.cursor(),
        t.route(),
        t.x(),
        m.halves(0),
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
  public void matmul(TaskGraph graph, String name, DeviceMatrix m, MatrixTask t, HalfFloatArray x) {
    graph.task(
        name,
        t.kernels().of("tensor.matmul_f16", TensorKernels::matmulF16),
        t.context(),
        t.pass(),
        t.cursor(),
        x,
        m.halves(0),
        t.y(),
        t.slot(),
        t.perLayer(),
        t.rows(),
        t.columns(),
        t.outStride());
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
        kernels.of(id("embed"), F16Kernels::embed),
        context,
        pass,
        m.halves(0),
        y,
        m.columns(),
        m.columns(),
        list);
  }
}
