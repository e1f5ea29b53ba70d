package org.zonda.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.zonda.kernels.oracle.AttentionOracle;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

class AttentionKernelsTest {

  /** The kernels and the oracle read the same cache: what differs is the order of float sums. */
  private static final double TOLERANCE = 2e-5;

  /** Where the queries begin in their array. */
  private static final int OFFSET = 5;

  /**
   * One case.
   *
   * @param lengths of the sequences, of which the rows are the last
   * @param rows rows of each sequence
   * @param spread what queries are multiplied by: large ones make one weight dominate
   * @param all whether later positions are seen, too
   */
  record Case(
      int heads,
      int kvHeads,
      int keyWidth,
      int valueWidth,
      List<Integer> lengths,
      int rows,
      int headsPerGroup,
      int splits,
      int items,
      int window,
      float softCap,
      boolean alibi,
      boolean half,
      float spread,
      boolean all) {

    Case(int heads, int kvHeads, int keyWidth, int valueWidth, Integer... lengths) {
      this(
          heads,
          kvHeads,
          keyWidth,
          valueWidth,
          List.of(lengths),
          1,
          heads / kvHeads,
          2,
          64,
          0,
          0,
          false,
          false,
          1,
          false);
    }

    int queryStride() {
      return heads * keyWidth + 3;
    }

    /** Floats from row to row of the result; only combine takes one. */
    int outStride(boolean decode) {
      return heads * valueWidth + (decode ? 1 : 0);
    }

    Case rows(int n) {
      return new Case(
          heads,
          kvHeads,
          keyWidth,
          valueWidth,
          lengths,
          n,
          headsPerGroup,
          splits,
          items,
          window,
          softCap,
          alibi,
          half,
          spread,
          all);
    }

    Case divided(int headsPerGroup, int splits, int items) {
      return new Case(
          heads,
          kvHeads,
          keyWidth,
          valueWidth,
          lengths,
          rows,
          headsPerGroup,
          splits,
          items,
          window,
          softCap,
          alibi,
          half,
          spread,
          all);
    }

    Case window(int n) {
      return new Case(
          heads,
          kvHeads,
          keyWidth,
          valueWidth,
          lengths,
          rows,
          headsPerGroup,
          splits,
          items,
          n,
          softCap,
          alibi,
          half,
          spread,
          all);
    }

    Case softCap(float cap) {
      return new Case(
          heads,
          kvHeads,
          keyWidth,
          valueWidth,
          lengths,
          rows,
          headsPerGroup,
          splits,
          items,
          window,
          cap,
          alibi,
          half,
          spread,
          all);
    }

    Case withAlibi() {
      return new Case(
          heads,
          kvHeads,
          keyWidth,
          valueWidth,
          lengths,
          rows,
          headsPerGroup,
          splits,
          items,
          window,
          softCap,
          true,
          half,
          spread,
          all);
    }

    Case withHalf() {
      return new Case(
          heads,
          kvHeads,
          keyWidth,
          valueWidth,
          lengths,
          rows,
          headsPerGroup,
          splits,
          items,
          window,
          softCap,
          alibi,
          true,
          spread,
          all);
    }

    Case spread(float factor) {
      return new Case(
          heads,
          kvHeads,
          keyWidth,
          valueWidth,
          lengths,
          rows,
          headsPerGroup,
          splits,
          items,
          window,
          softCap,
          alibi,
          half,
          factor,
          all);
    }

    Case seesAll() {
      return new Case(
          heads,
          kvHeads,
          keyWidth,
          valueWidth,
          lengths,
          rows,
          headsPerGroup,
          splits,
          items,
          window,
          softCap,
          alibi,
          half,
          spread,
          true);
    }
  }

  static Stream<Case> decodeCases() {
    List<Case> cases = new ArrayList<>();
    // Ratios of heads, widths, lengths around a page.
    cases.add(new Case(1, 1, 16, 16, 1));
    cases.add(new Case(4, 4, 16, 16, 63, 64, 65));
    cases.add(new Case(8, 2, 20, 20, 130, 1, 300));
    cases.add(new Case(6, 1, 64, 64, 64));
    cases.add(new Case(71, 1, 16, 16, 65).divided(71, 2, 32));
    cases.add(new Case(71, 1, 16, 16, 65).divided(16, 2, 64));
    cases.add(new Case(7, 1, 80, 80, 130).divided(3, 3, 48));
    cases.add(new Case(4, 2, 128, 128, 130).divided(2, 2, 128));
    cases.add(new Case(4, 2, 24, 16, 100, 7));
    cases.add(new Case(4, 2, 16, 72, 100, 7));
    cases.add(new Case(2, 2, 64, 256, 70).divided(1, 1, 64));
    // Divisions of the work.
    for (int splits = 1; splits <= 8; splits++) {
      cases.add(new Case(4, 2, 16, 16, 300, 65, 5).divided(2, splits, 32));
    }
    cases.add(new Case(4, 2, 16, 16, 300, 65).divided(1, 2, 16));
    cases.add(new Case(4, 1, 16, 16, 300, 65).divided(3, 2, 80));
    cases.add(new Case(4, 1, 16, 16, 300, 65).divided(4, 1, 256));
    // Options, and both kinds of cache.
    for (int window : new int[] {1, 20, 64, 100, 1000}) {
      cases.add(new Case(4, 2, 16, 16, 300, 65, 1).window(window));
      cases.add(new Case(4, 2, 16, 16, 300, 65, 1).window(window).divided(2, 3, 16).withHalf());
    }
    cases.add(new Case(4, 2, 16, 16, 130, 65).softCap(5).spread(20));
    cases.add(new Case(4, 2, 16, 16, 130, 65).withAlibi());
    cases.add(new Case(7, 1, 16, 16, 130, 65).withAlibi().divided(3, 2, 32).softCap(2).window(90));
    cases.add(new Case(8, 2, 64, 64, 1, 63, 64, 65, 130, 300).withHalf());
    cases.add(new Case(4, 2, 24, 16, 100, 7).withHalf());
    cases.add(new Case(4, 2, 16, 16, 130, 65).spread(100));
    cases.add(new Case(4, 2, 16, 16, 7, 2, 1).rows(7).seesAll());
    cases.add(new Case(4, 2, 16, 16, 130, 64).rows(130).divided(2, 3, 32).seesAll().withHalf());
    cases.add(new Case(4, 4, 16, 16, 70).rows(70).withAlibi().softCap(5).seesAll());
    cases.add(new Case(2, 1, 16, 16, 4096).divided(2, 8, 128));
    cases.add(new Case(2, 1, 16, 16, 4096).divided(2, 3, 64).withHalf());
    return cases.stream();
  }

  static Stream<Case> prefillCases() {
    List<Case> cases = new ArrayList<>();
    cases.add(new Case(1, 1, 16, 16, 1));
    cases.add(new Case(4, 4, 16, 16, 63, 64, 65).rows(20).divided(1, 1, 64));
    cases.add(new Case(8, 2, 20, 20, 130, 33, 300).rows(33).divided(2, 1, 64));
    cases.add(new Case(6, 1, 64, 64, 64).rows(64).divided(2, 1, 128));
    cases.add(new Case(71, 1, 16, 16, 65).rows(5).divided(4, 1, 64));
    cases.add(new Case(7, 1, 80, 80, 130).rows(17).divided(2, 1, 48));
    cases.add(new Case(4, 2, 128, 128, 130).rows(16).divided(1, 1, 128));
    cases.add(new Case(4, 2, 24, 16, 100, 7).rows(7).divided(2, 1, 16));
    cases.add(new Case(4, 2, 16, 70, 100, 7).rows(7).divided(1, 1, 64));
    cases.add(new Case(2, 2, 64, 256, 70).rows(3).divided(1, 1, 64));
    cases.add(new Case(2, 1, 16, 18, 70).rows(70).divided(1, 1, 64));
    for (int window : new int[] {1, 20, 64, 100, 1000}) {
      cases.add(new Case(4, 2, 16, 16, 300, 65, 40).rows(40).window(window).divided(1, 1, 64));
      cases.add(
          new Case(4, 2, 16, 16, 300, 40).rows(31).window(window).divided(2, 1, 48).withHalf());
    }
    cases.add(new Case(4, 2, 16, 16, 130, 65).rows(18).softCap(5).spread(20));
    cases.add(new Case(4, 2, 16, 16, 130, 65).rows(18).withAlibi());
    cases.add(
        new Case(7, 1, 16, 16, 130, 65)
            .rows(18)
            .withAlibi()
            .divided(3, 1, 32)
            .softCap(2)
            .window(90));
    cases.add(new Case(8, 2, 64, 64, 1, 63, 64, 65, 130, 300).rows(1).divided(2, 1, 64).withHalf());
    cases.add(new Case(4, 2, 16, 16, 130, 65).rows(18).spread(100));
    cases.add(new Case(4, 2, 16, 16, 7, 2, 1).rows(7).seesAll());
    cases.add(new Case(4, 2, 16, 16, 130, 64).rows(130).divided(2, 1, 48).seesAll().withHalf());
    cases.add(new Case(4, 4, 16, 16, 70).rows(70).withAlibi().softCap(5).seesAll());
    cases.add(new Case(2, 1, 16, 16, 4096).rows(20).divided(2, 1, 128));
    cases.add(new Case(2, 1, 16, 16, 4096).rows(20).divided(1, 1, 64).withHalf());
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource("decodeCases")
  void decodeAndCombineAreAttention(Case shape) {
    run(shape, true);
  }

  @ParameterizedTest
  @MethodSource("prefillCases")
  void prefillIsAttention(Case shape) {
    run(shape, false);
  }

  private static void run(Case shape, boolean decode) {
    Random random = new Random(shape.hashCode());
    int sequences = shape.lengths.size();
    int longest = shape.lengths.stream().mapToInt(n -> n).max().orElseThrow();
    CacheFixture cache =
        new CacheFixture(
            random,
            shape.kvHeads,
            shape.keyWidth,
            shape.valueWidth,
            shape.half,
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
          keys[s][h][p] = cache.putKey(s, p, h, Numbers.gaussian(random, shape.keyWidth));
          values[s][h][p] = cache.putValue(s, p, h, Numbers.gaussian(random, shape.valueWidth));
        }
      }
      for (int p = length - Math.min(length, shape.rows); p < length; p++) {
        rows.add(new int[] {s, p});
      }
    }
    int capacity = rows.size() + 2;
    float[] queries = Numbers.gaussian(random, OFFSET + rows.size() * shape.queryStride());
    for (int i = 0; i < queries.length; i++) {
      queries[i] *= shape.spread;
    }
    float[] slopes = new float[shape.alibi ? shape.heads : 1];
    for (int h = 0; h < slopes.length; h++) {
      slopes[h] = (float) Math.pow(2, -8.0 * (h + 1) / slopes.length);
    }
    float scale = (float) (1 / Math.sqrt(shape.keyWidth));

    int outStride = shape.outStride(decode);
    FloatArray out = Numbers.filled(capacity * outStride, 7);
    IntArray pass = cache.pass(capacity, rows);
    launch(shape, decode, cache, capacity, pass, Numbers.array(queries), slopes, scale, out);

    // Of large scores floats keep fewer digits of the differences, which are what counts.
    double tolerance = TOLERANCE * Math.max(1, shape.spread / 20);
    for (int r = 0; r < rows.size(); r++) {
      int s = rows.get(r)[0];
      for (int h = 0; h < shape.heads; h++) {
        int kvHead = h / (shape.heads / shape.kvHeads);
        double[] expected =
            AttentionOracle.attend(
                Numbers.slice(
                    queries, OFFSET + r * shape.queryStride() + h * shape.keyWidth, shape.keyWidth),
                keys[s][kvHead],
                values[s][kvHead],
                rows.get(r)[1],
                new AttentionOracle.Options(
                    scale, shape.softCap, shape.alibi ? slopes[h] : 0, shape.window, shape.all));
        Numbers.close(
            "row " + r + " head " + h,
            Numbers.slice(out, r * outStride + h * shape.valueWidth, shape.valueWidth),
            expected,
            tolerance);
      }
    }
    for (int i = rows.size() * outStride; i < out.getSize(); i++) {
      assertThat(out.get(i)).as("element %d, beyond the rows", i).isEqualTo(7);
    }
  }

  private static void launch(
      Case shape,
      boolean decode,
      CacheFixture cache,
      int capacity,
      IntArray pass,
      FloatArray q,
      float[] slopes,
      float scale,
      FloatArray out) {
    int flags =
        (shape.half ? AttentionPlan.HALF : 0)
            | (shape.alibi ? AttentionPlan.ALIBI : 0)
            | (shape.all ? AttentionPlan.ALL : 0);
    int plan = AttentionPlan.of(shape.headsPerGroup, shape.splits, shape.items, flags);
    int shares = AttentionPlan.shares(shape.heads, shape.kvHeads, shape.headsPerGroup);
    int lists = Packed.of(capacity, cache.maxPages);
    int heads = Packed.of(shape.heads, shape.kvHeads);
    int widths = Packed.of(shape.keyWidth, shape.valueWidth);
    int queryAt = Packed.of(OFFSET, shape.queryStride());
    IntArray cursor = cache.cursor(shape.window, 1);
    FloatArray slopeArray = Numbers.array(slopes);
    FloatArray workspace =
        new FloatArray(
            Math.toIntExact(
                AttentionKernels.workspaceFloats(
                    capacity, shape.heads, shape.splits, shape.valueWidth)));
    // What a group takes must be there on every device, and be what the host is told.
    int floats =
        decode
            ? AttentionKernels.decodeLocalFloats(
                shape.headsPerGroup, shape.keyWidth, shape.valueWidth, shape.items)
            : PrefillKernels.localFloats(shape.headsPerGroup, shape.keyWidth, shape.valueWidth);
    assertThat(4 * floats).as("bytes of local memory").isLessThanOrEqualTo(48 << 10);
    DeviceRun device = new DeviceRun();
    device.in(pass, cursor, q, cache.k16, cache.v16, cache.k32, cache.v32, slopeArray, out);
    if (decode) {
      device.task(
          "decode",
          shape.kvHeads * shares * shape.splits,
          shape.items,
          capacity,
          graph ->
              graph.task(
                  "decode",
                  AttentionKernels::decode,
                  device.context,
                  pass,
                  cursor,
                  q,
                  cache.k16,
                  cache.v16,
                  cache.k32,
                  cache.v32,
                  slopeArray,
                  workspace,
                  CacheFixture.SLOT,
                  cache.pages,
                  lists,
                  heads,
                  widths,
                  queryAt,
                  plan,
                  scale,
                  shape.softCap));
      device.task(
          "combine",
          shape.heads,
          32,
          capacity,
          graph ->
              graph.task(
                  "combine",
                  AttentionKernels::combine,
                  device.context,
                  pass,
                  workspace,
                  out,
                  shape.heads,
                  shape.valueWidth,
                  shape.splits,
                  shape.outStride(true)));
    } else {
      device.task(
          "prefill",
          shape.kvHeads * shares,
          shape.items,
          capacity,
          graph ->
              graph.task(
                  "prefill",
                  PrefillKernels::attention,
                  device.context,
                  pass,
                  cursor,
                  q,
                  cache.k16,
                  cache.v16,
                  cache.k32,
                  cache.v32,
                  slopeArray,
                  out,
                  CacheFixture.SLOT,
                  cache.pages,
                  lists,
                  heads,
                  widths,
                  queryAt,
                  plan,
                  scale,
                  shape.softCap));
    }
    device.out(out).run();
  }
}
