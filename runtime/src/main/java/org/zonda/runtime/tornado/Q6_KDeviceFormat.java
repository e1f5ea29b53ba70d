package org.zonda.runtime.tornado;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.zonda.kernels.Int8Input;
import org.zonda.kernels.Q6_KKernels;
import org.zonda.model.tensor.TensorType;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Q6_K: 32 words a block of 256 with the low four bits of eight elements each, the first lowest; 16
 * words with the high two bits of sixteen each; 4 words with sixteen signed scales; a half float,
 * their factor.
 *
 * <p>A stored block: 128 bytes of low bits, of which each 64 hold 128 elements, the first 64 of
 * them in the low halves; 64 bytes of high bits, of which each 32 hold 128 elements, elements 32j
 * to 32j + 31 in bit pair j; the scales; the factor.
 */
final class Q6_KDeviceFormat extends DeviceFormat implements Int8Products {

  Q6_KDeviceFormat() {
    super(
        TensorType.Q6_K,
        List.of(
            new Plane(Plane.Kind.INT, 32),
            new Plane(Plane.Kind.INT, 16),
            new Plane(Plane.Kind.INT, 4),
            new Plane(Plane.Kind.HALF, 1)));
  }

  @Override
  void repack(MemorySegment from, long offset, int blocks, DeviceMatrix to, int first) {
    MemorySegment low = to.segment(0);
    MemorySegment high = to.segment(1);
    MemorySegment scales = to.segment(2);
    MemorySegment factors = to.segment(3);
    for (int i = 0; i < blocks; i++) {
      long block = offset + (long) i * type().blockBytes();
      for (int k = 0; k < 2; k++) {
        Repacking.nibbles(from, block + 64 * k, 128, low, 128L * (first + i) + 64 * k);
      }
      Repacking.pairsOf256(from, block + 128, high, 64L * (first + i));
      MemorySegment.copy(from, block + 192, scales, 16L * (first + i), 16);
      factors.set(SHORT, 2L * (first + i), from.get(SHORT, block + 208));
    }
  }

  @Override
  void matvec(TaskGraph graph, String name, DeviceMatrix m, MatrixTask t) {
    graph.task(
        name,
        t.kernels().of(id("matvec"), Q6_KKernels::matvec),
        t.context(),
        t.pass(),
        t.cursor(),
        t.route(),
        t.x(),
        m.ints(0),
        m.ints(1),
        m.ints(2),
        m.halves(3),
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
        t.kernels().of(id("gated"), Q6_KKernels::gated),
        t.context(),
        t.pass(),
        t.cursor(),
        t.route(),
        t.x(),
        m.ints(0),
        m.ints(1),
        m.ints(2),
        m.halves(3),
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
        t.kernels().of(id("matmul"), Q6_KKernels::matmul),
        t.context(),
        t.pass(),
        t.cursor(),
        t.route(),
        t.x(),
        m.ints(0),
        m.ints(1),
        m.ints(2),
        m.halves(3),
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
        t.kernels().of(id("matvec_int8"), Q6_KKernels::matvecInt8),
        t.context(),
        t.pass(),
        t.cursor(),
        t.route(),
        x.values(),
        x.scales(),
        m.ints(0),
        m.ints(1),
        m.ints(2),
        m.halves(3),
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
        t.kernels().of(id("gated_int8"), Q6_KKernels::gatedInt8),
        t.context(),
        t.pass(),
        t.cursor(),
        t.route(),
        x.values(),
        x.scales(),
        m.ints(0),
        m.ints(1),
        m.ints(2),
        m.halves(3),
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
        kernels.of(id("embed"), Q6_KKernels::embed),
        context,
        pass,
        m.ints(0),
        m.ints(1),
        m.ints(2),
        m.halves(3),
        y,
        m.columns(),
        m.columns(),
        list);
  }
}
