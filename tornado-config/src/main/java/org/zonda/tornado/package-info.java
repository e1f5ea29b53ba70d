/**
 * What the host must know to run kernels with TornadoVM, without knowing one of its classes: where
 * an SDK is and whether it will do, the flags that start a JVM with it, and how kernels are to be
 * cut for a device.
 */
package org.zonda.tornado;
