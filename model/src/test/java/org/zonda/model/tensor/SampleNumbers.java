package org.zonda.model.tensor;

import java.util.SplittableRandom;

/** Numbers to encode, of the characters that weights have; the same on every machine. */
enum SampleNumbers {
  /** A normal distribution, what most weights are like. */
  GAUSSIAN {
    @Override
    void fill(float[] x, SplittableRandom random) {
      for (int i = 0; i < x.length; i++) {
        x[i] = (float) (0.02 * random.nextGaussian());
      }
    }
  },

  /** The same, but one in 64 is twelve times as large. */
  OUTLIERS {
    @Override
    void fill(float[] x, SplittableRandom random) {
      for (int i = 0; i < x.length; i++) {
        double value = 0.02 * random.nextGaussian();
        x[i] = (float) (random.nextInt(64) == 0 ? 12 * value : value);
      }
    }
  },

  /** A uniform distribution. */
  UNIFORM {
    @Override
    void fill(float[] x, SplittableRandom random) {
      for (int i = 0; i < x.length; i++) {
        x[i] = (float) (random.nextDouble() - 0.5);
      }
    }
  },

  /** Every 32 numbers with a mean and a deviation of their own. */
  SHIFTED {
    @Override
    void fill(float[] x, SplittableRandom random) {
      double mean = 0;
      double deviation = 0;
      for (int i = 0; i < x.length; i++) {
        if (i % 32 == 0) {
          mean = 2 * random.nextDouble() - 0.5;
          deviation = random.nextDouble();
        }
        x[i] = (float) (0.02 * (mean + deviation * random.nextGaussian()));
      }
    }
  };

  abstract void fill(float[] x, SplittableRandom random);

  /**
   * Makes numbers.
   *
   * @return the first count of them
   */
  float[] numbers(int count) {
    float[] x = new float[count];
    fill(x, new SplittableRandom(ordinal() + 1));
    return x;
  }
}
