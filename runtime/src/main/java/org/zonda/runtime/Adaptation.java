package org.zonda.runtime;

import org.zonda.model.ModelSource;
import org.zonda.model.ZondaException;
import org.zonda.model.architecture.Architectures;
import org.zonda.model.graph.Transformer;
import org.zonda.model.lora.AdaptedModel;

/** Models as they are asked for: with their adapters, if there are any. */
final class Adaptation {

  private Adaptation() {}

  /**
   * Applies the adapters that were asked for.
   *
   * @param base closed with what is returned
   * @return the base itself where there are none
   * @throws ZondaException if the base is an adapter itself, or an adapter does not fit it
   */
  static ModelSource apply(ModelSource base, LoadOptions options) {
    boolean adapter =
        base.metadata().find("general.type").map(Object::toString).orElse("").equals("adapter");
    if (adapter) {
      throw new ZondaException(
          base.label()
              + ": is an adapter, which needs the model that it was made for; name that model, and"
              + " this file with --lora");
    }
    return options.adapters().isEmpty() ? base : of(base, options);
  }

  static AdaptedModel of(ModelSource base, LoadOptions options) {
    Transformer transformer = Architectures.describe(base, options.contextLength());
    return AdaptedModel.of(base, transformer, options.adapters());
  }

  /** Describes a model for a context, with the adapters that were applied. */
  static Transformer describe(ModelSource source, int context) {
    return source instanceof AdaptedModel adapted
        ? adapted.adapt(Architectures.describe(adapted.base(), context))
        : Architectures.describe(source, context);
  }
}
