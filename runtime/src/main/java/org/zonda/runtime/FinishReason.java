package org.zonda.runtime;

/** Why a generation ended. */
public enum FinishReason {
  /** The model produced one of its end-of-generation tokens. */
  END_OF_GENERATION,
  /** One of the stop strings appeared; it is not part of the text. */
  STOP_STRING,
  /** The number of tokens asked for was produced. */
  MAX_TOKENS,
  /** The context is full and {@link ContextPolicy#STOP} was chosen. */
  CONTEXT_FULL,
  /** Somebody cancelled it. */
  CANCELLED
}
