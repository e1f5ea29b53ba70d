/** The TornadoVM kernels. Empty until the GPU path is built. */
package org.zonda.kernels;
