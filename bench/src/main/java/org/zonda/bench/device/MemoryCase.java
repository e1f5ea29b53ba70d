package org.zonda.bench.device;

import java.util.Arrays;
import java.util.Optional;
import org.zonda.bench.Sizes;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** Reading, or copying, a part of a large array; each launch another part. */
final class MemoryCase implements KernelCase {

  private final boolean copy;
  private final int items;
  private final int group;
  private final int launches;
  private final int floats;
  private final FloatArray in;
  private final FloatArray out;

  /**
   * @param copy whether what is read is written too
   * @param items work-items of a launch
   * @param group work-items of a work-group; divides the items
   * @param megabytes of the arrays
   * @param launches in the graph
   */
  MemoryCase(boolean copy, int items, int group, int megabytes, int launches) {
    this.copy = copy;
    this.items = items;
    this.group = group;
    this.launches = launches;
    int whole = (megabytes << 18) / (copy ? 2 : 1);
    int step = 4 * items;
    floats = whole / launches / step * step;
    if (floats == 0) {
      throw new IllegalArgumentException(megabytes + " MB are too few for " + items + " items");
    }
    in = new FloatArray(whole);
    in.init(1);
    out = new FloatArray(copy ? whole : items);
  }

  @Override
  public String name() {
    return copy ? "copy" : "read";
  }

  @Override
  public String shape() {
    return Sizes.of(bytes());
  }

  @Override
  public long bytes() {
    return (long) floats * Float.BYTES * (copy ? 2 : 1);
  }

  @Override
  public long multiplyAdds() {
    return 0;
  }

  @Override
  public int launches() {
    return launches;
  }

  @Override
  public void addTo(TaskGraph graph, GridScheduler grids) {
    graph.transferToDevice(DataTransferMode.FIRST_EXECUTION, in, out);
    for (int i = 0; i < launches; i++) {
      String task = "t" + i;
      if (copy) {
        graph.task(task, MemoryKernels::copy, new KernelContext(), in, out, i * floats, floats);
      } else {
        graph.task(task, MemoryKernels::read, new KernelContext(), in, out, i * floats, floats);
      }
      WorkerGrid1D grid = new WorkerGrid1D(items);
      grid.setLocalWork(group, 1, 1);
      grids.addWorkerGrid(GRAPH + "." + task, grid);
    }
  }

  @Override
  public FloatArray output() {
    return out;
  }

  @Override
  public Optional<String> fault() {
    double[] expected = new double[copy ? floats * launches : items];
    Arrays.fill(expected, copy ? 1 : (double) floats / items);
    return KernelCase.compare(out, 0, expected, 0);
  }
}
