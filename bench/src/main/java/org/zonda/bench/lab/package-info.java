/**
 * The kernel lab: the catalogue of all kernels, what each must compute on which data, and the check
 * of a kernel, Zonda's or a user's, on the simulator and on devices.
 *
 * <p>A check runs in a JVM of its own ({@link org.zonda.bench.lab.CheckProcess}), so that neither a
 * kernel that never ends nor one that brings the driver down harms the program, and the simulator
 * is there whether or not the program itself runs with TornadoVM.
 */
package org.zonda.bench.lab;
