package org.zonda.model;

import java.util.Collection;
import java.util.Optional;
import org.zonda.model.gguf.Metadata;
import org.zonda.model.tensor.Tensor;

/**
 * Where a model's metadata and weights come from: a GGUF file, or a synthetic model in memory.
 * Implementations are immutable and thread-safe until closed; tensors must not be used afterwards.
 */
public interface ModelSource extends AutoCloseable {

  /**
   * What error messages call this model.
   *
   * @return a file name or a synthetic model's name
   */
  String label();

  /**
   * The typed key-value pairs.
   *
   * @return the metadata
   */
  Metadata metadata();

  /**
   * All tensors, in the order of the source.
   *
   * @return an unmodifiable collection
   */
  Collection<Tensor> tensors();

  /**
   * Looks a tensor up.
   *
   * @param name such as {@code blk.0.attn_q.weight}
   * @return the tensor, or empty where the source has none of that name
   */
  Optional<Tensor> findTensor(String name);

  /**
   * Returns a tensor that must be there.
   *
   * @param name such as {@code token_embd.weight}
   * @return the tensor
   * @throws ZondaException if the source has none of that name
   */
  default Tensor tensor(String name) {
    return findTensor(name)
        .orElseThrow(
            () ->
                new ZondaException(
                    label()
                        + ": tensor '"
                        + name
                        + "' is missing; the file is"
                        + " incomplete or was made for another architecture"));
  }

  @Override
  void close();
}
