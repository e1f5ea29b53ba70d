package org.zonda.model.graph;

/** How a row is normalised. */
public enum NormKind {
  /** {@code x / sqrt(mean(x²) + epsilon)} (Zhang and Sennrich 2019, arXiv:1910.07467). */
  RMS,

  /** {@code (x - mean(x)) / sqrt(variance(x) + epsilon)} (Ba et al. 2016, arXiv:1607.06450). */
  LAYER
}
