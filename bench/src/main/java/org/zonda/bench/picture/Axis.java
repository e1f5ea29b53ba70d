package org.zonda.bench.picture;

import java.util.ArrayList;
import java.util.List;

/**
 * Turns values into coordinates. Where there is only one value, it has the middle.
 *
 * @param log whether equal ratios take equal room, not equal differences
 * @param min the value at {@code from}; positive if logarithmic
 * @param max the value at {@code to}
 * @param from a coordinate
 * @param to a coordinate, which may be less
 */
record Axis(boolean log, double min, double max, double from, double to) {

  /** Steps between round numbers, in a decade. */
  private static final double[] ROUND = {1, 2, 5, 10};

  /** The axis from zero to a round number that no value exceeds. */
  static Axis fromZero(double most, int ticks, double from, double to) {
    double step = roundStep(most == 0 ? 1 : most, ticks);
    return new Axis(false, 0, step * Math.ceil(most == 0 ? 1 : most / step), from, to);
  }

  double at(double value) {
    double low = place(min);
    double high = place(max);
    return low == high ? (from + to) / 2 : from + (place(value) - low) / (high - low) * (to - from);
  }

  private double place(double value) {
    return log ? Math.log10(value) : value;
  }

  /** Round values between the ends, of an axis from zero. */
  List<Double> ticksFromZero(int most) {
    double step = roundStep(max, most);
    List<Double> ticks = new ArrayList<>();
    for (int i = 0; i * step <= max * (1 + 1e-9); i++) {
      ticks.add(i * step);
    }
    return ticks;
  }

  /** Powers of ten between the ends, and 2 and 5 times these where there are few. */
  List<Double> ticksOfTen(int most) {
    int first = (int) Math.floor(Math.log10(min));
    int last = (int) Math.ceil(Math.log10(max));
    double[][] choices = {{1, 2, 5}, {1, 3}, {1}};
    for (double[] factors : choices) {
      List<Double> ticks = ticksOfTen(first, last, 1, factors);
      if (ticks.size() <= most) {
        return ticks;
      }
    }
    return ticksOfTen(first, last, Math.ceilDiv(last - first, most), new double[] {1});
  }

  private List<Double> ticksOfTen(int first, int last, int step, double[] factors) {
    List<Double> ticks = new ArrayList<>();
    for (int power = first; power <= last; power += step) {
      for (double factor : factors) {
        double tick = factor * Math.pow(10, power);
        if (tick >= min * (1 - 1e-9) && tick <= max * (1 + 1e-9)) {
          ticks.add(tick);
        }
      }
    }
    return ticks;
  }

  private static double roundStep(double most, int ticks) {
    double rough = most / ticks;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    for (double round : ROUND) {
      if (round * power >= rough * (1 - 1e-9)) {
        return round * power;
      }
    }
    return 10 * power;
  }

  /**
   * Moves coordinates, such as those of labels, apart.
   *
   * @param wanted where they would be best, in rising order
   * @param gap the least distance between two
   * @param least the least coordinate
   * @param most the largest one; there is room for all
   * @return where they are, in the same order
   */
  static double[] spread(double[] wanted, double gap, double least, double most) {
    double[] found = new double[wanted.length];
    for (int i = 0; i < found.length; i++) {
      found[i] = Math.max(wanted[i], i == 0 ? least : found[i - 1] + gap);
    }
    for (int i = found.length - 1; i >= 0; i--) {
      found[i] = Math.min(found[i], i == found.length - 1 ? most : found[i + 1] - gap);
    }
    return found;
  }
}
