package org.zonda.runtime.placement;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.zonda.model.ModelSource;
import org.zonda.model.graph.Block;
import org.zonda.model.graph.Operation.Embed;
import org.zonda.model.graph.Operation.Linear;
import org.zonda.model.graph.Rotary;
import org.zonda.model.graph.Transformer;
import org.zonda.model.graph.Weight;
import org.zonda.runtime.backend.ExecutorOptions;
import org.zonda.runtime.backend.Part;

/** What each part of a model takes, by what it is for. */
final class ModelSizes {

  /** Rows of which the head computes logits at once. */
  private static final int HEAD_ROWS = 16;

  /** Rows of a pass whose attention is divided into parts; of more rows each is done as a whole. */
  private static final int DIVIDED_ROWS = 8;

  /** Parts of a row's attention; device profiles have fewer, so that this is on the safe side. */
  private static final int ATTENTION_PARTS = 32;

  /** More bytes than any machine has, of which some can still be added up. */
  private static final long MOST = 1L << 56;

  /** Lists of a pass for each of its rows: tokens, positions, tiles and so on. */
  private static final int LISTS = 7;

  private final Transformer transformer;
  private final BlockSizes embedding;
  private final List<BlockSizes> layers = new ArrayList<>();
  private final BlockSizes head;
  private final Set<String> sharedByHead;
  private final ModelSource source;

  ModelSizes(Transformer transformer, ModelSource source) {
    this.transformer = transformer;
    this.source = source;
    embedding = new BlockSizes(transformer.embedding(), MemoryKind.EMBEDDING, source);
    for (Block layer : transformer.layers()) {
      layers.add(new BlockSizes(layer, null, source));
    }
    head = new BlockSizes(transformer.head(), MemoryKind.HEAD, source);
    sharedByHead = new HashSet<>(matrices(transformer.embedding()));
    sharedByHead.retainAll(matrices(transformer.head()));
  }

  private static List<String> matrices(Block block) {
    return block.operations().stream()
        .flatMap(
            operation ->
                switch (operation) {
                  case Embed op -> Stream.of(op.table());
                  case Linear op -> Stream.of(op.weight());
                  default -> Stream.<Weight>empty();
                })
        .map(Weight::name)
        .toList();
  }

  private List<BlockSizes> blocks(Part part) {
    List<BlockSizes> blocks = new ArrayList<>();
    if (part.embedding()) {
      blocks.add(embedding);
    }
    blocks.addAll(layers.subList(part.from(), part.to()));
    if (part.head()) {
      blocks.add(head);
    }
    return blocks;
  }

  /** A part's memory, with a cache of the options' positions. */
  Map<MemoryKind, Long> of(Part part, ExecutorOptions options) {
    Map<MemoryKind, Long> sizes = new EnumMap<>(MemoryKind.class);
    for (MemoryKind kind : MemoryKind.values()) {
      sizes.put(kind, 0L);
    }
    for (BlockSizes block : blocks(part)) {
      block.weights().forEach((kind, bytes) -> sizes.merge(kind, bytes, Math::addExact));
    }
    if (part.embedding() && part.head()) {
      for (String name : sharedByHead) {
        sizes.merge(MemoryKind.HEAD, -source.tensor(name).data().byteSize(), Math::addExact);
      }
    }
    sizes.put(
        MemoryKind.CACHE, product(cacheBytesPerPosition(part, options), options.cachePositions()));
    sizes.put(MemoryKind.ACTIVATIONS, activations(part, options));
    sizes.put(
        MemoryKind.WORKSPACE,
        workspace(part, options) + bytesPerContextPosition(part) * options.contextLength());
    return sizes;
  }

  /** The product of sizes, of which absurd ones need not be told apart. */
  private static long product(long a, long b) {
    return Math.multiplyHigh(a, b) == 0 && a * b >= 0 ? Math.min(a * b, MOST) : MOST;
  }

  /** Bytes of the part's largest weights that must lie in one array. */
  long largestArray(Part part) {
    return blocks(part).stream().mapToLong(BlockSizes::largestArray).max().orElse(0);
  }

  /** Bytes of the KV cache for one position. */
  long cacheBytesPerPosition(Part part, ExecutorOptions options) {
    long numbers = blocks(part).stream().mapToLong(BlockSizes::cachedPerPosition).sum();
    return numbers * options.cacheType().bytes();
  }

  /** Bytes of one position in the largest array of the cache that cannot be divided. */
  long largestCachedBytes(Part part, ExecutorOptions options) {
    long numbers = blocks(part).stream().mapToLong(BlockSizes::largestCached).max().orElse(0);
    return numbers * options.cacheType().bytes();
  }

  /** Bytes of tables with an entry for each position of the context. */
  long bytesPerContextPosition(Part part) {
    Set<Rotary> rotaries = new HashSet<>();
    blocks(part).forEach(block -> rotaries.addAll(block.rotaries()));
    return rotaries.stream().mapToLong(rotary -> (long) rotary.rotated() * Float.BYTES).sum();
  }

  /** What all values of the largest layer take, the hidden state that comes and that goes. */
  private long activations(Part part, ExecutorOptions options) {
    long widest =
        layers.subList(part.from(), part.to()).stream()
            .mapToLong(BlockSizes::floatsPerRow)
            .max()
            .orElse(0);
    long floats = (widest + 2L * transformer.hiddenWidth()) * options.batchSize();
    if (part.head()) {
      long rows = Math.min(HEAD_ROWS, options.batchSize());
      floats += (head.floatsPerRow() + transformer.hiddenWidth()) * rows;
    }
    return floats * Float.BYTES;
  }

  /** What does not depend on the context. */
  private long workspace(Part part, ExecutorOptions options) {
    long partials = blocks(part).stream().mapToLong(BlockSizes::partialsPerRow).max().orElse(0);
    long divided = Math.min(DIVIDED_ROWS, options.batchSize());
    return divided * partials * ATTENTION_PARTS * Float.BYTES
        + (long) options.batchSize() * LISTS * Integer.BYTES;
  }
}
