package org.zonda.model.architecture;

import org.zonda.model.graph.Rotary;
import org.zonda.model.graph.Rotary.Pairing;

/**
 * Resolves the rotary embedding's metadata to frequencies: base, linear scaling (Chen et al. 2023,
 * arXiv:2306.15595), per-frequency factors ({@code rope_freqs.weight}, Llama 3.1), YaRN (Peng et
 * al. 2023, arXiv:2309.00071) and LongRoPE (Ding et al. 2024, arXiv:2402.13753).
 */
final class RotaryFrequencies {

  private static final String LONG = "rope_factors_long.weight";
  private static final String SHORT = "rope_factors_short.weight";

  private static final String FACTOR = "rope.scaling.factor";
  private static final String OLD_FACTOR = "rope.scale_linear";

  private RotaryFrequencies() {}

  /**
   * Reads {@code rope.*} of a model.
   *
   * @param fields the model
   * @param headWidth floats of one key head, the most that can be rotated
   * @param pairing how the architecture pairs them
   * @return the resolved rotation
   */
  static Rotary of(ModelFields fields, int headWidth, Pairing pairing) {
    double base = fields.positiveFloat("rope.freq_base", 10_000f);
    double[] frequencies = frequencies(rotated(fields, headWidth), base);
    if (fields.has("rope_freqs.weight")) {
      divide(frequencies, fields.constants("rope_freqs.weight", frequencies.length));
    }
    float magnitude = scale(fields, frequencies, base);
    return rotary(pairing, frequencies, magnitude);
  }

  /**
   * The rotation of a base without any scaling.
   *
   * @param fields the model
   * @param headWidth floats of one key head, the most that can be rotated
   * @param pairing how the architecture pairs them
   * @param base of the frequencies
   * @return the resolved rotation
   */
  static Rotary unscaled(ModelFields fields, int headWidth, Pairing pairing, double base) {
    return rotary(pairing, frequencies(rotated(fields, headWidth), base), 1);
  }

  private static int rotated(ModelFields fields, int headWidth) {
    int rotated = fields.positive("rope.dimension_count", headWidth);
    if (rotated > headWidth || rotated % 2 != 0) {
      throw fields.fault(
          "rope.dimension_count", rotated, "an even number up to the head's width " + headWidth);
    }
    return rotated;
  }

  private static double[] frequencies(int rotated, double base) {
    double[] frequencies = new double[rotated / 2];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = Math.pow(base, -2.0 * i / rotated);
    }
    return frequencies;
  }

  private static void divide(double[] frequencies, float[] factors) {
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] /= factors[i];
    }
  }

  private static Rotary rotary(Pairing pairing, double[] frequencies, float magnitude) {
    float[] rounded = new float[frequencies.length];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = (float) frequencies[i];
    }
    return new Rotary(pairing, rounded, magnitude);
  }

  /** Scales the frequencies as the metadata says, and returns the magnitude. */
  private static float scale(ModelFields fields, double[] frequencies, double base) {
    // Old files name the factor differently; a factor without a type has always been linear.
    float old = fields.floatOrNone(OLD_FACTOR);
    float current = fields.floatOrNone(FACTOR);
    if (old > 0 && current > 0 && old != current) {
      throw fields.fault(OLD_FACTOR, old, fields.key(FACTOR) + "'s " + current + " or none");
    }
    String factorKey = old > 0 ? OLD_FACTOR : FACTOR;
    float factor = Math.max(old, current);
    boolean isLong = fields.has(LONG) || fields.has(SHORT);
    String absent = isLong ? "longrope" : factor > 0 ? "linear" : "none";
    String type = fields.string("rope.scaling.type").filter(t -> !t.isEmpty()).orElse(absent);
    if (isLong && factor == 0 && (type.equals("none") || type.equals("linear"))) {
      type = "longrope";
    }
    if (isLong && !type.equals("longrope")) {
      throw fields.fault("rope.scaling.type", type, "longrope, as the file has " + LONG);
    }
    float stated = fields.positiveFloat("rope.scaling.attn_factor", 1f);
    switch (type) {
      case "none" -> {
        return stated;
      }
      case "linear" -> {
        // A factor that is not stated is one.
        double divisor = factor > 0 ? factor : 1;
        for (int i = 0; i < frequencies.length; i++) {
          frequencies[i] /= divisor;
        }
        return stated;
      }
      case "yarn" -> {
        yarn(fields, frequencies, base, fields.positiveFloat(factorKey));
        // A context that does not grow needs no sharper attention, as in the published code.
        return factor > 1 ? stated * (float) (1 + 0.1 * Math.log(factor)) : stated;
      }
      case "longrope" -> {
        if (factor > 0 && factor != 1) {
          throw fields.fault(factorKey, factor, "none, as LongRoPE has one for each frequency");
        }
        return longRope(fields, frequencies);
      }
      default -> throw fields.fault("rope.scaling.type", type, "none, linear, yarn or longrope");
    }
  }

  /**
   * Divides the slow frequencies by the factor, keeps the fast ones, and blends between (section
   * 3.2 of the paper): fast are those that turn at least {@code beta_fast} times within the
   * original context, slow those that turn at most {@code beta_slow} times. As in the reference
   * implementation, the borders are rounded outwards to whole pairs.
   */
  private static void yarn(ModelFields fields, double[] frequencies, double base, double factor) {
    int context = originalContext(fields);
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

  private static int originalContext(ModelFields fields) {
    return fields.positive(
        "rope.scaling.original_context_length", fields.positive("context_length"));
  }

  /**
   * Divides each frequency by a factor that was searched for it: the long ones where more positions
   * will be in use than the original context had, else the short ones. The magnitude makes up for
   * the entropy of attention over more positions (Phi-3, arXiv:2404.14219, as published with it):
   * {@code sqrt(1 + ln(context / original) / ln(original))}, whichever factors are in use.
   */
  private static float longRope(ModelFields fields, double[] frequencies) {
    int original = originalContext(fields);
    float[] longFactors = fields.constants(LONG, frequencies.length);
    float[] shortFactors = fields.constants(SHORT, frequencies.length);
    divide(frequencies, fields.contextInUse() > original ? longFactors : shortFactors);
    double growth = (double) fields.positive("context_length") / original;
    double magnitude =
        growth > 1 && original > 1 ? Math.sqrt(1 + Math.log(growth) / Math.log(original)) : 1;
    return fields.positiveFloat("rope.scaling.attn_factor", (float) magnitude);
  }
}
