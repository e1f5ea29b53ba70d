package org.zonda.runtime.cpu;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.zonda.model.ModelSource;
import org.zonda.model.gguf.Metadata;
import org.zonda.model.gguf.MetadataBuilder;
import org.zonda.model.gguf.MetadataValue;
import org.zonda.model.tensor.Tensor;

/** A model with other metadata and further tensors; it does not close what it was made of. */
public final class AlteredModel implements ModelSource {

  private final ModelSource source;
  private final Map<String, MetadataValue> metadata = new LinkedHashMap<>();
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  public AlteredModel(ModelSource source) {
    this.source = source;
  }

  /** Sets a value of the metadata. */
  public AlteredModel put(String key, MetadataValue value) {
    metadata.put(key, value);
    return this;
  }

  /** Adds a tensor, or puts it in the place of another. */
  public AlteredModel put(Tensor tensor) {
    tensors.put(tensor.name(), tensor);
    return this;
  }

  @Override
  public String label() {
    return source.label();
  }

  @Override
  public Metadata metadata() {
    MetadataBuilder builder = Metadata.builder().putAll(source.metadata());
    metadata.forEach(builder::put);
    return builder.build(label());
  }

  @Override
  public Collection<Tensor> tensors() {
    List<Tensor> all = new ArrayList<>(source.tensors());
    all.removeIf(tensor -> tensors.containsKey(tensor.name()));
    all.addAll(tensors.values());
    return all;
  }

  @Override
  public Optional<Tensor> findTensor(String name) {
    return tensors.containsKey(name) ? Optional.of(tensors.get(name)) : source.findTensor(name);
  }

  @Override
  public void close() {
    // The source belongs to whoever opened it.
  }
}
