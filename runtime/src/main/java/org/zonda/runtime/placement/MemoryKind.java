package org.zonda.runtime.placement;

/** What memory is for. */
public enum MemoryKind {
  EMBEDDING("embedding"),
  /** Matrices around attention, with their biases. */
  ATTENTION("attention"),
  /** Matrices of feed-forward networks and experts, with their biases. */
  FEED_FORWARD("feed-forward"),
  NORMS("norms"),
  /** From the hidden state to logits; shares the embedding's matrix where the model does. */
  HEAD("head"),
  CACHE("KV cache"),
  /** What the operations of one pass write. */
  ACTIVATIONS("activations"),
  /** Tables, lists and partial results of kernels. */
  WORKSPACE("workspace");

  private final String label;

  MemoryKind(String label) {
    this.label = label;
  }

  /**
   * What people call it.
   *
   * @return such as {@code KV cache}
   */
  public String label() {
    return label;
  }
}
