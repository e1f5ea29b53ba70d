package org.zonda.app;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.zonda.model.ModelSource;
import org.zonda.model.ZondaException;
import org.zonda.model.gguf.Metadata;
import org.zonda.model.graph.Block;
import org.zonda.model.graph.Operation;
import org.zonda.model.graph.Transformer;
import org.zonda.model.tensor.Tensor;
import org.zonda.runtime.LoadOptions;
import org.zonda.runtime.backend.CacheType;

/**
 * The memory that a model takes to run, in bytes, besides the Java virtual machine's own.
 *
 * @param weights all tensors; mapped, so that systems count them as page cache
 * @param cache the KV cache when the context is full; empty where the metadata does not tell
 * @param activations about what one pass of the prefill needs besides; empty where the forward pass
 *     is not known
 * @param context the tokens that it was estimated for
 * @param cacheType how the KV cache stores numbers
 */
record MemoryEstimate(
    long weights, OptionalLong cache, OptionalLong activations, long context, CacheType cacheType) {

  static MemoryEstimate of(
      ModelSource source, Optional<Transformer> transformer, long context, CacheType cacheType) {
    long weights = source.tensors().stream().map(Tensor::data).mapToLong(d -> d.byteSize()).sum();
    long bytes =
        switch (cacheType) {
          case F16 -> Short.BYTES;
          case F32 -> Float.BYTES;
        };
    OptionalLong perToken =
        transformer.isPresent()
            ? valuesPerToken(transformer.get())
            : valuesPerToken(source.metadata());
    return new MemoryEstimate(
        weights,
        perToken.isEmpty() || context == 0
            ? OptionalLong.empty()
            : product(perToken.getAsLong(), bytes * context),
        transformer.isPresent()
            ? OptionalLong.of(activations(transformer.get(), context))
            : OptionalLong.empty(),
        context,
        cacheType);
  }

  long total() {
    return weights + cache.orElse(0) + activations.orElse(0);
  }

  /** The product, unless the metadata is so absurd that it overflows. */
  private static OptionalLong product(long a, long b) {
    try {
      return OptionalLong.of(Math.multiplyExact(a, b));
    } catch (ArithmeticException e) {
      return OptionalLong.empty();
    }
  }

  private static OptionalLong valuesPerToken(Transformer transformer) {
    return OptionalLong.of(
        transformer.attentions().stream()
            .mapToLong(attention -> attention.key().width() + attention.value().width())
            .sum());
  }

  /** Keys and values by the names that most architectures share in GGUF. */
  private static OptionalLong valuesPerToken(Metadata metadata) {
    try {
      String prefix = metadata.getString("general.architecture") + ".";
      int layers = metadata.getInt(prefix + "block_count");
      int heads = metadata.getInt(prefix + "attention.head_count");
      int width = metadata.getInt(prefix + "embedding_length") / heads;
      int key = metadata.getInt(prefix + "attention.key_length", width);
      int value = metadata.getInt(prefix + "attention.value_length", width);
      int kvHeads = metadata.getInt(prefix + "attention.head_count_kv", heads);
      return OptionalLong.of((long) layers * kvHeads * (key + value));
    } catch (ZondaException | ArithmeticException e) {
      return OptionalLong.empty();
    }
  }

  /** Every value of the largest block for a batch of the default size, and one row of logits. */
  private static long activations(Transformer transformer, long context) {
    long widest =
        Stream.concat(transformer.layers().stream(), Stream.of(transformer.embedding()))
            .mapToLong(MemoryEstimate::width)
            .max()
            .orElse(0);
    long rows = Math.min(LoadOptions.DEFAULT.batchSize(), context);
    return (rows * widest + transformer.outputWidth()) * Float.BYTES;
  }

  private static long width(Block block) {
    return block.operations().stream()
        .map(Operation::output)
        .mapToLong(value -> value.width())
        .sum();
  }
}
