package org.zonda.tornado.simulator;

/** A kernel, made ready for the simulator. Implemented by generated classes. */
public interface KernelCode {

  /**
   * Runs the kernel for a work-item.
   *
   * @param item takes the place of the kernel context
   * @param arguments as the kernel's parameters; arrays are {@link DeviceArray}s, numbers are boxed
   */
  void run(WorkItem item, Object[] arguments);
}
