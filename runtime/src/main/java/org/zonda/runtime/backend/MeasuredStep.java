package org.zonda.runtime.backend;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.zonda.model.ModelSource;
import org.zonda.model.graph.Operation;
import org.zonda.model.graph.Operation.Activate;
import org.zonda.model.graph.Operation.Add;
import org.zonda.model.graph.Operation.Attention;
import org.zonda.model.graph.Operation.Embed;
import org.zonda.model.graph.Operation.Experts;
import org.zonda.model.graph.Operation.Gate;
import org.zonda.model.graph.Operation.Linear;
import org.zonda.model.graph.Operation.Norm;
import org.zonda.model.graph.Operation.Rotate;
import org.zonda.model.graph.Operation.Scale;
import org.zonda.model.graph.Operation.SoftCap;
import org.zonda.model.graph.Weight;

/**
 * A step with what it must read and compute, which backends prepare for {@link OperationRecorder}.
 */
public final class MeasuredStep {

  private final OperationStep step;
  private final List<Operation> operations;
  private final CacheType cacheType;

  /** Bytes of weights that a pass reads once, whatever its rows. */
  private final long passBytes;

  /** Bytes that each row reads for itself. */
  private final long rowBytes;

  /** Products with weights of each row. */
  private final long rowProducts;

  private final long[] expertBytes;

  private MeasuredStep(
      OperationStep step, List<Operation> operations, ModelSource source, CacheType cacheType) {
    this.step = step;
    this.operations = operations;
    this.cacheType = cacheType;
    passBytes = operations.stream().mapToLong(op -> passBytes(op, source)).sum();
    rowBytes =
        operations.stream()
            .mapToLong(
                op ->
                    op instanceof Embed embed ? source.tensor(embed.table().name()).rowBytes() : 0)
            .sum();
    rowProducts = operations.stream().mapToLong(MeasuredStep::rowProducts).sum();
    expertBytes =
        operations.stream()
            .mapToLong(op -> op instanceof Experts experts ? bytes(source, stacks(experts)) : 0)
            .toArray();
  }

  /**
   * Prepares a step.
   *
   * @param block what they belong to, such as {@code layer 3}
   * @param operations that run as one, in their order
   * @param source has their weights
   * @param cacheType how the KV cache stores numbers
   * @return the step
   */
  public static MeasuredStep of(
      String block, List<? extends Operation> operations, ModelSource source, CacheType cacheType) {
    List<Weight> weights = operations.stream().flatMap(MeasuredStep::weights).toList();
    OperationStep step =
        new OperationStep(
            joined(operations, MeasuredStep::name),
            joined(weights, weight -> role(weight.name())),
            joined(weights, weight -> source.tensor(weight.name()).type().name()),
            block);
    return new MeasuredStep(step, List.copyOf(operations), source, cacheType);
  }

  private static <T> String joined(List<? extends T> parts, Function<T, String> name) {
    return parts.stream().map(name).distinct().collect(Collectors.joining("+"));
  }

  /** What people call it. */
  OperationStep step() {
    return step;
  }

  /** The bytes that a pass cannot but read. */
  long bytes(Chunk chunk) {
    long bytes = passBytes + rowBytes * chunk.rows();
    for (int i = 0; i < operations.size(); i++) {
      switch (operations.get(i)) {
        case Attention attention -> bytes += cacheBytes(attention, chunk);
        case Experts experts -> {
          int all = experts.gate().matrices();
          long chosen = Math.min(all, (long) experts.used() * chunk.rows());
          bytes += expertBytes[i] / all * chosen;
        }
        default -> {}
      }
    }
    return bytes;
  }

  /** The products that a pass computes. */
  long multiplyAdds(Chunk chunk) {
    long products = rowProducts * chunk.rows();
    for (Operation operation : operations) {
      if (operation instanceof Attention attention) {
        long width = attention.keyWidth() + attention.valueWidth();
        products += seen(attention, chunk) * attention.heads() * width;
      }
    }
    return products;
  }

  /** Keys and values of the positions that some row of a sequence sees, each position once. */
  private long cacheBytes(Attention attention, Chunk chunk) {
    int[] first = edge(chunk, false);
    int[] last = edge(chunk, true);
    long positions = 0;
    for (int sequence = 0; sequence < last.length; sequence++) {
      if (last[sequence] >= 0) {
        int window = attention.mask().window();
        int from = window == 0 ? 0 : Math.max(0, first[sequence] - window + 1);
        positions += last[sequence] + 1 - from;
      }
    }
    long width = attention.key().width() + attention.value().width();
    return positions * width * cacheType.bytes();
  }

  /** Pairs of a row and a position that it sees. */
  private static long seen(Attention attention, Chunk chunk) {
    int[] last = edge(chunk, true);
    int window = attention.mask().window();
    long pairs = 0;
    for (int row = 0; row < chunk.rows(); row++) {
      int position = chunk.positions()[row];
      int before = attention.mask().causal() ? position + 1 : last[chunk.sequences()[row]] + 1;
      pairs += window == 0 ? before : Math.min(before, window);
    }
    return pairs;
  }

  /** For each sequence its first or last position in a chunk; -1 where it has none. */
  private static int[] edge(Chunk chunk, boolean last) {
    int[] edges = new int[Arrays.stream(chunk.sequences()).max().orElse(-1) + 1];
    Arrays.fill(edges, -1);
    for (int row = 0; row < chunk.rows(); row++) {
      int sequence = chunk.sequences()[row];
      if (last || edges[sequence] < 0) {
        edges[sequence] = chunk.positions()[row];
      }
    }
    return edges;
  }

  private static String name(Operation operation) {
    return switch (operation) {
      case Embed _ -> "embed";
      case Norm _ -> "norm";
      case Linear _ -> "linear";
      case Rotate _ -> "rotate";
      case Attention _ -> "attention";
      case Gate _ -> "gate";
      case Add _ -> "add";
      case Activate _ -> "activate";
      case Scale _ -> "scale";
      case SoftCap _ -> "softcap";
      case Experts _ -> "experts";
    };
  }

  private static Stream<Weight> weights(Operation operation) {
    return switch (operation) {
      case Embed op -> Stream.of(op.table());
      case Norm op -> Stream.of(op.weight());
      case Linear op -> Stream.of(op.weight());
      case Experts op -> Stream.concat(Stream.of(op.router()), stacks(op));
      case Rotate _, Attention _, Gate _, Add _, Activate _, Scale _, SoftCap _ -> Stream.of();
    };
  }

  /** A tensor's name without layer and ending: {@code blk.3.attn_q.weight} is {@code attn_q}. */
  private static String role(String tensor) {
    int from = 0;
    if (tensor.startsWith("blk.")) {
      from = tensor.indexOf('.', "blk.".length()) + 1;
    }
    int to = tensor.endsWith(".weight") ? tensor.length() - ".weight".length() : tensor.length();
    return tensor.substring(from, to);
  }

  private static long passBytes(Operation operation, ModelSource source) {
    return switch (operation) {
      case Norm op -> bytes(source, Stream.concat(Stream.of(op.weight()), op.bias().stream()));
      case Linear op -> bytes(source, Stream.concat(Stream.of(op.weight()), op.bias().stream()));
      case Experts op -> op.router().bytes(source);
      default -> 0;
    };
  }

  private static Stream<Weight> stacks(Experts experts) {
    return Stream.of(experts.gate(), experts.up(), experts.down());
  }

  private static long bytes(ModelSource source, Stream<Weight> weights) {
    return weights.mapToLong(weight -> weight.bytes(source)).sum();
  }

  private static long rowProducts(Operation operation) {
    return switch (operation) {
      case Linear op -> products(op.weight());
      case Experts op ->
          products(op.router()) + op.used() * stacks(op).mapToLong(MeasuredStep::products).sum();
      default -> 0;
    };
  }

  private static long products(Weight weight) {
    return (long) weight.rows() * weight.columns();
  }
}
