package org.zonda.bench.device;

import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * A kernel to be timed. It is launched several times in one graph, each time on other memory, so
 * that what one launch read is not in a cache for the next.
 */
interface KernelCase {

  /** Such as {@code matvec Q8_0}. */
  String name();

  /** The sizes, such as {@code 14336 x 4096}. */
  String shape();

  /** Bytes that a launch must read or write. */
  long bytes();

  /** Launches in the graph. */
  int launches();

  /** Adds the arrays' way to the device, the tasks and their grids. */
  void addTo(TaskGraph graph, GridScheduler grids);

  /** What the launches write. */
  FloatArray output();

  /** What each of the first elements of the output must be, about. */
  float expected();

  /** How many elements of the output must be that. */
  int results();
}
