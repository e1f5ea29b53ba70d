package org.zonda.runtime.evaluation;

/** How a text that is longer than the context is cut, and which of its tokens are scored. */
public enum Windowing {
  /**
   * Overlapping windows: each but the first is a stride further than the one before and scores the
   * tokens that are new in it, so that every token of the text is scored once, with at least the
   * context less the stride before it. Every window begins with a BOS token where the model's
   * prompts do; elsewhere the text's first token is not scored.
   *
   * <p>Source: Hugging Face, "Perplexity of fixed-length models".
   */
  STRIDED,
  /**
   * Windows side by side, of which the second half is scored; what does not fill a window is left
   * out. The BOS token, where the model's prompts begin with one, takes the place of a window's
   * first token. So are the perplexities made that llama.cpp's {@code llama-perplexity} prints.
   */
  SECOND_HALVES
}
