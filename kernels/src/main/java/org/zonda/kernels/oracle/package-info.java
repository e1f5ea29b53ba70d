/**
 * Plain-Java definitions of what the kernels compute, in double precision, one value at a time.
 * They share no code with the kernels, so that a test which compares the two compares two readings
 * of the same definition.
 */
package org.zonda.kernels.oracle;
