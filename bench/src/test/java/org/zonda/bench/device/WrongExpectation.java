package org.zonda.bench.device;

import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** A case of which something else is expected than it computes. */
record WrongExpectation(KernelCase kernel, float expected) implements KernelCase {

  @Override
  public String name() {
    return kernel.name();
  }

  @Override
  public String shape() {
    return kernel.shape();
  }

  @Override
  public long bytes() {
    return kernel.bytes();
  }

  @Override
  public int launches() {
    return kernel.launches();
  }

  @Override
  public void addTo(TaskGraph graph, GridScheduler grids) {
    kernel.addTo(graph, grids);
  }

  @Override
  public FloatArray output() {
    return kernel.output();
  }

  @Override
  public int results() {
    return kernel.results();
  }
}
