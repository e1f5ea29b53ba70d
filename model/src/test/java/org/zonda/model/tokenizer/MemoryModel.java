package org.zonda.model.tokenizer;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.zonda.model.ModelSource;
import org.zonda.model.gguf.Metadata;
import org.zonda.model.gguf.MetadataBuilder;
import org.zonda.model.tensor.Tensor;

/** A model that has metadata and no tensors. */
public record MemoryModel(Metadata metadata) implements ModelSource {

  /** Makes a model called {@code test.gguf} of the metadata that a test puts in. */
  public static MemoryModel of(Consumer<MetadataBuilder> content) {
    MetadataBuilder builder = Metadata.builder();
    content.accept(builder);
    return new MemoryModel(builder.build("test.gguf"));
  }

  @Override
  public String label() {
    return "test.gguf";
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
  public void close() {}
}
