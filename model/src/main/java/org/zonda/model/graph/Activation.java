package org.zonda.model.graph;

/** Element-wise activation functions. */
public enum Activation {
  /** {@code x * sigmoid(x)} (Elfwing et al. 2017, arXiv:1702.03118). */
  SILU
}
