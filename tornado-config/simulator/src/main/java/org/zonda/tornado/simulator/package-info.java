/**
 * The simulator behind the API of {@code uk.ac.manchester.tornado.api}: it executes kernels on the
 * CPU with a GPU's rules and reports what breaks them. docs/simulator.md says what and how.
 *
 * <ul>
 *   <li>A plan's side: {@link org.zonda.tornado.simulator.Plan}, its graphs with their device
 *       copies of arrays ({@code GraphState}, {@link org.zonda.tornado.simulator.DeviceArray}), the
 *       device and its {@code Settings}.
 *   <li>A kernel's side: {@code Kernel} finds a method, {@code CallTree} what it reaches, {@code
 *       KernelChecks} and {@code DataFlow} what a backend would make of it; {@code KernelTransform}
 *       rewrites it.
 *   <li>A launch: {@code Launch} runs group after group, {@code WorkGroup} the items of one as
 *       coroutines; {@link org.zonda.tornado.simulator.Monitor} and {@code Shadow} watch.
 * </ul>
 */
package org.zonda.tornado.simulator;
