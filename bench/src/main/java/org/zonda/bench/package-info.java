/** Benchmarks: prompt processing and generation, kernels, and comparisons. */
package org.zonda.bench;
