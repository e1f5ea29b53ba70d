package org.zonda.runtime.tornado;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.zonda.model.ModelSource;
import org.zonda.model.gguf.Metadata;
import org.zonda.model.tensor.Codecs;
import org.zonda.model.tensor.Tensor;
import org.zonda.model.tensor.TensorType;

/** A model with its matrices stored in another format. */
final class Reencoded implements ModelSource {

  private final ModelSource source;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  Reencoded(ModelSource source, TensorType type) {
    this.source = source;
    for (Tensor tensor : source.tensors()) {
      tensors.put(tensor.name(), tensor.shape().size() == 1 ? tensor : encode(tensor, type));
    }
  }

  /** Adds a bias that is a copy of another vector. */
  void addBias(String name, String like) {
    Tensor vector = source.tensor(like);
    tensors.put(name, new Tensor(name, vector.type(), vector.shape(), vector.data()));
  }

  private static Tensor encode(Tensor tensor, TensorType type) {
    float[] values = tensor.toFloats();
    MemorySegment data = Arena.ofAuto().allocate(type.bytes(values.length));
    Codecs.of(type, tensor.name()).encode(values, 0, data, 0, values.length);
    return new Tensor(tensor.name(), type, tensor.shape(), data);
  }

  @Override
  public String label() {
    return source.label();
  }

  @Override
  public Metadata metadata() {
    return source.metadata();
  }

  @Override
  public Collection<Tensor> tensors() {
    return tensors.values();
  }

  @Override
  public Optional<Tensor> findTensor(String name) {
    return Optional.ofNullable(tensors.get(name));
  }

  @Override
  public void close() {
    // The source belongs to whoever opened it.
  }
}
