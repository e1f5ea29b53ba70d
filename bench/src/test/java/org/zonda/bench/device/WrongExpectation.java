package org.zonda.bench.device;

import java.util.Optional;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** A case of which something else is expected than it computes. */
record WrongExpectation(KernelCase kernel) implements KernelCase {

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
  public long multiplyAdds() {
    return kernel.multiplyAdds();
  }

  @Override
  public Optional<String> fault() {
    return KernelCase.compare(output(), 0, new double[] {2}, 1e-3);
  }
}
