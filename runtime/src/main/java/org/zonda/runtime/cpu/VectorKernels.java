package org.zonda.runtime.cpu;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.zonda.model.tensor.Codecs;
import org.zonda.model.tensor.TensorType;
import org.zonda.runtime.Settings;

/**
 * The kernels through the Vector API. The width is fixed when the class is loaded: the widest that
 * the machine has, or what {@code zonda.vector.bits} says. Methods are small loops over one thing
 * each, since that is what the JIT compiles early and well.
 */
final class VectorKernels implements Kernels {

  /** Floats of the chosen width. */
  static final VectorSpecies<Float> FLOATS = chosen();

  static final int LANES = FLOATS.length();

  /** As many ints as floats. */
  static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());

  /** As many shorts as floats. */
  static final VectorSpecies<Short> SHORTS =
      VectorSpecies.of(short.class, VectorShape.forBitSize(LANES * Short.SIZE));

  /** As many bytes as floats, but 8 where there are only 4 floats: the narrowest vector. */
  static final VectorSpecies<Byte> BYTES =
      LANES == 16 ? ByteVector.SPECIES_128 : ByteVector.SPECIES_64;

  private static final float LOG2_E = 1.44269504f;
  private static final float LN2_HIGH = 0.693359375f;
  private static final float LN2_LOW = -2.12194440e-4f;

  private static VectorSpecies<Float> chosen() {
    return switch (Settings.vectorBits()) {
      case 128 -> FloatVector.SPECIES_128;
      case 256 -> FloatVector.SPECIES_256;
      case 512 -> FloatVector.SPECIES_512;
      // Wider than 512 bits (SVE) would need wider padding than Kernels.COLUMNS.
      default ->
          FloatVector.SPECIES_PREFERRED.vectorBitSize() > 512
              ? FloatVector.SPECIES_512
              : FloatVector.SPECIES_PREFERRED;
    };
  }

  @Override
  public String description() {
    return FLOATS.vectorBitSize() + "-bit vectors";
  }

  @Override
  public MatrixKernel matrix(TensorType type, String context) {
    return switch (type) {
      case F32 -> new F32Matrix();
      case F16 -> new F16Matrix(this);
      case BF16 -> new BF16Matrix(this);
      case Q8_0 -> new Q8_0Matrix();
      case Q4_0 -> new Q4_0Matrix();
      case Q4_1 -> new Q4_1Matrix();
      case Q5_0 -> new Q5_0Matrix();
      case Q5_1 -> new Q5_1Matrix();
      case Q2_K -> new Q2_KMatrix();
      case Q3_K -> new Q3_KMatrix();
      case Q4_K -> new Q4_KMatrix();
      case Q5_K -> new Q5_KMatrix();
      case Q6_K -> new Q6_KMatrix();
      case IQ4_NL -> new IQ4_NLMatrix();
      case IQ4_XS -> new IQ4_XSMatrix();
      case MXFP4 -> new MXFP4Matrix();
      default -> new CodecMatrix(this, Codecs.of(type, context));
    };
  }

  @Override
  public void rmsNorm(
      float[] x, int xOffset, float[] weight, float epsilon, float[] out, int outOffset, int n) {
    float factor = (float) (1 / Math.sqrt(dot(x, xOffset, x, xOffset, n) / (double) n + epsilon));
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector.fromArray(FLOATS, x, xOffset + i)
          .mul(factor)
          .mul(FloatVector.fromArray(FLOATS, weight, i))
          .intoArray(out, outOffset + i);
    }
    for (; i < n; i++) {
      out[outOffset + i] = x[xOffset + i] * factor * weight[i];
    }
  }

  @Override
  public float dot(float[] a, int aOffset, float[] b, int bOffset, int n) {
    FloatVector sum0 = FloatVector.zero(FLOATS);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    FloatVector sum3 = sum0;
    int i = 0;
    for (; i <= n - 4 * LANES; i += 4 * LANES) {
      sum0 = fma(a, aOffset + i, b, bOffset + i, sum0);
      sum1 = fma(a, aOffset + i + LANES, b, bOffset + i + LANES, sum1);
      sum2 = fma(a, aOffset + i + 2 * LANES, b, bOffset + i + 2 * LANES, sum2);
      sum3 = fma(a, aOffset + i + 3 * LANES, b, bOffset + i + 3 * LANES, sum3);
    }
    for (; i <= n - LANES; i += LANES) {
      sum0 = fma(a, aOffset + i, b, bOffset + i, sum0);
    }
    float sum = LaneSum.of(sum0.add(sum1).add(sum2.add(sum3)));
    for (; i < n; i++) {
      sum += a[aOffset + i] * b[bOffset + i];
    }
    return sum;
  }

  private static FloatVector fma(float[] a, int aOffset, float[] b, int bOffset, FloatVector sum) {
    return FloatVector.fromArray(FLOATS, a, aOffset)
        .fma(FloatVector.fromArray(FLOATS, b, bOffset), sum);
  }

  @Override
  public void add(
      float[] a, int aOffset, float[] b, int bOffset, float[] out, int outOffset, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector.fromArray(FLOATS, a, aOffset + i)
          .add(FloatVector.fromArray(FLOATS, b, bOffset + i))
          .intoArray(out, outOffset + i);
    }
    for (; i < n; i++) {
      out[outOffset + i] = a[aOffset + i] + b[bOffset + i];
    }
  }

  @Override
  public void addScaled(
      float factor, float[] x, int xOffset, float[] target, int targetOffset, int n) {
    FloatVector factors = FloatVector.broadcast(FLOATS, factor);
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector.fromArray(FLOATS, x, xOffset + i)
          .fma(factors, FloatVector.fromArray(FLOATS, target, targetOffset + i))
          .intoArray(target, targetOffset + i);
    }
    for (; i < n; i++) {
      target[targetOffset + i] += factor * x[xOffset + i];
    }
  }

  @Override
  public void siluGate(
      float[] gate, int gateOffset, float[] up, int upOffset, float[] out, int outOffset, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector g = FloatVector.fromArray(FLOATS, gate, gateOffset + i);
      g.div(exp(g.neg()).add(1))
          .mul(FloatVector.fromArray(FLOATS, up, upOffset + i))
          .intoArray(out, outOffset + i);
    }
    for (; i < n; i++) {
      float g = gate[gateOffset + i];
      out[outOffset + i] = (float) (g / (1 + Math.exp(-g))) * up[upOffset + i];
    }
  }

  /**
   * e to the x within 2 units in the last place, by the usual range reduction to [-ln 2 / 2, ln 2 /
   * 2] and a polynomial of degree 6 (its Taylor series with the coefficients of Cephes' expf).
   * Below -87 the result is 1e-38 rather than smaller; above 88 it is 1.6e38 rather than infinite,
   * which leaves the sigmoid what it should be.
   */
  static FloatVector exp(FloatVector x) {
    FloatVector clamped = x.max(-87f).min(88f);
    // Adding 1.5 * 2^23 rounds to an integer, which then stands in the low bits of the mantissa.
    FloatVector shifted = clamped.mul(LOG2_E).add(12582912f);
    FloatVector whole = shifted.sub(12582912f);
    FloatVector r = whole.fma(broadcast(-LN2_LOW), whole.fma(broadcast(-LN2_HIGH), clamped));
    FloatVector p = broadcast(1.9875691500e-4f);
    p = p.fma(r, broadcast(1.3981999507e-3f));
    p = p.fma(r, broadcast(8.3334519073e-3f));
    p = p.fma(r, broadcast(4.1665795894e-2f));
    p = p.fma(r, broadcast(1.6666665459e-1f));
    p = p.fma(r, broadcast(5.0000001201e-1f));
    p = p.mul(r).fma(r, r).add(1f);
    IntVector exponent = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
    return p.reinterpretAsInts().add(exponent).reinterpretAsFloats();
  }

  private static FloatVector broadcast(float value) {
    return FloatVector.broadcast(FLOATS, value);
  }

  @Override
  public void scale(float[] x, int offset, int n, float factor) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector.fromArray(FLOATS, x, offset + i).mul(factor).intoArray(x, offset + i);
    }
    for (; i < n; i++) {
      x[offset + i] *= factor;
    }
  }

  @Override
  public float max(float[] x, int offset, int n) {
    FloatVector largest = broadcast(Float.NEGATIVE_INFINITY);
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      largest = largest.max(FloatVector.fromArray(FLOATS, x, offset + i));
    }
    float max = largest.reduceLanes(VectorOperators.MAX);
    for (; i < n; i++) {
      max = Math.max(max, x[offset + i]);
    }
    return max;
  }

  @Override
  public float exponentials(float[] x, int offset, int n, float max) {
    FloatVector sums = FloatVector.zero(FLOATS);
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector e = exp(FloatVector.fromArray(FLOATS, x, offset + i).sub(max));
      e.intoArray(x, offset + i);
      sums = sums.add(e);
    }
    float sum = LaneSum.of(sums);
    for (; i < n; i++) {
      x[offset + i] = (float) Math.exp(x[offset + i] - max);
      sum += x[offset + i];
    }
    return sum;
  }

  @Override
  public void decodeHalf(
      short[] source, int sourceOffset, float[] target, int targetOffset, int n) {
    HalfFloats.decode(source, sourceOffset, target, targetOffset, n);
  }

  @Override
  public void multiplyAdd(
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
      for (int c = 0; c < columns; c += LANES) {
        multiplyAdd4(
            a,
            aOffset + r * aStride,
            aStride,
            inner,
            m,
            mOffset + c,
            mStride,
            out,
            outOffset + r * outStride + c,
            outStride);
      }
    }
    for (; r < rows; r++) {
      for (int c = 0; c < columns; c += LANES) {
        multiplyAdd1(
            a,
            aOffset + r * aStride,
            inner,
            m,
            mOffset + c,
            mStride,
            out,
            outOffset + r * outStride + c);
      }
    }
  }

  private static void multiplyAdd4(
      float[] a,
      int aOffset,
      int aStride,
      int inner,
      float[] m,
      int mOffset,
      int mStride,
      float[] out,
      int outOffset,
      int outStride) {
    FloatVector sum0 = FloatVector.fromArray(FLOATS, out, outOffset);
    FloatVector sum1 = FloatVector.fromArray(FLOATS, out, outOffset + outStride);
    FloatVector sum2 = FloatVector.fromArray(FLOATS, out, outOffset + 2 * outStride);
    FloatVector sum3 = FloatVector.fromArray(FLOATS, out, outOffset + 3 * outStride);
    for (int i = 0; i < inner; i++) {
      FloatVector row = FloatVector.fromArray(FLOATS, m, mOffset + i * mStride);
      sum0 = row.fma(broadcast(a[aOffset + i]), sum0);
      sum1 = row.fma(broadcast(a[aOffset + aStride + i]), sum1);
      sum2 = row.fma(broadcast(a[aOffset + 2 * aStride + i]), sum2);
      sum3 = row.fma(broadcast(a[aOffset + 3 * aStride + i]), sum3);
    }
    sum0.intoArray(out, outOffset);
    sum1.intoArray(out, outOffset + outStride);
    sum2.intoArray(out, outOffset + 2 * outStride);
    sum3.intoArray(out, outOffset + 3 * outStride);
  }

  private static void multiplyAdd1(
      float[] a,
      int aOffset,
      int inner,
      float[] m,
      int mOffset,
      int mStride,
      float[] out,
      int outOffset) {
    FloatVector sum = FloatVector.fromArray(FLOATS, out, outOffset);
    for (int i = 0; i < inner; i++) {
      sum =
          FloatVector.fromArray(FLOATS, m, mOffset + i * mStride)
              .fma(broadcast(a[aOffset + i]), sum);
    }
    sum.intoArray(out, outOffset);
  }

  @Override
  public void gemm(
      float[] w,
      int wOffset,
      int wStride,
      int rows,
      float[] x,
      int xOffset,
      int xStride,
      int tokens,
      int inner,
      float[] out,
      int outOffset,
      int outStride) {
    int t = 0;
    for (; t <= tokens - 4; t += 4) {
      int r = 0;
      for (; r <= rows - 4; r += 4) {
        VectorGemm.tile4x4(
            w,
            wOffset + r * wStride,
            wStride,
            x,
            xOffset + t * xStride,
            xStride,
            inner,
            out,
            outOffset + t * outStride + r,
            outStride);
      }
      for (; r < rows; r++) {
        for (int i = t; i < t + 4; i++) {
          out[outOffset + i * outStride + r] +=
              dot(w, wOffset + r * wStride, x, xOffset + i * xStride, inner);
        }
      }
    }
    for (; t < tokens; t++) {
      for (int r = 0; r < rows; r++) {
        out[outOffset + t * outStride + r] +=
            dot(w, wOffset + r * wStride, x, xOffset + t * xStride, inner);
      }
    }
  }
}
