/**
 * The simulator behind the API of {@code uk.ac.manchester.tornado.api}: it executes kernels on the
 * CPU with a GPU's rules and reports what breaks them.
 */
package org.zonda.tornado.simulator;
