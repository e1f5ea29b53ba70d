package org.zonda.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;
import static org.junit.jupiter.api.Assumptions.abort;

import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.zonda.kernels.oracle.MatrixOracle;
import org.zonda.kernels.oracle.MatrixValues;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid2D;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** The tensor-core product, where there are tensor cores; skipped while the simulator has none. */
@Tag("cuda")
class TensorKernelsTest {

  @ParameterizedTest
  @CsvSource({"8, 16, 1, 1", "72, 48, 17, 2", "64, 32, 64, 1", "136, 80, 65, 3"})
  void matmulF16(int rows, int columns, int work, int layers) throws Exception {
    Random random = new Random(rows);
    KernelContext c = new KernelContext();
    int capacity = (work + 15) / 16 * 16;
    IntArray pass = new IntArray(PassLayout.size(capacity, 1, 1));
    pass.init(0);
    pass.set(PassLayout.ROWS, work);
    IntArray cursor = IntArray.fromElements(layers - 1);
    FloatArray x = new FloatArray(capacity * columns);
    for (int i = 0; i < x.getSize(); i++) {
      x.set(i, new HalfFloat((float) random.nextGaussian()).getFloat32());
    }
    HalfFloatArray w = new HalfFloatArray(layers * rows * columns);
    for (int i = 0; i < w.getSize(); i++) {
      w.set(i, new HalfFloat(0.1f * (float) random.nextGaussian()));
    }
    HalfFloatArray h = new HalfFloatArray(capacity * columns);
    FloatArray y = new FloatArray(capacity * rows);

    TaskGraph graph =
        new TaskGraph("test")
            .transferToDevice(DataTransferMode.EVERY_EXECUTION, pass, cursor, x, w)
            .task("halve", TensorKernels::halve, c, pass, x, h, columns, columns)
            .task(
                "matmul",
                TensorKernels::matmulF16,
                c,
                pass,
                cursor,
                h,
                w,
                y,
                0,
                1,
                rows,
                columns,
                rows)
            .transferToHost(DataTransferMode.EVERY_EXECUTION, y);
    GridScheduler scheduler = new GridScheduler();
    scheduler.addWorkerGrid("test.halve", grid((columns + 31) / 32, work, 32));
    int tile = TensorKernels.TILE;
    scheduler.addWorkerGrid(
        "test.matmul",
        grid((rows + tile - 1) / tile, (work + tile - 1) / tile, TensorKernels.GROUP));
    try (TornadoExecutionPlan plan = new TornadoExecutionPlan(graph.snapshot())) {
      plan.withGridScheduler(scheduler).execute();
    } catch (RuntimeException e) {
      if (String.valueOf(e.getMessage()).contains("not simulated")) {
        abort("the simulator has no tensor cores: " + e.getMessage());
      }
      throw e;
    }

    double[] expected = new double[y.getSize()];
    new MatrixOracle(MatrixValues.f16(w, columns), layers - 1, 1, rows, columns, columns, rows, 0)
        .matvec(work, null, 1, x, x, expected);
    for (int i = 0; i < work * rows; i++) {
      assertThat((double) y.get(i))
          .as("y[%d]", i)
          .isCloseTo(expected[i], offset(MatrixRun.TOLERANCE * Math.max(1, expected[i])));
    }
  }

  private static WorkerGrid grid(int across, int down, int group) {
    WorkerGrid grid = new WorkerGrid2D(across * group, down);
    grid.setLocalWork(group, 1, 1);
    return grid;
  }
}
