package org.zonda.model.architecture;

import java.util.ArrayList;
import java.util.List;
import org.zonda.model.graph.Block;
import org.zonda.model.graph.NormKind;
import org.zonda.model.graph.Scores;
import org.zonda.model.graph.Transformer;
import org.zonda.model.graph.Value;

/**
 * The sizes that every transformer has, under the names that GGUF gives them, and the frame of the
 * description that is made with them.
 *
 * @param fields where they were read
 * @param vocabulary rows of the embedding table
 * @param context positions that the model was made for
 * @param width of the hidden state
 * @param layers how many
 * @param heads of queries
 * @param kvHeads of keys and values, a divisor of heads
 * @param keyWidth floats of a query's or key's head
 * @param valueWidth floats of a value's head
 * @param norm the kind of all norms
 * @param epsilon of all norms
 */
record Hyperparameters(
    ModelFields fields,
    int vocabulary,
    int context,
    int width,
    int layers,
    int heads,
    int kvHeads,
    int keyWidth,
    int valueWidth,
    NormKind norm,
    float epsilon) {

  /** The formula of a block: appends operations and returns the last value. */
  interface Formula {
    Value write(BlockWriter b);
  }

  /**
   * Reads those of a decoder.
   *
   * @param fields the model
   * @param norm the architecture's, which decides where epsilon is
   */
  static Hyperparameters ofDecoder(ModelFields fields, NormKind norm) {
    if (!fields.flag("attention.causal", true)) {
      throw fields.fault("attention.causal", false, "true, as the architecture is a decoder");
    }
    return of(fields, norm);
  }

  /**
   * Reads those of an encoder, whose tokens see each other both ways.
   *
   * @param fields the model
   * @param norm the architecture's, which decides where epsilon is
   */
  static Hyperparameters ofEncoder(ModelFields fields, NormKind norm) {
    if (fields.flag("attention.causal", false)) {
      throw fields.fault("attention.causal", true, "false, as the architecture is an encoder");
    }
    return of(fields, norm);
  }

  private static Hyperparameters of(ModelFields fields, NormKind norm) {
    int width = fields.positive("embedding_length");
    int vocabulary = fields.vocabularySize(width);
    int heads = fields.positive("attention.head_count");
    int kvHeads = fields.positive("attention.head_count_kv", heads);
    if (heads % kvHeads != 0) {
      throw fields.fault("attention.head_count_kv", kvHeads, "a divisor of " + heads + " heads");
    }
    int keyWidth = fields.positive("attention.key_length", Math.max(1, width / heads));
    int valueWidth = fields.positive("attention.value_length", Math.max(1, width / heads));
    fields.checkWidth("attention.head_count", heads, Math.max(keyWidth, valueWidth));
    // Mixtures of experts carry the length of dense layers, and have none.
    fields.count("feed_forward_length");
    String epsilon = norm == NormKind.RMS ? "layer_norm_rms_epsilon" : "layer_norm_epsilon";
    return new Hyperparameters(
        fields,
        vocabulary,
        fields.positive("context_length"),
        width,
        fields.positive("block_count"),
        heads,
        kvHeads,
        keyWidth,
        valueWidth,
        norm,
        fields.positiveFloat("attention." + epsilon));
  }

  /** The width of a dense feed-forward layer's hidden values. */
  int hidden() {
    return fields.positive("feed_forward_length");
  }

  /** Products of queries and keys, divided by the root of a key's width if nothing else is said. */
  Scores scores() {
    return Scores.scaled(
        fields.positiveFloat("attention.scale", (float) (1 / Math.sqrt(keyWidth))));
  }

  /**
   * Writes the description down.
   *
   * @param embedding token ids to the hidden state
   * @param layer one layer; it is written once for each, and reads its index from the writer
   * @param head the last hidden state to the output
   */
  Transformer transformer(Formula embedding, Formula layer, Formula head) {
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      blocks.add(block("layer " + i, "blk." + i + ".", i, layer));
    }
    return new Transformer(
        fields.architecture(),
        vocabulary,
        context,
        block("embedding", "", 0, embedding),
        blocks,
        block("head", "", 0, head));
  }

  private Block block(String name, String prefix, int layer, Formula formula) {
    BlockWriter b = new BlockWriter(this, name, prefix, layer);
    return b.build(formula.write(b));
  }
}
