package org.zonda.runtime.backend;

/**
 * Hears what a model's passes consist of and how long each part took; give it to {@link
 * org.zonda.runtime.LoadOptions#withListener}. Without one nothing is timed. Called on the threads
 * that generate, one pass at a time; what it takes to listen counts as the host's time.
 */
public interface OperationListener {

  /** What a generation is doing. */
  enum Phase {
    /** Reading the prompt, up to the first sampled token. */
    PREFILL,
    /** Writing: passes of one token, and sampling. */
    DECODE
  }

  /**
   * A step ran.
   *
   * @param run what, on how much, and how long
   */
  void ran(OperationRun run);

  /**
   * A token was chosen from its logits.
   *
   * @param nanos how long it took
   */
  default void sampled(long nanos) {}

  /**
   * A generation begins with something; what runs until it ends belongs to that.
   *
   * @param phase what
   */
  default void began(Phase phase) {}

  /**
   * It is done with that.
   *
   * @param phase what had begun
   * @param tokens how many were read, or written
   * @param nanos how long it took, everything included
   */
  default void ended(Phase phase, int tokens, long nanos) {}
}
