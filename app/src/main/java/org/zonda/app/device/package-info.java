/**
 * What {@code zonda devices} and {@code zonda doctor} find out about TornadoVM: with the kernels'
 * room and the runtime's, the only ones that know its API.
 */
package org.zonda.app.device;
