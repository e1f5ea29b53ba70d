package org.zonda.model.architecture;

import java.util.Optional;
import org.zonda.model.graph.Rotary;

/**
 * Resolves the rotary embedding's metadata to frequencies: base, linear scaling (Chen et al. 2023,
 * arXiv:2306.15595), per-frequency factors ({@code rope_freqs.weight}, Llama 3.1) and YaRN (Peng et
 * al. 2023, arXiv:2309.00071).
 */
final class RotaryFrequencies {

  private RotaryFrequencies() {}

  /**
   * Reads {@code rope.*} of a model.
   *
   * @param fields the model
   * @param headWidth floats of one key head, the most that can be rotated
   * @param pairing how the architecture pairs them
   * @return the resolved rotation
   */
  static Rotary of(ModelFields fields, int headWidth, Rotary.Pairing pairing) {
    int rotated = fields.positive("rope.dimension_count", headWidth);
    if (rotated > headWidth || rotated % 2 != 0) {
      throw fields.fault(
          "rope.dimension_count", rotated, "an even number up to the head's width " + headWidth);
    }
    double base = fields.positiveFloat("rope.freq_base", 10_000f);
    int pairs = rotated / 2;
    double[] frequencies = new double[pairs];
    Optional<float[]> factors = fields.constants("rope_freqs.weight", pairs);
    for (int i = 0; i < pairs; i++) {
      frequencies[i] = Math.pow(base, -2.0 * i / rotated);
      if (factors.isPresent()) {
        frequencies[i] /= factors.get()[i];
      }
    }
    String scaling = fields.string("rope.scaling.type").orElse("none");
    float magnitude = fields.positiveFloat("rope.scaling.attn_factor", 1f);
    switch (scaling) {
      case "none" -> {}
      case "linear" -> {
        double factor = fields.positiveFloat("rope.scaling.factor");
        for (int i = 0; i < pairs; i++) {
          frequencies[i] /= factor;
        }
      }
      case "yarn" -> {
        double factor = fields.positiveFloat("rope.scaling.factor");
        yarn(fields, frequencies, base, factor);
        magnitude *= (float) (1 + 0.1 * Math.log(factor));
      }
      default -> throw fields.fault("rope.scaling.type", scaling, "none, linear or yarn");
    }
    float[] rounded = new float[pairs];
    for (int i = 0; i < pairs; i++) {
      rounded[i] = (float) frequencies[i];
    }
    return new Rotary(pairing, rounded, magnitude);
  }

  /**
   * Divides the slow frequencies by the factor, keeps the fast ones, and blends between (section
   * 3.2 of the paper): fast are those that turn at least {@code beta_fast} times within the
   * original context, slow those that turn at most {@code beta_slow} times. As in the reference
   * implementation, the borders are rounded outwards to whole pairs.
   */
  private static void yarn(ModelFields fields, double[] frequencies, double base, double factor) {
    int context =
        fields.positive("rope.scaling.original_context_length", fields.positive("context_length"));
    int rotated = 2 * frequencies.length;
    double fast = fields.positiveFloat("rope.scaling.yarn_beta_fast", 32f);
    double slow = fields.positiveFloat("rope.scaling.yarn_beta_slow", 1f);
    double low = Math.max(0, Math.floor(pairThatTurns(fast, rotated, base, context)));
    double high = Math.min(rotated - 1, Math.ceil(pairThatTurns(slow, rotated, base, context)));
    for (int i = 0; i < frequencies.length; i++) {
      double ramp = Math.clamp((i - low) / Math.max(0.001, high - low), 0, 1);
      frequencies[i] = frequencies[i] / factor * ramp + frequencies[i] * (1 - ramp);
    }
  }

  /** The index of the pair, as a real number, that turns so often within the context. */
  private static double pairThatTurns(double turns, int rotated, double base, int context) {
    return rotated * Math.log(context / (turns * 2 * Math.PI)) / (2 * Math.log(base));
  }
}
