package org.zonda.runtime.tornado;

import uk.ac.manchester.tornado.api.TaskGraph;

/** A format that has kernels for inputs rounded to 8 bits, on backends CUDA and PTX. */
sealed interface Int8Products
    permits Q8_0DeviceFormat, Q4_0DeviceFormat, Q4_KDeviceFormat, Q6_KDeviceFormat {

  /** How its kernels want rounded values: an order of {@link org.zonda.kernels.Int8Input}. */
  int order();

  /** Adds the product of a matrix with single rows, which are {@code x} instead of the task's. */
  void matvec(TaskGraph graph, String name, DeviceMatrix m, MatrixTask t, Int8Rows x);

  /** Adds the gated product with single rows, which are {@code x} instead of the task's. */
  void gated(TaskGraph graph, String name, DeviceMatrix m, MatrixTask t, Int8Rows x);
}
