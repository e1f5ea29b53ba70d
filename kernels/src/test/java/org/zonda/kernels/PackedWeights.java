package org.zonda.kernels;

import java.util.Random;
import org.zonda.kernels.oracle.MatrixValues;
import org.zonda.kernels.oracle.PackedValues;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Random planes of the formats that {@link PackedKernels} multiplies; of what a format lacks there
 * is one element.
 */
record PackedWeights(
    int layout, IntArray low, IntArray high, IntArray s, HalfFloatArray d, MatrixValues values)
    implements Weights {

  static Weights q4_1(int rows, int columns, Random random) {
    int size = rows * columns;
    IntArray q = words(size / 8, random);
    HalfFloatArray d = scales(size / 16, 0.01f, random);
    MatrixValues values = PackedValues.q4_1(q, d, columns);
    return new PackedWeights(PackedLayout.Q4_1, q, none(), none(), d, values);
  }

  static Weights q5_0(int rows, int columns, Random random) {
    int size = rows * columns;
    IntArray low = words(size / 8, random);
    IntArray high = words(size / 32, random);
    HalfFloatArray d = scales(size / 32, 0.01f, random);
    MatrixValues values = PackedValues.q5_0(low, high, d, columns);
    return new PackedWeights(PackedLayout.Q5_0, low, high, none(), d, values);
  }

  static Weights q5_1(int rows, int columns, Random random) {
    int size = rows * columns;
    IntArray low = words(size / 8, random);
    IntArray high = words(size / 32, random);
    HalfFloatArray d = scales(size / 16, 0.005f, random);
    MatrixValues values = PackedValues.q5_1(low, high, d, columns);
    return new PackedWeights(PackedLayout.Q5_1, low, high, none(), d, values);
  }

  static Weights q2_K(int rows, int columns, Random random) {
    int size = rows * columns;
    IntArray q = words(size / 16, random);
    IntArray s = words(size / 64, random);
    HalfFloatArray d = scales(size / 128, 0.003f, random);
    MatrixValues values = PackedValues.q2_K(q, s, d, columns);
    return new PackedWeights(PackedLayout.Q2_K, q, none(), s, d, values);
  }

  static Weights q3_K(int rows, int columns, Random random) {
    int size = rows * columns;
    IntArray low = words(size / 16, random);
    IntArray high = words(size / 32, random);
    IntArray s = words(3 * size / 256, random);
    HalfFloatArray d = scales(size / 256, 0.001f, random);
    MatrixValues values = PackedValues.q3_K(low, high, s, d, columns);
    return new PackedWeights(PackedLayout.Q3_K, low, high, s, d, values);
  }

  static Weights q5_K(int rows, int columns, Random random) {
    int size = rows * columns;
    IntArray low = words(size / 8, random);
    IntArray high = words(size / 32, random);
    IntArray s = words(3 * size / 256, random);
    HalfFloatArray d = scales(size / 128, 0.0001f, random);
    MatrixValues values = PackedValues.q5_K(low, high, s, d, columns);
    return new PackedWeights(PackedLayout.Q5_K, low, high, s, d, values);
  }

  static Weights iq4_NL(int rows, int columns, Random random) {
    int size = rows * columns;
    IntArray q = words(size / 8, random);
    HalfFloatArray d = scales(size / 32, 0.001f, random);
    MatrixValues values = PackedValues.iq4_NL(q, d, columns);
    return new PackedWeights(PackedLayout.IQ4_NL, q, none(), none(), d, values);
  }

  static Weights iq4_XS(int rows, int columns, Random random) {
    int size = rows * columns;
    IntArray q = words(size / 8, random);
    IntArray s = words((6 * size / 256 + 3) / 4, random);
    HalfFloatArray d = scales(size / 256, 0.0001f, random);
    MatrixValues values = PackedValues.iq4_XS(q, s, d, columns);
    return new PackedWeights(PackedLayout.IQ4_XS, q, none(), s, d, values);
  }

  /** Scales from 2^-8 to 2^-5. */
  static Weights mxfp4(int rows, int columns, Random random) {
    int size = rows * columns;
    IntArray q = words(size / 8, random);
    IntArray s = words((size / 32 + 3) / 4, random);
    for (int i = 0; i < s.getSize(); i++) {
      s.set(i, 0x77777777 + (s.get(i) & 0x03030303));
    }
    MatrixValues values = PackedValues.mxfp4(q, s, columns);
    return new PackedWeights(
        PackedLayout.MXFP4, q, none(), s, scales(1, Float.NaN, random), values);
  }

  private static IntArray none() {
    return new IntArray(1);
  }

  private static IntArray words(int size, Random random) {
    IntArray words = new IntArray(size);
    for (int i = 0; i < size; i++) {
      words.set(i, random.nextInt());
    }
    return words;
  }

  /** Of either sign. */
  private static HalfFloatArray scales(int size, float deviation, Random random) {
    HalfFloatArray scales = new HalfFloatArray(size);
    for (int i = 0; i < size; i++) {
      scales.set(i, new HalfFloat(deviation * (float) random.nextGaussian()));
    }
    return scales;
  }

  @Override
  public Object[] planes() {
    return new Object[] {low, high, s, d};
  }

  @Override
  public void product(TaskGraph graph, Entry entry, Arguments a) {
    graph.task(
        TASK,
        entry.of(PackedKernels::matvec, PackedKernels::gated, PackedKernels::matmul),
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
        a.lanes(),
        layout);
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
    graph.task(
        TASK, PackedKernels::embed, c, pass, low, high, s, d, y, columns, outStride, list, layout);
  }
}
