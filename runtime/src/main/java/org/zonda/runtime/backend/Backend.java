package org.zonda.runtime.backend;

import java.util.List;
import org.zonda.model.ModelSource;
import org.zonda.model.graph.Decoder;

/** A place where models run. Implements the operations of a {@link Decoder} and knows no model. */
public interface Backend extends Loader {

  /**
   * Makes a part of a model ready to run.
   *
   * @param decoder the model's forward pass
   * @param weights its tensors; must stay open as long as the stage
   * @param options sizes of the KV cache and batch
   * @param part which blocks the stage runs
   * @return the stage; close it to free its memory
   * @throws org.zonda.model.ZondaException if a format or operation is not supported here or memory
   *     is short; the message says what would work
   */
  Stage stage(Decoder decoder, ModelSource weights, ExecutorOptions options, Part part);

  @Override
  default Executor load(Decoder decoder, ModelSource weights, ExecutorOptions options) {
    Stage whole = stage(decoder, weights, options, Part.whole(decoder));
    return new StagedExecutor(decoder, options, List.of(whole));
  }
}
