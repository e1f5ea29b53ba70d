package org.zonda.runtime.tornado;

import java.util.function.ToIntFunction;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid2D;

/**
 * How many work-groups a kernel is launched with: a constant number in x, in y one a row or tile of
 * the pass.
 *
 * @param group work-items of a group, all in x
 * @param across groups in x
 * @param down groups in y for a pass of a size
 */
record Grid(int group, int across, ToIntFunction<PassSize> down) {

  /** One work-item. */
  static Grid single() {
    return new Grid(1, 1, size -> 1);
  }

  /** Some groups for each row of the pass. */
  static Grid rows(int group, int across) {
    return new Grid(group, across, PassSize::rows);
  }

  /** An item for each element of each row of the pass. */
  static Grid elements(int group, int width) {
    return rows(group, groups(width, group));
  }

  /** The number of groups that cover a number of items. */
  static int groups(long items, int group) {
    return Math.toIntExact((items + group - 1) / group);
  }

  /** The same with several work rows for each row of the pass. */
  Grid times(int perRow) {
    ToIntFunction<PassSize> rows = down;
    return new Grid(group, across, size -> rows.applyAsInt(size) * perRow);
  }

  /** A grid as TornadoVM knows it. */
  WorkerGrid workers(PassSize size) {
    WorkerGrid workers = new WorkerGrid2D(group, 1);
    resize(workers, size);
    return workers;
  }

  /** Fits it to another pass. */
  void resize(WorkerGrid workers, PassSize size) {
    workers.setGlobalWork((long) across * group, Math.max(1, down.applyAsInt(size)), 1);
    workers.setLocalWork(group, 1, 1);
  }
}
