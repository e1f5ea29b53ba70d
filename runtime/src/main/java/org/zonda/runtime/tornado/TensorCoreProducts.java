package org.zonda.runtime.tornado;

import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;

/** A format that has a kernel for tensor cores, on backends CUDA and PTX. */
sealed interface TensorCoreProducts permits F16DeviceFormat {

  /**
   * Adds the product of a matrix with many rows, without bias and residual.
   *
   * @param t the arguments; in place of its input {@code x} counts
   * @param x the rows, {@code columns} values each
   */
  void matmul(TaskGraph graph, String name, DeviceMatrix m, MatrixTask t, HalfFloatArray x);
}
