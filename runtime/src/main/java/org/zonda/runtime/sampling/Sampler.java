package org.zonda.runtime.sampling;

import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.zonda.model.ZondaException;
import org.zonda.runtime.GenerationOptions;
import org.zonda.runtime.backend.TopLogits;

/**
 * Chooses the next token from logits, in the order that {@link GenerationOptions} states. One
 * object serves one generation: it remembers the tokens and draws from its own random numbers. One
 * thread.
 */
public final class Sampler {

  /** Named, since the default generator may change from JDK to JDK. */
  private static final RandomGeneratorFactory<RandomGenerator> GENERATOR =
      RandomGeneratorFactory.of("L64X128MixRandom");

  private final Map<Integer, Float> bias;
  private final Penalties penalties;
  private final boolean greedy;
  private final int best;
  private final Candidates candidates;
  private final RandomGenerator random;

  /**
   * Creates a sampler.
   *
   * @param options how to sample; its seed is not looked at
   * @param vocabularySize length of the rows of logits
   * @param contextLength tokens that there can be
   * @param seed of the random draws
   * @throws ZondaException if a logit bias names a token beyond the vocabulary
   */
  public Sampler(GenerationOptions options, int vocabularySize, int contextLength, long seed) {
    bias = options.logitBias();
    for (int token : bias.keySet()) {
      if (token >= vocabularySize) {
        throw new ZondaException(
            "a logit bias names token "
                + token
                + ", but this model has tokens 0 to "
                + (vocabularySize - 1));
      }
    }
    penalties = new Penalties(options, contextLength);
    greedy = options.temperature() == 0 || options.topK() == 1;
    candidates =
        new Candidates(options.temperature(), options.topK(), options.topP(), options.minP());
    boolean plain = bias.isEmpty() && penalties.off();
    int kept = greedy ? 1 : options.topK();
    best = plain && kept <= TopLogits.MOST && kept < vocabularySize ? kept : 0;
    random = GENERATOR.create(seed);
  }

  /**
   * Takes the prompt's tokens into account.
   *
   * @param tokens ids within the vocabulary
   */
  public void prompt(int[] tokens) {
    for (int token : tokens) {
      penalties.prompt(token);
    }
  }

  /**
   * How many of the best logits decide: then {@link #sample(TopLogits)} chooses as {@link
   * #sample(float[])} would.
   *
   * @return at most {@link TopLogits#MOST}; 0 where all logits are needed
   */
  public int best() {
    return best;
  }

  /**
   * Chooses a token from the best.
   *
   * @param top one row of {@link #best()} logits
   * @return the token's id
   * @throws ZondaException if a logit is NaN or infinite
   */
  public int sample(TopLogits top) {
    for (int i = 0; i < best; i++) {
      checkFinite(top.values()[i], top.ids()[i]);
    }
    if (top.values()[0] == -Float.MAX_VALUE) {
      checkFinite(Float.NaN, top.ids()[0]); // what a device calls a row of none but NaN
    }
    if (greedy) {
      return top.ids()[0];
    }
    candidates.choose(top);
    return candidates.draw(random.nextDouble());
  }

  /**
   * Chooses a token and remembers it.
   *
   * @param logits one a token of the vocabulary; changed in place
   * @return the token's id
   * @throws ZondaException if a logit is NaN or infinite, or if every token is banned
   */
  public int sample(float[] logits) {
    for (int i = 0; i < logits.length; i++) {
      checkFinite(logits[i], i);
    }
    bias.forEach((token, value) -> logits[token] += value);
    penalties.apply(logits);
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      if (logits[i] > logits[best]) {
        best = i;
      }
    }
    if (logits[best] == Float.NEGATIVE_INFINITY) {
      throw new ZondaException("the logit bias bans every token; leave at least one");
    }
    checkFinite(logits[best], best); // a penalty can overflow
    int token = best;
    if (!greedy) {
      candidates.choose(logits, logits[best]);
      token = candidates.draw(random.nextDouble());
    }
    penalties.generated(token);
    return token;
  }

  private static void checkFinite(float logit, int token) {
    if (!Float.isFinite(logit)) {
      throw new ZondaException(
          "the model computed "
              + logit
              + " as the logit of token "
              + token
              + ": its weights are damaged or its numbers overflow"
              + " (where the KV cache is F16, try F32)");
    }
  }
}
