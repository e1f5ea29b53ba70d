package org.zonda.bench.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.zonda.kernels.Int8Input;
import org.zonda.kernels.PassLayout;
import org.zonda.kernels.TensorKernels;
import org.zonda.kernels.oracle.MatrixOracle;
import org.zonda.kernels.oracle.MatrixValues;
import org.zonda.kernels.oracle.MoveOracle;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/** What the kernels that move and round numbers are checked with, and the tensor cores' product. */
final class MoveCases {

  private MoveCases() {}

  private static CheckCase one(String name, Supplier<Trial> trial) {
    return new CheckCase(name, true, trial);
  }

  static List<CheckCase> gather() {
    return Stream.of(new int[] {0}, new int[] {1, 3}, new int[] {4}, new int[] {0, 1, 2})
        .map(wanted -> one(wanted.length + " of 5 rows", () -> gather(wanted)))
        .toList();
  }

  private static Trial gather(int[] wanted) {
    int rows = 5;
    int width = 70;
    int capacity = rows + 2;
    IntArray pass = new IntArray(PassLayout.size(capacity, 1, 1));
    pass.init(-1);
    pass.set(PassLayout.ROWS, rows);
    pass.set(PassLayout.WANTED, wanted.length);
    for (int i = 0; i < wanted.length; i++) {
      pass.set(PassLayout.wanted(capacity) + i, wanted[i]);
    }
    float[] values = Inputs.gaussian(new Random(width), rows * width);
    FloatArray x = Inputs.floats(values);
    FloatArray y = new FloatArray(capacity * width);
    return new Trial(0)
        .in(pass, x)
        .filled("y", y, begun(y, MoveOracle.gather(values, width, wanted)))
        .elements("kernel", null, width, capacity, Trial.CONTEXT, pass, x, y, width, capacity);
  }

  /** An output that begins with some values. */
  private static double[] begun(FloatArray y, float[] values) {
    double[] expected = Trial.untouched(y);
    System.arraycopy(Inputs.doubles(values), 0, expected, 0, values.length);
    return expected;
  }

  static List<CheckCase> copy() {
    return Stream.of(new int[] {1, 1}, new int[] {100, 3}, new int[] {64, 0})
        .map(s -> one("width " + s[0] + ", " + s[1] + " rows", () -> copy(s[0], s[1])))
        .toList();
  }

  private static Trial copy(int width, int rows) {
    float[] values = Inputs.gaussian(new Random(width), (rows + 1) * width);
    int[] all = IntStream.range(0, rows).toArray();
    FloatArray x = Inputs.floats(values);
    FloatArray y = new FloatArray((rows + 1) * width);
    IntArray pass = Inputs.ints(rows);
    return new Trial(0)
        .in(pass, x)
        .filled("y", y, begun(y, MoveOracle.gather(values, width, all)))
        .elements("kernel", null, width, rows + 1, Trial.CONTEXT, pass, x, y, width);
  }

  static List<CheckCase> advance() {
    return Stream.of(new int[] {0, 1}, new int[] {5, 16})
        .map(s -> one("from " + s[0] + " by " + s[1], () -> cursorAdvance(s[0], s[1])))
        .toList();
  }

  static List<CheckCase> reset() {
    return List.of(one("three ints", MoveCases::cursorReset));
  }

  private static Trial cursorReset() {
    IntArray cursor = new IntArray(3);
    double[] expected = Trial.untouched(cursor);
    expected[0] = 0;
    return new Trial(0)
        .filled("cursor", cursor, expected)
        .launch("kernel", null, 1, 1, 1, Trial.CONTEXT, cursor);
  }

  private static Trial cursorAdvance(int from, int by) {
    IntArray cursor = Inputs.ints(from, 3, 4);
    return new Trial(0)
        .in(cursor)
        .launch("kernel", null, 1, 1, 1, Trial.CONTEXT, cursor, by)
        .out("cursor", cursor, new double[] {MoveOracle.advance(from, by), 3, 4});
  }

  static List<CheckCase> int8() {
    List<CheckCase> cases = new ArrayList<>();
    for (int order : new int[] {Int8Input.IN_TURN, Int8Input.EVEN_ODD}) {
      String name = order == Int8Input.IN_TURN ? "in turn" : "even and odd";
      cases.add(one("width 32, 1 row, " + name, () -> int8(32, 1, 1, order)));
      cases.add(one("width 160, 3 rows of 2, " + name, () -> int8(160, 3, 2, order)));
    }
    return cases;
  }

  /** Values that are not near the middle of two integers, and a block of zeros. */
  private static Trial int8(int width, int rows, int perRow, int order) {
    Random random = new Random(width);
    int stride = width + 3;
    int inputs = rows * perRow;
    float[] values = new float[inputs * stride];
    IntArray q = new IntArray((inputs + 1) * width / 4);
    FloatArray d = new FloatArray((inputs + 1) * width / 32);
    double[] words = Trial.untouched(q);
    double[] scales = Trial.untouched(d);
    for (int row = 0; row < inputs; row++) {
      for (int first = 0; first < width; first += 32) {
        float scale = Math.scalb(1f, random.nextInt(-20, 5));
        float[] block = new float[32];
        boolean zero = row == 1 && first == 32;
        for (int k = 0; k < 32 && !zero; k++) {
          int number = k == 7 ? -127 : random.nextInt(-126, 127);
          block[k] = scale * (k == 7 ? number : number + 0.6f * (random.nextFloat() - 0.5f));
        }
        System.arraycopy(block, 0, values, row * stride + first, 32);
        int[] packed = new int[8];
        int[] numbers = MoveOracle.int8(block);
        for (int k = 0; k < 32; k++) {
          boolean inTurn = order == Int8Input.IN_TURN;
          int word = inTurn ? k / 4 : k / 8 * 2 + k % 2;
          int place = inTurn ? k % 4 : k % 8 / 2;
          packed[word] |= (numbers[k] & 255) << 8 * place;
        }
        for (int i = 0; i < 8; i++) {
          words[(row * width + first) / 4 + i] = packed[i];
        }
        scales[(row * width + first) / 32] = MoveOracle.int8Scale(block);
      }
    }
    FloatArray x = Inputs.floats(values);
    IntArray pass = Inputs.ints(rows);
    return new Trial(1e-6)
        .in(pass, x)
        .filled("q", q, words)
        .filled("d", d, scales)
        .launch(
            "kernel",
            null,
            Math.ceilDiv(width / 4, 64),
            64,
            inputs + 1,
            Trial.CONTEXT,
            pass,
            x,
            q,
            d,
            width,
            stride,
            perRow,
            order);
  }

  static List<CheckCase> halve() {
    return Stream.of(new int[] {16, 1}, new int[] {70, 3}, new int[] {64, 0})
        .map(s -> one("width " + s[0] + ", " + s[1] + " rows", () -> halve(s[0], s[1])))
        .toList();
  }

  private static Trial halve(int width, int rows) {
    int stride = width + 5;
    float[] values = Inputs.gaussian(new Random(width), (rows + 1) * stride);
    HalfFloatArray h = new HalfFloatArray((rows + 1) * width);
    double[] expected = Trial.untouched(h);
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < width; i++) {
        expected[row * width + i] = MoveOracle.half(values[row * stride + i]);
      }
    }
    FloatArray x = Inputs.floats(values);
    IntArray pass = Inputs.ints(rows);
    return new Trial(0)
        .in(pass, x)
        .filled("h", h, expected)
        .elements("kernel", null, width, rows + 1, Trial.CONTEXT, pass, x, h, width, stride);
  }

  static List<CheckCase> tensorCores() {
    return Stream.of(
            new int[] {8, 16, 1, 1},
            new int[] {72, 48, 17, 2},
            new int[] {64, 32, 64, 1},
            new int[] {136, 80, 65, 3})
        .map(
            s ->
                one(
                    "%d x %d, pass of %d, layer %d of %d"
                        .formatted(s[0], s[1], s[2], s[3] - 1, s[3]),
                    () -> tensorCores(s[0], s[1], s[2], s[3])))
        .toList();
  }

  private static Trial tensorCores(int rows, int columns, int work, int layers) {
    Random random = new Random(rows);
    int capacity = Math.ceilDiv(work, TensorKernels.WARP_ROWS) * TensorKernels.WARP_ROWS;
    HalfFloatArray h = Inputs.halves(capacity * columns, 1, random);
    HalfFloatArray w = Inputs.halves(layers * rows * columns, 0.1f, random);
    FloatArray x = new FloatArray(capacity * columns);
    for (int i = 0; i < x.getSize(); i++) {
      x.set(i, h.get(i).getFloat32());
    }
    // Rows beyond the pass, up to a warp's, repeat its last one.
    for (int i = work * columns; i < x.getSize(); i++) {
      x.set(i, x.get((work - 1) * columns + i % columns));
    }
    FloatArray y = new FloatArray(capacity * rows);
    double[] expected = Trial.untouched(y);
    new MatrixOracle(MatrixValues.f16(w, columns), layers - 1, 1, rows, columns, columns, rows, 0)
        .matvec(capacity, null, 1, x, x, expected);
    IntArray pass = Inputs.ints(work);
    IntArray cursor = Inputs.ints(layers - 1);
    return new Trial(2e-5)
        .in(pass, cursor, h, w)
        .filled("y", y, expected)
        .launch(
            "kernel",
            null,
            Math.ceilDiv(rows, TensorKernels.TILE),
            TensorKernels.GROUP,
            Math.ceilDiv(work, TensorKernels.TILE),
            Trial.CONTEXT,
            pass,
            cursor,
            h,
            w,
            y,
            0,
            1,
            rows,
            columns,
            rows);
  }

  /** One of the kernels that touch four arrays: of ints, floats or half floats. */
  static List<CheckCase> touch(Class<?> type, boolean clear) {
    return List.of(one("four arrays", () -> clear ? clear(type) : read(type)));
  }

  private static Trial read(Class<?> type) {
    double[] first = {3, 5, -7, 11};
    Object[] arrays = new Object[4];
    for (int i = 0; i < 4; i++) {
      arrays[i] = array(type, (int) first[i]);
    }
    double sum = MoveOracle.touch(first);
    Trial trial = new Trial(0).in(arrays);
    if (type == IntArray.class) {
      IntArray sink = new IntArray(1);
      trial.filled("sink", sink, new double[] {sum});
      return touch(trial, arrays, sink);
    }
    FloatArray sink = new FloatArray(1);
    trial.filled("sink", sink, new double[] {sum});
    return touch(trial, arrays, sink);
  }

  private static Trial touch(Trial trial, Object[] arrays, Object sink) {
    return trial.launch(
        "kernel", null, 1, 1, 1, Trial.CONTEXT, arrays[0], arrays[1], arrays[2], arrays[3], sink);
  }

  private static Trial clear(Class<?> type) {
    Trial trial = new Trial(0);
    Object[] arguments = new Object[5];
    arguments[0] = Trial.CONTEXT;
    for (int i = 0; i < 4; i++) {
      TornadoNativeArray array = array(type, 1);
      arguments[i + 1] = array;
      double[] expected = Trial.untouched(array);
      expected[0] = 0;
      trial.filled("abcd".substring(i, i + 1), array, expected);
    }
    return trial.launch("kernel", null, 1, 1, 1, arguments);
  }

  private static TornadoNativeArray array(Class<?> type, int value) {
    if (type == IntArray.class) {
      return Inputs.ints(value, 2, 3);
    }
    if (type == FloatArray.class) {
      return Inputs.floats(value, 2f, 3f);
    }
    HalfFloatArray array = new HalfFloatArray(3);
    array.init(new HalfFloat(value));
    return array;
  }
}
