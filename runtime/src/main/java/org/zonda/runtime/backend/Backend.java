package org.zonda.runtime.backend;

import java.util.List;
import org.zonda.model.ModelSource;
import org.zonda.model.graph.Transformer;

/**
 * A place where models run. Implements the operations of a {@link Transformer} and knows no model.
 */
public interface Backend extends Loader {

  /**
   * Makes a part of a model ready to run.
   *
   * @param transformer the model's forward pass
   * @param weights its tensors; must stay open as long as the stage
   * @param options sizes of the KV cache and batch
   * @param part which blocks the stage runs
   * @return the stage; close it to free its memory
   * @throws org.zonda.model.ZondaException if a format or operation is not supported here or memory
   *     is short; the message says what would work
   */
  Stage stage(Transformer transformer, ModelSource weights, ExecutorOptions options, Part part);

  @Override
  default Executor load(Transformer transformer, ModelSource weights, ExecutorOptions options) {
    Stage whole = stage(transformer, weights, options, Part.whole(transformer));
    return new StagedExecutor(transformer, options, List.of(whole));
  }
}
