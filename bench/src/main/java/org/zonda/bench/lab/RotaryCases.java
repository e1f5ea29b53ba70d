package org.zonda.bench.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.zonda.kernels.Packed;
import org.zonda.kernels.RotaryKernels;
import org.zonda.kernels.oracle.RotaryOracle;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** What the rotation of queries and keys, with the appending to the cache, is checked with. */
final class RotaryCases {

  private static final double MAGNITUDE = 1.25;

  /** Where the layer's rotations begin in the table. */
  private static final int ROTATION = 6;

  private RotaryCases() {}

  /**
   * One case.
   *
   * @param fused whether queries, keys and values lie in one buffer, row after row
   * @param positions of the rows, each of another sequence
   */
  private record Shape(
      int heads,
      int kvHeads,
      int keyWidth,
      int valueWidth,
      int pairs,
      boolean adjacent,
      boolean half,
      boolean fused,
      List<Integer> positions) {

    @Override
    public String toString() {
      return "%d of %d heads x %d/%d, %d pairs%s, %s%s, positions %s"
          .formatted(
              kvHeads,
              heads,
              keyWidth,
              valueWidth,
              pairs,
              adjacent ? " of neighbours" : "",
              half ? "F16" : "F32",
              fused ? ", one buffer" : "",
              positions);
    }
  }

  static List<CheckCase> all() {
    return Stream.of(
            new Shape(1, 1, 16, 16, 8, false, false, false, List.of(0)),
            new Shape(4, 4, 16, 16, 8, true, false, true, List.of(1, 64)),
            new Shape(8, 2, 64, 64, 32, false, true, true, List.of(63, 64, 65)),
            new Shape(6, 1, 20, 12, 10, true, true, false, List.of(130)),
            new Shape(4, 2, 80, 80, 10, false, false, true, List.of(100, 3)),
            new Shape(4, 2, 16, 16, 0, false, false, true, List.of(7, 70)),
            new Shape(2, 1, 128, 128, 64, false, true, true, List.of(4095)))
        .map(shape -> new CheckCase(shape.toString(), true, () -> trial(shape)))
        .toList();
  }

  private static Trial trial(Shape shape) {
    Random random = new Random(shape.toString().hashCode());
    int sequences = shape.positions.size();
    int longest = shape.positions.stream().mapToInt(p -> p).max().orElseThrow() + 1;
    CacheData cache =
        new CacheData(
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
    int queryWidth = shape.heads * shape.keyWidth;
    int keyRow = shape.kvHeads * shape.keyWidth;
    int valueRow = shape.kvHeads * shape.valueWidth;
    int stride = queryWidth + keyRow + valueRow;
    int queryAt = shape.fused ? Packed.of(0, stride) : Packed.of(3, queryWidth + 2);
    int keyAt = shape.fused ? Packed.of(queryWidth, stride) : Packed.of(1, keyRow);
    int valueAt = shape.fused ? Packed.of(queryWidth + keyRow, stride) : Packed.of(0, valueRow + 4);
    float[] q = Inputs.gaussian(random, sequences * (stride + 2) + 3);
    float[] k = shape.fused ? q : Inputs.gaussian(random, sequences * keyRow + 1);
    float[] v = shape.fused ? q : Inputs.gaussian(random, sequences * (valueRow + 4));
    double[] frequencies = new double[shape.pairs];
    for (int i = 0; i < shape.pairs; i++) {
      frequencies[i] = Math.pow(10000, -(double) i / shape.pairs);
    }

    double[] queries = Inputs.doubles(q);
    double[] keys = emptyCache(cache.keys().getSize());
    double[] values = emptyCache(cache.values().getSize());
    for (int r = 0; r < rows.size(); r++) {
      int sequence = rows.get(r)[0];
      int position = rows.get(r)[1];
      for (int h = 0; h < shape.heads; h++) {
        int at = Packed.low(queryAt) + r * Packed.high(queryAt) + h * shape.keyWidth;
        double[] head = rotated(shape, q, at, position, frequencies);
        System.arraycopy(head, 0, queries, at, head.length);
      }
      for (int h = 0; h < shape.kvHeads; h++) {
        int at = Packed.low(keyAt) + r * Packed.high(keyAt) + h * shape.keyWidth;
        double[] key = rotated(shape, k, at, position, frequencies);
        for (int i = 0; i < shape.keyWidth; i++) {
          keys[cache.keyIndex(sequence, position, h, i)] = key[i];
        }
        at = Packed.low(valueAt) + r * Packed.high(valueAt) + h * shape.valueWidth;
        for (int i = 0; i < shape.valueWidth; i++) {
          values[cache.valueIndex(sequence, position, h, i)] = v[at + i];
        }
      }
    }

    FloatArray table = table(shape, longest, frequencies);
    FloatArray qArray = Inputs.floats(q);
    FloatArray kArray = shape.fused ? qArray : Inputs.floats(k);
    FloatArray vArray = shape.fused ? qArray : Inputs.floats(v);
    int capacity = sequences + 1;
    IntArray pass = cache.pass(capacity, rows);
    IntArray cursor = cache.cursor(1, ROTATION);
    Trial trial = new Trial(shape.half ? 1e-3 : 2e-6);
    trial.in(pass, cursor, qArray, table, cache.k16, cache.v16, cache.k32, cache.v32);
    if (!shape.fused) {
      trial.in(kArray, vArray);
    }
    int flags =
        (shape.adjacent ? RotaryKernels.ADJACENT : 0) | (shape.half ? RotaryKernels.HALF : 0);
    return trial
        .elements(
            "kernel",
            null,
            RotaryKernels.items(
                shape.heads, shape.kvHeads, shape.keyWidth, shape.valueWidth, shape.pairs),
            capacity,
            Trial.CONTEXT,
            pass,
            cursor,
            kArray,
            vArray,
            qArray,
            table,
            cache.k16,
            cache.v16,
            cache.k32,
            cache.v32,
            CacheData.SLOT,
            cache.pages,
            Packed.of(capacity, cache.maxPages),
            Packed.of(shape.heads, shape.kvHeads),
            Packed.of(shape.keyWidth, shape.valueWidth),
            queryAt,
            keyAt,
            valueAt,
            Packed.of(shape.pairs, flags))
        .out("q", qArray, queries)
        .out(shape.half ? "k16" : "k32", cache.keys(), keys)
        .out(shape.half ? "v16" : "v32", cache.values(), values);
  }

  private static double[] emptyCache(int size) {
    double[] values = new double[size];
    java.util.Arrays.fill(values, Double.NaN);
    return values;
  }

  private static double[] rotated(
      Shape shape, float[] from, int at, int position, double[] frequencies) {
    return RotaryOracle.rotate(
        Inputs.slice(from, at, shape.keyWidth), position, frequencies, MAGNITUDE, shape.adjacent);
  }

  private static FloatArray table(Shape shape, int longest, double[] frequencies) {
    FloatArray table = Inputs.floats(ROTATION + longest * shape.pairs * 2, Float.NaN);
    for (int p = 0; p < longest; p++) {
      for (int i = 0; i < shape.pairs; i++) {
        int at = ROTATION + (p * shape.pairs + i) * 2;
        table.set(at, (float) (MAGNITUDE * Math.cos(p * frequencies[i])));
        table.set(at + 1, (float) (MAGNITUDE * Math.sin(p * frequencies[i])));
      }
    }
    return table;
  }
}
