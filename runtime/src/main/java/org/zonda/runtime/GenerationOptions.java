package org.zonda.runtime;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.zonda.model.ZondaException;
import org.zonda.model.tokenizer.Tokenizer.Specials;

/**
 * How to generate. Immutable; made with {@link #builder()}. A value out of its range is refused
 * with a {@link ZondaException} that names it.
 *
 * <p>The logits pass, in this order: logit bias; repetition penalty; frequency and presence
 * penalty; temperature; top-k; top-p over what top-k left; min-p. The token is drawn from the rest.
 * Among equal logits the lower token id comes first, so all of it is deterministic for a seed.
 *
 * @param maxTokens tokens to generate; 0 or less for as many as come before the end of generation
 *     or of the context
 * @param temperature divides the logits, from 0 to 100; 0 always takes the most probable token
 * @param topK keeps the k most probable tokens; 0 keeps all
 * @param topP keeps the fewest most probable tokens that together have this share of the
 *     probability, from 0 to 1 (Holtzman et al. 2019, arXiv:1904.09751); 1 keeps all
 * @param minP keeps tokens with at least this share of the most probable one's probability, from 0
 *     to 1 (Nguyen et al. 2024, arXiv:2407.01082); 0 keeps all
 * @param repetitionPenalty divides positive and multiplies negative logits of tokens among the last
 *     {@code repetitionWindow}, from 0.01 to 100 (Keskar et al. 2019, arXiv:1909.05858); 1 is off
 * @param repetitionWindow tokens of prompt and answer that the repetition penalty looks back on; 0
 *     is off
 * @param frequencyPenalty subtracted from a token's logit for each time it was generated, from -100
 *     to 100 (as OpenAI's API defines it); 0 is off
 * @param presencePenalty subtracted once from the logit of a token that was generated, from -100 to
 *     100; 0 is off
 * @param logitBias added to the logits of tokens by id, from -10000 to 10000, or negative infinity
 *     to ban a token
 * @param seed of the random draws; empty for a new one, which {@link GenerationResult#seed} reports
 * @param stops texts that end the generation; the first to be complete counts, and is not part of
 *     the result
 * @param contextPolicy what to do at the end of the context
 * @param ignoreEndOfGeneration whether to go on after end-of-generation tokens
 * @param specials whether special tokens written in a prompt are recognised; in chats the format's
 *     own always are and the user's never
 */
public record GenerationOptions(
    int maxTokens,
    float temperature,
    int topK,
    float topP,
    float minP,
    float repetitionPenalty,
    int repetitionWindow,
    float frequencyPenalty,
    float presencePenalty,
    Map<Integer, Float> logitBias,
    OptionalLong seed,
    List<String> stops,
    ContextPolicy contextPolicy,
    boolean ignoreEndOfGeneration,
    Specials specials) {

  /**
   * What the builder begins with: 256 tokens, temperature 0.8, top-k 40, top-p 0.95, min-p 0.05.
   */
  public static final GenerationOptions DEFAULT =
      new GenerationOptions(
          256,
          0.8f,
          40,
          0.95f,
          0.05f,
          1,
          64,
          0,
          0,
          Map.of(),
          OptionalLong.empty(),
          List.of(),
          ContextPolicy.STOP,
          false,
          Specials.PARSED);

  /** Checks every value. */
  public GenerationOptions {
    check("temperature", temperature, 0, 100);
    check("top-k", topK, 0, Integer.MAX_VALUE);
    check("top-p", topP, 0, 1);
    check("min-p", minP, 0, 1);
    check("repetition penalty", repetitionPenalty, 0.01f, 100);
    check("repetition window", repetitionWindow, 0, Integer.MAX_VALUE);
    check("frequency penalty", frequencyPenalty, -100, 100);
    check("presence penalty", presencePenalty, -100, 100);
    logitBias = Map.copyOf(logitBias);
    logitBias.forEach(
        (token, bias) -> {
          check("the token of a logit bias", token, 0, Integer.MAX_VALUE);
          if (bias != Float.NEGATIVE_INFINITY) {
            check("the logit bias of token " + token, bias, -10_000, 10_000);
          }
        });
    Objects.requireNonNull(seed, "seed");
    stops = List.copyOf(stops);
    if (stops.contains("")) {
      throw new ZondaException("a stop string is empty; it needs at least one character");
    }
    Objects.requireNonNull(contextPolicy, "contextPolicy");
    Objects.requireNonNull(specials, "specials");
  }

  /**
   * Begins with {@link #DEFAULT}.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return DEFAULT.toBuilder();
  }

  /**
   * Begins with these options.
   *
   * @return a new builder
   */
  public Builder toBuilder() {
    return new Builder(this);
  }

  private static void check(String name, int value, int least, int most) {
    if (value < least || value > most) {
      String range =
          most == Integer.MAX_VALUE ? least + " or more" : "from " + least + " to " + most;
      throw new ZondaException(name + " is " + value + "; it must be " + range);
    }
  }

  private static void check(String name, float value, float least, float most) {
    if (!(value >= least && value <= most)) {
      throw new ZondaException(
          name + " is " + value + "; it must be a number from " + least + " to " + most);
    }
  }

  /** Sets options by name; each is described at {@link GenerationOptions}. One thread. */
  public static final class Builder {

    private int maxTokens;
    private float temperature;
    private int topK;
    private float topP;
    private float minP;
    private float repetitionPenalty;
    private int repetitionWindow;
    private float frequencyPenalty;
    private float presencePenalty;
    private Map<Integer, Float> logitBias;
    private OptionalLong seed;
    private List<String> stops;
    private ContextPolicy contextPolicy;
    private boolean ignoreEndOfGeneration;
    private Specials specials;

    private Builder(GenerationOptions from) {
      maxTokens = from.maxTokens;
      temperature = from.temperature;
      topK = from.topK;
      topP = from.topP;
      minP = from.minP;
      repetitionPenalty = from.repetitionPenalty;
      repetitionWindow = from.repetitionWindow;
      frequencyPenalty = from.frequencyPenalty;
      presencePenalty = from.presencePenalty;
      logitBias = from.logitBias;
      seed = from.seed;
      stops = from.stops;
      contextPolicy = from.contextPolicy;
      ignoreEndOfGeneration = from.ignoreEndOfGeneration;
      specials = from.specials;
    }

    public Builder maxTokens(int value) {
      maxTokens = value;
      return this;
    }

    public Builder temperature(double value) {
      temperature = (float) value;
      return this;
    }

    public Builder topK(int value) {
      topK = value;
      return this;
    }

    public Builder topP(double value) {
      topP = (float) value;
      return this;
    }

    public Builder minP(double value) {
      minP = (float) value;
      return this;
    }

    public Builder repetitionPenalty(double value) {
      repetitionPenalty = (float) value;
      return this;
    }

    public Builder repetitionWindow(int value) {
      repetitionWindow = value;
      return this;
    }

    public Builder frequencyPenalty(double value) {
      frequencyPenalty = (float) value;
      return this;
    }

    public Builder presencePenalty(double value) {
      presencePenalty = (float) value;
      return this;
    }

    public Builder logitBias(Map<Integer, Float> value) {
      logitBias = value;
      return this;
    }

    public Builder seed(long value) {
      seed = OptionalLong.of(value);
      return this;
    }

    /**
     * Draws a new seed for every generation.
     *
     * @return this builder
     */
    public Builder randomSeed() {
      seed = OptionalLong.empty();
      return this;
    }

    public Builder stops(List<String> value) {
      stops = value;
      return this;
    }

    public Builder stops(String... values) {
      return stops(List.of(values));
    }

    public Builder contextPolicy(ContextPolicy value) {
      contextPolicy = value;
      return this;
    }

    public Builder ignoreEndOfGeneration(boolean value) {
      ignoreEndOfGeneration = value;
      return this;
    }

    public Builder specials(Specials value) {
      specials = value;
      return this;
    }

    /**
     * Checks the values and takes them.
     *
     * @return the options
     * @throws ZondaException if one is out of its range
     */
    public GenerationOptions build() {
      return new GenerationOptions(
          maxTokens,
          temperature,
          topK,
          topP,
          minP,
          repetitionPenalty,
          repetitionWindow,
          frequencyPenalty,
          presencePenalty,
          logitBias,
          seed,
          stops,
          contextPolicy,
          ignoreEndOfGeneration,
          specials);
    }
  }
}
