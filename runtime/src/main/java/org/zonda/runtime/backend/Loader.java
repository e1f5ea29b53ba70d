package org.zonda.runtime.backend;

import org.zonda.model.ModelSource;
import org.zonda.model.graph.Transformer;

/** Makes models ready to run: one {@link Backend}, or several that share a model's layers. */
public interface Loader extends AutoCloseable {

  /**
   * What people call it, with the device.
   *
   * @return such as {@code CPU, 2 threads, 512-bit vectors}; where it was chosen for a model, known
   *     after {@link #load}
   */
  String description();

  /**
   * Makes a whole model ready to run.
   *
   * @param transformer its forward pass
   * @param weights its tensors; must stay open as long as the executor
   * @param options sizes of the KV cache and batch
   * @return the executor; close it to free its memory
   * @throws org.zonda.model.ZondaException if a format or operation is not supported here or memory
   *     is short; the message says what would work
   */
  Executor load(Transformer transformer, ModelSource weights, ExecutorOptions options);

  @Override
  void close();
}
