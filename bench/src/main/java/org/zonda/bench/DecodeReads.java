package org.zonda.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.zonda.model.ModelSource;
import org.zonda.model.graph.Block;
import org.zonda.model.graph.Operation;
import org.zonda.model.graph.Operation.Attention;
import org.zonda.model.graph.Operation.Embed;
import org.zonda.model.graph.Operation.Experts;
import org.zonda.model.graph.Operation.Linear;
import org.zonda.model.graph.Operation.Norm;
import org.zonda.model.graph.Transformer;
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
   * @param transformer the model
   * @param source its tensors
   * @param part the blocks that count
   * @param positions in the KV cache
   * @param cacheType how the KV cache stores numbers
   * @return the bytes
   */
  public static DecodeReads of(
      Transformer transformer, ModelSource source, Part part, long positions, CacheType cacheType) {
    long weights = 0;
    long cache = 0;
    for (Operation operation : operations(transformer, part)) {
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

  private static List<Operation> operations(Transformer transformer, Part part) {
    List<Block> blocks = new ArrayList<>(transformer.layers().subList(part.from(), part.to()));
    if (part.embedding()) {
      blocks.add(transformer.embedding());
    }
    if (part.head()) {
      blocks.add(transformer.head());
    }
    return blocks.stream().flatMap(block -> block.operations().stream()).toList();
  }

  private static long weights(Operation operation, ModelSource source) {
    return switch (operation) {
      case Embed embed -> source.tensor(embed.table().name()).rowBytes();
      case Linear linear ->
          linear.weight().bytes(source) + linear.bias().map(bias -> bias.bytes(source)).orElse(0L);
      case Norm norm ->
          norm.weight().bytes(source) + norm.bias().map(bias -> bias.bytes(source)).orElse(0L);
      case Experts experts ->
          experts.router().bytes(source)
              + Stream.of(experts.gate(), experts.up(), experts.down())
                  .mapToLong(weight -> weight.bytes(source) / weight.matrices() * experts.used())
                  .sum();
      default -> 0;
    };
  }
}
