package org.zonda.app.device;

import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Runs small kernels on a device and compares their results with plain Java's. */
final class DeviceTrial {

  /** Work-items of a group; every device has room for so many. */
  static final int GROUP = 32;

  private static final int ITEMS = 32 * GROUP;
  private static final float TOLERANCE = 1e-5f;

  private final TornadoDevice device;

  DeviceTrial(TornadoDevice device) {
    this.device = device;
  }

  /**
   * Sums in local memory.
   *
   * @return what was wrong with the result; empty if it was right
   * @throws TornadoExecutionPlanException if the kernel could not be run
   */
  Optional<String> sums() throws TornadoExecutionPlanException {
    FloatArray x = new FloatArray(ITEMS);
    FloatArray sums = new FloatArray(ITEMS / GROUP);
    float[] expected = new float[ITEMS / GROUP];
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < ITEMS; i++) {
      x.set(i, (float) random.nextDouble(-1, 1));
      expected[i / GROUP] += x.get(i);
    }
    sums.init(Float.NaN);
    TaskGraph graph =
        new TaskGraph("trial")
            .transferToDevice(DataTransferMode.EVERY_EXECUTION, x)
            .task("sum", TrialKernels::sum, new KernelContext(), x, sums, GROUP)
            .transferToHost(DataTransferMode.EVERY_EXECUTION, sums);
    run(graph, "trial.sum");
    return difference(expected, sums);
  }

  /**
   * Unpacks quantised numbers with half-float scales.
   *
   * @return what was wrong with the result; empty if it was right
   * @throws TornadoExecutionPlanException if the kernel could not be run
   */
  Optional<String> quantised() throws TornadoExecutionPlanException {
    IntArray packed = new IntArray(ITEMS / 8);
    HalfFloatArray scales = new HalfFloatArray(ITEMS / 8);
    FloatArray y = new FloatArray(ITEMS);
    float[] expected = new float[ITEMS];
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < ITEMS / 8; i++) {
      int word = random.nextInt();
      float scale = random.nextInt(-64, 64) / 64f; // exact in half precision
      packed.set(i, word);
      scales.set(i, new HalfFloat(scale));
      for (int n = 0; n < 8; n++) {
        expected[8 * i + n] = scale * ((word >> (4 * n) & 15) - 8);
      }
    }
    y.init(Float.NaN);
    TaskGraph graph =
        new TaskGraph("trial")
            .transferToDevice(DataTransferMode.EVERY_EXECUTION, packed, scales)
            .task("unpack", TrialKernels::unpack, new KernelContext(), packed, scales, y)
            .transferToHost(DataTransferMode.EVERY_EXECUTION, y);
    run(graph, "trial.unpack");
    return difference(expected, y);
  }

  private void run(TaskGraph graph, String task) throws TornadoExecutionPlanException {
    WorkerGrid items = new WorkerGrid1D(ITEMS);
    items.setLocalWork(GROUP, 1, 1);
    try (TornadoExecutionPlan plan = new TornadoExecutionPlan(graph.snapshot())) {
      plan.withDevice(device).withGridScheduler(new GridScheduler(task, items)).execute();
    }
  }

  private static Optional<String> difference(float[] expected, FloatArray found) {
    for (int i = 0; i < expected.length; i++) {
      // Written so that NaN is a difference.
      if (!(Math.abs(found.get(i) - expected[i]) <= TOLERANCE)) {
        return Optional.of(
            String.format(
                Locale.ROOT, "element %d is %s, expected %s", i, found.get(i), expected[i]));
      }
    }
    return Optional.empty();
  }
}
