package org.zonda.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.zonda.kernels.oracle.ElementOracle;
import uk.ac.manchester.tornado.api.TaskGraph;
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
                    0,
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
                    0,
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
    float[] left = Numbers.gaussian(random, rows * (width + 1) + 1);
    float[] right = Numbers.gaussian(random, rows * (width + 2) + 2);
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
                    1,
                    width + 1,
                    2,
                    width + 2,
                    0,
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
                left[1 + i / width * (width + 1) + i % width],
                right[2 + i / width * (width + 2) + i % width]));
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

  /** Adds a kernel of one input to a graph. */
  private interface Unary {
    void addTo(TaskGraph graph, DeviceRun device, IntArray pass, FloatArray x, Shape shape);
  }

  /** Rows that lie within longer ones. */
  private record Shape(int width, int offset, int stride) {}

  /** A kernel with its definition. */
  private record Operation(String name, Unary kernel, DoubleUnaryOperator oracle) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Operation scaling() {
    return new Operation(
        "scale",
        (graph, device, pass, x, s) ->
            graph.task(
                "unary",
                ElementKernels::scale,
                device.context,
                pass,
                x,
                x,
                s.width,
                s.offset,
                s.stride,
                s.offset,
                s.stride,
                0.3f),
        x -> ElementOracle.scale(x, 0.3f));
  }

  private static Operation capping() {
    return new Operation(
        "softCap",
        (graph, device, pass, x, s) ->
            graph.task(
                "unary",
                ElementKernels::softCap,
                device.context,
                pass,
                x,
                x,
                s.width,
                s.offset,
                s.stride,
                s.offset,
                s.stride,
                1.5f),
        x -> ElementOracle.softCap(x, 1.5));
  }

  private static Operation activating(int code) {
    return new Operation(
        "activate " + code,
        (graph, device, pass, x, s) ->
            graph.task(
                "unary",
                ElementKernels::activate,
                device.context,
                pass,
                x,
                x,
                s.width,
                s.offset,
                s.stride,
                s.offset,
                s.stride,
                code),
        x -> ElementOracle.activate(code, x));
  }

  static Stream<Arguments> unary() {
    return Stream.concat(
            Stream.of(scaling(), capping()),
            IntStream.rangeClosed(0, 4).mapToObj(c -> activating(c)))
        .flatMap(
            operation ->
                Stream.of(new Shape(70, 0, 70), new Shape(64, 3, 100), new Shape(1, 0, 1))
                    .map(shape -> Arguments.of(operation, shape)));
  }

  /** In place, in rows that are longer: what lies between must stay as it is. */
  @ParameterizedTest
  @MethodSource
  void unary(Operation operation, Shape shape) {
    int rows = 3;
    float[] values = Numbers.gaussian(new Random(1), (rows + 1) * shape.stride + shape.offset);
    for (int i = 0; i < values.length; i++) {
      values[i] *= 4;
    }
    FloatArray x = Numbers.array(values);
    IntArray pass = Numbers.ints(rows);
    DeviceRun device = new DeviceRun();
    device
        .in(pass, x)
        .elements(
            "unary",
            shape.width,
            rows + 1,
            graph -> {
              operation.kernel.addTo(graph, device, pass, x, shape);
              return graph;
            })
        .out(x)
        .run();
    for (int i = 0; i < values.length; i++) {
      int column = (i - shape.offset) % shape.stride;
      boolean within = i >= shape.offset && (i - shape.offset) / shape.stride < rows;
      if (within && column < shape.width) {
        double expected = operation.oracle.applyAsDouble(values[i]);
        assertThat((double) x.get(i)).as("element %d", i).isCloseTo(expected, within(expected));
      } else {
        assertThat(x.get(i)).as("element %d, beyond", i).isEqualTo(values[i]);
      }
    }
  }

  /** Output and input apart, with other strides. */
  @Test
  void scaleElsewhere() {
    int width = 20;
    int rows = 2;
    float[] values = Numbers.gaussian(new Random(2), 1 + rows * (width + 4));
    FloatArray x = Numbers.array(values);
    FloatArray y = Numbers.filled(rows * (width + 1), UNTOUCHED);
    IntArray pass = Numbers.ints(rows);
    DeviceRun device = touched(y, rows, width + 1);
    device
        .in(pass, x)
        .elements(
            "scale",
            width,
            rows,
            graph ->
                graph.task(
                    "scale",
                    ElementKernels::scale,
                    device.context,
                    pass,
                    x,
                    y,
                    width,
                    1,
                    width + 4,
                    0,
                    width + 1,
                    -2f))
        .out(y)
        .run();
    compare(
        y,
        rows,
        width,
        width + 1,
        i -> ElementOracle.scale(values[1 + i / width * (width + 4) + i % width], -2));
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
                    0,
                    stride,
                    0,
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
