package org.zonda.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.zonda.model.graph.Mask;
import org.zonda.model.graph.Operation.Attention;
import org.zonda.model.graph.Scores;
import org.zonda.model.graph.Value;
import org.zonda.runtime.backend.Batch;
import org.zonda.runtime.backend.CacheType;
import org.zonda.runtime.backend.Chunk;

/** Attention against its definition in doubles, over shapes, block borders, chunks and caches. */
class PagedAttentionTest {

  record Shape(int heads, int kvHeads, int keyWidth, int valueWidth) {}

  record Variant(Scores scores, Mask mask) {}

  private static final List<Variant> VARIANTS =
      List.of(
          new Variant(Scores.scaled(0.3f), Mask.CAUSAL),
          new Variant(Scores.scaled(0.3f), Mask.window(1)),
          new Variant(Scores.scaled(0.3f), Mask.window(7)),
          new Variant(Scores.scaled(0.3f), Mask.window(PagedKvCache.POSITIONS + 5)),
          new Variant(new Scores(0.5f, 1.5f, 0), Mask.CAUSAL),
          new Variant(new Scores(0.3f, 0, 8), Mask.CAUSAL),
          new Variant(new Scores(0.3f, 2f, 4), Mask.window(20)),
          new Variant(Scores.scaled(0.3f), Mask.ALL));

  static Stream<Arguments> grid() {
    return Stream.of(
            new Shape(1, 1, 8, 8),
            new Shape(4, 4, 16, 16),
            new Shape(6, 2, 5, 7),
            new Shape(8, 2, 64, 64),
            new Shape(4, 1, 24, 32))
        .flatMap(
            shape ->
                Stream.of(new ScalarKernels(), new VectorKernels())
                    .flatMap(
                        kernels ->
                            Stream.of(CacheType.values())
                                .flatMap(
                                    type ->
                                        VARIANTS.stream()
                                            .map(v -> Arguments.of(shape, v, kernels, type)))));
  }

  @ParameterizedTest
  @MethodSource("grid")
  void equalsTheDefinition(Shape shape, Variant variant, Kernels kernels, CacheType type) {
    int length = 2 * PagedKvCache.POSITIONS + 9;
    // Without a causal mask all of a sequence has to be in one chunk.
    int[] chunks =
        variant.mask.causal()
            ? new int[] {1, PagedKvCache.POSITIONS - 2, 40, length}
            : new int[] {length};
    Attention op =
        new Attention(
            new Value(1, "query", shape.heads * shape.keyWidth),
            new Value(2, "key", shape.kvHeads * shape.keyWidth),
            new Value(3, "value", shape.kvHeads * shape.valueWidth),
            shape.heads,
            shape.kvHeads,
            variant.scores,
            variant.mask,
            0,
            new Value(4, "out", shape.heads * shape.valueWidth));
    float[] query = random(1, length * op.query().width());
    float[] key = random(2, length * op.key().width());
    float[] value = random(3, length * op.value().width());
    float[] expected = definition(op, length, query, key, value);
    try (WorkerPool pool = new WorkerPool(2)) {
      PagedKvCache cache = new PagedKvCache(List.of(op), type, 2);
      PagedAttention attention = new PagedAttention(pool, kernels, cache);
      int from = 0;
      for (int chunk : chunks) {
        int to = Math.min(length, from + chunk);
        float[] out = new float[(to - from) * op.output().width()];
        Batch batch = new Batch();
        for (int p = from; p < to; p++) {
          batch.add(1, 0, p, false);
        }
        cache.reserve(1, to);
        attention.run(
            op,
            Chunk.of(batch, 0, batch.size()),
            rows(query, from, to, op.query().width()),
            rows(key, from, to, op.key().width()),
            rows(value, from, to, op.value().width()),
            out);
        float tolerance = type == CacheType.F32 ? 2e-6f : 2e-3f;
        for (int i = 0; i < out.length; i++) {
          assertThat(out[i])
              .isCloseTo(expected[from * op.output().width() + i], within(tolerance * 4));
        }
        from = to;
      }
      assertThat(from).isEqualTo(length);
    }
  }

  private static float[] rows(float[] all, int from, int to, int width) {
    return java.util.Arrays.copyOfRange(all, from * width, to * width);
  }

  private static float[] random(int seed, int n) {
    Random random = new Random(seed);
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static float[] definition(
      Attention op, int length, float[] query, float[] key, float[] value) {
    float[] out = new float[length * op.output().width()];
    int group = op.heads() / op.kvHeads();
    for (int p = 0; p < length; p++) {
      for (int h = 0; h < op.heads(); h++) {
        double[] scores = new double[length];
        double max = Double.NEGATIVE_INFINITY;
        int window = op.mask().window();
        int first = window == 0 ? 0 : Math.max(0, p + 1 - window);
        int last = op.mask().causal() ? p : length - 1;
        double cap = op.scores().softCap();
        for (int j = first; j <= last; j++) {
          for (int i = 0; i < op.keyWidth(); i++) {
            scores[j] +=
                (double) query[p * op.query().width() + h * op.keyWidth() + i]
                    * key[j * op.key().width() + h / group * op.keyWidth() + i]
                    * op.scores().scale();
          }
          if (cap > 0) {
            scores[j] = cap * Math.tanh(scores[j] / cap);
          }
          if (op.scores().maxBias() > 0) {
            scores[j] += (j - p) * slope(h, op.heads(), op.scores().maxBias());
          }
          max = Math.max(max, scores[j]);
        }
        double total = 0;
        for (int j = first; j <= last; j++) {
          scores[j] = Math.exp(scores[j] - max);
          total += scores[j];
        }
        for (int i = 0; i < op.valueWidth(); i++) {
          double sum = 0;
          for (int j = first; j <= last; j++) {
            sum +=
                scores[j] / total * value[j * op.value().width() + h / group * op.valueWidth() + i];
          }
          out[p * op.output().width() + h * op.valueWidth() + i] = (float) sum;
        }
      }
    }
    return out;
  }

  /** As the paper's authors compute it: by doubling the heads where they are no power of two. */
  private static double slope(int head, int heads, double maxBias) {
    int power = 1;
    while (power * 2 <= heads) {
      power *= 2;
    }
    return head < power
        ? Math.pow(Math.pow(2, -maxBias / power), head + 1)
        : Math.pow(Math.pow(2, -maxBias / (2 * power)), 2 * (head - power) + 1);
  }
}
