/**
 * Finding and launching TornadoVM, device profiles, and the simulator. Empty until the GPU path is
 * built.
 */
package org.zonda.tornado;
