package org.zonda.model.graph;

import java.util.List;

/**
 * The forward pass of a transformer, decoder or encoder, as immutable data: what an {@code
 * Architecture} makes of a model's metadata and every backend executes.
 *
 * @param architecture the name in the metadata, for display only
 * @param vocabularySize token ids that the embedding knows
 * @param contextLength positions the model was made for
 * @param embedding token ids to the hidden state
 * @param layers from the hidden state to the hidden state, each with its own place in the KV cache
 * @param head from the hidden state to the output: a decoder's logits; an encoder has no operation
 *     here, and its output is the hidden state. Run only for rows whose output is wanted
 */
public record Transformer(
    String architecture,
    int vocabularySize,
    int contextLength,
    Block embedding,
    List<Block> layers,
    Block head) {

  /** Takes a copy of the layers. */
  public Transformer {
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
   * The width of what the head puts out: logits, or the hidden state of an encoder.
   *
   * @return floats per token
   */
  public int outputWidth() {
    return head.output().width();
  }

  /**
   * Whether each token sees only itself and earlier tokens, so that text can be generated.
   *
   * @return false for an encoder
   */
  public boolean isCausal() {
    return attentions().stream().allMatch(attention -> attention.mask().causal());
  }

  /**
   * The same model up to what its last matrix, that of the logits, reads: the normalised hidden
   * state, which is a decoder's embedding of a token. An encoder is returned as it is.
   *
   * @return a model whose output is as wide as its hidden state
   */
  public Transformer features() {
    return new Transformer(
        architecture, vocabularySize, contextLength, embedding, layers, head.beforeLastLinear());
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
