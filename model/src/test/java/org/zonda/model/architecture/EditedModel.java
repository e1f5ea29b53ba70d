package org.zonda.model.architecture;

import java.lang.foreign.MemorySegment;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.zonda.model.ModelSource;
import org.zonda.model.gguf.GgufFile;
import org.zonda.model.gguf.Metadata;
import org.zonda.model.gguf.MetadataBuilder;
import org.zonda.model.gguf.MetadataType;
import org.zonda.model.gguf.MetadataValue;
import org.zonda.model.tensor.Tensor;
import org.zonda.model.tensor.TensorType;

/** A model of a file, of which a test changes what it is about. */
final class EditedModel implements ModelSource {

  private final GgufFile file;
  private final Map<String, MetadataValue> values = new LinkedHashMap<>();
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  private EditedModel(GgufFile file) {
    this.file = file;
    for (String key : file.metadata().keys()) {
      values.put(key, file.metadata().find(key).orElseThrow());
    }
    file.tensors().forEach(tensor -> tensors.put(tensor.name(), tensor));
  }

  /** Opens one of the golden models. */
  static EditedModel open(String variant) {
    try {
      String resource = "/golden/" + variant + "/model.gguf";
      return new EditedModel(
          GgufFile.open(Path.of(EditedModel.class.getResource(resource).toURI())));
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  String architecture() {
    return ((MetadataValue.StringValue) values.get("general.architecture")).value();
  }

  /** Sets a hyperparameter, named without the architecture; null removes it. */
  EditedModel set(String name, Object value) {
    String key = architecture() + "." + name;
    switch (value) {
      case null -> values.remove(key);
      case Integer number ->
          values.put(key, new MetadataValue.IntegerValue(MetadataType.UINT32, number));
      case Float number ->
          values.put(key, new MetadataValue.FloatValue(MetadataType.FLOAT32, number));
      case Boolean flag -> values.put(key, new MetadataValue.BooleanValue(flag));
      case String text -> values.put(key, new MetadataValue.StringValue(text));
      case MetadataValue typed -> values.put(key, typed);
      default -> throw new IllegalArgumentException(key + " cannot be " + value);
    }
    return this;
  }

  int get(String name) {
    return metadata().getInt(architecture() + "." + name);
  }

  boolean has(String name) {
    return values.containsKey(architecture() + "." + name);
  }

  EditedModel remove(String tensor) {
    tensors.remove(tensor);
    return this;
  }

  /** Adds a tensor of zeros, or puts it in the place of another. */
  EditedModel put(String tensor, long... shape) {
    long elements = 1;
    List<Long> sizes = new ArrayList<>();
    for (long size : shape) {
      sizes.add(size);
      elements *= size;
    }
    MemorySegment data = MemorySegment.ofArray(new float[Math.toIntExact(elements)]);
    tensors.put(tensor, new Tensor(tensor, TensorType.F32, sizes, data));
    return this;
  }

  /** Adds a vector. */
  EditedModel put(String tensor, float[] data) {
    tensors.put(
        tensor,
        new Tensor(
            tensor, TensorType.F32, List.of((long) data.length), MemorySegment.ofArray(data)));
    return this;
  }

  @Override
  public String label() {
    return "test.gguf";
  }

  @Override
  public Metadata metadata() {
    MetadataBuilder builder = Metadata.builder();
    values.forEach(builder::put);
    return builder.build(label());
  }

  @Override
  public Collection<Tensor> tensors() {
    return List.copyOf(tensors.values());
  }

  @Override
  public Optional<Tensor> findTensor(String name) {
    return Optional.ofNullable(tensors.get(name));
  }

  @Override
  public void close() {
    file.close();
  }
}
