/** Kernels by themselves on a device: how much of its memory's speed each of them reaches. */
package org.zonda.bench.device;
