package org.zonda.tornado.simulator;

/**
 * Times of an execution in nanoseconds, and sizes in bytes.
 *
 * @param log the times of each task, as JSON
 */
public record Profile(
    long total,
    long compilation,
    long copyIn,
    long copyOut,
    long kernels,
    long bytesIn,
    long bytesOut,
    long deviceMemory,
    String log) {
  static final Profile NONE = new Profile(0, 0, 0, 0, 0, 0, 0, 0, "{}");
}
