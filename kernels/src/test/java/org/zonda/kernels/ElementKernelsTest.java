package org.zonda.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.zonda.kernels.oracle.ElementOracle;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

class ElementKernelsTest {

  private static final double TOLERANCE = 2e-6;
  private static final float UNTOUCHED = 7;

  @ParameterizedTest
  @CsvSource({
    // activation, width, rows, work rows a row
    "0, 1, 1, 1",
    "0, 100, 3, 1",
    "0, 64, 2, 4",
    "1, 70, 2, 1",
    "2, 70, 2, 1",
    "3, 70, 2, 1",
    "4, 130, 2, 2"
  })
  void gate(int code, int width, int rows, int perRow) {
    Random random = new Random(code + width);
    int outStride = width + 1;
    int work = rows * perRow;
    float[] gates = Numbers.gaussian(random, work * (width + 2));
    for (int i = 0; i < gates.length; i++) {
      gates[i] *= 4;
    }
    float[] ups = Numbers.gaussian(random, work * (width + 3));
    FloatArray gateArray = Numbers.array(gates);
    FloatArray upArray = Numbers.array(ups);
    FloatArray y = Numbers.filled((work + 1) * outStride, UNTOUCHED);
    IntArray pass = Numbers.ints(rows);
    DeviceRun device = touched(y, work + 1, outStride);
    device
        .in(pass, gateArray, upArray)
        .elements(
            "gate",
            width,
            work + 1,
            graph ->
                graph.task(
                    "gate",
                    ElementKernels::gate,
                    device.context,
                    pass,
                    gateArray,
                    upArray,
                    y,
                    code,
                    width,
                    perRow,
                    0,
                    width + 2,
                    0,
                    width + 3,
                    outStride))
        .out(y)
        .run();
    compare(
        y,
        work,
        width,
        outStride,
        i ->
            ElementOracle.gate(
                code,
                gates[i / width * (width + 2) + i % width],
                ups[i / width * (width + 3) + i % width]));
  }

  @ParameterizedTest
  @CsvSource({"0, 1, 1, 1", "0, 100, 3, 1", "1, 70, 2, 2"})
  void gateOfOneArray(int code, int width, int rows, int perRow) {
    int stride = 2 * width + 3;
    int outStride = width + 1;
    int work = rows * perRow;
    float[] values = Numbers.gaussian(new Random(width), work * stride);
    FloatArray x = Numbers.array(values);
    FloatArray y = Numbers.filled((work + 1) * outStride, UNTOUCHED);
    IntArray pass = Numbers.ints(rows);
    DeviceRun device = touched(y, work + 1, outStride);
    device
        .in(pass, x)
        .elements(
            "gate",
            width,
            work + 1,
            graph ->
                graph.task(
                    "gate",
                    ElementKernels::gate,
                    device.context,
                    pass,
                    x,
                    x,
                    y,
                    code,
                    width,
                    perRow,
                    1,
                    stride,
                    width + 2,
                    stride,
                    outStride))
        .out(y)
        .run();
    compare(
        y,
        work,
        width,
        outStride,
        i -> {
          int at = i / width * stride + i % width;
          return ElementOracle.gate(code, values[at + 1], values[at + width + 2]);
        });
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "100, 3", "64, 2"})
  void add(int width, int rows) {
    Random random = new Random(width);
    float[] left = Numbers.gaussian(random, rows * (width + 1));
    float[] right = Numbers.gaussian(random, rows * (width + 2));
    FloatArray leftArray = Numbers.array(left);
    FloatArray rightArray = Numbers.array(right);
    FloatArray y = Numbers.filled((rows + 1) * width, UNTOUCHED);
    IntArray pass = Numbers.ints(rows);
    DeviceRun device = new DeviceRun();
    device
        .in(pass, leftArray, rightArray, y)
        .elements(
            "add",
            width,
            rows + 1,
            graph ->
                graph.task(
                    "add",
                    ElementKernels::add,
                    device.context,
                    pass,
                    leftArray,
                    rightArray,
                    y,
                    width,
                    width + 1,
                    width + 2,
                    width))
        .out(y)
        .run();
    compare(
        y,
        rows,
        width,
        width,
        i ->
            ElementOracle.add(
                left[i / width * (width + 1) + i % width],
                right[i / width * (width + 2) + i % width]));
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "100, 3", "64, 2"})
  void addTo(int width, int rows) {
    Random random = new Random(width);
    int inStride = width + 1;
    int outStride = width + 2;
    float[] x = Numbers.gaussian(random, rows * inStride);
    float[] before = Numbers.gaussian(random, (rows + 1) * outStride);
    FloatArray xArray = Numbers.array(x);
    FloatArray y = Numbers.array(before);
    IntArray pass = Numbers.ints(rows);
    DeviceRun device = new DeviceRun();
    device
        .in(pass, xArray, y)
        .elements(
            "add",
            width,
            rows + 1,
            graph ->
                graph.task(
                    "add",
                    ElementKernels::addTo,
                    device.context,
                    pass,
                    xArray,
                    y,
                    width,
                    inStride,
                    outStride))
        .out(y)
        .run();
    for (int i = 0; i < before.length; i++) {
      int row = i / outStride;
      int column = i % outStride;
      if (row < rows && column < width) {
        double expected = ElementOracle.add(before[i], x[row * inStride + column]);
        assertThat((double) y.get(i)).isCloseTo(expected, within(expected));
      } else {
        assertThat(y.get(i)).as("element %d, beyond", i).isEqualTo(before[i]);
      }
    }
  }

  private static Offset<Double> within(double expected) {
    return Offset.offset(TOLERANCE * Math.max(1, Math.abs(expected)));
  }

  @Test
  void scale() {
    int width = 70;
    int rows = 3;
    float[] values = Numbers.gaussian(new Random(1), (rows + 1) * width);
    FloatArray x = Numbers.array(values);
    IntArray pass = Numbers.ints(rows);
    DeviceRun device = new DeviceRun();
    device
        .in(pass, x)
        .elements(
            "scale",
            width,
            rows + 1,
            graph ->
                graph.task(
                    "scale",
                    ElementKernels::scale,
                    device.context,
                    pass,
                    x,
                    x,
                    width,
                    width,
                    width,
                    0.3f))
        .out(x)
        .run();
    for (int i = 0; i < values.length; i++) {
      double expected = i < rows * width ? ElementOracle.scale(values[i], 0.3f) : values[i];
      assertThat((double) x.get(i)).isCloseTo(expected, within(expected));
    }
  }

  /**
   * A run that begins by reading and writing an array: what is only written TornadoVM does not copy
   * to the device, and then its old content cannot be looked for afterwards.
   */
  private static DeviceRun touched(FloatArray y, int rows, int stride) {
    IntArray all = Numbers.ints(rows);
    DeviceRun device = new DeviceRun();
    return device
        .in(all, y)
        .elements(
            "touch",
            stride,
            rows,
            graph ->
                graph.task(
                    "touch",
                    ElementKernels::scale,
                    device.context,
                    all,
                    y,
                    y,
                    stride,
                    stride,
                    stride,
                    1f));
  }

  /** Rows of y against an oracle; what is beyond must be untouched. */
  private static void compare(
      FloatArray y, int rows, int width, int stride, IntToDoubleFunction oracle) {
    for (int i = 0; i < y.getSize(); i++) {
      int row = i / stride;
      int column = i % stride;
      if (row < rows && column < width) {
        double expected = oracle.applyAsDouble(row * width + column);
        assertThat((double) y.get(i)).as("element %d", i).isCloseTo(expected, within(expected));
      } else {
        assertThat(y.get(i)).as("element %d, beyond", i).isEqualTo(UNTOUCHED);
      }
    }
  }
}
