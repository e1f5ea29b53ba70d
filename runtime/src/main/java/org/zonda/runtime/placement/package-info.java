/**
 * Which blocks of a model run where: devices to choose from, the plan of their memory, and the
 * backend that carries it out.
 */
package org.zonda.runtime.placement;
