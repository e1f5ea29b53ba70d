package org.zonda.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

class RowsTest {

  @ParameterizedTest
  @CsvSource({"1, 1, 0", "100, 4, 1:3", "64, 5, 4", "70, 3, 0:1:2"})
  void wantedRowsAreGathered(int width, int rows, String list) {
    int[] wanted = Arrays.stream(list.split(":")).mapToInt(Integer::parseInt).toArray();
    int capacity = rows + 2;
    IntArray pass = new IntArray(PassLayout.size(capacity, 1, 1));
    pass.init(-1);
    pass.set(PassLayout.ROWS, rows);
    pass.set(PassLayout.WANTED, wanted.length);
    for (int i = 0; i < wanted.length; i++) {
      pass.set(PassLayout.wanted(capacity) + i, wanted[i]);
    }
    float[] values = Numbers.gaussian(new Random(width), rows * width);
    FloatArray x = Numbers.array(values);
    FloatArray y = Numbers.filled(capacity * width, 7);
    DeviceRun device = new DeviceRun();
    device
        .in(pass, x, y)
        .elements(
            "gather",
            width,
            capacity,
            graph ->
                graph.task("gather", Rows::gather, device.context, pass, x, y, width, capacity))
        .out(y)
        .run();
    for (int i = 0; i < y.getSize(); i++) {
      boolean beyond = i / width >= wanted.length;
      float expected = beyond ? 7 : values[wanted[i / width] * width + i % width];
      assertThat(y.get(i)).as("element %d", i).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 1, 2", "5, 3, 16"})
  void theCursorMovesOnAndGoesBack(int from, int first, int second) {
    IntArray cursor = Numbers.ints(from);
    DeviceRun device = new DeviceRun();
    device
        .in(cursor)
        .task("a", 1, 1, 1, g -> g.task("a", Cursor::advance, device.context, cursor, first))
        .task("b", 1, 1, 1, g -> g.task("b", Cursor::advance, device.context, cursor, second))
        .out(cursor)
        .run();
    assertThat(cursor.get(0)).isEqualTo(from + first + second);

    DeviceRun back = new DeviceRun();
    back.in(cursor)
        .task("a", 1, 1, 1, g -> g.task("a", Cursor::reset, back.context, cursor))
        .out(cursor)
        .run();
    assertThat(cursor.get(0)).isZero();
  }
}
