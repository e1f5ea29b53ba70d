package org.zonda.runtime.cpu;

import static org.zonda.runtime.cpu.VectorKernels.FLOATS;
import static org.zonda.runtime.cpu.VectorKernels.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import org.zonda.model.graph.Activation;

/**
 * The activation functions through the Vector API. Each has a loop of its own, since a function
 * that is passed along would be called for each vector.
 */
final class VectorActivations {

  private static final float LOG2_E = 1.44269504f;
  private static final float LN2_HIGH = 0.693359375f;
  private static final float LN2_LOW = -2.12194440e-4f;
  private static final float SQRT_HALF = 0.70710678f;
  private static final float SQRT_TWO_OVER_PI = 0.7978845608f;

  private VectorActivations() {}

  static void activate(
      Activation activation, float[] x, int xOffset, float[] out, int outOffset, int n) {
    int vectors = n / LANES * LANES;
    switch (activation) {
      case SILU -> silu(x, xOffset, out, outOffset, vectors);
      case GELU -> gelu(x, xOffset, out, outOffset, vectors);
      case GELU_TANH -> geluTanh(x, xOffset, out, outOffset, vectors);
      case RELU -> relu(x, xOffset, out, outOffset, vectors);
    }
    for (int i = vectors; i < n; i++) {
      out[outOffset + i] = ScalarActivations.apply(activation, x[xOffset + i]);
    }
  }

  private static void silu(float[] x, int xOffset, float[] out, int outOffset, int n) {
    for (int i = 0; i < n; i += LANES) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, xOffset + i);
      v.div(exp(v.neg()).add(1)).intoArray(out, outOffset + i);
    }
  }

  private static void gelu(float[] x, int xOffset, float[] out, int outOffset, int n) {
    for (int i = 0; i < n; i += LANES) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, xOffset + i);
      v.mul(0.5f).mul(erf(v.mul(SQRT_HALF)).add(1)).intoArray(out, outOffset + i);
    }
  }

  private static void geluTanh(float[] x, int xOffset, float[] out, int outOffset, int n) {
    for (int i = 0; i < n; i += LANES) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, xOffset + i);
      FloatVector cubic = v.mul(v).mul(0.044715f).add(1).mul(v);
      v.mul(0.5f).mul(tanh(cubic.mul(SQRT_TWO_OVER_PI)).add(1)).intoArray(out, outOffset + i);
    }
  }

  private static void relu(float[] x, int xOffset, float[] out, int outOffset, int n) {
    for (int i = 0; i < n; i += LANES) {
      FloatVector.fromArray(FLOATS, x, xOffset + i).max(0).intoArray(out, outOffset + i);
    }
  }

  /** Writes {@code cap * tanh(x / cap)}. */
  static void softCap(float[] x, int xOffset, float[] out, int outOffset, int n, float cap) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      tanh(FloatVector.fromArray(FLOATS, x, xOffset + i).div(cap))
          .mul(cap)
          .intoArray(out, outOffset + i);
    }
    for (; i < n; i++) {
      out[outOffset + i] = (float) (cap * Math.tanh(x[xOffset + i] / (double) cap));
    }
  }

  /**
   * The hyperbolic tangent within 2e-7: {@code 1 - 2 / (e^2a + 1)} of the absolute value, and near
   * zero, where that would lose digits, Cephes' tanhf polynomial.
   */
  private static FloatVector tanh(FloatVector x) {
    FloatVector a = x.abs();
    FloatVector far = broadcast(1).sub(broadcast(2).div(exp(a.add(a)).add(1)));
    FloatVector z = x.mul(x);
    FloatVector p = broadcast(-5.70498872745e-3f);
    p = p.fma(z, broadcast(2.06390887954e-2f));
    p = p.fma(z, broadcast(-5.37397155531e-2f));
    p = p.fma(z, broadcast(1.33314422036e-1f));
    p = p.fma(z, broadcast(-3.33332819422e-1f));
    FloatVector near = p.mul(z).fma(a, a);
    FloatVector positive = near.blend(far, a.compare(VectorOperators.GT, 0.625f));
    return positive.blend(positive.neg(), x.compare(VectorOperators.LT, 0f));
  }

  /** The error function within 3e-7 (Abramowitz and Stegun, 7.1.26). */
  private static FloatVector erf(FloatVector x) {
    FloatVector a = x.abs();
    FloatVector t = broadcast(1).div(a.mul(0.3275911f).add(1));
    FloatVector p = broadcast(1.061405429f);
    p = p.fma(t, broadcast(-1.453152027f));
    p = p.fma(t, broadcast(1.421413741f));
    p = p.fma(t, broadcast(-0.284496736f));
    p = p.fma(t, broadcast(0.254829592f));
    FloatVector positive = broadcast(1).sub(p.mul(t).mul(exp(a.mul(a).neg())));
    return positive.blend(positive.neg(), x.compare(VectorOperators.LT, 0f));
  }

  /**
   * e to the x within 2 units in the last place, by the usual range reduction to [-ln 2 / 2, ln 2 /
   * 2] and a polynomial of degree 6 (its Taylor series with the coefficients of Cephes' expf).
   * Below -87 the result is 1e-38 rather than smaller; above 88 it is 1.6e38 rather than infinite,
   * which leaves the sigmoid what it should be.
   */
  static FloatVector exp(FloatVector x) {
    // Java's max and min are five instructions each; these are two, and keep NaN as well.
    FloatVector low = x.blend(-87f, x.compare(VectorOperators.LT, -87f));
    FloatVector clamped = low.blend(88f, low.compare(VectorOperators.GT, 88f));
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
}
