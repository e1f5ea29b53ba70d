package org.zonda.tornado.simulator;

/**
 * What a kernel does with an array.
 *
 * @param guarded whether it writes under a condition, or in a loop
 */
record Access(boolean reads, boolean writes, boolean guarded) {
  static final Access NONE = new Access(false, false, false);

  Access or(Access other) {
    return new Access(reads || other.reads, writes || other.writes, guarded || other.guarded);
  }

  /** The same within a condition. */
  Access guardedIfWritten() {
    return new Access(reads, writes, writes);
  }

  /**
   * Whether TornadoVM takes the array for one that is written only, and so does not copy it to the
   * device even where that is declared.
   */
  boolean writesOnly() {
    return writes && !reads && !guarded;
  }
}
