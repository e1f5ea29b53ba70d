package org.zonda.model.graph;

/** Element-wise activation functions. */
public enum Activation {
  /** {@code x * sigmoid(x)} (Elfwing et al. 2017, arXiv:1702.03118). */
  SILU,

  /** {@code x * Phi(x)} with the normal distribution's exact erf (arXiv:1606.08415). */
  GELU,

  /**
   * The approximation {@code x/2 * (1 + tanh(sqrt(2/pi) * (x + 0.044715 x³)))} of the same paper,
   * where a model was trained with it.
   */
  GELU_TANH,

  /** {@code max(0, x)}. */
  RELU
}
