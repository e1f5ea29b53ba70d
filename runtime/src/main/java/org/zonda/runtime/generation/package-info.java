/** The loop of prefill and decode: stop strings, limits, cancellation, timings. */
package org.zonda.runtime.generation;
