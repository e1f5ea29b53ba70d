package org.zonda.model.graph;

import java.util.List;

/**
 * The forward pass of a decoder-only model as immutable data: what an {@code Architecture} makes of
 * a model's metadata and every backend executes.
 *
 * @param architecture the name in the metadata, for display only
 * @param vocabularySize logits per token
 * @param contextLength positions the model was made for
 * @param embedding token ids to the hidden state
 * @param layers from the hidden state to the hidden state, each with its own place in the KV cache
 * @param head hidden state to logits; run only for rows whose logits are wanted
 */
public record Decoder(
    String architecture,
    int vocabularySize,
    int contextLength,
    Block embedding,
    List<Block> layers,
    Block head) {

  /** Takes a copy of the layers. */
  public Decoder {
    layers = List.copyOf(layers);
  }

  /**
   * The width of the hidden state that passes from layer to layer.
   *
   * @return floats per token
   */
  public int hiddenWidth() {
    return embedding.output().width();
  }

  /**
   * All attention operations, in the order of their places in the KV cache.
   *
   * @return one per layer that attends
   */
  public List<Operation.Attention> attentions() {
    return layers.stream()
        .flatMap(block -> block.operations().stream())
        .filter(Operation.Attention.class::isInstance)
        .map(Operation.Attention.class::cast)
        .toList();
  }
}
