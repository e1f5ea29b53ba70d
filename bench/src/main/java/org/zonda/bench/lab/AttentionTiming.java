package org.zonda.bench.lab;

import java.util.Arrays;
import java.util.Optional;
import org.zonda.bench.device.KernelCase;
import org.zonda.kernels.AttentionKernels;
import org.zonda.kernels.AttentionPlan;
import org.zonda.kernels.Cursor;
import org.zonda.kernels.Packed;
import org.zonda.kernels.PassLayout;
import org.zonda.tornado.DeviceProfile;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.WorkerGrid2D;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Attention of one row to a full F16 cache, as decode needs it: the splits and what merges them
 * count as one launch. Each launch takes another layer. All keys are zero and all values equal, so
 * that every result is that value.
 */
final class AttentionTiming implements KernelCase {

  private static final int KV_HEADS = 8;
  private static final int HEADS_PER_KV_HEAD = 4;
  private static final int HEADS = KV_HEADS * HEADS_PER_KV_HEAD;
  private static final int WIDTH = 128;
  private static final float VALUE = 0.5f;

  private final String name;
  private final Object task;
  private final int positions;
  private final int layers;
  private final int items;
  private final int splits;
  private final int headsPerGroup;
  private final IntArray pass;
  private final IntArray cursor;
  private final FloatArray query = new FloatArray(HEADS * WIDTH);
  private final FloatArray nothing = new FloatArray(1);
  private final FloatArray workspace;
  private final FloatArray out = new FloatArray(HEADS * WIDTH);

  /**
   * @param name what is timed
   * @param task the kernel of {@code attention.decode}
   * @param positions in the cache, the row's own included; a multiple of a page
   * @param layers each a launch
   * @param profile how the kernel is cut
   * @param localMemory bytes that a work-group shares
   */
  AttentionTiming(
      String name,
      Object task,
      int positions,
      int layers,
      DeviceProfile profile,
      long localMemory) {
    this.name = name;
    this.task = task;
    this.positions = positions;
    this.layers = layers;
    items = Math.max(16, profile.attentionGroup());
    splits = Math.min(profile.attentionSplits(), AttentionPlan.MOST);
    headsPerGroup = headsPerGroup(localMemory);
    pass = new IntArray(PassLayout.size(1, pages(), 1));
    pass.init(0);
    pass.set(PassLayout.ROWS, 1);
    pass.set(PassLayout.positions(1), positions - 1);
    for (int page = 0; page < pages(); page++) {
      pass.set(PassLayout.pages(1, pages(), 0) + page, page);
    }
    cursor = new IntArray(Cursor.size(layers));
    cursor.init(0);
    query.init(1);
    nothing.init(0);
    workspace =
        new FloatArray(Math.toIntExact(AttentionKernels.workspaceFloats(1, HEADS, splits, WIDTH)));
  }

  private int headsPerGroup(long localMemory) {
    int heads = HEADS_PER_KV_HEAD;
    while (heads > 1 && localFloats(heads) * Float.BYTES > localMemory) {
      heads /= 2;
    }
    return heads;
  }

  private long localFloats(int heads) {
    return AttentionKernels.decodeLocalFloats(heads, WIDTH, WIDTH, items);
  }

  private int pages() {
    return positions / PassLayout.PAGE;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String shape() {
    return "%d positions, %d of %d heads x %d".formatted(positions, KV_HEADS, HEADS, WIDTH);
  }

  @Override
  public long bytes() {
    return 2L * Short.BYTES * KV_HEADS * WIDTH * positions;
  }

  @Override
  public int launches() {
    return layers;
  }

  @Override
  public FloatArray output() {
    return out;
  }

  @Override
  public long multiplyAdds() {
    return 2L * HEADS * WIDTH * positions;
  }

  @Override
  public Optional<String> fault() {
    double[] expected = new double[HEADS * WIDTH];
    Arrays.fill(expected, VALUE);
    return KernelCase.compare(out, 0, expected, 1e-3);
  }

  @Override
  public void addTo(TaskGraph graph, GridScheduler grids) {
    int size = Math.toIntExact((long) layers * positions * KV_HEADS * WIDTH);
    HalfFloatArray keys = new HalfFloatArray(size);
    HalfFloatArray values = new HalfFloatArray(size);
    keys.init(new HalfFloat(0));
    values.init(new HalfFloat(VALUE));
    graph.transferToDevice(
        DataTransferMode.FIRST_EXECUTION, pass, cursor, query, keys, values, nothing);
    graph.persistOnDevice(workspace);
    int shares = AttentionPlan.shares(HEADS, KV_HEADS, headsPerGroup);
    for (int i = 0; i < layers; i++) {
      KernelTask.add(
          graph,
          "t" + i,
          task,
          new KernelContext(),
          pass,
          cursor,
          query,
          keys,
          values,
          nothing,
          nothing,
          nothing,
          workspace,
          i,
          pages(),
          Packed.of(1, pages()),
          Packed.of(HEADS, KV_HEADS),
          Packed.of(WIDTH, WIDTH),
          Packed.of(0, HEADS * WIDTH),
          AttentionPlan.of(headsPerGroup, splits, items, AttentionPlan.HALF),
          1f,
          0f);
      addGrid(grids, "t" + i, items, KV_HEADS * shares * splits);
      graph.task(
          "m" + i,
          AttentionKernels::combine,
          new KernelContext(),
          pass,
          workspace,
          out,
          HEADS,
          WIDTH,
          splits,
          HEADS * WIDTH);
      addGrid(grids, "m" + i, items, HEADS);
    }
  }

  private static void addGrid(GridScheduler grids, String task, int group, int groups) {
    WorkerGrid2D grid = new WorkerGrid2D(group * groups, 1);
    grid.setLocalWork(group, 1, 1);
    grids.addWorkerGrid(GRAPH + "." + task, grid);
  }
}
