package org.zonda.runtime.tornado;

import java.util.List;
import java.util.Optional;
import org.zonda.kernels.MatrixFlags;
import org.zonda.kernels.Tiles;
import org.zonda.model.graph.Activation;
import org.zonda.model.graph.Weight;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** The products of a stack of matrices with the rows of a pass. */
final class Products {

  private final StageMemory stage;
  private final DeviceMatrix matrix;
  private final Optional<FloatArray> bias;
  private final int rows;
  private final int perLayer;

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
  void add(Target target, String what, FloatArray x, FloatArray y, boolean accumulate) {
    int flags = accumulate ? MatrixFlags.ACCUMULATE : 0;
    if (target.few()) {
      MatrixTask task = task(target, stage.noInts, x, y, rows, flags, stage.profile.lanes());
      target.tasks().add(what, rowGrid(rows), (g, n) -> matrix.format().matvec(g, n, matrix, task));
    } else {
      MatrixTask task = task(target, stage.noInts, x, y, rows, flags, tile());
      int tile = tile();
      Grid grid =
          new Grid(
              Tiles.groupSize(tile),
              Grid.groups(rows, tile),
              size -> Grid.groups(size.rows(), tile));
      target.tasks().add(what, grid, (g, n) -> matrix.format().matmul(g, n, matrix, task));
    }
  }

  /** Adds the product with rows for each of which an expert is chosen, {@code used} a pass row. */
  void addRouted(Target target, String what, IntArray route, int used, FloatArray x, FloatArray y) {
    int flags = MatrixFlags.ROUTED | MatrixFlags.used(used);
    MatrixTask task = task(target, route, x, y, rows, flags, stage.profile.lanes());
    target
        .tasks()
        .add(what, rowGrid(rows).times(used), (g, n) -> matrix.format().matvec(g, n, matrix, task));
  }

  /** Adds the gated product with each row; the matrix's rows are those of gate and up. */
  void addGated(Target target, String what, FloatArray x, FloatArray y, Activation activation) {
    int flags = MatrixFlags.activation(ActivationCodes.of(activation));
    MatrixTask task = task(target, stage.noInts, x, y, rows / 2, flags, stage.profile.lanes());
    target
        .tasks()
        .add(what, rowGrid(rows / 2), (g, n) -> matrix.format().gated(g, n, matrix, task));
  }

  /** Adds the gated product with each row's experts. */
  void addRoutedGated(
      Target target,
      String what,
      IntArray route,
      int used,
      FloatArray x,
      FloatArray y,
      Activation activation) {
    int flags =
        MatrixFlags.ROUTED
            | MatrixFlags.SHARED_INPUT
            | MatrixFlags.used(used)
            | MatrixFlags.activation(ActivationCodes.of(activation));
    MatrixTask task = task(target, route, x, y, rows / 2, flags, stage.profile.lanes());
    target
        .tasks()
        .add(
            what,
            rowGrid(rows / 2).times(used),
            (g, n) -> matrix.format().gated(g, n, matrix, task));
  }

  private MatrixTask task(
      Target target,
      IntArray route,
      FloatArray x,
      FloatArray y,
      int outputs,
      int flags,
      int lanes) {
    return new MatrixTask(
        stage.program.context,
        target.pass(),
        target.cursor(),
        route,
        x,
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

  /** The side of a tile: a multiple of 16 up to 64. */
  private int tile() {
    int wanted = Math.min(stage.profile.matmulRows(), stage.profile.matmulTokens());
    return Math.clamp(wanted / 16 * 16, 16, 64);
  }
}
