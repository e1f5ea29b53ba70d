package org.zonda.bench.micro;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.zonda.model.ModelSource;
import org.zonda.model.gguf.Metadata;
import org.zonda.model.graph.Block;
import org.zonda.model.graph.BlockBuilder;
import org.zonda.model.graph.Operation;
import org.zonda.model.graph.Transformer;
import org.zonda.model.graph.Weight;
import org.zonda.model.tensor.Codec;
import org.zonda.model.tensor.Codecs;
import org.zonda.model.tensor.Tensor;
import org.zonda.model.tensor.TensorType;

/**
 * The smallest model there can be: a table of activations and one matrix that they are multiplied
 * with. Through it a benchmark measures a backend's matrix kernels and knows none of them.
 */
final class OneMatrix implements ModelSource {

  private static final int ACTIVATIONS = 256;
  private static final int POOL = 1 << 20;

  private final Arena arena = Arena.ofShared();
  private final Tensor table;
  private final Tensor matrix;

  /** Makes a matrix of random numbers. */
  OneMatrix(TensorType type, int columns, int rows) {
    table = tensor("table", TensorType.F32, columns, ACTIVATIONS);
    matrix = tensor("matrix", type, columns, rows);
  }

  private Tensor tensor(String name, TensorType type, int columns, int rows) {
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
    return new Tensor(
        name, type, List.of((long) columns, (long) rows), data.asSlice(0, size).asReadOnly());
  }

  /** Takes a row of the table and multiplies it with the matrix. */
  Transformer transformer() {
    int columns = Math.toIntExact(matrix.rowLength());
    int rows = Math.toIntExact(matrix.rows());
    BlockBuilder embedding = new BlockBuilder("embedding", columns);
    Block first =
        embedding.build(
            embedding.embed(
                "hidden", Operation.Row.TOKEN, new Weight("table", columns, ACTIVATIONS, 1)));
    BlockBuilder head = new BlockBuilder("head", columns);
    Block last =
        head.build(
            head.linear(
                "product", head.input(), new Weight("matrix", columns, rows, 1), Optional.empty()));
    return new Transformer("one matrix", rows, Integer.MAX_VALUE, first, List.of(), last);
  }

  /** Rows of the table. */
  int activations() {
    return ACTIVATIONS;
  }

  long matrixBytes() {
    return matrix.data().byteSize();
  }

  @Override
  public String label() {
    return "one matrix";
  }

  @Override
  public Metadata metadata() {
    return Metadata.builder().build(label());
  }

  @Override
  public Collection<Tensor> tensors() {
    return List.of(table, matrix);
  }

  @Override
  public Optional<Tensor> findTensor(String name) {
    return tensors().stream().filter(tensor -> tensor.name().equals(name)).findFirst();
  }

  @Override
  public void close() {
    arena.close();
  }
}
