package org.zonda.runtime.cpu;

import static org.zonda.runtime.cpu.VectorKernels.FLOATS;
import static org.zonda.runtime.cpu.VectorKernels.LANES;

import jdk.incubator.vector.FloatVector;

/** The register tile of the matrix product: 16 sums at once, two loads for every four products. */
final class VectorGemm {

  private VectorGemm() {}

  /** Adds the products of 4 rows of w and 4 rows of x to a 4 x 4 tile of out. */
  static void tile4x4(
      float[] w,
      int w0,
      int wStride,
      float[] x,
      int x0,
      int xStride,
      int inner,
      float[] out,
      int o0,
      int outStride) {
    int w1 = w0 + wStride;
    int w2 = w1 + wStride;
    int w3 = w2 + wStride;
    int x1 = x0 + xStride;
    int x2 = x1 + xStride;
    int x3 = x2 + xStride;
    FloatVector s00 = FloatVector.zero(FLOATS);
    FloatVector s01 = s00, s02 = s00, s03 = s00;
    FloatVector s10 = s00, s11 = s00, s12 = s00, s13 = s00;
    FloatVector s20 = s00, s21 = s00, s22 = s00, s23 = s00;
    FloatVector s30 = s00, s31 = s00, s32 = s00, s33 = s00;
    int k = 0;
    for (; k <= inner - LANES; k += LANES) {
      FloatVector a0 = FloatVector.fromArray(FLOATS, w, w0 + k);
      FloatVector a1 = FloatVector.fromArray(FLOATS, w, w1 + k);
      FloatVector a2 = FloatVector.fromArray(FLOATS, w, w2 + k);
      FloatVector a3 = FloatVector.fromArray(FLOATS, w, w3 + k);
      FloatVector b = FloatVector.fromArray(FLOATS, x, x0 + k);
      s00 = a0.fma(b, s00);
      s01 = a1.fma(b, s01);
      s02 = a2.fma(b, s02);
      s03 = a3.fma(b, s03);
      b = FloatVector.fromArray(FLOATS, x, x1 + k);
      s10 = a0.fma(b, s10);
      s11 = a1.fma(b, s11);
      s12 = a2.fma(b, s12);
      s13 = a3.fma(b, s13);
      b = FloatVector.fromArray(FLOATS, x, x2 + k);
      s20 = a0.fma(b, s20);
      s21 = a1.fma(b, s21);
      s22 = a2.fma(b, s22);
      s23 = a3.fma(b, s23);
      b = FloatVector.fromArray(FLOATS, x, x3 + k);
      s30 = a0.fma(b, s30);
      s31 = a1.fma(b, s31);
      s32 = a2.fma(b, s32);
      s33 = a3.fma(b, s33);
    }
    int o1 = o0 + outStride;
    int o2 = o1 + outStride;
    int o3 = o2 + outStride;
    out[o0] += sum(s00);
    out[o0 + 1] += sum(s01);
    out[o0 + 2] += sum(s02);
    out[o0 + 3] += sum(s03);
    out[o1] += sum(s10);
    out[o1 + 1] += sum(s11);
    out[o1 + 2] += sum(s12);
    out[o1 + 3] += sum(s13);
    out[o2] += sum(s20);
    out[o2 + 1] += sum(s21);
    out[o2 + 2] += sum(s22);
    out[o2 + 3] += sum(s23);
    out[o3] += sum(s30);
    out[o3 + 1] += sum(s31);
    out[o3 + 2] += sum(s32);
    out[o3 + 3] += sum(s33);
    for (; k < inner; k++) {
      for (int t = 0; t < 4; t++) {
        for (int r = 0; r < 4; r++) {
          out[o0 + t * outStride + r] += w[w0 + r * wStride + k] * x[x0 + t * xStride + k];
        }
      }
    }
  }

  private static float sum(FloatVector v) {
    return LaneSum.of(v);
  }
}
