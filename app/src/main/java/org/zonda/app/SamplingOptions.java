package org.zonda.app;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.zonda.model.ZondaException;
import org.zonda.runtime.ContextPolicy;
import org.zonda.runtime.GenerationOptions;
import picocli.CommandLine.Option;

/**
 * How to choose tokens and when to end. What was not given stays null and leaves the options as
 * they were, so that the chat's {@code /set} can use the same parser.
 */
final class SamplingOptions {

  @Option(
      names = {"-n", "--tokens"},
      paramLabel = "N",
      order = 10,
      description = "Generate at most N tokens; 0: until the end (default: 256, in a chat 1024).")
  Integer tokens;

  @Option(
      names = "--temp",
      paramLabel = "T",
      order = 11,
      description = "Temperature; 0 always takes the likeliest token (default: 0.8).")
  Float temperature;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      order = 12,
      description = "Choose among the K likeliest tokens; 0: all (default: 40).")
  Integer topK;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      order = 13,
      description =
          "Choose among the likeliest tokens that together have probability P; 1: all"
              + " (default: 0.95).")
  Float topP;

  @Option(
      names = "--min-p",
      paramLabel = "P",
      order = 14,
      description =
          "Leave out tokens less likely than P times the likeliest; 0: none (default: 0.05).")
  Float minP;

  @Option(
      names = "--repeat-penalty",
      paramLabel = "X",
      order = 15,
      description = "Divide the logits of recent tokens by X; 1: off (default: 1).")
  Float repetitionPenalty;

  @Option(
      names = "--repeat-last-n",
      paramLabel = "N",
      order = 16,
      description = "Tokens that count as recent for the penalties (default: 64).")
  Integer repetitionWindow;

  @Option(
      names = "--frequency-penalty",
      paramLabel = "X",
      order = 17,
      description = "Take X off a logit for each recent occurrence (default: 0).")
  Float frequencyPenalty;

  @Option(
      names = "--presence-penalty",
      paramLabel = "X",
      order = 18,
      description = "Take X off the logits of tokens that occurred (default: 0).")
  Float presencePenalty;

  @Option(
      names = "--logit-bias",
      paramLabel = "ID=BIAS",
      order = 19,
      description = "Add BIAS to the logit of token ID; -inf forbids it. May be repeated.")
  Map<Integer, String> logitBias;

  @Option(
      names = "--seed",
      paramLabel = "N",
      order = 20,
      description = "Choose by this seed, so that the text can be had again (default: random).")
  Long seed;

  @Option(
      names = "--stop",
      paramLabel = "TEXT",
      order = 21,
      description = "End before this text appears. May be repeated.")
  List<String> stops;

  @Option(names = "--ignore-eos", order = 22, description = "Go on where the model would end.")
  Boolean ignoreEndOfGeneration;

  @Option(
      names = "--context-policy",
      paramLabel = "POLICY",
      order = 23,
      description =
          "When the context is full: stop, or shift to forget the older half (default: stop, in"
              + " a chat shift).")
  ContextPolicy contextPolicy;

  /**
   * Applies what was given.
   *
   * @param options the options to start from
   * @return options with the changes
   * @throws UsageException if a value is out of its range
   */
  GenerationOptions applyTo(GenerationOptions options) {
    GenerationOptions.Builder builder = options.toBuilder();
    if (tokens != null) {
      builder.maxTokens(tokens);
    }
    if (temperature != null) {
      builder.temperature(temperature);
    }
    if (topK != null) {
      builder.topK(topK);
    }
    if (topP != null) {
      builder.topP(topP);
    }
    if (minP != null) {
      builder.minP(minP);
    }
    if (repetitionPenalty != null) {
      builder.repetitionPenalty(repetitionPenalty);
    }
    if (repetitionWindow != null) {
      builder.repetitionWindow(repetitionWindow);
    }
    if (frequencyPenalty != null) {
      builder.frequencyPenalty(frequencyPenalty);
    }
    if (presencePenalty != null) {
      builder.presencePenalty(presencePenalty);
    }
    if (logitBias != null) {
      builder.logitBias(biases());
    }
    if (seed != null) {
      builder.seed(seed);
    }
    if (stops != null) {
      builder.stops(stops);
    }
    if (ignoreEndOfGeneration != null) {
      builder.ignoreEndOfGeneration(ignoreEndOfGeneration);
    }
    if (contextPolicy != null) {
      builder.contextPolicy(contextPolicy);
    }
    try {
      return builder.build();
    } catch (ZondaException e) {
      throw new UsageException(e.getMessage());
    }
  }

  private Map<Integer, Float> biases() {
    Map<Integer, Float> biases = new LinkedHashMap<>();
    logitBias.forEach((token, bias) -> biases.put(token, bias(token, bias)));
    return biases;
  }

  private static float bias(int token, String bias) {
    return switch (bias) {
      case "-inf" -> Float.NEGATIVE_INFINITY;
      default -> {
        try {
          yield Float.parseFloat(bias);
        } catch (NumberFormatException e) {
          throw new UsageException(
              "--logit-bias %d=%s: the bias is no number and not -inf".formatted(token, bias));
        }
      }
    };
  }
}
