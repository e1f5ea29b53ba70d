package org.zonda.bench.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.zonda.kernels.Activations;
import org.zonda.kernels.oracle.ElementOracle;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** What the kernels that go through rows element by element are checked with. */
final class ElementCases {

  private static final double TOLERANCE = 2e-6;

  private static final List<Integer> ACTIVATIONS =
      List.of(
          Activations.SILU,
          Activations.GELU,
          Activations.GELU_TANH,
          Activations.RELU,
          Activations.RELU_SQUARED);

  private ElementCases() {}

  private static CheckCase one(String name, java.util.function.Supplier<Trial> trial) {
    return new CheckCase(name, true, trial);
  }

  private static float[] wide(Random random, int size) {
    float[] values = Inputs.gaussian(random, size);
    for (int i = 0; i < size; i++) {
      values[i] *= 4;
    }
    return values;
  }

  static List<CheckCase> gate() {
    List<CheckCase> cases = new ArrayList<>();
    for (int code : ACTIVATIONS) {
      cases.add(one("width 70, 2 rows, activation " + code, () -> gate(code, 70, 2, 1)));
    }
    cases.add(one("width 1, 1 row", () -> gate(0, 1, 1, 1)));
    cases.add(one("width 64, 2 rows of 4", () -> gate(0, 64, 2, 4)));
    cases.add(one("width 100, no row", () -> gate(0, 100, 0, 1)));
    return cases;
  }

  private static Trial gate(int code, int width, int rows, int perRow) {
    Random random = new Random(code + width);
    int work = rows * perRow;
    int gateStride = width + 2;
    int upStride = width + 3;
    int outStride = width + 1;
    float[] gates = wide(random, Math.max(1, work) * gateStride + 1);
    float[] ups = Inputs.gaussian(random, Math.max(1, work) * upStride + 2);
    FloatArray gateArray = Inputs.floats(gates);
    FloatArray upArray = Inputs.floats(ups);
    FloatArray y = new FloatArray((work + 1) * outStride);
    double[] expected = Trial.untouched(y);
    for (int row = 0; row < work; row++) {
      for (int i = 0; i < width; i++) {
        expected[row * outStride + i] =
            ElementOracle.gate(code, gates[1 + row * gateStride + i], ups[2 + row * upStride + i]);
      }
    }
    IntArray pass = Inputs.ints(rows);
    return new Trial(TOLERANCE)
        .in(pass, gateArray, upArray)
        .filled("y", y, expected)
        .elements(
            "kernel",
            null,
            width,
            work + 1,
            Trial.CONTEXT,
            pass,
            gateArray,
            upArray,
            y,
            code,
            width,
            perRow,
            1,
            gateStride,
            2,
            upStride,
            0,
            outStride);
  }

  static List<CheckCase> add() {
    return Stream.of(new int[] {1, 1}, new int[] {100, 3}, new int[] {64, 2}, new int[] {9, 0})
        .map(s -> one("width " + s[0] + ", " + s[1] + " rows", () -> add(s[0], s[1])))
        .toList();
  }

  private static Trial add(int width, int rows) {
    Random random = new Random(width);
    float[] left = Inputs.gaussian(random, rows * (width + 1) + 1);
    float[] right = Inputs.gaussian(random, rows * (width + 2) + 2);
    FloatArray leftArray = Inputs.floats(left);
    FloatArray rightArray = Inputs.floats(right);
    FloatArray y = new FloatArray((rows + 1) * width);
    double[] expected = Trial.untouched(y);
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < width; i++) {
        expected[row * width + i] =
            ElementOracle.add(left[1 + row * (width + 1) + i], right[2 + row * (width + 2) + i]);
      }
    }
    IntArray pass = Inputs.ints(rows);
    return new Trial(TOLERANCE)
        .in(pass, leftArray, rightArray)
        .filled("y", y, expected)
        .elements(
            "kernel",
            null,
            width,
            rows + 1,
            Trial.CONTEXT,
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
            width);
  }

  static List<CheckCase> addTo() {
    return Stream.of(new int[] {1, 1}, new int[] {100, 3}, new int[] {64, 2}, new int[] {9, 0})
        .map(s -> one("width " + s[0] + ", " + s[1] + " rows", () -> addTo(s[0], s[1])))
        .toList();
  }

  private static Trial addTo(int width, int rows) {
    Random random = new Random(width);
    int inStride = width + 1;
    int outStride = width + 2;
    float[] x = Inputs.gaussian(random, rows * inStride + 1);
    float[] before = Inputs.gaussian(random, (rows + 1) * outStride);
    double[] expected = Inputs.doubles(before);
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < width; i++) {
        int at = row * outStride + i;
        expected[at] = ElementOracle.add(before[at], x[row * inStride + i]);
      }
    }
    FloatArray xArray = Inputs.floats(x);
    FloatArray y = Inputs.floats(before);
    IntArray pass = Inputs.ints(rows);
    return new Trial(TOLERANCE)
        .in(pass, xArray, y)
        .elements(
            "kernel",
            null,
            width,
            rows + 1,
            Trial.CONTEXT,
            pass,
            xArray,
            y,
            width,
            inStride,
            outStride)
        .out("y", y, expected);
  }

  static List<CheckCase> scale() {
    return unary("factor 0.3", 0.3f, x -> ElementOracle.scale(x, 0.3f));
  }

  static List<CheckCase> softCap() {
    return unary("cap 1.5", 1.5f, x -> ElementOracle.softCap(x, 1.5));
  }

  static List<CheckCase> activate() {
    List<CheckCase> cases = new ArrayList<>();
    for (int code : ACTIVATIONS) {
      cases.addAll(unary("activation " + code, code, x -> ElementOracle.activate(code, x)));
    }
    return cases;
  }

  /** In place, in rows that are longer: what lies between must stay as it is; and elsewhere. */
  private static List<CheckCase> unary(String name, Object last, DoubleUnaryOperator oracle) {
    List<CheckCase> cases = new ArrayList<>();
    for (int[] s : new int[][] {{70, 0, 70}, {64, 3, 100}, {1, 0, 1}}) {
      String shape = "width %d of %d, %s".formatted(s[0], s[2], name);
      cases.add(one(shape + ", in place", () -> inPlace(s[0], s[1], s[2], last, oracle)));
      cases.add(one(shape, () -> elsewhere(s[0], s[1], s[2], last, oracle)));
    }
    return cases;
  }

  private static Trial inPlace(
      int width, int offset, int stride, Object last, DoubleUnaryOperator oracle) {
    int rows = 3;
    float[] values = wide(new Random(1), (rows + 1) * stride + offset);
    double[] expected = Inputs.doubles(values);
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < width; i++) {
        int at = offset + row * stride + i;
        expected[at] = oracle.applyAsDouble(values[at]);
      }
    }
    FloatArray x = Inputs.floats(values);
    IntArray pass = Inputs.ints(rows);
    return new Trial(TOLERANCE)
        .in(pass, x)
        .elements(
            "kernel",
            null,
            width,
            rows + 1,
            Trial.CONTEXT,
            pass,
            x,
            x,
            width,
            offset,
            stride,
            offset,
            stride,
            last)
        .out("x", x, expected);
  }

  private static Trial elsewhere(
      int width, int offset, int stride, Object last, DoubleUnaryOperator oracle) {
    int rows = 2;
    int outStride = width + 1;
    float[] values = wide(new Random(2), (rows + 1) * stride + offset);
    FloatArray x = Inputs.floats(values);
    FloatArray y = new FloatArray((rows + 1) * outStride + 2);
    double[] expected = Trial.untouched(y);
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < width; i++) {
        expected[2 + row * outStride + i] = oracle.applyAsDouble(values[offset + row * stride + i]);
      }
    }
    IntArray pass = Inputs.ints(rows);
    return new Trial(TOLERANCE)
        .in(pass, x)
        .filled("y", y, expected)
        .elements(
            "kernel",
            null,
            width,
            rows + 1,
            Trial.CONTEXT,
            pass,
            x,
            y,
            width,
            offset,
            stride,
            2,
            outStride,
            last);
  }
}
