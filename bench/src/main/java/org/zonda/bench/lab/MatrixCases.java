package org.zonda.bench.lab;

import static org.zonda.kernels.MatrixFlags.ACCUMULATE;
import static org.zonda.kernels.MatrixFlags.BIAS;
import static org.zonda.kernels.MatrixFlags.SHARED_INPUT;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.zonda.kernels.Activations;
import org.zonda.kernels.Int8Input;
import org.zonda.kernels.MatrixFlags;
import org.zonda.kernels.PassLayout;
import org.zonda.kernels.Tiles;
import org.zonda.kernels.oracle.MatrixOracle;
import org.zonda.kernels.oracle.MatrixValues;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** What the matrix kernels of a format are checked with. */
final class MatrixCases {

  /** What inputs are like. */
  enum Values {
    ORDINARY("", 1),
    ZERO(", inputs zero", 0),
    LARGE(", inputs near 1e6", 1e6f),
    TINY(", inputs near 1e-30", 1e-30f),
    NOT_A_NUMBER(", an input is NaN", 1),
    EXTREME(", weights at their extremes", 1);

    private final String text;
    private final float factor;

    Values(String text, float factor) {
      this.text = text;
      this.factor = factor;
    }
  }

  /** The kernels that have the same parameters but for the planes. */
  enum Entry {
    MATVEC,
    GATED,
    MATMUL,
    EMBED
  }

  /** Results are off by the rounding of their sums. */
  private static final double TOLERANCE = 2e-5;

  /** In a warp four products are one instruction, and its inputs are rounded as the oracle's. */
  private static final int WARP = 32;

  private final MatrixFormat format;

  MatrixCases(MatrixFormat format) {
    this.format = format;
  }

  /** All cases of an entry. */
  List<CheckCase> of(Entry entry) {
    List<CheckCase> cases = new ArrayList<>();
    for (MatrixShape shape : shapes(entry)) {
      cases.add(one(entry, shape, Values.ORDINARY));
    }
    MatrixShape usual =
        entry == Entry.MATMUL
            ? MatrixShape.plain(37, 2 * format.block(), 19, 0, 16)
            : MatrixShape.plain(37, 2 * format.block(), 3, 128, 32);
    if (entry == Entry.EMBED) {
      cases.add(one(entry, usual, Values.EXTREME));
    } else {
      for (Values values : Values.values()) {
        if (values != Values.ORDINARY) {
          cases.add(one(entry, usual, values));
        }
      }
    }
    return cases;
  }

  private CheckCase one(Entry entry, MatrixShape shape, Values values) {
    return new CheckCase(
        shape + values.text,
        values != Values.NOT_A_NUMBER,
        () -> entry == Entry.EMBED ? embed(shape, values) : product(entry, shape, values));
  }

  /** Rows that do not fill a group, few and many columns, stacks, strides, none to many rows. */
  private List<MatrixShape> shapes(Entry entry) {
    int block = format.block();
    List<MatrixShape> shapes = new ArrayList<>();
    switch (entry) {
      case MATVEC, GATED -> {
        shapes.add(MatrixShape.plain(1, block, 1, 32, 32));
        shapes.add(MatrixShape.plain(37, 3 * block, 1, 128, 32));
        shapes.add(new MatrixShape(16, 5 * block, 3, 1, 1, 1, 3, 4, 5, 0, 64, 16));
        shapes.add(new MatrixShape(9, 2 * block, 4, 2, 2, 1, 2, 2, 3, 0, 256, 32));
        shapes.add(new MatrixShape(5, 2 * block, 1, 1, 0, 0, 0, 3, 0, 0, 64, 32));
        shapes.add(new MatrixShape(70, block, 2, 1, 0, 1, 4, 4, 1, 0, 32, 4));
        shapes.add(MatrixShape.plain(3, 9 * block, 2, 64, 64));
        shapes.add(MatrixShape.plain(6, Math.max(block, 1088 / block * block), 1, 64, 16));
        shapes.add(new MatrixShape(21, 3 * block, 2, 1, 1, 0, 3, 4, 2, BIAS, 64, 32));
        shapes.add(MatrixShape.routed(19, 2 * block, 3, 4, 0));
        shapes.add(MatrixShape.routed(6, block, 4, 8, SHARED_INPUT | BIAS));
        if (entry == Entry.MATVEC) {
          shapes.add(new MatrixShape(21, block, 2, 1, 1, 0, 2, 2, 0, BIAS | ACCUMULATE, 64, 8));
        }
      }
      case MATMUL -> {
        shapes.add(MatrixShape.plain(32, block, 32, 0, 32));
        shapes.add(new MatrixShape(1, 2 * block, 1, 1, 0, 0, 1, 40, 0, 0, 0, 32));
        shapes.add(new MatrixShape(45, 3 * block, 3, 1, 1, 1, 40, 70, 3, 0, 0, 32));
        shapes.add(new MatrixShape(33, 2 * block, 2, 2, 0, 1, 17, 17, 0, ACCUMULATE, 0, 16));
        shapes.add(new MatrixShape(20, block, 2, 1, 1, 0, 33, 33, 1, ACCUMULATE | BIAS, 0, 32));
        shapes.add(new MatrixShape(70, block, 1, 1, 0, 0, 66, 66, 0, BIAS, 0, 64));
        shapes.add(new MatrixShape(5, block, 1, 1, 0, 0, 0, 5, 0, 0, 0, 32));
      }
      case EMBED -> {
        shapes.add(MatrixShape.plain(11, block, 1, 32, 1));
        shapes.add(new MatrixShape(50, 3 * block, 1, 1, 0, 0, 5, 7, 6, 0, 64, 1));
      }
    }
    return shapes;
  }

  /** The arrays of a launch, and what the oracle knows of them. */
  private final class Data {
    final MatrixShape shape;
    final Random random;
    final Object[] planes;
    final MatrixValues weights;
    final int inStride;
    final int outStride;
    final IntArray pass;
    final IntArray cursor;
    final int[] route;
    final FloatArray x;
    final FloatArray bias;
    final FloatArray y;

    Data(MatrixShape shape, Values values, int parts, int outWidth) {
      this.shape = shape;
      random = new Random(shape.toString().hashCode());
      int stack = shape.layers() * shape.perLayer() * shape.rows() * parts;
      planes =
          format.random(
              Math.multiplyExact(stack, shape.columns()),
              values == Values.EXTREME ? MatrixFormat.Bits.EXTREME : MatrixFormat.Bits.RANDOM,
              random);
      weights = format.meaning().of(planes, shape.columns());
      inStride = shape.columns() + shape.padding();
      outStride = outWidth + shape.padding();
      pass = new IntArray(PassLayout.size(shape.capacity(), 1, 1));
      pass.init(0);
      pass.set(PassLayout.ROWS, shape.work());
      cursor = Inputs.ints(shape.cursor());
      route = random.ints(Math.max(1, shape.items()), 0, shape.perLayer()).toArray();
      x = Inputs.floats(inputs(values, Math.max(1, shape.items()) * inStride));
      bias = Inputs.floats(Inputs.gaussian(random, stack));
      y = new FloatArray(Math.max(1, Math.max(shape.capacity(), shape.items()) * outStride));
    }

    private float[] inputs(Values values, int size) {
      float[] floats = Inputs.gaussian(random, size);
      for (int i = 0; i < size; i++) {
        floats[i] *= values.factor;
      }
      if (values == Values.NOT_A_NUMBER) {
        floats[shape.columns() / 2] = Float.NaN;
      }
      return floats;
    }

    MatrixOracle oracle() {
      return new MatrixOracle(
          weights,
          shape.cursor() + shape.slot(),
          shape.perLayer(),
          shape.rows(),
          shape.columns(),
          inStride,
          outStride,
          shape.flags());
    }

    /** What y must be after {@code matvec}, {@code matmul} or {@code gated}. */
    double[] expected(Entry entry) {
      double[] expected = Trial.untouched(y);
      int used = MatrixShape.USED;
      if (entry == Entry.GATED) {
        oracle().gated(shape.items(), route, used, Activations.SILU, x, bias, expected);
      } else {
        oracle().matvec(shape.items(), route, used, x, bias, expected);
      }
      return expected;
    }

    /** The arguments of a kernel, its planes among them. */
    Object[] arguments(Object[] before, Object[] after) {
      Stream<Object> layout = format.isPacked() ? Stream.of(format.layout()) : Stream.empty();
      return Stream.of(Stream.of(before), Stream.of(planes), Stream.of(after), layout)
          .flatMap(part -> part)
          .toArray();
    }

    /** Products of inputs and weights are of the inputs' order, gated ones of its square. */
    Trial trial(Entry entry, Values values) {
      double magnitude =
          entry == Entry.GATED ? (double) values.factor * values.factor : values.factor;
      return new Trial(TOLERANCE, magnitude).in(pass, cursor, x, bias).in(planes);
    }
  }

  private Trial product(Entry entry, MatrixShape shape, Values values) {
    Data data = new Data(shape, values, entry == Entry.GATED ? 2 : 1, shape.rows());
    IntArray routes = Inputs.ints(data.route);
    double[] expected = data.expected(entry);
    Object[] arguments =
        data.arguments(
            new Object[] {Trial.CONTEXT, data.pass, data.cursor, routes, data.x},
            new Object[] {
              data.bias,
              data.y,
              shape.slot(),
              shape.perLayer(),
              shape.rows(),
              shape.columns(),
              data.inStride,
              data.outStride,
              shape.flags() | MatrixFlags.activation(Activations.SILU),
              shape.lanes()
            });
    Trial trial = data.trial(entry, values).in(routes).filled("y", data.y, expected);
    if (entry == Entry.MATMUL) {
      int tile = shape.lanes();
      return trial.launch(
          "kernel",
          null,
          Math.ceilDiv(shape.rows(), tile),
          Tiles.groupSize(tile),
          Math.ceilDiv(shape.capacity(), tile),
          arguments);
    }
    int perGroup = shape.group() / shape.lanes();
    return trial.launch(
        "kernel",
        null,
        Math.ceilDiv(shape.rows(), perGroup),
        shape.group(),
        shape.capacity(),
        arguments);
  }

  private Trial embed(MatrixShape shape, Values values) {
    Data data = new Data(shape, values, 1, shape.columns());
    int list = PassLayout.positions(shape.capacity());
    int[] tokens = data.random.ints(shape.work(), 0, shape.rows()).toArray();
    for (int i = 0; i < tokens.length; i++) {
      data.pass.set(list + i, tokens[i]);
    }
    double[] expected = Trial.untouched(data.y);
    data.oracle().embed(tokens, expected);
    Object[] arguments =
        data.arguments(
            new Object[] {Trial.CONTEXT, data.pass},
            new Object[] {data.y, shape.columns(), data.outStride, list});
    return new Trial(TOLERANCE)
        .in(data.pass)
        .in(data.planes)
        .filled("y", data.y, expected)
        .launch(
            "kernel",
            null,
            Math.ceilDiv(shape.columns(), shape.group()),
            shape.group(),
            shape.capacity(),
            arguments);
  }

  /** Cases of {@code matvecInt8} or {@code gatedInt8}, whose inputs are rounded already. */
  List<CheckCase> int8(Entry entry, int order) {
    int block = format.block();
    return Stream.of(
            MatrixShape.plain(1, block, 1, 32, WARP),
            MatrixShape.plain(37, 3 * block, 1, 128, WARP),
            new MatrixShape(16, 5 * block, 3, 1, 1, 1, 3, 4, 5, BIAS, 64, WARP),
            new MatrixShape(5, 2 * block, 1, 1, 0, 0, 0, 3, 0, 0, 64, WARP),
            MatrixShape.routed(19, 2 * block, 3, 4, 0),
            MatrixShape.routed(6, block, 4, 8, SHARED_INPUT | BIAS))
        .map(shape -> new CheckCase(shape.toString(), true, () -> int8(entry, shape, order)))
        .toList();
  }

  private Trial int8(Entry entry, MatrixShape shape, int order) {
    Data data = new Data(shape, Values.ORDINARY, entry == Entry.GATED ? 2 : 1, shape.rows());
    int rows = Math.max(1, shape.work() * shape.inputsPerRow());
    IntArray xq = new IntArray(rows * shape.columns() / 4);
    FloatArray xd = new FloatArray(rows * shape.columns() / 32);
    xq.init(0);
    for (int row = 0; row < rows; row++) {
      for (int k = 0; k < shape.columns(); k++) {
        int number = data.random.nextInt(-127, 128);
        int at = row * shape.columns() + k;
        if (k % 32 == 0) {
          xd.set(at / 32, 0.01f + data.random.nextFloat() / 50);
        }
        boolean inTurn = order == Int8Input.IN_TURN;
        int word = inTurn ? k / 4 : k / 8 * 2 + k % 2;
        int place = inTurn ? k % 4 : k % 8 / 2;
        int index = row * (shape.columns() / 4) + word;
        xq.set(index, xq.get(index) | (number & 255) << 8 * place);
        data.x.set(row * data.inStride + k, xd.get(at / 32) * number);
      }
    }
    IntArray routes = Inputs.ints(data.route);
    double[] expected = data.expected(entry);
    int perGroup = shape.group() / WARP;
    return new Trial(TOLERANCE, 1)
        .in(data.pass, data.cursor, routes, xq, xd, data.bias)
        .in(data.planes)
        .filled("y", data.y, expected)
        .launch(
            "kernel",
            null,
            Math.ceilDiv(shape.rows(), perGroup),
            shape.group(),
            shape.capacity(),
            data.arguments(
                new Object[] {Trial.CONTEXT, data.pass, data.cursor, routes, xq, xd},
                new Object[] {
                  data.bias,
                  data.y,
                  shape.slot(),
                  shape.perLayer(),
                  shape.rows(),
                  shape.columns(),
                  data.outStride,
                  shape.flags()
                }));
  }
}
