package org.zonda.runtime.tornado;

import java.util.List;
import java.util.Optional;
import org.zonda.kernels.ElementKernels;
import org.zonda.kernels.Int8Input;
import org.zonda.kernels.MatrixFlags;
import org.zonda.kernels.TensorKernels;
import org.zonda.kernels.Tiles;
import org.zonda.model.graph.Activation;
import org.zonda.model.graph.Weight;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** The products of a stack of matrices with the rows of a pass. */
final class Products {

  private final StageMemory stage;
  private final DeviceMatrix matrix;
  private final Optional<FloatArray> bias;
  private final int rows;
  private final int perLayer;

  /** The format's kernels for rounded inputs, where the profile wants them. */
  private final Optional<Int8Products> int8;

  /** The format's kernel for tensor cores, where the profile wants it and it can serve. */
  private final Optional<TensorCoreProducts> tensorCores;

  /**
   * Takes the weights of all layers.
   *
   * @param layers for each layer the weights whose rows are joined
   * @param biases likewise their biases
   */
  Products(StageMemory stage, List<List<Weight>> layers, List<List<Optional<Weight>>> biases) {
    this.stage = stage;
    matrix = stage.weights.matrices(layers);
    boolean biased = biases.stream().flatMap(List::stream).anyMatch(Optional::isPresent);
    bias = biased ? Optional.of(stage.weights.biases(biases, layers)) : Optional.empty();
    rows = layers.getFirst().stream().mapToInt(Weight::rows).sum();
    perLayer = layers.getFirst().getFirst().matrices();
    int8 =
        stage.profile.int8Inputs() && matrix.format() instanceof Int8Products format
            ? Optional.of(format)
            : Optional.empty();
    tensorCores =
        stage.profile.tensorCores()
                && matrix.format() instanceof TensorCoreProducts format
                && !biased
                && rows % TensorKernels.PANEL == 0
                && matrix.columns() % TensorKernels.DEPTH == 0
            ? Optional.of(format)
            : Optional.empty();
  }

  /** Takes weights without biases. */
  static Products unbiased(StageMemory stage, List<List<Weight>> layers) {
    return new Products(stage, layers, List.of());
  }

  /**
   * Adds the product with each row of the pass.
   *
   * @param accumulate whether y has a residual already
   */
  void add(Target target, String what, Input x, FloatArray y, boolean accumulate) {
    int flags = accumulate ? MatrixFlags.ACCUMULATE : 0;
    if (target.few()) {
      addMatvec(target, what, stage.noInts, 1, x, y, flags);
    } else if (tensorCores.isPresent()) {
      addOnTensorCores(target, what, x, y, accumulate);
    } else {
      int tile = stage.profile.matmulTile();
      MatrixTask task = task(target, stage.noInts, x, y, rows, flags, tile);
      Grid grid = tiles(Tiles.groupSize(tile), tile);
      target.tasks().add(what, grid, (g, n) -> matrix.format().matmul(g, n, matrix, task));
    }
  }

  /** Adds the product with rows for each of which an expert is chosen, {@code used} a pass row. */
  void addRouted(Target target, String what, IntArray route, int used, Input x, FloatArray y) {
    int flags = MatrixFlags.ROUTED | MatrixFlags.used(used);
    addMatvec(target, what, route, used, x, y, flags);
  }

  /** Adds the gated product with each row; the matrix's rows are those of gate and up. */
  void addGated(Target target, String what, Input x, FloatArray y, Activation activation) {
    int flags = MatrixFlags.activation(ActivationCodes.of(activation));
    addGated(target, what, stage.noInts, 1, x, y, flags);
  }

  /** Adds the gated product with each row's experts. */
  void addRoutedGated(
      Target target,
      String what,
      IntArray route,
      int used,
      Input x,
      FloatArray y,
      Activation activation) {
    int flags =
        MatrixFlags.ROUTED
            | MatrixFlags.SHARED_INPUT
            | MatrixFlags.used(used)
            | MatrixFlags.activation(ActivationCodes.of(activation));
    addGated(target, what, route, used, x, y, flags);
  }

  private void addMatvec(
      Target target, String what, IntArray route, int perRow, Input x, FloatArray y, int flags) {
    MatrixTask task = task(target, route, x, y, rows, flags, stage.profile.lanes());
    if (target.few() && int8.isPresent()) {
      Int8Products format = int8.get();
      Int8Rows rounded = stage.narrow.int8(target, what, x, matrix.columns(), format.order());
      Grid grid = warpGrid(rows).times(perRow);
      target.tasks().add(what, grid, (g, n) -> format.matvec(g, n, matrix, task, rounded));
    } else {
      Grid grid = rowGrid(rows).times(perRow);
      target.tasks().add(what, grid, (g, n) -> matrix.format().matvec(g, n, matrix, task));
    }
  }

  private void addGated(
      Target target, String what, IntArray route, int perRow, Input x, FloatArray y, int flags) {
    MatrixTask task = task(target, route, x, y, rows / 2, flags, stage.profile.lanes());
    if (target.few() && int8.isPresent()) {
      Int8Products format = int8.get();
      Int8Rows rounded = stage.narrow.int8(target, what, x, matrix.columns(), format.order());
      Grid grid = warpGrid(rows / 2).times(perRow);
      target.tasks().add(what, grid, (g, n) -> format.gated(g, n, matrix, task, rounded));
    } else {
      Grid grid = rowGrid(rows / 2).times(perRow);
      target.tasks().add(what, grid, (g, n) -> matrix.format().gated(g, n, matrix, task));
    }
  }

  /** The kernel replaces what it writes: a residual is added by a launch of its own. */
  private void addOnTensorCores(
      Target target, String what, Input x, FloatArray y, boolean accumulate) {
    TensorCoreProducts format = tensorCores.orElseThrow();
    HalfFloatArray halves = stage.narrow.halves(target, what, x, matrix.columns());
    FloatArray product = accumulate ? stage.products(rows) : y;
    MatrixTask task = task(target, stage.noInts, x, product, rows, 0, 0);
    Grid grid = tiles(TensorKernels.GROUP, TensorKernels.TILE);
    target.tasks().add(what, grid, (g, n) -> format.matmul(g, n, matrix, task, halves));
    if (accumulate) {
      target
          .tasks()
          .add(
              what + "_residual",
              Grid.elements(stage.profile.elementGroup(), rows),
              (g, n) ->
                  g.task(
                      n,
                      stage.kernels.of("element.add_to", ElementKernels::addTo),
                      stage.program.context,
                      target.pass(),
                      product,
                      y,
                      rows,
                      rows,
                      rows));
    }
  }

  private MatrixTask task(
      Target target, IntArray route, Input x, FloatArray y, int outputs, int flags, int lanes) {
    return new MatrixTask(
        stage.kernels,
        stage.program.context,
        target.pass(),
        target.cursor(),
        route,
        x.array(),
        bias.orElse(stage.noFloats),
        y,
        target.slot(),
        perLayer,
        outputs,
        matrix.columns(),
        matrix.columns(),
        outputs,
        bias.isPresent() ? flags | MatrixFlags.BIAS : flags,
        lanes);
  }

  private Grid rowGrid(int outputs) {
    int perGroup = stage.profile.rowsPerGroup();
    return Grid.rows(stage.profile.lanes() * perGroup, Grid.groups(outputs, perGroup));
  }

  /** Whole warps, about as many items as a group has otherwise; a warp a row. */
  private Grid warpGrid(int outputs) {
    int items = stage.profile.lanes() * stage.profile.rowsPerGroup();
    int perGroup = Math.max(1, items / Int8Input.LANES);
    return Grid.rows(Int8Input.LANES * perGroup, Grid.groups(outputs, perGroup));
  }

  private Grid tiles(int group, int tile) {
    return new Grid(group, Grid.groups(rows, tile), size -> Grid.groups(size.rows(), tile));
  }
}
