package org.zonda.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.zonda.kernels.oracle.TopOracle;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

class TopKernelsTest {

  @ParameterizedTest
  @CsvSource({
    // vocabulary, best, rows, groups, items, distinct values (0: all different)
    "1, 1, 1, 1, 32, 0",
    "512, 1, 3, 4, 64, 0",
    "1009, 1, 2, 7, 32, 0",
    "1009, 40, 2, 7, 32, 0",
    "1009, 64, 2, 16, 16, 0",
    "64, 64, 1, 8, 32, 0",
    "70, 64, 2, 16, 16, 0",
    "1009, 40, 3, 7, 32, 5",
    "1009, 1, 3, 7, 32, 1",
    "300, 10, 2, 32, 64, 2",
    "32003, 40, 1, 32, 64, 0",
    "128257, 1, 2, 64, 128, 0"
  })
  void best(int vocabulary, int best, int rows, int groups, int items, int distinct) {
    Random random = new Random(vocabulary + best);
    int stride = vocabulary + 3;
    float[] logits = Numbers.gaussian(random, rows * stride);
    if (distinct > 0) {
      for (int i = 0; i < logits.length; i++) {
        logits[i] = random.nextInt(distinct) - 1;
      }
    }
    Top top = top(logits, vocabulary, best, rows, groups, items);
    for (int row = 0; row < rows; row++) {
      float[] line = Numbers.slice(logits, row * stride, vocabulary);
      int[] expected = TopOracle.ids(line, best);
      assertThat(Arrays.copyOfRange(top.ids, row * best, (row + 1) * best))
          .as("row %d", row)
          .isEqualTo(expected);
      for (int n = 0; n < best; n++) {
        assertThat(top.values[row * best + n]).isEqualTo(line[expected[n]]);
      }
    }
  }

  @Test
  void whatIsNotANumberComesLast() {
    int vocabulary = 200;
    float[] logits = new float[vocabulary + 3];
    Arrays.fill(logits, Float.NaN);
    logits[150] = -3;
    logits[20] = Float.NEGATIVE_INFINITY;
    logits[30] = Float.POSITIVE_INFINITY;
    Top top = top(logits, vocabulary, 3, 1, 4, 16);
    assertThat(top.ids[0]).isEqualTo(30);
    assertThat(top.values[0]).isEqualTo(Float.MAX_VALUE);
    assertThat(top.ids[1]).isEqualTo(150);
    assertThat(top.values[1]).isEqualTo(-3);
    assertThat(top.values[2]).isEqualTo(Selection.LOWEST);
  }

  private record Top(int[] ids, float[] values) {}

  private static Top top(
      float[] values, int vocabulary, int best, int rows, int groups, int items) {
    FloatArray logits = Numbers.array(values);
    IntArray pass = Numbers.ints(rows);
    IntArray ids = new IntArray((rows + 1) * groups * best);
    FloatArray candidates = new FloatArray((rows + 1) * groups * best);
    IntArray bestIds = new IntArray((rows + 1) * best);
    bestIds.init(-7);
    FloatArray bestValues = Numbers.filled((rows + 1) * best, -7);
    int mergeItems = Math.max(16, Integer.highestOneBit(2 * groups - 1));
    DeviceRun device = new DeviceRun();
    device
        .in(pass, logits, bestIds, bestValues)
        .task(
            "candidates",
            groups,
            items,
            rows + 1,
            graph ->
                graph.task(
                    "candidates",
                    TopKernels::candidates,
                    device.context,
                    pass,
                    logits,
                    ids,
                    candidates,
                    vocabulary,
                    vocabulary + 3,
                    groups,
                    best))
        .task(
            "merge",
            1,
            mergeItems,
            rows + 1,
            graph ->
                graph.task(
                    "merge",
                    TopKernels::merge,
                    device.context,
                    pass,
                    ids,
                    candidates,
                    bestIds,
                    bestValues,
                    groups,
                    best))
        .out(bestIds, bestValues)
        .run();
    for (int i = rows * best; i < bestIds.getSize(); i++) {
      assertThat(bestIds.get(i)).as("beyond the rows").isEqualTo(-7);
      assertThat(bestValues.get(i)).as("beyond the rows").isEqualTo(-7);
    }
    int[] foundIds = new int[rows * best];
    for (int i = 0; i < foundIds.length; i++) {
      foundIds[i] = bestIds.get(i);
    }
    return new Top(foundIds, Numbers.slice(bestValues, 0, rows * best));
  }
}
