package org.zonda.bench.micro;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.zonda.model.ModelSource;
import org.zonda.model.gguf.Metadata;
import org.zonda.model.graph.Weight;
import org.zonda.model.tensor.Codec;
import org.zonda.model.tensor.Codecs;
import org.zonda.model.tensor.Tensor;
import org.zonda.model.tensor.TensorType;

/**
 * Random tensors for a model that consists of little more than the operation to be measured.
 * Through such a model a benchmark measures a backend's kernels and knows none of them.
 */
final class TinyModel implements ModelSource {

  /** Rows of tables, so that tokens from 0 on look up one each. */
  static final int TOKENS = 256;

  private static final int POOL = 1 << 20;

  private final Arena arena = Arena.ofShared();
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  /** Makes a table of activations, a row for each token. */
  Weight table(String name, int columns) {
    return matrix(name, TensorType.F32, columns, TOKENS);
  }

  /** Makes a matrix. */
  Weight matrix(String name, TensorType type, int columns, int rows) {
    Codec codec = Codecs.of(type, name);
    float[] values = new float[POOL];
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < POOL; i++) {
      values[i] = (float) random.nextGaussian();
    }
    long size = type.bytes((long) columns * rows);
    long poolSize = type.bytes(POOL);
    MemorySegment data = arena.allocate(Math.ceilDiv(size, poolSize) * poolSize, 64);
    codec.encode(values, 0, data, 0, POOL);
    for (long at = poolSize; at < data.byteSize(); at += poolSize) {
      MemorySegment.copy(data, 0, data, at, poolSize);
    }
    tensors.put(
        name,
        new Tensor(
            name, type, List.of((long) columns, (long) rows), data.asSlice(0, size).asReadOnly()));
    return new Weight(name, columns, rows, 1);
  }

  /** Bytes of a tensor. */
  long bytes(String name) {
    return tensors.get(name).data().byteSize();
  }

  @Override
  public String label() {
    return "tiny model";
  }

  @Override
  public Metadata metadata() {
    return Metadata.builder().build(label());
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
    arena.close();
  }
}
