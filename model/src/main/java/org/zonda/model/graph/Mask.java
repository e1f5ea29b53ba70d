package org.zonda.model.graph;

/**
 * Which positions of its sequence a token attends to.
 *
 * @param causal whether only itself and earlier ones; else all, and all tokens of a sequence have
 *     to be in one pass
 * @param window itself and the {@code window - 1} before it; 0 for no limit
 */
public record Mask(boolean causal, int window) {

  /** Itself and all earlier positions. */
  public static final Mask CAUSAL = new Mask(true, 0);

  /** Every position, as encoders do. */
  public static final Mask ALL = new Mask(false, 0);

  /** Checks the window. */
  public Mask {
    if (window < 0 || window > 0 && !causal) {
      throw new IllegalArgumentException("window " + window + ", causal " + causal);
    }
  }

  /**
   * A causal mask with a sliding window (Beltagy et al. 2020, arXiv:2004.05150).
   *
   * @param window positions, 0 for no limit
   * @return the mask
   */
  public static Mask window(int window) {
    return new Mask(true, window);
  }
}
