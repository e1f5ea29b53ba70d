package org.zonda.runtime;

import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.zonda.model.ModelSource;
import org.zonda.model.ZondaException;
import org.zonda.model.graph.Transformer;
import org.zonda.model.lora.AdaptedModel;
import org.zonda.model.tokenizer.Tokenizer;
import org.zonda.model.tokenizer.Tokenizers;
import org.zonda.runtime.backend.ExecutorOptions;
import org.zonda.runtime.placement.DeviceBackends;
import org.zonda.runtime.placement.MemoryPlan;
import org.zonda.runtime.placement.Placement;

/**
 * What opening a model takes, whatever it is opened for.
 *
 * @param source metadata and tensors, with the adapters that were asked for
 * @param placement where it will run
 * @param options how to open it
 * @param startNanos when that began
 */
record Opening(ModelSource source, Placement placement, LoadOptions options, long startNanos) {

  /**
   * Opens a model; what was opened is closed again if that fails.
   *
   * @param file the model without adapters
   * @param options how to open it
   * @param startNanos when that began
   * @param model makes the model, which owns source and placement from then on
   * @return the model
   */
  static <T> T of(
      ModelSource file, LoadOptions options, long startNanos, Function<Opening, T> model) {
    ModelSource source = file;
    Placement placement = null;
    try {
      source = Adaptation.apply(file, options);
      placement = placement(options);
      return model.apply(new Opening(source, placement, options, startNanos));
    } catch (RuntimeException | Error e) {
      try (ModelSource _ = source;
          Placement _ = placement) {
        throw e;
      }
    }
  }

  /** How large a model's executor is. */
  interface Sizes {
    ExecutorOptions of(LoadOptions options, ModelSource source, Transformer transformer);
  }

  /**
   * Says what of a model would go where, without loading it.
   *
   * @param source metadata and tensors; stays open
   * @param options how to open it
   * @param used what of the model is used
   * @param sizes of its executor
   * @return the plan
   * @throws ZondaException if the model cannot be run so
   */
  static MemoryPlan plan(
      ModelSource source, LoadOptions options, UnaryOperator<Transformer> used, Sizes sizes) {
    if (options.adapters().isEmpty()) {
      return planAsItIs(source, options, used, sizes);
    }
    AdaptedModel adapted = Adaptation.of(source, options);
    try {
      return planAsItIs(adapted, options, used, sizes);
    } finally {
      adapted.closeAdapters();
    }
  }

  private static MemoryPlan planAsItIs(
      ModelSource source, LoadOptions options, UnaryOperator<Transformer> used, Sizes sizes) {
    Transformer transformer = used.apply(Adaptation.describe(source, options.contextLength()));
    try (Placement placement = placement(options)) {
      return placement.plan(transformer, source, sizes.of(options, source, transformer));
    }
  }

  private static Placement placement(LoadOptions options) {
    return new Placement(options, options.contextLength() == 0, DeviceBackends.installed());
  }

  /**
   * Describes the model for the context that will be in use: the one asked for, or what memory
   * leaves of the model's own. Few models differ by it, so it is planned only for those.
   */
  Transformer describe() {
    Transformer whole = Adaptation.describe(source, options.contextLength());
    if (options.contextLength() > 0 || whole.equals(Adaptation.describe(source, 1))) {
      return whole;
    }
    ExecutorOptions wanted = executorOptions(options, source, whole);
    return Adaptation.describe(
        source, placement.plan(whole, source, wanted).options().contextLength());
  }

  Tokenizer tokenizer() {
    return Tokenizers.of(source, options.preTokenizer());
  }

  static ExecutorOptions executorOptions(
      LoadOptions options, ModelSource source, Transformer transformer) {
    int asked = options.contextLength();
    if (asked > transformer.contextLength()) {
      throw new ZondaException(
          "%s: a context of %d was asked for, but the model was made for %d; ask for at most that"
              .formatted(source.label(), asked, transformer.contextLength()));
    }
    return new ExecutorOptions(
            asked == 0 ? transformer.contextLength() : asked,
            options.sequences(),
            options.batchSize(),
            options.cacheType())
        .withListener(options.listener());
  }

  /** Refuses a tokenizer that makes tokens of which the model has no embedding. */
  static void checkVocabulary(ModelSource source, Tokenizer tokenizer, Transformer transformer) {
    if (tokenizer.vocabularySize() > transformer.vocabularySize()) {
      throw new ZondaException(
          "%s: the tokenizer has %d tokens, but the model has embeddings of %d only"
              .formatted(source.label(), tokenizer.vocabularySize(), transformer.vocabularySize()));
    }
  }
}
