package org.zonda.runtime.backend;

import org.zonda.model.graph.Decoder;

/**
 * The consecutive blocks of a decoder that one stage runs.
 *
 * @param embedding whether it begins with the embedding; else it is given hidden states
 * @param from its first layer
 * @param to the layer after its last
 * @param head whether it ends with the head
 */
public record Part(boolean embedding, int from, int to, boolean head) {

  /** Checks the layers. */
  public Part {
    if (from < 0 || to < from) {
      throw new IllegalArgumentException("layers " + from + " to " + to);
    }
  }

  /**
   * All of a decoder.
   *
   * @param decoder the decoder
   * @return the part that is the whole
   */
  public static Part whole(Decoder decoder) {
    return new Part(true, 0, decoder.layers().size(), true);
  }

  public int layers() {
    return to - from;
  }
}
