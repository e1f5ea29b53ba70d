package org.zonda.runtime.cpu;

import static org.zonda.runtime.cpu.VectorKernels.FLOATS;
import static org.zonda.runtime.cpu.VectorKernels.LANES;

import jdk.incubator.vector.FloatVector;

/**
 * {@link Kernels#multiplyAdd} through the Vector API: sums stay in registers, 16 vectors of them
 * where there are 32 registers, 8 where there are 16, so that the multiply-adds need not wait for
 * each other and each load serves several. No helper takes or returns a vector: whether it would be
 * inlined depends on what was compiled before, and a call costs more than the whole loop.
 */
final class VectorProduct {

  private VectorProduct() {}

  static void multiplyAdd(
      float[] a,
      int aOffset,
      int aStride,
      int rows,
      int inner,
      float[] m,
      int mOffset,
      int mStride,
      float[] out,
      int outOffset,
      int outStride,
      int columns) {
    int r = 0;
    for (; r <= rows - 4; r += 4) {
      int from = aOffset + r * aStride;
      int to = outOffset + r * outStride;
      int c = 0;
      if (LANES == 16) {
        for (; c <= columns - 4 * LANES; c += 4 * LANES) {
          rows4By4(a, from, aStride, inner, m, mOffset + c, mStride, out, to + c, outStride);
        }
      }
      for (; c <= columns - 2 * LANES; c += 2 * LANES) {
        rows4By2(a, from, aStride, inner, m, mOffset + c, mStride, out, to + c, outStride);
      }
      for (; c < columns; c += LANES) {
        rows4By1(a, from, aStride, inner, m, mOffset + c, mStride, out, to + c, outStride);
      }
    }
    for (; r < rows; r++) {
      int from = aOffset + r * aStride;
      int to = outOffset + r * outStride;
      int c = 0;
      for (; c <= columns - 4 * LANES; c += 4 * LANES) {
        row1By4(a, from, inner, m, mOffset + c, mStride, out, to + c);
      }
      for (; c < columns; c += LANES) {
        row1By1(a, from, inner, m, mOffset + c, mStride, out, to + c);
      }
    }
  }

  private static void rows4By4(
      float[] a,
      int a0,
      int aStride,
      int inner,
      float[] m,
      int mOffset,
      int mStride,
      float[] out,
      int o0,
      int outStride) {
    int a1 = a0 + aStride;
    int a2 = a1 + aStride;
    int a3 = a2 + aStride;
    int o1 = o0 + outStride;
    int o2 = o1 + outStride;
    int o3 = o2 + outStride;
    FloatVector s00 = FloatVector.fromArray(FLOATS, out, o0);
    FloatVector s01 = FloatVector.fromArray(FLOATS, out, o0 + LANES);
    FloatVector s02 = FloatVector.fromArray(FLOATS, out, o0 + 2 * LANES);
    FloatVector s03 = FloatVector.fromArray(FLOATS, out, o0 + 3 * LANES);
    FloatVector s10 = FloatVector.fromArray(FLOATS, out, o1);
    FloatVector s11 = FloatVector.fromArray(FLOATS, out, o1 + LANES);
    FloatVector s12 = FloatVector.fromArray(FLOATS, out, o1 + 2 * LANES);
    FloatVector s13 = FloatVector.fromArray(FLOATS, out, o1 + 3 * LANES);
    FloatVector s20 = FloatVector.fromArray(FLOATS, out, o2);
    FloatVector s21 = FloatVector.fromArray(FLOATS, out, o2 + LANES);
    FloatVector s22 = FloatVector.fromArray(FLOATS, out, o2 + 2 * LANES);
    FloatVector s23 = FloatVector.fromArray(FLOATS, out, o2 + 3 * LANES);
    FloatVector s30 = FloatVector.fromArray(FLOATS, out, o3);
    FloatVector s31 = FloatVector.fromArray(FLOATS, out, o3 + LANES);
    FloatVector s32 = FloatVector.fromArray(FLOATS, out, o3 + 2 * LANES);
    FloatVector s33 = FloatVector.fromArray(FLOATS, out, o3 + 3 * LANES);
    for (int i = 0; i < inner; i++) {
      int at = mOffset + i * mStride;
      FloatVector m0 = FloatVector.fromArray(FLOATS, m, at);
      FloatVector m1 = FloatVector.fromArray(FLOATS, m, at + LANES);
      FloatVector m2 = FloatVector.fromArray(FLOATS, m, at + 2 * LANES);
      FloatVector m3 = FloatVector.fromArray(FLOATS, m, at + 3 * LANES);
      FloatVector f = FloatVector.broadcast(FLOATS, a[a0 + i]);
      s00 = m0.fma(f, s00);
      s01 = m1.fma(f, s01);
      s02 = m2.fma(f, s02);
      s03 = m3.fma(f, s03);
      f = FloatVector.broadcast(FLOATS, a[a1 + i]);
      s10 = m0.fma(f, s10);
      s11 = m1.fma(f, s11);
      s12 = m2.fma(f, s12);
      s13 = m3.fma(f, s13);
      f = FloatVector.broadcast(FLOATS, a[a2 + i]);
      s20 = m0.fma(f, s20);
      s21 = m1.fma(f, s21);
      s22 = m2.fma(f, s22);
      s23 = m3.fma(f, s23);
      f = FloatVector.broadcast(FLOATS, a[a3 + i]);
      s30 = m0.fma(f, s30);
      s31 = m1.fma(f, s31);
      s32 = m2.fma(f, s32);
      s33 = m3.fma(f, s33);
    }
    s00.intoArray(out, o0);
    s01.intoArray(out, o0 + LANES);
    s02.intoArray(out, o0 + 2 * LANES);
    s03.intoArray(out, o0 + 3 * LANES);
    s10.intoArray(out, o1);
    s11.intoArray(out, o1 + LANES);
    s12.intoArray(out, o1 + 2 * LANES);
    s13.intoArray(out, o1 + 3 * LANES);
    s20.intoArray(out, o2);
    s21.intoArray(out, o2 + LANES);
    s22.intoArray(out, o2 + 2 * LANES);
    s23.intoArray(out, o2 + 3 * LANES);
    s30.intoArray(out, o3);
    s31.intoArray(out, o3 + LANES);
    s32.intoArray(out, o3 + 2 * LANES);
    s33.intoArray(out, o3 + 3 * LANES);
  }

  private static void rows4By2(
      float[] a,
      int a0,
      int aStride,
      int inner,
      float[] m,
      int mOffset,
      int mStride,
      float[] out,
      int o0,
      int outStride) {
    int a1 = a0 + aStride;
    int a2 = a1 + aStride;
    int a3 = a2 + aStride;
    int o1 = o0 + outStride;
    int o2 = o1 + outStride;
    int o3 = o2 + outStride;
    FloatVector s00 = FloatVector.fromArray(FLOATS, out, o0);
    FloatVector s01 = FloatVector.fromArray(FLOATS, out, o0 + LANES);
    FloatVector s10 = FloatVector.fromArray(FLOATS, out, o1);
    FloatVector s11 = FloatVector.fromArray(FLOATS, out, o1 + LANES);
    FloatVector s20 = FloatVector.fromArray(FLOATS, out, o2);
    FloatVector s21 = FloatVector.fromArray(FLOATS, out, o2 + LANES);
    FloatVector s30 = FloatVector.fromArray(FLOATS, out, o3);
    FloatVector s31 = FloatVector.fromArray(FLOATS, out, o3 + LANES);
    for (int i = 0; i < inner; i++) {
      int at = mOffset + i * mStride;
      FloatVector m0 = FloatVector.fromArray(FLOATS, m, at);
      FloatVector m1 = FloatVector.fromArray(FLOATS, m, at + LANES);
      FloatVector f = FloatVector.broadcast(FLOATS, a[a0 + i]);
      s00 = m0.fma(f, s00);
      s01 = m1.fma(f, s01);
      f = FloatVector.broadcast(FLOATS, a[a1 + i]);
      s10 = m0.fma(f, s10);
      s11 = m1.fma(f, s11);
      f = FloatVector.broadcast(FLOATS, a[a2 + i]);
      s20 = m0.fma(f, s20);
      s21 = m1.fma(f, s21);
      f = FloatVector.broadcast(FLOATS, a[a3 + i]);
      s30 = m0.fma(f, s30);
      s31 = m1.fma(f, s31);
    }
    s00.intoArray(out, o0);
    s01.intoArray(out, o0 + LANES);
    s10.intoArray(out, o1);
    s11.intoArray(out, o1 + LANES);
    s20.intoArray(out, o2);
    s21.intoArray(out, o2 + LANES);
    s30.intoArray(out, o3);
    s31.intoArray(out, o3 + LANES);
  }

  private static void rows4By1(
      float[] a,
      int a0,
      int aStride,
      int inner,
      float[] m,
      int mOffset,
      int mStride,
      float[] out,
      int o0,
      int outStride) {
    FloatVector s0 = FloatVector.fromArray(FLOATS, out, o0);
    FloatVector s1 = FloatVector.fromArray(FLOATS, out, o0 + outStride);
    FloatVector s2 = FloatVector.fromArray(FLOATS, out, o0 + 2 * outStride);
    FloatVector s3 = FloatVector.fromArray(FLOATS, out, o0 + 3 * outStride);
    for (int i = 0; i < inner; i++) {
      FloatVector row = FloatVector.fromArray(FLOATS, m, mOffset + i * mStride);
      s0 = row.fma(FloatVector.broadcast(FLOATS, a[a0 + i]), s0);
      s1 = row.fma(FloatVector.broadcast(FLOATS, a[a0 + aStride + i]), s1);
      s2 = row.fma(FloatVector.broadcast(FLOATS, a[a0 + 2 * aStride + i]), s2);
      s3 = row.fma(FloatVector.broadcast(FLOATS, a[a0 + 3 * aStride + i]), s3);
    }
    s0.intoArray(out, o0);
    s1.intoArray(out, o0 + outStride);
    s2.intoArray(out, o0 + 2 * outStride);
    s3.intoArray(out, o0 + 3 * outStride);
  }

  private static void row1By4(
      float[] a, int a0, int inner, float[] m, int mOffset, int mStride, float[] out, int o0) {
    FloatVector s0 = FloatVector.fromArray(FLOATS, out, o0);
    FloatVector s1 = FloatVector.fromArray(FLOATS, out, o0 + LANES);
    FloatVector s2 = FloatVector.fromArray(FLOATS, out, o0 + 2 * LANES);
    FloatVector s3 = FloatVector.fromArray(FLOATS, out, o0 + 3 * LANES);
    for (int i = 0; i < inner; i++) {
      int at = mOffset + i * mStride;
      FloatVector f = FloatVector.broadcast(FLOATS, a[a0 + i]);
      s0 = FloatVector.fromArray(FLOATS, m, at).fma(f, s0);
      s1 = FloatVector.fromArray(FLOATS, m, at + LANES).fma(f, s1);
      s2 = FloatVector.fromArray(FLOATS, m, at + 2 * LANES).fma(f, s2);
      s3 = FloatVector.fromArray(FLOATS, m, at + 3 * LANES).fma(f, s3);
    }
    s0.intoArray(out, o0);
    s1.intoArray(out, o0 + LANES);
    s2.intoArray(out, o0 + 2 * LANES);
    s3.intoArray(out, o0 + 3 * LANES);
  }

  private static void row1By1(
      float[] a, int a0, int inner, float[] m, int mOffset, int mStride, float[] out, int o0) {
    FloatVector sum = FloatVector.fromArray(FLOATS, out, o0);
    for (int i = 0; i < inner; i++) {
      sum =
          FloatVector.fromArray(FLOATS, m, mOffset + i * mStride)
              .fma(FloatVector.broadcast(FLOATS, a[a0 + i]), sum);
    }
    sum.intoArray(out, o0);
  }
}
