package org.zonda.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.zonda.kernels.oracle.RotaryOracle;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

class RotaryKernelsTest {

  private static final double MAGNITUDE = 1.25;

  /** Where the layer's rotations begin in the table. */
  private static final int ROTATION = 6;

  /**
   * One case.
   *
   * @param fused whether queries, keys and values lie in one buffer, row after row
   */
  record Case(
      int heads,
      int kvHeads,
      int keyWidth,
      int valueWidth,
      int pairs,
      boolean adjacent,
      boolean half,
      boolean fused,
      List<Integer> positions) {}

  static Stream<Case> cases() {
    return Stream.of(
        new Case(1, 1, 16, 16, 8, false, false, false, List.of(0)),
        new Case(4, 4, 16, 16, 8, true, false, true, List.of(1, 64)),
        new Case(8, 2, 64, 64, 32, false, true, true, List.of(63, 64, 65)),
        new Case(6, 1, 20, 12, 10, true, true, false, List.of(130)),
        new Case(71, 1, 16, 16, 8, false, false, true, List.of(5)),
        new Case(4, 2, 80, 80, 10, false, false, true, List.of(100, 3)),
        new Case(4, 2, 24, 16, 5, true, true, true, List.of(299)),
        new Case(4, 2, 16, 16, 0, false, false, true, List.of(7, 70)),
        new Case(2, 2, 16, 40, 0, false, true, false, List.of(7)),
        new Case(2, 1, 128, 128, 64, false, true, true, List.of(4095)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void queriesAreRotatedAndTheCacheFilled(Case shape) {
    Random random = new Random(shape.hashCode());
    int sequences = shape.positions.size();
    int longest = shape.positions.stream().mapToInt(p -> p).max().orElseThrow() + 1;
    CacheFixture cache =
        new CacheFixture(
            random,
            shape.kvHeads,
            shape.keyWidth,
            shape.valueWidth,
            shape.half,
            sequences,
            longest);
    // Sequences stand in the pass in another order than their slots.
    List<int[]> rows = new ArrayList<>();
    for (int s = sequences - 1; s >= 0; s--) {
      rows.add(new int[] {s, shape.positions.get(s)});
    }
    int capacity = sequences + 1;
    int queryWidth = shape.heads * shape.keyWidth;
    int keyRow = shape.kvHeads * shape.keyWidth;
    int valueRow = shape.kvHeads * shape.valueWidth;
    int stride = queryWidth + keyRow + valueRow;
    int queryAt = shape.fused ? Packed.of(0, stride) : Packed.of(3, queryWidth + 2);
    int keyAt = shape.fused ? Packed.of(queryWidth, stride) : Packed.of(1, keyRow);
    int valueAt = shape.fused ? Packed.of(queryWidth + keyRow, stride) : Packed.of(0, valueRow + 4);
    float[] q = Numbers.gaussian(random, sequences * (stride + 2) + 3);
    float[] k = shape.fused ? q : Numbers.gaussian(random, sequences * keyRow + 1);
    float[] v = shape.fused ? q : Numbers.gaussian(random, sequences * (valueRow + 4));

    double[] frequencies = new double[shape.pairs];
    for (int i = 0; i < shape.pairs; i++) {
      frequencies[i] = Math.pow(10000, -(double) i / shape.pairs);
    }
    FloatArray table = Numbers.filled(ROTATION + longest * shape.pairs * 2, Float.NaN);
    for (int p = 0; p < longest; p++) {
      for (int i = 0; i < shape.pairs; i++) {
        int at = ROTATION + (p * shape.pairs + i) * 2;
        table.set(at, (float) (MAGNITUDE * Math.cos(p * frequencies[i])));
        table.set(at + 1, (float) (MAGNITUDE * Math.sin(p * frequencies[i])));
      }
    }
    FloatArray qArray = Numbers.array(q);
    FloatArray kArray = shape.fused ? qArray : Numbers.array(k);
    FloatArray vArray = shape.fused ? qArray : Numbers.array(v);
    launch(
        shape,
        cache,
        cache.pass(capacity, rows),
        table,
        qArray,
        kArray,
        vArray,
        queryAt,
        keyAt,
        valueAt);

    double tolerance = shape.half ? 1e-3 : 1e-6;
    float[] unchanged = q.clone();
    for (int r = 0; r < rows.size(); r++) {
      int sequence = rows.get(r)[0];
      int position = rows.get(r)[1];
      String row = "row " + r;
      for (int h = 0; h < shape.heads; h++) {
        int at = Packed.low(queryAt) + r * Packed.high(queryAt) + h * shape.keyWidth;
        float[] head = Numbers.slice(q, at, shape.keyWidth);
        double[] expected =
            RotaryOracle.rotate(head, position, frequencies, MAGNITUDE, shape.adjacent);
        float[] actual = Numbers.slice(qArray, at, shape.keyWidth);
        Numbers.close(row + " query head " + h, actual, expected, 1e-6);
        System.arraycopy(actual, 0, unchanged, at, shape.keyWidth);
      }
      for (int h = 0; h < shape.kvHeads; h++) {
        int at = Packed.low(keyAt) + r * Packed.high(keyAt) + h * shape.keyWidth;
        double[] key =
            RotaryOracle.rotate(
                Numbers.slice(k, at, shape.keyWidth),
                position,
                frequencies,
                MAGNITUDE,
                shape.adjacent);
        float[] stored = new float[shape.keyWidth];
        for (int i = 0; i < stored.length; i++) {
          stored[i] = cache.key(sequence, position, h, i);
        }
        Numbers.close(row + " key head " + h, stored, key, tolerance);
        double[] value = new double[shape.valueWidth];
        float[] storedValue = new float[shape.valueWidth];
        for (int i = 0; i < value.length; i++) {
          value[i] = v[Packed.low(valueAt) + r * Packed.high(valueAt) + h * shape.valueWidth + i];
          storedValue[i] = cache.value(sequence, position, h, i);
        }
        Numbers.close(row + " value head " + h, storedValue, value, tolerance);
      }
    }
    assertThat(Numbers.slice(qArray, 0, q.length)).as("what is no query").isEqualTo(unchanged);
    assertThat(written(cache))
        .as("elements of the cache that were written")
        .isEqualTo(sequences * (keyRow + valueRow));
  }

  /** Elements of the cache that are numbers. */
  private static int written(CacheFixture cache) {
    int written = 0;
    if (cache.half) {
      for (int i = 0; i < cache.k16.getSize(); i++) {
        written += Float.isNaN(cache.k16.get(i).getFloat32()) ? 0 : 1;
      }
      for (int i = 0; i < cache.v16.getSize(); i++) {
        written += Float.isNaN(cache.v16.get(i).getFloat32()) ? 0 : 1;
      }
    } else {
      for (int i = 0; i < cache.k32.getSize(); i++) {
        written += Float.isNaN(cache.k32.get(i)) ? 0 : 1;
      }
      for (int i = 0; i < cache.v32.getSize(); i++) {
        written += Float.isNaN(cache.v32.get(i)) ? 0 : 1;
      }
    }
    return written;
  }

  private static void launch(
      Case shape,
      CacheFixture cache,
      IntArray pass,
      FloatArray table,
      FloatArray q,
      FloatArray k,
      FloatArray v,
      int queryAt,
      int keyAt,
      int valueAt) {
    int rows = shape.positions.size() + 1;
    int flags =
        (shape.adjacent ? RotaryKernels.ADJACENT : 0) | (shape.half ? RotaryKernels.HALF : 0);
    IntArray cursor = cache.cursor(1, ROTATION);
    DeviceRun device = new DeviceRun();
    device.in(pass, cursor, q, table, cache.k16, cache.v16, cache.k32, cache.v32);
    if (!shape.fused) {
      device.in(k, v);
    }
    int items =
        RotaryKernels.items(
            shape.heads, shape.kvHeads, shape.keyWidth, shape.valueWidth, shape.pairs);
    device
        .elements(
            "rotate",
            items,
            rows,
            graph ->
                graph.task(
                    "rotate",
                    RotaryKernels::rotateAppend,
                    device.context,
                    pass,
                    cursor,
                    k,
                    v,
                    q,
                    table,
                    cache.k16,
                    cache.v16,
                    cache.k32,
                    cache.v32,
                    CacheFixture.SLOT,
                    cache.pages,
                    Packed.of(rows, cache.maxPages),
                    Packed.of(shape.heads, shape.kvHeads),
                    Packed.of(shape.keyWidth, shape.valueWidth),
                    queryAt,
                    keyAt,
                    valueAt,
                    Packed.of(shape.pairs, flags)))
        .out(q, cache.k16, cache.v16, cache.k32, cache.v32)
        .run();
  }
}
