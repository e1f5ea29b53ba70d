package org.zonda.app;

import java.util.Arrays;
import java.util.Locale;
import org.zonda.model.ZondaException;
import org.zonda.runtime.GenerationOptions;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The options of a chat's answers, by the names that the command line has for them. */
final class ChatSettings {

  private ChatSettings() {}

  /**
   * Changes options.
   *
   * @param assignments such as {@code temp=0.5 top-k=20}
   * @param options the options so far
   */
  static GenerationOptions apply(String assignments, GenerationOptions options) {
    String[] arguments =
        Arrays.stream(assignments.split(" +")).map(ChatSettings::option).toArray(String[]::new);
    SamplingOptions sampling = new SamplingOptions();
    try {
      new CommandLine(sampling).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(arguments);
    } catch (ParameterException e) {
      throw new ZondaException("/set " + assignments + ": " + e.getMessage(), e);
    }
    return sampling.applyTo(options);
  }

  /** All options in one line, as {@code /set} takes them. */
  static String show(GenerationOptions options) {
    return String.format(
        Locale.ROOT,
        "tokens=%d temp=%s top-k=%d top-p=%s min-p=%s repeat-penalty=%s repeat-last-n=%d"
            + " frequency-penalty=%s presence-penalty=%s seed=%s context-policy=%s",
        options.maxTokens(),
        options.temperature(),
        options.topK(),
        options.topP(),
        options.minP(),
        options.repetitionPenalty(),
        options.repetitionWindow(),
        options.frequencyPenalty(),
        options.presencePenalty(),
        options.seed().isPresent() ? options.seed().getAsLong() : "random",
        options.contextPolicy().name().toLowerCase(Locale.ROOT));
  }

  private static String option(String assignment) {
    if (assignment.indexOf('=') < 1) {
      throw new ZondaException("/set " + assignment + ": expected NAME=VALUE, as in temp=0.5");
    }
    // People write top_k as well as top-k.
    int equals = assignment.indexOf('=');
    return "--" + assignment.substring(0, equals).replace('_', '-') + assignment.substring(equals);
  }
}
