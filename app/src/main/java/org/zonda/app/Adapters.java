package org.zonda.app;

import java.util.List;
import org.zonda.model.ModelSource;
import org.zonda.model.ZondaException;
import org.zonda.model.architecture.Architectures;
import org.zonda.model.lora.AdaptedModel;
import org.zonda.model.lora.AdapterChoice;

/** LoRA adapters for commands that measure models instead of running them. */
final class Adapters {

  private Adapters() {}

  /** Reads them as users write them. */
  static List<AdapterChoice> parse(List<String> adapters) {
    try {
      return adapters.stream().map(AdapterChoice::parse).toList();
    } catch (ZondaException e) {
      throw new UsageException(e.getMessage());
    }
  }

  /** Applies them to a model, which is closed with what is returned, or if that fails. */
  static ModelSource apply(ModelSource base, List<AdapterChoice> adapters) {
    if (adapters.isEmpty()) {
      return base;
    }
    try {
      return AdaptedModel.of(base, Architectures.describe(base), adapters);
    } catch (RuntimeException | Error e) {
      base.close();
      throw e;
    }
  }
}
