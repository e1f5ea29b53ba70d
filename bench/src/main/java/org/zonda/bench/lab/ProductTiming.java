package org.zonda.bench.lab;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.zonda.bench.device.KernelCase;
import org.zonda.kernels.Activations;
import org.zonda.kernels.MatrixFlags;
import org.zonda.kernels.PassLayout;
import org.zonda.kernels.Tiles;
import org.zonda.kernels.oracle.ElementOracle;
import org.zonda.kernels.oracle.MatrixValues;
import org.zonda.tornado.DeviceProfile;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.WorkerGrid2D;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * A product of a matrix with rows of activations. Each launch takes another matrix of a stack,
 * whose rows repeat after {@link #ROWS}, so that the stack is quickly made and each result easily
 * known.
 */
final class ProductTiming implements KernelCase {

  /** Rows that differ. */
  private static final int ROWS = 64;

  private static final double TOLERANCE = 1e-4;

  private final MatrixFormat format;
  private final MatrixCases.Entry entry;
  private final String name;
  private final Object task;
  private final int rows;
  private final int columns;
  private final int tokens;
  private final int matrices;
  private final DeviceProfile profile;

  /** Matrices' rows for an output: of gate and up, two. */
  private final int parts;

  private final MatrixValues values;
  private final Object[] planes;
  private final IntArray pass;
  private final IntArray cursor = Inputs.ints(0);
  private final IntArray route = Inputs.ints(0);
  private final FloatArray bias = Inputs.floats(0);
  private final FloatArray x;
  private final FloatArray y;

  /**
   * @param name what is timed
   * @param task the kernel
   * @param rows output rows: a multiple of {@link #ROWS}, or fewer
   * @param columns input width, a multiple of 256
   * @param tokens rows of activations
   * @param matrices of the stack, each a launch
   * @param profile how the kernel is cut
   */
  ProductTiming(
      MatrixFormat format,
      MatrixCases.Entry entry,
      String name,
      Object task,
      int rows,
      int columns,
      int tokens,
      int matrices,
      DeviceProfile profile) {
    this.format = format;
    this.entry = entry;
    this.name = name;
    this.task = task;
    this.rows = rows;
    this.columns = columns;
    this.tokens = tokens;
    this.matrices = matrices;
    this.profile = profile;
    parts = entry == MatrixCases.Entry.GATED ? 2 : 1;
    Random random = new Random(1);
    int some = Math.min(ROWS, rows);
    Object[] few = format.random(some * columns, MatrixFormat.Bits.RANDOM, random);
    values = format.meaning().of(few, columns);
    planes = new Object[few.length];
    long allRows = (long) matrices * parts * rows;
    for (int i = 0; i < few.length; i++) {
      long repetitions = format.planes().get(i).elements() == 0 ? 1 : allRows / some;
      planes[i] = repeated((TornadoNativeArray) few[i], repetitions);
    }
    pass = new IntArray(PassLayout.size(tokens, 1, 1));
    pass.init(0);
    pass.set(PassLayout.ROWS, tokens);
    x = Inputs.floats(Inputs.gaussian(random, tokens * columns));
    y = new FloatArray(tokens * rows);
  }

  /** An array that holds another again and again. */
  private static TornadoNativeArray repeated(TornadoNativeArray few, long repetitions) {
    int size = Math.toIntExact(few.getSize() * repetitions);
    TornadoNativeArray many =
        switch (few) {
          case IntArray _ -> new IntArray(size);
          case HalfFloatArray _ -> new HalfFloatArray(size);
          case FloatArray _ -> new FloatArray(size);
          default -> throw new IllegalArgumentException("no plane of " + few.getClass());
        };
    MemorySegment from = few.getSegment();
    MemorySegment to = many.getSegment();
    for (long at = 0; at < to.byteSize(); at += from.byteSize()) {
      long bytes = Math.min(from.byteSize(), to.byteSize() - at);
      MemorySegment.copy(from, 0, to, at, bytes);
    }
    return many;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String shape() {
    return rows + " x " + columns + (tokens == 1 ? "" : ", " + tokens + " rows");
  }

  /** The weights; and activations, which for a single row come from a cache. */
  @Override
  public long bytes() {
    long weights = (long) parts * rows * columns / 256 * format.bytesOf256();
    long activations = (long) tokens * (rows + columns) * Float.BYTES;
    return tokens == 1 ? weights : weights + activations;
  }

  @Override
  public long multiplyAdds() {
    return (long) parts * rows * columns * tokens;
  }

  @Override
  public int launches() {
    return matrices;
  }

  @Override
  public FloatArray output() {
    return y;
  }

  @Override
  public void addTo(TaskGraph graph, GridScheduler grids) {
    graph.transferToDevice(DataTransferMode.FIRST_EXECUTION, pass, cursor, route, x, bias, y);
    graph.transferToDevice(DataTransferMode.FIRST_EXECUTION, planes);
    for (int i = 0; i < matrices; i++) {
      Object[] before = {new KernelContext(), pass, cursor, route, x};
      Object[] after = {
        bias, y, i, 1, rows, columns, columns, rows, flags(), isTiled() ? tile() : profile.lanes()
      };
      Stream<Object> layout = format.isPacked() ? Stream.of(format.layout()) : Stream.empty();
      Object[] arguments =
          Stream.of(Stream.of(before), Stream.of(planes), Stream.of(after), layout)
              .flatMap(part -> part)
              .toArray();
      KernelTask.add(graph, "t" + i, task, arguments);
      grids.addWorkerGrid(GRAPH + ".t" + i, grid());
    }
  }

  private boolean isTiled() {
    return entry == MatrixCases.Entry.MATMUL;
  }

  private int tile() {
    return profile.matmulTile();
  }

  private int flags() {
    return parts == 2 ? MatrixFlags.activation(Activations.SILU) : 0;
  }

  private WorkerGrid2D grid() {
    int group = isTiled() ? Tiles.groupSize(tile()) : profile.lanes() * profile.rowsPerGroup();
    int groups = Math.ceilDiv(rows, isTiled() ? tile() : profile.rowsPerGroup());
    WorkerGrid2D grid =
        new WorkerGrid2D(groups * group, isTiled() ? Math.ceilDiv(tokens, tile()) : tokens);
    grid.setLocalWork(group, 1, 1);
    return grid;
  }

  /** Looks at the first row of activations and at the last. */
  @Override
  public Optional<String> fault() {
    return Stream.of(0, tokens - 1)
        .map(token -> KernelCase.compare(y, token * rows, expected(token), TOLERANCE))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private double[] expected(int token) {
    double[] dots = new double[Math.min(ROWS, rows)];
    for (int row = 0; row < dots.length; row++) {
      for (int k = 0; k < columns; k++) {
        dots[row] += values.at(row, k) * x.get(token * columns + k);
      }
    }
    double[] expected = new double[rows];
    // The rows of up follow those of gate, and both repeat alike.
    Arrays.setAll(
        expected,
        row -> {
          double dot = dots[row % dots.length];
          double up = dots[(rows + row) % dots.length];
          return parts == 1 ? dot : ElementOracle.gate(Activations.SILU, (float) dot, (float) up);
        });
    return expected;
  }
}
