package org.zonda.runtime.tornado;

import java.util.HashMap;
import java.util.Map;
import org.zonda.kernels.Int8Input;
import org.zonda.kernels.TensorKernels;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Inputs of products in the narrower forms that some kernels read. An input is made narrower by one
 * launch for all products that read it one after the other.
 */
final class NarrowInputs {

  /** Work-items that round: a block of 32 values is the work of 8. */
  private static final int LEAST_GROUP = 8;

  private static final int LARGEST_GROUP = 256;

  /** What an array holds at a place of a graph. Values are written once in a layer. */
  private record Content(TaskList graph, int slot, Object what, int order) {}

  /** An array, and what was put there by the launch that was added last. */
  private static final class Holder<A> {
    private final A array;
    private Content content;

    Holder(A array) {
      this.array = array;
    }

    /** Notes what is wanted; returns whether it must be put there. */
    boolean lacks(Content wanted) {
      boolean lacks = !wanted.equals(content);
      content = wanted;
      return lacks;
    }
  }

  private final StageMemory stage;

  /** By the values that a row of the pass has. */
  private final Map<Integer, Holder<Int8Rows>> int8 = new HashMap<>();

  private final Map<Integer, Holder<HalfFloatArray>> halves = new HashMap<>();

  NarrowInputs(StageMemory stage) {
    this.stage = stage;
  }

  /**
   * Rounds an input to 8 bits, for a pass of few rows.
   *
   * @param target where the product's launch will be added
   * @param what the product, for messages
   * @param x the input
   * @param columns values of a row, a multiple of 32
   * @param order of {@link Int8Input}
   * @return the rows, rounded when the product runs
   */
  Int8Rows int8(Target target, String what, Input x, int columns, int order) {
    Holder<Int8Rows> holder = int8.computeIfAbsent(x.perRow() * columns, this::int8Rows);
    if (holder.lacks(new Content(target.tasks(), target.slot(), x.what(), order))) {
      Int8Rows rows = holder.array;
      int group = Math.clamp(stage.profile.elementGroup(), LEAST_GROUP, LARGEST_GROUP);
      target
          .tasks()
          .add(
              what + "_int8",
              Grid.elements(group, columns / 4).times(x.perRow()),
              (g, n) ->
                  g.task(
                      n,
                      stage.kernels.of("int8.quantise", Int8Input::quantise),
                      stage.program.context,
                      target.pass(),
                      x.array(),
                      rows.values(),
                      rows.scales(),
                      columns,
                      columns,
                      x.perRow(),
                      order));
    }
    return holder.array;
  }

  private Holder<Int8Rows> int8Rows(int perRow) {
    int values = Math.multiplyExact(stage.fewRows(), perRow);
    return new Holder<>(
        new Int8Rows(
            stage.program.allocate(new IntArray(values / 4)),
            stage.program.allocate(new FloatArray(values / 32))));
  }

  /**
   * Rounds an input to half floats, for a pass of any number of rows.
   *
   * @param target where the product's launch will be added
   * @param what the product, for messages
   * @param x the input, one row for each of the pass
   * @param columns values of a row
   * @return the rows, rounded when the product runs
   */
  HalfFloatArray halves(Target target, String what, Input x, int columns) {
    Holder<HalfFloatArray> holder = halves.computeIfAbsent(columns, this::halfRows);
    if (holder.lacks(new Content(target.tasks(), target.slot(), x.what(), 0))) {
      HalfFloatArray rows = holder.array;
      target
          .tasks()
          .add(
              what + "_halves",
              Grid.elements(stage.profile.elementGroup(), columns),
              (g, n) ->
                  g.task(
                      n,
                      stage.kernels.of("tensor.halve", TensorKernels::halve),
                      stage.program.context,
                      target.pass(),
                      x.array(),
                      rows,
                      columns,
                      columns));
    }
    return holder.array;
  }

  private Holder<HalfFloatArray> halfRows(int columns) {
    int values = Math.multiplyExact(stage.rows(), columns);
    return new Holder<>(stage.program.allocate(new HalfFloatArray(values)));
  }
}
