package org.zonda.bench.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.zonda.kernels.AttentionKernels;
import org.zonda.kernels.AttentionPlan;
import org.zonda.kernels.Packed;
import org.zonda.kernels.oracle.AttentionOracle;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** What the attention kernels are checked with: {@code decode} and {@code combine} go together. */
final class AttentionCases {

  /** Which of the kernels is checked. */
  enum Entry {
    DECODE,
    COMBINE,
    PREFILL
  }

  private static final double TOLERANCE = 2e-5;

  /** Where the queries begin in their array. */
  private static final int OFFSET = 5;

  private AttentionCases() {}

  /**
   * One case.
   *
   * @param lengths of the sequences, of which the rows are the last
   * @param rows rows of each sequence
   * @param perGroup query heads of a group
   * @param spread what queries are multiplied by: large ones make one weight dominate
   */
  private record Shape(
      int heads,
      int kvHeads,
      int keyWidth,
      int valueWidth,
      List<Integer> lengths,
      int rows,
      int perGroup,
      int splits,
      int items,
      int window,
      float softCap,
      int flags,
      float spread) {

    Shape(int heads, int kvHeads, int keyWidth, int valueWidth, int rows, Integer... lengths) {
      this(heads, kvHeads, keyWidth, valueWidth, List.of(lengths), rows, 1, 2, 64, 0, 0, 0, 1);
    }

    Shape divided(int heads, int into, int group) {
      return new Shape(
          this.heads,
          kvHeads,
          keyWidth,
          valueWidth,
          lengths,
          rows,
          heads,
          into,
          group,
          window,
          softCap,
          flags,
          spread);
    }

    Shape with(int window, float softCap, int flags, float spread) {
      return new Shape(
          heads,
          kvHeads,
          keyWidth,
          valueWidth,
          lengths,
          rows,
          perGroup,
          splits,
          items,
          window,
          softCap,
          flags,
          spread);
    }

    boolean has(int flag) {
      return (flags & flag) != 0;
    }

    @Override
    public String toString() {
      return "%d of %d heads x %d/%d, %d rows each of %s positions, %s%s%s%s%s%s"
          .formatted(
              kvHeads,
              heads,
              keyWidth,
              valueWidth,
              rows,
              lengths,
              has(AttentionPlan.HALF) ? "F16" : "F32",
              has(AttentionPlan.ALIBI) ? ", ALiBi" : "",
              has(AttentionPlan.ALL) ? ", no mask" : "",
              window > 0 ? ", window " + window : "",
              softCap > 0 ? ", soft cap " + softCap : "",
              spread > 1 ? ", scores x " + spread : "");
    }
  }

  static List<CheckCase> of(Entry entry) {
    List<Shape> shapes = new ArrayList<>();
    int few = entry == Entry.PREFILL ? 5 : 1;
    shapes.add(new Shape(1, 1, 16, 16, few, 1));
    shapes.add(new Shape(4, 4, 16, 16, few, 63, 64, 65));
    shapes.add(new Shape(8, 2, 20, 20, few, 130, 1, 200).divided(2, 2, 64));
    shapes.add(new Shape(6, 1, 64, 64, few, 64).divided(2, 3, 128));
    shapes.add(new Shape(7, 1, 80, 80, few, 130).divided(2, 3, 48));
    shapes.add(new Shape(4, 2, 24, 16, few, 100, 7).with(0, 0, AttentionPlan.HALF, 1));
    shapes.add(new Shape(4, 2, 16, 16, few, 200, 65).with(20, 0, 0, 1));
    shapes.add(new Shape(4, 2, 16, 16, few, 130, 65).with(0, 5, AttentionPlan.HALF, 20));
    shapes.add(new Shape(4, 2, 16, 16, few, 130, 65).with(0, 0, AttentionPlan.ALIBI, 1));
    shapes.add(new Shape(4, 2, 16, 16, 7, 7, 2, 1).with(0, 0, AttentionPlan.ALL, 1));
    shapes.add(new Shape(4, 2, 16, 16, few, 130).with(0, 0, 0, 100));
    return shapes.stream()
        .map(shape -> new CheckCase(shape.toString(), true, () -> trial(entry, shape)))
        .toList();
  }

  private static Trial trial(Entry entry, Shape shape) {
    Random random = new Random(shape.toString().hashCode());
    int sequences = shape.lengths.size();
    int longest = shape.lengths.stream().mapToInt(n -> n).max().orElseThrow();
    CacheData cache =
        new CacheData(
            random,
            shape.kvHeads,
            shape.keyWidth,
            shape.valueWidth,
            shape.has(AttentionPlan.HALF),
            sequences,
            longest);
    float[][][][] keys = new float[sequences][shape.kvHeads][][];
    float[][][][] values = new float[sequences][shape.kvHeads][][];
    List<int[]> rows = new ArrayList<>();
    for (int s = 0; s < sequences; s++) {
      int length = shape.lengths.get(s);
      for (int h = 0; h < shape.kvHeads; h++) {
        keys[s][h] = new float[length][];
        values[s][h] = new float[length][];
        for (int p = 0; p < length; p++) {
          keys[s][h][p] = cache.putKey(random, s, p, h);
          values[s][h][p] = cache.putValue(random, s, p, h);
        }
      }
      for (int p = length - Math.min(length, shape.rows); p < length; p++) {
        rows.add(new int[] {s, p});
      }
    }
    int capacity = rows.size() + 2;
    int queryStride = shape.heads * shape.keyWidth + 3;
    float[] queries = Inputs.gaussian(random, OFFSET + rows.size() * queryStride);
    for (int i = 0; i < queries.length; i++) {
      queries[i] *= shape.spread;
    }
    float[] slopes = new float[shape.has(AttentionPlan.ALIBI) ? shape.heads : 1];
    for (int h = 0; h < slopes.length; h++) {
      slopes[h] = (float) Math.pow(2, -8.0 * (h + 1) / slopes.length);
    }
    float scale = (float) (1 / Math.sqrt(shape.keyWidth));
    // Only combine takes a stride.
    int outStride = shape.heads * shape.valueWidth + (entry == Entry.PREFILL ? 0 : 1);
    FloatArray out = new FloatArray(capacity * outStride);
    double[] expected = Trial.untouched(out);
    for (int r = 0; r < rows.size(); r++) {
      int s = rows.get(r)[0];
      for (int h = 0; h < shape.heads; h++) {
        int kvHead = h / (shape.heads / shape.kvHeads);
        int from = OFFSET + r * queryStride + h * shape.keyWidth;
        double[] head =
            AttentionOracle.attend(
                Inputs.slice(queries, from, shape.keyWidth),
                keys[s][kvHead],
                values[s][kvHead],
                rows.get(r)[1],
                new AttentionOracle.Options(
                    scale,
                    shape.softCap,
                    shape.has(AttentionPlan.ALIBI) ? slopes[h] : 0,
                    shape.window,
                    shape.has(AttentionPlan.ALL)));
        System.arraycopy(head, 0, expected, r * outStride + h * shape.valueWidth, shape.valueWidth);
      }
    }

    int plan = AttentionPlan.of(shape.perGroup, shape.splits, shape.items, shape.flags);
    int shares = AttentionPlan.shares(shape.heads, shape.kvHeads, shape.perGroup);
    IntArray pass = cache.pass(capacity, rows);
    IntArray cursor = cache.cursor(shape.window, 1);
    FloatArray q = Inputs.floats(queries);
    FloatArray slopeArray = Inputs.floats(slopes);
    FloatArray workspace =
        new FloatArray(
            Math.toIntExact(
                AttentionKernels.workspaceFloats(
                    capacity, shape.heads, shape.splits, shape.valueWidth)));
    Object[] arguments = {
      Trial.CONTEXT,
      pass,
      cursor,
      q,
      cache.k16,
      cache.v16,
      cache.k32,
      cache.v32,
      slopeArray,
      entry == Entry.PREFILL ? out : workspace,
      CacheData.SLOT,
      cache.pages,
      Packed.of(capacity, cache.maxPages),
      Packed.of(shape.heads, shape.kvHeads),
      Packed.of(shape.keyWidth, shape.valueWidth),
      Packed.of(OFFSET, queryStride),
      plan,
      scale,
      shape.softCap
    };
    // Of large scores floats keep fewer digits of the differences, which are what counts.
    Trial trial =
        new Trial(TOLERANCE * Math.max(1, shape.spread / 20))
            .in(pass, cursor, q, cache.k16, cache.v16, cache.k32, cache.v32, slopeArray)
            .filled("out", out, expected);
    if (entry == Entry.PREFILL) {
      return trial.launch("kernel", null, shape.kvHeads * shares, shape.items, capacity, arguments);
    }
    return trial
        .launch(
            entry == Entry.DECODE ? "kernel" : "decode",
            entry == Entry.DECODE ? null : KernelTask.of(AttentionKernels.class, "decode"),
            shape.kvHeads * shares * shape.splits,
            shape.items,
            capacity,
            arguments)
        .launch(
            entry == Entry.COMBINE ? "kernel" : "combine",
            entry == Entry.COMBINE ? null : KernelTask.of(AttentionKernels.class, "combine"),
            shape.heads,
            32,
            capacity,
            Trial.CONTEXT,
            pass,
            workspace,
            out,
            shape.heads,
            shape.valueWidth,
            shape.splits,
            outStride);
  }
}
