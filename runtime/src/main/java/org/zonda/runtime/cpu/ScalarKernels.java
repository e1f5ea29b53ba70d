package org.zonda.runtime.cpu;

import java.util.Optional;
import org.zonda.model.graph.Activation;
import org.zonda.model.tensor.Codecs;
import org.zonda.model.tensor.TensorType;
import org.zonda.runtime.cpu.machine.HalfProduct;

/** The kernels in plain Java: the definition, and the way where there is no Vector API. */
final class ScalarKernels implements Kernels {

  @Override
  public String description() {
    return "scalar";
  }

  @Override
  public MatrixKernel matrix(TensorType type, String context) {
    return new CodecMatrix(this, Codecs.of(type, context));
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
    double squares = 0;
    for (int i = 0; i < n; i++) {
      squares += (double) x[xOffset + i] * x[xOffset + i];
    }
    float factor = (float) (1 / Math.sqrt(squares / n + epsilon));
    for (int i = 0; i < n; i++) {
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
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += x[xOffset + i];
    }
    double mean = sum / n;
    double squares = 0;
    for (int i = 0; i < n; i++) {
      squares += (x[xOffset + i] - mean) * (x[xOffset + i] - mean);
    }
    double factor = 1 / Math.sqrt(squares / n + epsilon);
    for (int i = 0; i < n; i++) {
      out[outOffset + i] = (float) ((x[xOffset + i] - mean) * factor) * weight[weightOffset + i];
    }
  }

  @Override
  public void add(
      float[] a, int aOffset, float[] b, int bOffset, float[] out, int outOffset, int n) {
    for (int i = 0; i < n; i++) {
      out[outOffset + i] = a[aOffset + i] + b[bOffset + i];
    }
  }

  @Override
  public void addScaled(
      float factor, float[] x, int xOffset, float[] target, int targetOffset, int n) {
    for (int i = 0; i < n; i++) {
      target[targetOffset + i] += factor * x[xOffset + i];
    }
  }

  @Override
  public void activate(
      Activation activation, float[] x, int xOffset, float[] out, int outOffset, int n) {
    for (int i = 0; i < n; i++) {
      out[outOffset + i] = ScalarActivations.apply(activation, x[xOffset + i]);
    }
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
    for (int i = 0; i < n; i++) {
      out[outOffset + i] =
          ScalarActivations.apply(activation, gate[gateOffset + i]) * up[upOffset + i];
    }
  }

  @Override
  public void softCap(float[] x, int xOffset, float[] out, int outOffset, int n, float cap) {
    for (int i = 0; i < n; i++) {
      out[outOffset + i] = (float) (cap * Math.tanh(x[xOffset + i] / (double) cap));
    }
  }

  @Override
  public float dot(float[] a, int aOffset, float[] b, int bOffset, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += (double) a[aOffset + i] * b[bOffset + i];
    }
    return (float) sum;
  }

  @Override
  public void scale(float[] x, int xOffset, float[] out, int outOffset, int n, float factor) {
    for (int i = 0; i < n; i++) {
      out[outOffset + i] = x[xOffset + i] * factor;
    }
  }

  @Override
  public float max(float[] x, int offset, int n) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      max = Math.max(max, x[offset + i]);
    }
    return max;
  }

  @Override
  public float exponentials(float[] x, int offset, int n, float max) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      x[offset + i] = (float) Math.exp(x[offset + i] - max);
      sum += x[offset + i];
    }
    return (float) sum;
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
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < inner; i++) {
        addScaled(
            a[aOffset + r * aStride + i],
            m,
            mOffset + i * mStride,
            out,
            outOffset + r * outStride,
            columns);
      }
    }
  }

  @Override
  public Kernels withoutMachineCode() {
    return this;
  }

  @Override
  public Optional<HalfProduct> halfProduct() {
    return Optional.empty();
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
    for (int t = 0; t < tokens; t++) {
      for (int r = 0; r < rows; r++) {
        float sum = 0;
        for (int k = 0; k < inner; k++) {
          sum += w[wOffset + r * wStride + k] * x[xOffset + t * xStride + k];
        }
        out[outOffset + t * outStride + r] += sum;
      }
    }
  }
}
