package org.zonda.runtime.embedding;

import org.zonda.model.architecture.Pooling;

/** Makes one vector of the hidden states of a text's tokens, as they come. One thread. */
final class Pool implements HiddenStates {

  private final Pooling pooling;
  private final int length;
  private final double[] sum;

  /**
   * Begins a text.
   *
   * @param pooling which tokens count
   * @param length how many tokens the text has, at least 1
   * @param width floats of a hidden state
   */
  Pool(Pooling pooling, int length, int width) {
    this.pooling = pooling;
    this.length = length;
    this.sum = new double[width];
  }

  @Override
  public boolean wants(int position) {
    return switch (pooling) {
      case MEAN -> true;
      case CLS -> position == 0;
      case LAST -> position == length - 1;
    };
  }

  @Override
  public void take(int position, float[] values, int offset) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += values[offset + i];
    }
  }

  /**
   * The vector, once all wanted tokens were taken.
   *
   * @param normalised whether to scale it to length 1; one of length 0 stays
   * @return a new array
   */
  float[] vector(boolean normalised) {
    double scale = pooling == Pooling.MEAN ? 1.0 / length : 1;
    if (normalised) {
      double squares = 0;
      for (double value : sum) {
        squares += value * value;
      }
      scale = squares == 0 ? 1 : 1 / Math.sqrt(squares);
    }
    float[] vector = new float[sum.length];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) (scale * sum[i]);
    }
    return vector;
  }
}
