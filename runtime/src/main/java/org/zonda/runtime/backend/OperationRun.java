package org.zonda.runtime.backend;

/**
 * A step that ran, on all rows of a pass.
 *
 * @param step what it was
 * @param rows of the pass: tokens
 * @param bytes of weights, and of keys and values, that it cannot but read: each once. Of experts
 *     at most so many as the rows can choose
 * @param multiplyAdds of its products with weights, or of queries with keys and scores with values
 * @param nanos how long it took; a kernel of a device by the device's own clock, where that tells
 */
public record OperationRun(
    OperationStep step, int rows, long bytes, long multiplyAdds, long nanos) {}
