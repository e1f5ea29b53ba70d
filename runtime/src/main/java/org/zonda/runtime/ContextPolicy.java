package org.zonda.runtime;

/** What to do when a generation reaches the end of the context. */
public enum ContextPolicy {
  /** End with {@link FinishReason#CONTEXT_FULL}. */
  STOP,
  /** Forget the older half of what follows the first token, read the rest again, and go on. */
  SHIFT
}
