package org.zonda.bench.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.zonda.model.ModelSource;
import org.zonda.model.graph.Block;
import org.zonda.model.graph.Decoder;
import org.zonda.model.graph.Operation;
import org.zonda.model.graph.Operation.Attention;
import org.zonda.model.graph.Operation.Embed;
import org.zonda.model.graph.Operation.Experts;
import org.zonda.model.graph.Operation.Linear;
import org.zonda.model.graph.Operation.Norm;
import org.zonda.model.graph.Weight;
import org.zonda.model.tensor.Tensor;
import org.zonda.runtime.backend.CacheType;
import org.zonda.runtime.backend.Part;

/**
 * The bytes that writing one token cannot but read: each weight once, of experts those that are
 * used, of the embedding table one row, and the keys and values of the positions before. What a
 * decode step takes at least is this over the speed of the memory.
 *
 * @param weights bytes of weights
 * @param cache bytes of keys and values
 */
public record DecodeReads(long weights, long cache) {

  /**
   * Adds them up for a part of a model.
   *
   * @param decoder the model
   * @param source its tensors
   * @param part the blocks that count
   * @param positions in the KV cache
   * @param cacheType how the KV cache stores numbers
   * @return the bytes
   */
  public static DecodeReads of(
      Decoder decoder, ModelSource source, Part part, long positions, CacheType cacheType) {
    long weights = 0;
    long cache = 0;
    for (Operation operation : operations(decoder, part)) {
      weights += weights(operation, source);
      if (operation instanceof Attention attention) {
        cache += attention.key().width() + attention.value().width();
      }
    }
    int width =
        switch (cacheType) {
          case F16 -> Short.BYTES;
          case F32 -> Float.BYTES;
        };
    return new DecodeReads(weights, cache * width * positions);
  }

  /**
   * All of it.
   *
   * @return bytes
   */
  public long total() {
    return weights + cache;
  }

  private static List<Operation> operations(Decoder decoder, Part part) {
    List<Block> blocks = new ArrayList<>(decoder.layers().subList(part.from(), part.to()));
    if (part.embedding()) {
      blocks.add(decoder.embedding());
    }
    if (part.head()) {
      blocks.add(decoder.head());
    }
    return blocks.stream().flatMap(block -> block.operations().stream()).toList();
  }

  private static long weights(Operation operation, ModelSource source) {
    return switch (operation) {
      case Embed embed -> source.tensor(embed.table().name()).rowBytes();
      case Linear linear ->
          bytes(source, linear.weight())
              + linear.bias().map(bias -> bytes(source, bias)).orElse(0L);
      case Norm norm -> bytes(source, norm.weight());
      case Experts experts ->
          bytes(source, experts.router())
              + Stream.of(experts.gate(), experts.up(), experts.down())
                  .mapToLong(weight -> bytes(source, weight) / weight.matrices() * experts.used())
                  .sum();
      default -> 0;
    };
  }

  private static long bytes(ModelSource source, Weight weight) {
    Tensor tensor = source.tensor(weight.name());
    return tensor.data().byteSize();
  }
}
