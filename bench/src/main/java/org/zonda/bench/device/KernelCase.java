package org.zonda.bench.device;

import java.util.Arrays;
import java.util.Optional;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * A kernel to be timed. It is launched several times in one graph, each time on other memory, so
 * that what one launch read is not in a cache for the next.
 */
public interface KernelCase {

  /** The graph's name, with which the grids' names begin. */
  String GRAPH = "timed";

  /**
   * What is timed.
   *
   * @return such as {@code matvec.q8_0}
   */
  String name();

  /**
   * The sizes.
   *
   * @return such as {@code 14336 x 4096}
   */
  String shape();

  /**
   * What a launch cannot but read or write.
   *
   * @return bytes
   */
  long bytes();

  /**
   * What a launch computes.
   *
   * @return products that are added up; 0 where that is not its work
   */
  long multiplyAdds();

  /**
   * Launches in the graph.
   *
   * @return at least 1
   */
  int launches();

  /**
   * Adds the arrays' way to the device, the tasks and their grids.
   *
   * @param graph an empty one, named {@link #GRAPH}
   * @param grids hears of every task's size
   */
  void addTo(TaskGraph graph, GridScheduler grids);

  /**
   * What the launches write; not a number before.
   *
   * @return the array, which is copied back
   */
  FloatArray output();

  /**
   * Compares results.
   *
   * @param found what was computed
   * @param index of the first to compare
   * @param expected what must be there
   * @param tolerance how far each may be off, as a share of the largest that is expected
   * @return what is wrong, as {@link #fault} says it
   */
  static Optional<String> compare(
      FloatArray found, int index, double[] expected, double tolerance) {
    double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
    for (int i = 0; i < expected.length; i++) {
      float value = found.get(index + i);
      // Written so that NaN fails.
      if (!(Math.abs(value - expected[i]) <= tolerance * largest)) {
        return Optional.of("%s at %d; expected %s".formatted(value, index + i, expected[i]));
      }
    }
    return Optional.empty();
  }

  /**
   * Looks at what was computed.
   *
   * @return what is wrong, such as {@code 3.0 at 5; expected 2.0}; empty where nothing is
   */
  Optional<String> fault();
}
