package org.zonda.app;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.zonda.bench.lab.SwapComparison;
import org.zonda.runtime.LanguageModel;
import org.zonda.runtime.LoadOptions;

/**
 * A model that may run kernels of the user's. Then it was loaded with the default kernels first,
 * and its logits with both were compared.
 *
 * @param model with the user's kernels, where there are any
 * @param comparison empty where there are none
 */
record SwappedModel(LanguageModel model, Optional<SwapComparison> comparison)
    implements AutoCloseable {

  /**
   * Loads a model, twice where kernels are swapped in.
   *
   * @param choice the model
   * @param options how to load it
   * @param tokens those that logits are compared of
   */
  static SwappedModel load(
      ModelChoice choice,
      LoadOptions options,
      Function<LanguageModel, int[]> tokens,
      Console console) {
    if (options.kernels().isEmpty()) {
      return new SwappedModel(choice.load(options, console), Optional.empty());
    }
    SwapComparison.Rows own;
    try (LanguageModel model = choice.load(options.withKernels(List.of()), console)) {
      own = SwapComparison.rows(model, tokens.apply(model));
    }
    LanguageModel model = choice.load(options, console);
    try {
      SwapComparison.Rows swapped = SwapComparison.rows(model, tokens.apply(model));
      return new SwappedModel(
          model, Optional.of(SwapComparison.of(options.kernels(), own, swapped)));
    } catch (RuntimeException | Error e) {
      try (model) {
        throw e;
      }
    }
  }

  /** Says how far the logits are. */
  void tell(Console console) {
    comparison.ifPresent(it -> console.err().print(Printable.text(it.toText())).flush());
  }

  /** Adds how far the logits are to an object. */
  Json.Fields fields() {
    return json -> {
      if (comparison.isPresent()) {
        json.writeObjectFieldStart("swapped");
        comparison.get().write(json);
        json.writeEndObject();
      }
    };
  }

  @Override
  public void close() {
    model.close();
  }
}
