package org.zonda.bench.lab;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.zonda.kernels.ExpertKernels;
import org.zonda.kernels.TopKernels;
import org.zonda.kernels.oracle.ExpertOracle;
import org.zonda.kernels.oracle.NormOracle;
import org.zonda.kernels.oracle.TopOracle;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** What the kernels that make something of whole rows are checked with. */
final class RowCases {

  private static final int LAYERS = 4;
  private static final int CURSOR = 1;
  private static final int SLOT = 2;

  private RowCases() {}

  /**
   * A norm.
   *
   * @param mean of the inputs; where it is large, a careless variance is wrong
   * @param own whether each head has weights of its own
   */
  private record Norm(
      int width,
      int heads,
      int rows,
      int inOffset,
      int inStride,
      int items,
      boolean inPlace,
      float mean,
      boolean own) {

    int weights() {
      return own ? heads * width : width;
    }

    @Override
    public String toString() {
      return "width %d, %d heads, %d rows, groups of %d%s%s%s"
          .formatted(
              width,
              heads,
              rows,
              items,
              inPlace ? ", in place" : "",
              mean == 0 ? "" : ", mean " + mean,
              own ? ", own weights" : "");
    }
  }

  static List<CheckCase> norm(boolean layerNorm) {
    return Stream.of(
            new Norm(1, 1, 1, 0, 1, 32, false, 0, false),
            new Norm(64, 1, 3, 0, 64, 64, false, 0, false),
            new Norm(288, 1, 2, 0, 288, 128, true, 0, false),
            new Norm(1000, 1, 2, 0, 1003, 256, false, 0, false),
            new Norm(31, 1, 5, 2, 40, 16, false, 1, false),
            new Norm(16, 4, 3, 5, 80, 32, true, 0, true),
            new Norm(80, 3, 2, 7, 260, 64, false, 3, true),
            new Norm(128, 8, 1, 0, 1024, 1, false, 0, false),
            new Norm(300, 1, 2, 0, 300, 64, false, 100, false),
            new Norm(64, 2, 0, 0, 128, 64, false, 0, false))
        .map(norm -> new CheckCase(norm.toString(), true, () -> norm(norm, layerNorm)))
        .toList();
  }

  private static Trial norm(Norm shape, boolean layerNorm) {
    Random random = new Random(shape.toString().hashCode());
    float epsilon = 1e-5f;
    float[] input = Inputs.gaussian(random, shape.inOffset + (shape.rows + 2) * shape.inStride);
    for (int i = 0; i < input.length; i++) {
      input[i] += shape.mean;
    }
    float[] weights = Inputs.gaussian(random, LAYERS * shape.weights());
    float[] biases = Inputs.gaussian(random, LAYERS * shape.weights());
    int outOffset = shape.inPlace ? shape.inOffset : 3;
    int outStride = shape.inPlace ? shape.inStride : shape.heads * shape.width + 1;
    FloatArray x = Inputs.floats(input);
    FloatArray weight = Inputs.floats(weights);
    FloatArray bias = Inputs.floats(biases);
    FloatArray y = shape.inPlace ? x : new FloatArray(outOffset + (shape.rows + 2) * outStride);
    double[] expected = shape.inPlace ? Inputs.doubles(input) : Trial.untouched(y);
    for (int row = 0; row < shape.rows; row++) {
      for (int head = 0; head < shape.heads; head++) {
        int from = shape.inOffset + row * shape.inStride + head * shape.width;
        float[] vector = Inputs.slice(input, from, shape.width);
        int own = (CURSOR + SLOT) * shape.weights() + (shape.own ? head * shape.width : 0);
        float[] w = Inputs.slice(weights, own, shape.width);
        float[] b = Inputs.slice(biases, own, shape.width);
        double[] result =
            layerNorm
                ? NormOracle.layer(vector, w, b, epsilon)
                : NormOracle.rms(vector, w, epsilon);
        System.arraycopy(
            result, 0, expected, outOffset + row * outStride + head * shape.width, shape.width);
      }
    }
    IntArray pass = Inputs.ints(shape.rows);
    IntArray cursor = Inputs.ints(CURSOR);
    // Where the mean is large, floats keep less of the deviations from it.
    Trial trial = new Trial(1e-6 * Math.max(1, Math.abs(shape.mean))).in(pass, cursor, x, weight);
    Stream<Object> arrays =
        layerNorm
            ? Stream.of(Trial.CONTEXT, pass, cursor, x, weight, bias, y)
            : Stream.of(Trial.CONTEXT, pass, cursor, x, weight, y);
    Stream<Object> numbers =
        Stream.of(
            SLOT,
            shape.width,
            shape.heads,
            shape.weights(),
            shape.inOffset,
            shape.inStride,
            outOffset,
            outStride,
            epsilon);
    if (layerNorm) {
      trial.in(bias);
    }
    if (!shape.inPlace) {
      trial.filled("y", y, expected);
    }
    trial.launch(
        "kernel",
        null,
        shape.heads,
        shape.items,
        shape.rows + 2,
        Stream.concat(arrays, numbers).toArray());
    return shape.inPlace ? trial.out("y", y, expected) : trial;
  }

  /** One search for the best logits; with few distinct values many are equal. */
  private record Top(int vocabulary, int best, int rows, int groups, int items, int distinct) {

    @Override
    public String toString() {
      return "%d of %d, %d rows, %d groups of %d%s"
          .formatted(
              best,
              vocabulary,
              rows,
              groups,
              items,
              distinct > 0 ? ", " + distinct + " distinct values" : "");
    }
  }

  static List<CheckCase> top(boolean merge) {
    return Stream.of(
            new Top(1, 1, 1, 1, 32, 0),
            new Top(512, 1, 3, 4, 64, 0),
            new Top(1009, 40, 2, 7, 32, 0),
            new Top(70, 64, 2, 16, 16, 0),
            new Top(1009, 40, 3, 7, 32, 5),
            new Top(300, 10, 2, 32, 64, 2),
            new Top(32003, 5, 1, 32, 64, 0))
        .map(top -> new CheckCase(top.toString(), true, () -> top(top, merge)))
        .toList();
  }

  private static Trial top(Top shape, boolean merge) {
    Random random = new Random(shape.vocabulary + shape.best);
    int stride = shape.vocabulary + 3;
    float[] values = Inputs.gaussian(random, shape.rows * stride);
    for (int i = 0; shape.distinct > 0 && i < values.length; i++) {
      values[i] = random.nextInt(shape.distinct) - 1;
    }
    int candidates = (shape.rows + 1) * shape.groups * shape.best;
    FloatArray logits = Inputs.floats(values);
    IntArray pass = Inputs.ints(shape.rows);
    IntArray ids = new IntArray(candidates);
    FloatArray found = new FloatArray(candidates);
    IntArray bestIds = new IntArray((shape.rows + 1) * shape.best);
    FloatArray bestValues = new FloatArray((shape.rows + 1) * shape.best);
    double[] expectedIds = Trial.untouched(bestIds);
    double[] expectedValues = Trial.untouched(bestValues);
    for (int row = 0; row < shape.rows; row++) {
      float[] line = Inputs.slice(values, row * stride, shape.vocabulary);
      int[] best = TopOracle.ids(line, shape.best);
      for (int n = 0; n < shape.best; n++) {
        expectedIds[row * shape.best + n] = best[n];
        expectedValues[row * shape.best + n] = line[best[n]];
      }
    }
    return new Trial(0)
        .in(pass, logits)
        .filled("bestIds", bestIds, expectedIds)
        .filled("bestValues", bestValues, expectedValues)
        .launch(
            merge ? "candidates" : "kernel",
            merge ? KernelTask.of(TopKernels.class, "candidates") : null,
            shape.groups,
            shape.items,
            shape.rows + 1,
            Trial.CONTEXT,
            pass,
            logits,
            ids,
            found,
            shape.vocabulary,
            stride,
            shape.groups,
            shape.best)
        .launch(
            merge ? "kernel" : "merge",
            merge ? null : KernelTask.of(TopKernels.class, "merge"),
            1,
            Math.max(16, Integer.highestOneBit(2 * shape.groups - 1)),
            shape.rows + 1,
            Trial.CONTEXT,
            pass,
            ids,
            found,
            bestIds,
            bestValues,
            shape.groups,
            shape.best);
  }

  static List<CheckCase> route() {
    return Stream.of(
            new int[] {1, 1, 1, 32, 0},
            new int[] {4, 2, 3, 32, 0},
            new int[] {8, 8, 2, 16, 0},
            new int[] {60, 6, 3, 16, 3},
            new int[] {128, 8, 2, 64, 0},
            new int[] {64, 8, 2, 64, 1})
        .map(
            s ->
                new CheckCase(
                    "%d of %d experts, %d rows, groups of %d%s"
                        .formatted(s[1], s[0], s[2], s[3], s[4] > 0 ? ", equal logits" : ""),
                    true,
                    () -> route(s[0], s[1], s[2], s[3], s[4])))
        .toList();
  }

  private static Trial route(int experts, int used, int rows, int items, int distinct) {
    Random random = new Random(experts * 31L + used);
    int stride = experts + 1;
    float[] values = Inputs.gaussian(random, rows * stride);
    for (int i = 0; distinct > 0 && i < values.length; i++) {
      values[i] = random.nextInt(distinct) * 0.5f;
    }
    FloatArray logits = Inputs.floats(values);
    IntArray route = new IntArray((rows + 1) * used);
    FloatArray weights = new FloatArray((rows + 1) * used);
    double[] expectedRoute = Trial.untouched(route);
    double[] expectedWeights = Trial.untouched(weights);
    for (int row = 0; row < rows; row++) {
      List<ExpertOracle.Choice> choices =
          ExpertOracle.route(Inputs.slice(values, row * stride, experts), used);
      for (int n = 0; n < used; n++) {
        expectedRoute[row * used + n] = choices.get(n).expert();
        expectedWeights[row * used + n] = choices.get(n).weight();
      }
    }
    IntArray pass = Inputs.ints(rows);
    return new Trial(2e-6)
        .in(pass, logits)
        .filled("route", route, expectedRoute)
        .filled("weights", weights, expectedWeights)
        .launch(
            "kernel",
            null,
            1,
            items,
            rows + 1,
            Trial.CONTEXT,
            pass,
            logits,
            route,
            weights,
            experts,
            used,
            stride);
  }

  static List<CheckCase> mixture() {
    return Stream.of(
            new int[] {1, 1, 1, 0},
            new int[] {100, 2, 3, 0},
            new int[] {64, 8, 2, 1},
            new int[] {70, 3, 2, 1})
        .map(
            s ->
                new CheckCase(
                    "width %d, %d experts, %d rows%s"
                        .formatted(s[0], s[1], s[2], s[3] > 0 ? ", added" : ""),
                    true,
                    () -> mixture(s[0], s[1], s[2], s[3] > 0)))
        .toList();
  }

  private static Trial mixture(int width, int used, int rows, boolean accumulate) {
    Random random = new Random(width);
    int outStride = width + 1;
    float[] results = Inputs.gaussian(random, rows * used * width);
    float[] shares = Inputs.gaussian(random, rows * used);
    FloatArray y = Inputs.floats(results);
    FloatArray weights = Inputs.floats(shares);
    FloatArray out = new FloatArray((rows + 1) * outStride);
    double[] expected = Trial.untouched(out);
    for (int row = 0; row < rows; row++) {
      int first = row * used;
      float[][] vectors =
          IntStream.range(first, first + used)
              .mapToObj(s -> Inputs.slice(results, s * width, width))
              .toArray(float[][]::new);
      double[] sum = ExpertOracle.mix(vectors, Arrays.copyOfRange(shares, first, first + used));
      for (int i = 0; i < width; i++) {
        int at = row * outStride + i;
        expected[at] = accumulate ? expected[at] + sum[i] : sum[i];
      }
    }
    IntArray pass = Inputs.ints(rows);
    return new Trial(2e-6)
        .in(pass, y, weights)
        .filled("out", out, expected)
        .elements(
            "kernel",
            null,
            width,
            rows + 1,
            Trial.CONTEXT,
            pass,
            y,
            weights,
            out,
            used,
            width,
            outStride,
            accumulate ? ExpertKernels.ACCUMULATE : 0);
  }
}
