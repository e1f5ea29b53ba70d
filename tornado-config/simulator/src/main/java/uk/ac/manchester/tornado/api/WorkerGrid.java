package uk.ac.manchester.tornado.api;

/** How many work-items run a kernel, and in what groups. */
public interface WorkerGrid {

  /** The number of dimensions that count: 1 to 3. */
  int dimension();

  /** Work-items in x, y and z. */
  long[] getGlobalWork();

  /** Work-items of a group in x, y and z, or null where the runtime chooses. */
  long[] getLocalWork();

  /** Groups in x, y and z, or null where the runtime chooses. */
  long[] getNumberOfWorkgroups();

  /** The ids of the first item. */
  long[] getGlobalOffset();

  /** Sets the number of work-items. */
  void setGlobalWork(long x, long y, long z);

  /** Sets the size of a group; it must divide the number of items. */
  void setLocalWork(long x, long y, long z);

  /** Leaves the number of groups to the runtime. */
  void setNumberOfWorkgroupsToNull();

  /** Leaves the size of a group to the runtime. */
  void setLocalWorkToNull();

  /** Sets the ids of the first item. */
  void setGlobalOffset(long x, long y, long z);
}
