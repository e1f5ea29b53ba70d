package org.zonda.bench.micro;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.zonda.model.ModelSource;
import org.zonda.model.gguf.Metadata;
import org.zonda.model.graph.Block;
import org.zonda.model.graph.BlockBuilder;
import org.zonda.model.graph.Mask;
import org.zonda.model.graph.Operation;
import org.zonda.model.graph.Scores;
import org.zonda.model.graph.Transformer;
import org.zonda.model.graph.Value;
import org.zonda.model.graph.Weight;
import org.zonda.model.tensor.Codecs;
import org.zonda.model.tensor.Tensor;
import org.zonda.model.tensor.TensorType;

/**
 * A model of nothing but attention: queries, keys and values of all layers are rows of small
 * tables. Its output is that of the last layer.
 */
final class AttentionOnly implements ModelSource {

  /** Tokens there are. */
  static final int TOKENS = 64;

  private final Arena arena = Arena.ofShared();
  private final Tensor wide;
  private final Tensor narrow;
  private final Transformer transformer;

  /** Makes tables of random numbers. */
  AttentionOnly(int heads, int kvHeads, int headWidth, int layers) {
    wide = tensor("query", heads * headWidth);
    narrow = tensor("key", kvHeads * headWidth);
    int width = heads * headWidth;
    BlockBuilder embedding = new BlockBuilder("embedding", width);
    Block first = embedding.build(query(embedding));
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      BlockBuilder layer = new BlockBuilder("layer " + i, width);
      Weight table = new Weight("key", kvHeads * headWidth, TOKENS, 1);
      Value key = layer.embed("key", Operation.Row.TOKEN, table);
      Scores scores = Scores.scaled((float) (1 / Math.sqrt(headWidth)));
      Value query = layer.input();
      blocks.add(
          layer.build(
              layer.attention(
                  "attention", query, key, key, heads, kvHeads, scores, Mask.CAUSAL, i)));
    }
    BlockBuilder head = new BlockBuilder("head", width);
    transformer =
        new Transformer(
            "attention", TOKENS, Integer.MAX_VALUE, first, blocks, head.build(head.input()));
  }

  private Value query(BlockBuilder block) {
    Weight table = new Weight("query", Math.toIntExact(wide.rowLength()), TOKENS, 1);
    return block.embed("query", Operation.Row.TOKEN, table);
  }

  private Tensor tensor(String name, int width) {
    float[] values = new float[width * TOKENS];
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    MemorySegment data = arena.allocate(TensorType.F32.bytes(values.length), 64);
    Codecs.of(TensorType.F32, name).encode(values, 0, data, 0, values.length);
    return new Tensor(
        name, TensorType.F32, List.of((long) width, (long) TOKENS), data.asReadOnly());
  }

  Transformer transformer() {
    return transformer;
  }

  @Override
  public String label() {
    return "attention only";
  }

  @Override
  public Metadata metadata() {
    return Metadata.builder().build(label());
  }

  @Override
  public Collection<Tensor> tensors() {
    return List.of(wide, narrow);
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
