package org.zonda.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.zonda.model.ModelSource;
import org.zonda.model.architecture.Architectures;
import org.zonda.model.gguf.Metadata;
import org.zonda.model.graph.Activation;
import org.zonda.model.graph.Block;
import org.zonda.model.graph.Operation;
import org.zonda.model.graph.Transformer;
import org.zonda.model.graph.Value;
import org.zonda.model.graph.Weight;
import org.zonda.model.synthetic.SyntheticModel;
import org.zonda.model.tensor.Tensor;
import org.zonda.model.tensor.TensorType;
import org.zonda.runtime.backend.CacheType;
import org.zonda.runtime.backend.Part;

class DecodeReadsTest {

  @Test
  void readsEveryWeightOnceAndOneRowOfTheTable() {
    try (SyntheticModel model = SyntheticModel.create("llama-15m:q8_0", 1)) {
      Transformer transformer = Architectures.describe(model);
      DecodeReads reads =
          DecodeReads.of(transformer, model, Part.whole(transformer), 100, CacheType.F16);

      // The head is the table, so that the table is read whole, and one row of it again.
      long all = model.tensors().stream().mapToLong(tensor -> tensor.data().byteSize()).sum();
      assertThat(reads.weights()).isEqualTo(all + 256 / 32 * 34);
      // 8 layers, 4 KV heads of 32 keys and 32 values, 2 bytes each.
      assertThat(reads.cache()).isEqualTo(8 * 4 * (32 + 32) * 2 * 100);
      assertThat(reads.total()).isEqualTo(reads.weights() + reads.cache());
      assertThat(
              DecodeReads.of(transformer, model, Part.whole(transformer), 100, CacheType.F32)
                  .cache())
          .isEqualTo(2 * reads.cache());
    }
  }

  @Test
  void partsAddUpToTheWhole() {
    try (SyntheticModel model = SyntheticModel.create("llama-15m:f16", 1)) {
      Transformer transformer = Architectures.describe(model);
      DecodeReads first =
          DecodeReads.of(transformer, model, new Part(true, 0, 3, false), 7, CacheType.F16);
      DecodeReads second =
          DecodeReads.of(transformer, model, new Part(false, 3, 8, true), 7, CacheType.F16);
      DecodeReads whole =
          DecodeReads.of(transformer, model, Part.whole(transformer), 7, CacheType.F16);

      assertThat(first.cache() * 5).isEqualTo(second.cache() * 3);
      assertThat(first.weights() + second.weights()).isEqualTo(whole.weights());
      assertThat(first.total() + second.total()).isEqualTo(whole.total());
    }
  }

  @Test
  void ofExpertsOnlyThoseThatAreUsed() {
    List<Tensor> tensors = new ArrayList<>();
    Value x = new Value(0, "x", 32);
    Value y = new Value(1, "y", 32);
    Block block =
        new Block(
            "layer 0",
            x,
            List.of(
                new Operation.Experts(
                    x,
                    weight(tensors, "router", 32, 8, 1),
                    weight(tensors, "gate", 32, 64, 8),
                    weight(tensors, "up", 32, 64, 8),
                    weight(tensors, "down", 64, 32, 8),
                    Activation.SILU,
                    2,
                    y)),
            y);
    Transformer transformer = new Transformer("test", 8, 16, block, List.of(block), block);

    DecodeReads reads =
        DecodeReads.of(
            transformer, new Source(tensors), new Part(false, 0, 1, false), 9, CacheType.F16);

    assertThat(reads.weights()).isEqualTo(4 * (32 * 8 + 2 * 3 * 32 * 64));
    assertThat(reads.cache()).isZero();
  }

  private static Weight weight(
      List<Tensor> tensors, String name, int columns, int rows, int matrices) {
    List<Long> shape = List.of((long) columns, (long) rows, (long) matrices);
    byte[] bytes = new byte[4 * columns * rows * matrices];
    tensors.add(new Tensor(name, TensorType.F32, shape, MemorySegment.ofArray(bytes)));
    return new Weight(name, columns, rows, matrices);
  }

  private record Source(List<Tensor> all) implements ModelSource {
    @Override
    public String label() {
      return "test";
    }

    @Override
    public Metadata metadata() {
      return Metadata.builder().build("test");
    }

    @Override
    public Collection<Tensor> tensors() {
      return all;
    }

    @Override
    public Optional<Tensor> findTensor(String name) {
      return all.stream().filter(tensor -> tensor.name().equals(name)).findFirst();
    }

    @Override
    public void close() {}
  }
}
