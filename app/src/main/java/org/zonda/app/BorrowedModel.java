package org.zonda.app;

import java.util.Collection;
import java.util.Optional;
import org.zonda.model.ModelSource;
import org.zonda.model.gguf.Metadata;
import org.zonda.model.tensor.Tensor;

/**
 * A model that someone else closes.
 *
 * @param model the model
 */
record BorrowedModel(ModelSource model) implements ModelSource {

  @Override
  public String label() {
    return model.label();
  }

  @Override
  public Metadata metadata() {
    return model.metadata();
  }

  @Override
  public Collection<Tensor> tensors() {
    return model.tensors();
  }

  @Override
  public Optional<Tensor> findTensor(String name) {
    return model.findTensor(name);
  }

  @Override
  public void close() {
    // whoever lent it does
  }
}
