package org.zonda.kernels;

import java.util.Random;
import org.zonda.kernels.oracle.MatrixValues;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** The formats, each with random planes: any bits, and scales that keep values near 0.1. */
enum WeightFormat {
  F32(34, WeightFormat::f32),
  F16(34, WeightFormat::f16),
  BF16(34, WeightFormat::bf16),
  Q8_0(32, WeightFormat::q8_0),
  Q4_0(32, WeightFormat::q4_0),
  Q4_K(256, WeightFormat::q4_K),
  Q6_K(256, WeightFormat::q6_K),
  Q4_1(32, PackedWeights::q4_1),
  Q5_0(32, PackedWeights::q5_0),
  Q5_1(32, PackedWeights::q5_1),
  Q2_K(256, PackedWeights::q2_K),
  Q3_K(256, PackedWeights::q3_K),
  Q5_K(256, PackedWeights::q5_K),
  IQ4_NL(32, PackedWeights::iq4_NL),
  IQ4_XS(256, PackedWeights::iq4_XS),
  MXFP4(32, PackedWeights::mxfp4);

  private final int block;
  private final Maker maker;

  WeightFormat(int block, Maker maker) {
    this.block = block;
    this.maker = maker;
  }

  /** What the number of columns must be a multiple of. */
  int block() {
    return block;
  }

  /** Random weights of so many rows in all. */
  Weights random(int rows, int columns, Random random) {
    return maker.make(rows, columns, random);
  }

  private interface Maker {
    Weights make(int rows, int columns, Random random);
  }

  private static Weights f32(int rows, int columns, Random random) {
    FloatArray w = floats(rows * columns, random);
    return new Weights() {
      @Override
      public MatrixValues values() {
        return MatrixValues.f32(w, columns);
      }

      @Override
      public Object[] planes() {
        return new Object[] {w};
      }

      @Override
      public void product(TaskGraph graph, Entry entry, Arguments a) {
        graph.task(
            TASK,
            entry.of(F32Kernels::matvec, F32Kernels::gated, F32Kernels::matmul),
            a.c(),
            a.pass(),
            a.cursor(),
            a.route(),
            a.x(),
            w,
            a.bias(),
            a.y(),
            a.slot(),
            a.perLayer(),
            a.rows(),
            a.columns(),
            a.inStride(),
            a.outStride(),
            a.flags(),
            a.lanes());
      }

      @Override
      public void embed(
          TaskGraph graph,
          KernelContext c,
          IntArray pass,
          FloatArray y,
          int columns,
          int outStride,
          int list) {
        graph.task(TASK, F32Kernels::embed, c, pass, w, y, columns, outStride, list);
      }
    };
  }

  private static Weights f16(int rows, int columns, Random random) {
    HalfFloatArray w = halves(rows * columns, 0.1f, random);
    return new Weights() {
      @Override
      public MatrixValues values() {
        return MatrixValues.f16(w, columns);
      }

      @Override
      public Object[] planes() {
        return new Object[] {w};
      }

      @Override
      public void product(TaskGraph graph, Entry entry, Arguments a) {
        graph.task(
            TASK,
            entry.of(F16Kernels::matvec, F16Kernels::gated, F16Kernels::matmul),
            a.c(),
            a.pass(),
            a.cursor(),
            a.route(),
            a.x(),
            w,
            a.bias(),
            a.y(),
            a.slot(),
            a.perLayer(),
            a.rows(),
            a.columns(),
            a.inStride(),
            a.outStride(),
            a.flags(),
            a.lanes());
      }

      @Override
      public void embed(
          TaskGraph graph,
          KernelContext c,
          IntArray pass,
          FloatArray y,
          int columns,
          int outStride,
          int list) {
        graph.task(TASK, F16Kernels::embed, c, pass, w, y, columns, outStride, list);
      }
    };
  }

  private static Weights bf16(int rows, int columns, Random random) {
    IntArray w = bfloats(rows * columns / 2, random);
    return new Weights() {
      @Override
      public MatrixValues values() {
        return MatrixValues.bf16(w, columns);
      }

      @Override
      public Object[] planes() {
        return new Object[] {w};
      }

      @Override
      public void product(TaskGraph graph, Entry entry, Arguments a) {
        graph.task(
            TASK,
            entry.of(BF16Kernels::matvec, BF16Kernels::gated, BF16Kernels::matmul),
            a.c(),
            a.pass(),
            a.cursor(),
            a.route(),
            a.x(),
            w,
            a.bias(),
            a.y(),
            a.slot(),
            a.perLayer(),
            a.rows(),
            a.columns(),
            a.inStride(),
            a.outStride(),
            a.flags(),
            a.lanes());
      }

      @Override
      public void embed(
          TaskGraph graph,
          KernelContext c,
          IntArray pass,
          FloatArray y,
          int columns,
          int outStride,
          int list) {
        graph.task(TASK, BF16Kernels::embed, c, pass, w, y, columns, outStride, list);
      }
    };
  }

  private static Weights q8_0(int rows, int columns, Random random) {
    IntArray q = words(rows * columns / 4, random);
    HalfFloatArray d = scales(rows * columns / 32, 0.001f, random);
    return new Weights() {
      @Override
      public MatrixValues values() {
        return MatrixValues.q8_0(q, d, columns);
      }

      @Override
      public Object[] planes() {
        return new Object[] {q, d};
      }

      @Override
      public void product(TaskGraph graph, Entry entry, Arguments a) {
        graph.task(
            TASK,
            entry.of(Q8_0Kernels::matvec, Q8_0Kernels::gated, Q8_0Kernels::matmul),
            a.c(),
            a.pass(),
            a.cursor(),
            a.route(),
            a.x(),
            q,
            d,
            a.bias(),
            a.y(),
            a.slot(),
            a.perLayer(),
            a.rows(),
            a.columns(),
            a.inStride(),
            a.outStride(),
            a.flags(),
            a.lanes());
      }

      @Override
      public void embed(
          TaskGraph graph,
          KernelContext c,
          IntArray pass,
          FloatArray y,
          int columns,
          int outStride,
          int list) {
        graph.task(TASK, Q8_0Kernels::embed, c, pass, q, d, y, columns, outStride, list);
      }

      @Override
      public int int8Order() {
        return Int8Input.IN_TURN;
      }

      @Override
      public void int8Product(
          TaskGraph graph, Entry entry, Arguments a, IntArray xq, FloatArray xd) {
        graph.task(
            TASK,
            entry.of(Q8_0Kernels::matvecInt8, Q8_0Kernels::gatedInt8, null),
            a.c(),
            a.pass(),
            a.cursor(),
            a.route(),
            xq,
            xd,
            q,
            d,
            a.bias(),
            a.y(),
            a.slot(),
            a.perLayer(),
            a.rows(),
            a.columns(),
            a.outStride(),
            a.flags());
      }
    };
  }

  private static Weights q4_0(int rows, int columns, Random random) {
    IntArray q = words(rows * columns / 8, random);
    HalfFloatArray d = scales(rows * columns / 32, 0.01f, random);
    return new Weights() {
      @Override
      public MatrixValues values() {
        return MatrixValues.q4_0(q, d, columns);
      }

      @Override
      public Object[] planes() {
        return new Object[] {q, d};
      }

      @Override
      public void product(TaskGraph graph, Entry entry, Arguments a) {
        graph.task(
            TASK,
            entry.of(Q4_0Kernels::matvec, Q4_0Kernels::gated, Q4_0Kernels::matmul),
            a.c(),
            a.pass(),
            a.cursor(),
            a.route(),
            a.x(),
            q,
            d,
            a.bias(),
            a.y(),
            a.slot(),
            a.perLayer(),
            a.rows(),
            a.columns(),
            a.inStride(),
            a.outStride(),
            a.flags(),
            a.lanes());
      }

      @Override
      public void embed(
          TaskGraph graph,
          KernelContext c,
          IntArray pass,
          FloatArray y,
          int columns,
          int outStride,
          int list) {
        graph.task(TASK, Q4_0Kernels::embed, c, pass, q, d, y, columns, outStride, list);
      }

      @Override
      public int int8Order() {
        return Int8Input.EVEN_ODD;
      }

      @Override
      public void int8Product(
          TaskGraph graph, Entry entry, Arguments a, IntArray xq, FloatArray xd) {
        graph.task(
            TASK,
            entry.of(Q4_0Kernels::matvecInt8, Q4_0Kernels::gatedInt8, null),
            a.c(),
            a.pass(),
            a.cursor(),
            a.route(),
            xq,
            xd,
            q,
            d,
            a.bias(),
            a.y(),
            a.slot(),
            a.perLayer(),
            a.rows(),
            a.columns(),
            a.outStride(),
            a.flags());
      }
    };
  }

  private static Weights q4_K(int rows, int columns, Random random) {
    IntArray q = words(rows * columns / 8, random);
    IntArray s = words(rows * columns / 256 * 3, random);
    HalfFloatArray d = scales(rows * columns / 128, 0.0002f, random);
    return new Weights() {
      @Override
      public MatrixValues values() {
        return MatrixValues.q4_K(q, s, d, columns);
      }

      @Override
      public Object[] planes() {
        return new Object[] {q, s, d};
      }

      @Override
      public void product(TaskGraph graph, Entry entry, Arguments a) {
        graph.task(
            TASK,
            entry.of(Q4_KKernels::matvec, Q4_KKernels::gated, Q4_KKernels::matmul),
            a.c(),
            a.pass(),
            a.cursor(),
            a.route(),
            a.x(),
            q,
            s,
            d,
            a.bias(),
            a.y(),
            a.slot(),
            a.perLayer(),
            a.rows(),
            a.columns(),
            a.inStride(),
            a.outStride(),
            a.flags(),
            a.lanes());
      }

      @Override
      public void embed(
          TaskGraph graph,
          KernelContext c,
          IntArray pass,
          FloatArray y,
          int columns,
          int outStride,
          int list) {
        graph.task(TASK, Q4_KKernels::embed, c, pass, q, s, d, y, columns, outStride, list);
      }

      @Override
      public int int8Order() {
        return Int8Input.EVEN_ODD;
      }

      @Override
      public void int8Product(
          TaskGraph graph, Entry entry, Arguments a, IntArray xq, FloatArray xd) {
        graph.task(
            TASK,
            entry.of(Q4_KKernels::matvecInt8, Q4_KKernels::gatedInt8, null),
            a.c(),
            a.pass(),
            a.cursor(),
            a.route(),
            xq,
            xd,
            q,
            s,
            d,
            a.bias(),
            a.y(),
            a.slot(),
            a.perLayer(),
            a.rows(),
            a.columns(),
            a.outStride(),
            a.flags());
      }
    };
  }

  private static Weights q6_K(int rows, int columns, Random random) {
    IntArray low = words(rows * columns / 8, random);
    IntArray high = words(rows * columns / 16, random);
    IntArray s = words(rows * columns / 64, random);
    HalfFloatArray d = scales(rows * columns / 256, 0.00003f, random);
    return new Weights() {
      @Override
      public MatrixValues values() {
        return MatrixValues.q6_K(low, high, s, d, columns);
      }

      @Override
      public Object[] planes() {
        return new Object[] {low, high, s, d};
      }

      @Override
      public void product(TaskGraph graph, Entry entry, Arguments a) {
        graph.task(
            TASK,
            entry.of(Q6_KKernels::matvec, Q6_KKernels::gated, Q6_KKernels::matmul),
            a.c(),
            a.pass(),
            a.cursor(),
            a.route(),
            a.x(),
            low,
            high,
            s,
            d,
            a.bias(),
            a.y(),
            a.slot(),
            a.perLayer(),
            a.rows(),
            a.columns(),
            a.inStride(),
            a.outStride(),
            a.flags(),
            a.lanes());
      }

      @Override
      public void embed(
          TaskGraph graph,
          KernelContext c,
          IntArray pass,
          FloatArray y,
          int columns,
          int outStride,
          int list) {
        graph.task(TASK, Q6_KKernels::embed, c, pass, low, high, s, d, y, columns, outStride, list);
      }

      @Override
      public int int8Order() {
        return Int8Input.EVEN_ODD;
      }

      @Override
      public void int8Product(
          TaskGraph graph, Entry entry, Arguments a, IntArray xq, FloatArray xd) {
        graph.task(
            TASK,
            entry.of(Q6_KKernels::matvecInt8, Q6_KKernels::gatedInt8, null),
            a.c(),
            a.pass(),
            a.cursor(),
            a.route(),
            xq,
            xd,
            low,
            high,
            s,
            d,
            a.bias(),
            a.y(),
            a.slot(),
            a.perLayer(),
            a.rows(),
            a.columns(),
            a.outStride(),
            a.flags());
      }
    };
  }

  private static IntArray words(int size, Random random) {
    IntArray words = new IntArray(size);
    for (int i = 0; i < size; i++) {
      words.set(i, random.nextInt());
    }
    return words;
  }

  private static IntArray bfloats(int size, Random random) {
    IntArray words = new IntArray(size);
    for (int i = 0; i < size; i++) {
      int low = Float.floatToIntBits(0.1f * (float) random.nextGaussian()) >>> 16;
      int high = Float.floatToIntBits(0.1f * (float) random.nextGaussian()) >>> 16;
      words.set(i, high << 16 | low);
    }
    return words;
  }

  private static FloatArray floats(int size, Random random) {
    FloatArray floats = new FloatArray(size);
    for (int i = 0; i < size; i++) {
      floats.set(i, 0.1f * (float) random.nextGaussian());
    }
    return floats;
  }

  private static HalfFloatArray halves(int size, float deviation, Random random) {
    HalfFloatArray halves = new HalfFloatArray(size);
    for (int i = 0; i < size; i++) {
      halves.set(i, new HalfFloat(deviation * (float) random.nextGaussian()));
    }
    return halves;
  }

  private static HalfFloatArray scales(int size, float most, Random random) {
    HalfFloatArray scales = new HalfFloatArray(size);
    for (int i = 0; i < size; i++) {
      scales.set(i, new HalfFloat(most * (0.5f + random.nextFloat() / 2)));
    }
    return scales;
  }
}
