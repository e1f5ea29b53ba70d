/**
 * The TornadoVM kernels, one class a family: static methods that TornadoVM compiles for the device
 * and the simulator runs on the CPU. No host logic: sizes, grids and buffers are the caller's. What
 * each must compute is said once more, in plain Java, by {@link org.zonda.kernels.oracle}.
 */
package org.zonda.kernels;
