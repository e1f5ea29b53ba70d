package org.zonda.runtime.backend;

import org.zonda.model.ModelSource;
import org.zonda.model.graph.Decoder;

/** A place where models run. Implements the operations of a {@link Decoder} and knows no model. */
public interface Backend extends AutoCloseable {

  /**
   * What people call it, with the device.
   *
   * @return such as {@code CPU, 2 threads, 512-bit vectors}
   */
  String description();

  /**
   * Makes a model ready to run.
   *
   * @param decoder its forward pass
   * @param weights its tensors; must stay open as long as the executor
   * @param options sizes of the KV cache and batch
   * @return the executor; close it to free its memory
   * @throws org.zonda.model.ZondaException if a format or operation is not supported here or memory
   *     is short; the message says what would work
   */
  Executor load(Decoder decoder, ModelSource weights, ExecutorOptions options);

  @Override
  void close();
}
