package org.zonda.runtime.fake;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.zonda.model.ModelSource;
import org.zonda.model.gguf.Metadata;
import org.zonda.model.tensor.Tensor;

/** A model without metadata and weights. */
public final class FakeSource implements ModelSource {

  private int closed;

  /** How often it was closed. */
  public int closed() {
    return closed;
  }

  @Override
  public String label() {
    return "fake.gguf";
  }

  @Override
  public Metadata metadata() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Collection<Tensor> tensors() {
    return List.of();
  }

  @Override
  public Optional<Tensor> findTensor(String name) {
    return Optional.empty();
  }

  @Override
  public void close() {
    closed++;
  }
}
