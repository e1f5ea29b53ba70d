package org.zonda.model.graph;

/**
 * A row of floats per token that one operation writes and others read. Values are numbered within
 * their block and written once (static single assignment), so a backend may place them as it likes.
 *
 * @param id from 0 within the block; 0 is the block's input
 * @param name for people, such as {@code query}
 * @param width floats per token
 */
public record Value(int id, String name, int width) {

  /** Checks the width. */
  public Value {
    if (width <= 0) {
      throw new IllegalArgumentException("value '" + name + "' has width " + width);
    }
  }

  @Override
  public String toString() {
    return name + "#" + id + "[" + width + "]";
  }
}
