package org.zonda.runtime.cpu;

import java.util.Optional;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.zonda.model.graph.Activation;
import org.zonda.model.tensor.Codecs;
import org.zonda.model.tensor.TensorType;
import org.zonda.runtime.Settings;
import org.zonda.runtime.cpu.machine.HalfProduct;

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

  /** Floats that are activated before they are multiplied. */
  private static final int PIECE = 256;

  private final boolean machineCode;

  /** With machine code for attention, where that runs. */
  VectorKernels() {
    this(true);
  }

  private VectorKernels(boolean machineCode) {
    this.machineCode = machineCode;
  }

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

  /** Whether rounding weights to bfloat16 adds no more than a format lost when it was made. */
  static boolean isCoarse(TensorType type) {
    return type != TensorType.F32 && type != TensorType.F16;
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
      float[] x,
      int xOffset,
      float[] weight,
      int weightOffset,
      float epsilon,
      float[] out,
      int outOffset,
      int n) {
    float factor = (float) (1 / Math.sqrt(dot(x, xOffset, x, xOffset, n) / (double) n + epsilon));
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector.fromArray(FLOATS, x, xOffset + i)
          .mul(factor)
          .mul(FloatVector.fromArray(FLOATS, weight, weightOffset + i))
          .intoArray(out, outOffset + i);
    }
    for (; i < n; i++) {
      out[outOffset + i] = x[xOffset + i] * factor * weight[weightOffset + i];
    }
  }

  @Override
  public void layerNorm(
      float[] x,
      int xOffset,
      float[] weight,
      int weightOffset,
      float epsilon,
      float[] out,
      int outOffset,
      int n) {
    float mean = sum(x, xOffset, n) / n;
    float factor = (float) (1 / Math.sqrt(squares(x, xOffset, n, mean) / (double) n + epsilon));
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector.fromArray(FLOATS, x, xOffset + i)
          .sub(mean)
          .mul(factor)
          .mul(FloatVector.fromArray(FLOATS, weight, weightOffset + i))
          .intoArray(out, outOffset + i);
    }
    for (; i < n; i++) {
      out[outOffset + i] = (x[xOffset + i] - mean) * factor * weight[weightOffset + i];
    }
  }

  private static float sum(float[] x, int offset, int n) {
    FloatVector sums = FloatVector.zero(FLOATS);
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      sums = sums.add(FloatVector.fromArray(FLOATS, x, offset + i));
    }
    float sum = LaneSum.of(sums);
    for (; i < n; i++) {
      sum += x[offset + i];
    }
    return sum;
  }

  /** The sum of the squared distances from the mean. */
  private static float squares(float[] x, int offset, int n, float mean) {
    FloatVector sums = FloatVector.zero(FLOATS);
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector distance = FloatVector.fromArray(FLOATS, x, offset + i).sub(mean);
      sums = distance.fma(distance, sums);
    }
    float sum = LaneSum.of(sums);
    for (; i < n; i++) {
      sum += (x[offset + i] - mean) * (x[offset + i] - mean);
    }
    return sum;
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
  public void activate(
      Activation activation, float[] x, int xOffset, float[] out, int outOffset, int n) {
    VectorActivations.activate(activation, x, xOffset, out, outOffset, n);
  }

  @Override
  public void gate(
      Activation activation,
      float[] gate,
      int gateOffset,
      float[] up,
      int upOffset,
      float[] out,
      int outOffset,
      int n) {
    // Piece by piece through the first cache, since out may be where up is.
    float[] piece = new float[Math.min(n, PIECE)];
    for (int from = 0; from < n; from += PIECE) {
      int m = Math.min(PIECE, n - from);
      VectorActivations.activate(activation, gate, gateOffset + from, piece, 0, m);
      multiply(piece, 0, up, upOffset + from, out, outOffset + from, m);
    }
  }

  private static void multiply(
      float[] a, int aOffset, float[] b, int bOffset, float[] out, int outOffset, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector.fromArray(FLOATS, a, aOffset + i)
          .mul(FloatVector.fromArray(FLOATS, b, bOffset + i))
          .intoArray(out, outOffset + i);
    }
    for (; i < n; i++) {
      out[outOffset + i] = a[aOffset + i] * b[bOffset + i];
    }
  }

  @Override
  public void softCap(float[] x, int xOffset, float[] out, int outOffset, int n, float cap) {
    VectorActivations.softCap(x, xOffset, out, outOffset, n, cap);
  }

  @Override
  public void scale(float[] x, int xOffset, float[] out, int outOffset, int n, float factor) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector.fromArray(FLOATS, x, xOffset + i).mul(factor).intoArray(out, outOffset + i);
    }
    for (; i < n; i++) {
      out[outOffset + i] = x[xOffset + i] * factor;
    }
  }

  @Override
  public float max(float[] x, int offset, int n) {
    // Comparing is two instructions where Java's max is five. A NaN is passed over here, but not by
    // the exponentials, which are what maxima are for.
    FloatVector max0 = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
    FloatVector max1 = max0;
    int i = 0;
    for (; i <= n - 2 * LANES; i += 2 * LANES) {
      FloatVector a = FloatVector.fromArray(FLOATS, x, offset + i);
      FloatVector b = FloatVector.fromArray(FLOATS, x, offset + i + LANES);
      max0 = max0.blend(a, max0.compare(VectorOperators.LT, a));
      max1 = max1.blend(b, max1.compare(VectorOperators.LT, b));
    }
    for (; i <= n - LANES; i += LANES) {
      FloatVector a = FloatVector.fromArray(FLOATS, x, offset + i);
      max0 = max0.blend(a, max0.compare(VectorOperators.LT, a));
    }
    float max = max0.max(max1).reduceLanes(VectorOperators.MAX);
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
      FloatVector e = VectorActivations.exp(FloatVector.fromArray(FLOATS, x, offset + i).sub(max));
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
    VectorProduct.multiplyAdd(
        a, aOffset, aStride, rows, inner, m, mOffset, mStride, out, outOffset, outStride, columns);
  }

  @Override
  public Kernels withoutMachineCode() {
    return new VectorKernels(false);
  }

  @Override
  public Optional<HalfProduct> halfProduct() {
    return machineCode && LANES == 16 ? HalfProduct.find() : Optional.empty();
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
