package org.zonda.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.zonda.model.graph.Mask;
import org.zonda.model.graph.Operation.Attention;
import org.zonda.model.graph.Scores;
import org.zonda.model.graph.Value;
import org.zonda.runtime.backend.CacheType;

/** Sequences that grow, shrink and fork, against lists that share nothing. */
class PagedKvCacheTest {

  private static final int SEQUENCES = 4;
  private static final int HEADS = 2;
  private static final int KEY_WIDTH = 2;
  private static final int VALUE_WIDTH = 3;
  private static final int FIRST_LAYER = 3;
  private static final int LAYERS = 2;

  /** Bytes of a block of halves: values are padded to 16. */
  private static final long BLOCK_BYTES =
      (long) LAYERS * HEADS * (KEY_WIDTH + 16) * Short.BYTES * PagedKvCache.POSITIONS;

  private PagedKvCache cache(CacheType type) {
    List<Attention> layers = new ArrayList<>();
    for (int i = 0; i < LAYERS; i++) {
      layers.add(
          new Attention(
              new Value(1, "query", HEADS * KEY_WIDTH),
              new Value(2, "key", HEADS * KEY_WIDTH),
              new Value(3, "value", HEADS * VALUE_WIDTH),
              HEADS,
              HEADS,
              Scores.scaled(1),
              Mask.CAUSAL,
              FIRST_LAYER + i,
              new Value(4, "out", HEADS * VALUE_WIDTH)));
    }
    return new PagedKvCache(layers, type, SEQUENCES);
  }

  /** What happens to a sequence; a fork takes so much of the other one. */
  record Step(Kind kind, int sequence, int other, int amount) {}

  enum Kind {
    APPEND,
    TRUNCATE,
    FORK
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Integer> sequence = Arbitraries.integers().between(0, SEQUENCES - 1);
    Arbitrary<Integer> amount =
        Arbitraries.oneOf(
            Arbitraries.integers().between(0, 200), Arbitraries.of(1, 63, 64, 65, 128));
    return Combinators.combine(Arbitraries.of(Kind.values()), sequence, sequence, amount)
        .as(Step::new)
        .list()
        .ofMaxSize(40);
  }

  /** Exact as a half: no two of 250 positions, their elements or their layers have the same. */
  private static float number(int token, int element, int layer) {
    return (layer == FIRST_LAYER ? 1 : -1) * (token % 250 * 8f + element);
  }

  @Property(tries = 300)
  void everySequenceIsAsIfItWereAlone(@ForAll("steps") List<Step> steps, @ForAll CacheType type) {
    PagedKvCache cache = cache(type);
    List<List<Integer>> expected = new ArrayList<>();
    for (int i = 0; i < SEQUENCES; i++) {
      expected.add(new ArrayList<>());
    }
    int token = 0;
    long most = 0;
    for (Step step : steps) {
      List<Integer> tokens = expected.get(step.sequence);
      switch (step.kind) {
        case APPEND -> {
          cache.reserve(step.sequence, tokens.size() + step.amount);
          for (int i = 0; i < step.amount; i++) {
            store(cache, step.sequence, tokens.size(), ++token);
            tokens.add(token);
          }
        }
        case TRUNCATE -> {
          int length = Math.min(tokens.size(), step.amount);
          cache.truncate(step.sequence, length);
          tokens.subList(length, tokens.size()).clear();
        }
        case FORK -> {
          if (step.other != step.sequence) {
            List<Integer> source = expected.get(step.other);
            int length = Math.min(source.size(), step.amount);
            cache.truncate(step.sequence, 0);
            cache.fork(step.other, step.sequence, length);
            tokens.clear();
            tokens.addAll(source.subList(0, length));
          }
        }
      }
      most = Math.max(most, expected.stream().mapToLong(PagedKvCacheTest::blocks).sum());
      assertHolds(cache, expected);
    }
    assertThat(cache.bytes()).isLessThanOrEqualTo(most * bytesOfBlock(type));
    assertNothingLost(cache, type);
  }

  private static long blocks(List<Integer> tokens) {
    return Math.ceilDiv(tokens.size(), PagedKvCache.POSITIONS);
  }

  private static long bytesOfBlock(CacheType type) {
    return type == CacheType.F16 ? BLOCK_BYTES : 2 * BLOCK_BYTES;
  }

  /** When all sequences have ended, another can have every block there is. */
  private static void assertNothingLost(PagedKvCache cache, CacheType type) {
    for (int i = 0; i < SEQUENCES; i++) {
      cache.truncate(i, 0);
    }
    long bytes = cache.bytes();
    long made = bytes / bytesOfBlock(type);
    cache.reserve(0, Math.toIntExact(made * PagedKvCache.POSITIONS));
    assertThat(cache.bytes()).isEqualTo(bytes);
    cache.reserve(1, 1);
    assertThat(cache.bytes()).isEqualTo(bytes + bytesOfBlock(type));
  }

  private static void store(PagedKvCache cache, int sequence, int position, int token) {
    for (int layer = FIRST_LAYER; layer < FIRST_LAYER + LAYERS; layer++) {
      float[] keys = new float[HEADS * KEY_WIDTH];
      for (int i = 0; i < keys.length; i++) {
        keys[i] = number(token, i, layer);
      }
      float[] values = new float[1 + HEADS * VALUE_WIDTH];
      for (int i = 1; i < values.length; i++) {
        values[i] = number(token, i, layer);
      }
      cache.store(layer, sequence, position, keys, 0, values, 1);
    }
  }

  private static void assertHolds(PagedKvCache cache, List<List<Integer>> expected) {
    KvBlock.Tile tile = new KvBlock.Tile();
    for (int sequence = 0; sequence < SEQUENCES; sequence++) {
      List<Integer> tokens = expected.get(sequence);
      for (int block = 0; block < blocks(tokens); block++) {
        int from = block * PagedKvCache.POSITIONS;
        int to = Math.min(tokens.size(), from + PagedKvCache.POSITIONS);
        for (int head = 0; head < HEADS; head++) {
          int layer = FIRST_LAYER + head;
          float[] keys = new float[(to - from) * KEY_WIDTH];
          float[] values = new float[(to - from) * VALUE_WIDTH];
          for (int p = 0; p < to - from; p++) {
            for (int i = 0; i < KEY_WIDTH; i++) {
              keys[p * KEY_WIDTH + i] = number(tokens.get(from + p), head * KEY_WIDTH + i, layer);
            }
            for (int i = 0; i < VALUE_WIDTH; i++) {
              values[p * VALUE_WIDTH + i] =
                  number(tokens.get(from + p), 1 + head * VALUE_WIDTH + i, layer);
            }
          }
          cache.keys(layer, sequence, block, head, tile);
          assertThat(picked(tile, to - from, KEY_WIDTH, 1, PagedKvCache.POSITIONS)).isEqualTo(keys);
          cache.values(layer, sequence, block, head, tile);
          assertThat(picked(tile, to - from, VALUE_WIDTH, 16, 1)).isEqualTo(values);
        }
      }
    }
  }

  /** The numbers of a tile, position by position. */
  private static float[] picked(
      KvBlock.Tile tile, int positions, int width, int positionStride, int elementStride) {
    float[] picked = new float[positions * width];
    for (int i = 0; i < picked.length; i++) {
      int at = tile.offset + i / width * positionStride + i % width * elementStride;
      picked[i] = tile.floats != null ? tile.floats[at] : Float.float16ToFloat(tile.halves[at]);
    }
    return picked;
  }

  @Test
  void sharedBlocksAreCountedOnceAndCopiedWhenTheyAreWritten() {
    PagedKvCache cache = cache(CacheType.F16);
    cache.reserve(0, 100);
    cache.fork(0, 1, 100);
    cache.fork(1, 2, 64);
    assertThat(cache.bytes()).isEqualTo(2 * BLOCK_BYTES);
    // The first to write into the second block gets a copy, the last to have it does not.
    cache.reserve(0, 101);
    assertThat(cache.bytes()).isEqualTo(3 * BLOCK_BYTES);
    cache.reserve(1, 101);
    assertThat(cache.bytes()).isEqualTo(3 * BLOCK_BYTES);
    // What is full is never copied.
    cache.reserve(2, 65);
    assertThat(cache.bytes()).isEqualTo(4 * BLOCK_BYTES);
    // The first block is still that of three.
    cache.truncate(0, 64);
    cache.truncate(1, 0);
    cache.reserve(3, 128);
    assertThat(cache.bytes()).isEqualTo(4 * BLOCK_BYTES);
    // Shortened into what is shared: the full block is copied after all.
    cache.truncate(2, 10);
    cache.reserve(2, 11);
    assertThat(cache.bytes()).isEqualTo(4 * BLOCK_BYTES);
    cache.reserve(1, 1);
    assertThat(cache.bytes()).isEqualTo(5 * BLOCK_BYTES);
  }
}
