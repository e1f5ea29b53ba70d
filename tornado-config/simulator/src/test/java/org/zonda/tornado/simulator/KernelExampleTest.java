package org.zonda.tornado.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.data.Offset;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid2D;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** Two kernels as people write them, against plain Java. */
class KernelExampleTest {
  private static final int EVERY = DataTransferMode.EVERY_EXECUTION;
  private static final int TILE = 4;

  static void sum(KernelContext c, FloatArray x, FloatArray y, int size) {
    float[] part = c.allocateFloatLocalArray(32);
    int lane = c.localIdx;
    part[lane] = c.globalIdx < size ? x.get(c.globalIdx) : 0f;
    c.localBarrier();
    for (int step = c.localGroupSizeX / 2; step > 0; step = step / 2) {
      if (lane < step) {
        part[lane] += part[lane + step];
      }
      c.localBarrier();
    }
    if (lane == 0) {
      y.set(c.groupIdx, part[0]);
    }
  }

  @Property(tries = 30)
  void reduction(@ForAll @IntRange(min = 1, max = 300) int size) {
    int groups = (size + 31) / 32;
    FloatArray x = new FloatArray(size);
    for (int i = 0; i < size; i++) {
      x.set(i, i);
    }
    FloatArray y = new FloatArray(groups);

    Run.once(
        new TaskGraph("g")
            .transferToDevice(EVERY, x)
            .task("t", KernelExampleTest::sum, new KernelContext(), x, y, size)
            .transferToHost(EVERY, y),
        32 * groups,
        32);

    float total = 0;
    for (float part : y.toHeapArray()) {
      total += part;
    }
    assertThat(total).isEqualTo(size * (size - 1) / 2f);
  }

  static void matmul(
      KernelContext c, FloatArray a, FloatArray b, FloatArray y, int rows, int inner, int columns) {
    float[] as = c.allocateFloatLocalArray(TILE * TILE);
    float[] bs = c.allocateFloatLocalArray(TILE * TILE);
    int row = c.globalIdy;
    int column = c.globalIdx;
    int place = c.localIdy * TILE + c.localIdx;
    float sum = 0f;
    for (int tile = 0; tile < inner; tile += TILE) {
      int ax = tile + c.localIdx;
      int by = tile + c.localIdy;
      as[place] = row < rows && ax < inner ? a.get(row * inner + ax) : 0f;
      bs[place] = column < columns && by < inner ? b.get(by * columns + column) : 0f;
      c.localBarrier();
      for (int k = 0; k < TILE; k++) {
        sum += as[c.localIdy * TILE + k] * bs[k * TILE + c.localIdx];
      }
      c.localBarrier();
    }
    if (row < rows && column < columns) {
      y.set(row * columns + column, sum);
    }
  }

  @Property(tries = 30)
  void tiledMatrixProduct(
      @ForAll @IntRange(min = 1, max = 13) int rows,
      @ForAll @IntRange(min = 1, max = 13) int inner,
      @ForAll @IntRange(min = 1, max = 13) int columns,
      @ForAll long seed) {
    FloatArray a = random(rows * inner, seed);
    FloatArray b = random(inner * columns, seed + 1);
    FloatArray y = new FloatArray(rows * columns);
    WorkerGrid grid = new WorkerGrid2D(up(columns), up(rows));
    grid.setLocalWork(TILE, TILE, 1);

    Run.once(
        Run.device(TornadoVMBackendType.OPENCL),
        new TaskGraph("g")
            .transferToDevice(EVERY, a, b)
            .task(
                "t", KernelExampleTest::matmul, new KernelContext(), a, b, y, rows, inner, columns)
            .transferToHost(EVERY, y),
        grid);

    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        float sum = 0;
        for (int k = 0; k < inner; k++) {
          sum += a.get(i * inner + k) * b.get(k * columns + j);
        }
        assertThat(y.get(i * columns + j)).isCloseTo(sum, Offset.offset(1e-5f));
      }
    }
  }

  private static int up(int size) {
    return (size + TILE - 1) / TILE * TILE;
  }

  private static FloatArray random(int size, long seed) {
    Random random = new Random(seed);
    FloatArray array = new FloatArray(size);
    for (int i = 0; i < size; i++) {
      array.set(i, random.nextFloat() - 0.5f);
    }
    return array;
  }
}
