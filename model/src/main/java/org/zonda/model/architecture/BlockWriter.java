package org.zonda.model.architecture;

import java.util.Optional;
import org.zonda.model.graph.Activation;
import org.zonda.model.graph.Block;
import org.zonda.model.graph.BlockBuilder;
import org.zonda.model.graph.Mask;
import org.zonda.model.graph.Operation.Row;
import org.zonda.model.graph.Rotary;
import org.zonda.model.graph.Scores;
import org.zonda.model.graph.Value;
import org.zonda.model.graph.Weight;

/**
 * Writes one block of a model: the operations of {@link BlockBuilder}, with weights named by what
 * follows the block's prefix in GGUF ({@code attn_norm} for {@code blk.0.attn_norm.weight}) and
 * with the model's sizes. The pieces that many architectures share are here; what a layer is made
 * of stands in the architecture's own file.
 */
final class BlockWriter {

  private final Hyperparameters model;
  private final ModelFields fields;
  private final BlockBuilder b;
  private final String prefix;
  private final int layer;

  BlockWriter(Hyperparameters model, String name, String prefix, int layer) {
    this.model = model;
    this.fields = model.fields();
    this.b = new BlockBuilder(name, model.width());
    this.prefix = prefix;
    this.layer = layer;
  }

  Block build(Value output) {
    return b.build(output);
  }

  /** The hidden state. */
  Value input() {
    return b.input();
  }

  /** The layer's index. */
  int layer() {
    return layer;
  }

  /** Whether the block has such a weight. */
  boolean has(String tensor) {
    return fields.has(weightName(tensor));
  }

  private String weightName(String tensor) {
    return prefix + tensor + ".weight";
  }

  private Optional<Weight> bias(String tensor, int width, Bias bias) {
    String name = prefix + tensor + ".bias";
    return switch (bias) {
      case NONE -> Optional.empty();
      case OPTIONAL -> fields.optionalVector(name, width);
      case REQUIRED -> Optional.of(fields.vector(name, width));
    };
  }

  /** The tokens' rows of {@code token_embd}. */
  Value tokens() {
    Weight table = fields.matrix("token_embd.weight", model.width(), model.vocabulary());
    return b.embed("token_embd", Row.TOKEN, table);
  }

  /** The positions' rows of {@code position_embd}: learned positions, one row each. */
  Value positions() {
    Weight table = fields.matrix("position_embd.weight", model.width(), model.context());
    return b.embed("position_embd", Row.POSITION, table);
  }

  /** The first segment's row of {@code token_types}, which has as many rows as given. */
  Value segment(int types) {
    return b.embed(
        "token_types", Row.SEGMENT, fields.matrix("token_types.weight", model.width(), types));
  }

  /** Normalises a row. */
  Value norm(Value in, String tensor, Bias bias) {
    Weight weight = fields.vector(weightName(tensor), in.width());
    return b.norm(
        tensor, model.norm(), in, 1, weight, bias(tensor, in.width(), bias), model.epsilon());
  }

  /** Normalises each head by itself; all are multiplied by the same weight. */
  Value headNorm(Value in, String tensor, int heads) {
    Weight weight = fields.vector(weightName(tensor), in.width() / heads);
    return b.norm(tensor, model.norm(), in, heads, weight, Optional.empty(), model.epsilon());
  }

  /** Normalises each head by itself; each is multiplied by its own row of the weight. */
  Value ownHeadNorm(Value in, String tensor, int heads) {
    Weight weight = fields.matrix(weightName(tensor), in.width() / heads, heads);
    return b.norm(tensor, model.norm(), in, heads, weight, Optional.empty(), model.epsilon());
  }

  /** Multiplies by a matrix. */
  Value linear(Value in, String tensor, int outputs, Bias bias) {
    Weight weight = fields.matrix(weightName(tensor), in.width(), outputs);
    return b.linear(tensor, in, weight, bias(tensor, outputs, bias));
  }

  /**
   * Query, key and value: of three matrices, or of {@code attn_qkv}, which has the rows of all
   * queries, then of all keys, then of all values. Converters of the same family have done both.
   */
  Projections queryKeyValue(Value in, Bias bias) {
    int q = model.heads() * model.keyWidth();
    int k = model.kvHeads() * model.keyWidth();
    int v = model.kvHeads() * model.valueWidth();
    if (!has("attn_qkv")) {
      return new Projections(
          linear(in, "attn_q", q, bias),
          linear(in, "attn_k", k, bias),
          linear(in, "attn_v", v, bias));
    }
    Weight all = fields.matrix(weightName("attn_qkv"), in.width(), q + k + v);
    Optional<Weight> biases = bias("attn_qkv", q + k + v, bias);
    return new Projections(
        part("attn_q", in, all, biases, 0, q),
        part("attn_k", in, all, biases, q, k),
        part("attn_v", in, all, biases, q + k, v));
  }

  private Value part(
      String name, Value in, Weight all, Optional<Weight> biases, int first, int count) {
    return b.linear(
        name, in, all.part(first, count), biases.map(vector -> vector.part(first, count)));
  }

  /** Rotates queries and keys by their positions. */
  Projections rotate(Projections p, Rotary rotary) {
    return new Projections(
        b.rotate("rotated_q", p.query(), model.heads(), rotary),
        b.rotate("rotated_k", p.key(), model.kvHeads(), rotary),
        p.value());
  }

  /** Attends, and multiplies by {@code attn_output}. */
  Value attend(Projections p, Scores scores, Mask mask, Bias bias) {
    Value attended =
        b.attention(
            "attention",
            p.query(),
            p.key(),
            p.value(),
            model.heads(),
            model.kvHeads(),
            scores,
            mask,
            layer);
    return linear(attended, "attn_output", model.width(), bias);
  }

  /** {@code down(activation(up(x)))}. */
  Value feedForward(Value in, Activation activation, Bias bias) {
    Value up = linear(in, "ffn_up", model.hidden(), bias);
    Value activated = b.activate("activated", activation, up);
    return linear(activated, "ffn_down", model.width(), bias);
  }

  /** {@code down(activation(gate(x)) * up(x))}. */
  Value gatedFeedForward(Value in, Activation activation, Bias bias) {
    Value gate = linear(in, "ffn_gate", model.hidden(), bias);
    Value up = linear(in, "ffn_up", model.hidden(), bias);
    return linear(gate(activation, gate, up), "ffn_down", model.width(), bias);
  }

  /** Gated, with the rows of the gate before those of the other factor in {@code ffn_up}. */
  Value fusedFeedForward(Value in, Activation activation) {
    int hidden = model.hidden();
    Weight both = fields.matrix(weightName("ffn_up"), in.width(), Math.multiplyExact(2, hidden));
    Value gate = part("ffn_gate", in, both, Optional.empty(), 0, hidden);
    Value up = part("ffn_up", in, both, Optional.empty(), hidden, hidden);
    return linear(gate(activation, gate, up), "ffn_down", model.width(), Bias.NONE);
  }

  private Value gate(Activation activation, Value gate, Value up) {
    return b.gate("gated", activation, gate, up);
  }

  /** A mixture of gated feed-forward experts, each with so many hidden values. */
  Value mixture(Value in, Activation activation, int hidden) {
    int experts = fields.positive("expert_count");
    int used = fields.positive("expert_used_count");
    if (used > experts) {
      throw fields.fault("expert_used_count", used, "at most expert_count, " + experts);
    }
    int gating = fields.count("expert_gating_func");
    if (gating > 1) {
      throw fields.fault("expert_gating_func", gating, "1, softmax");
    }
    if (!fields.flag("expert_weights_norm", true)) {
      throw fields.fault("expert_weights_norm", false, "true: weights of the chosen that sum to 1");
    }
    return b.experts(
        "mixture",
        in,
        fields.matrix(weightName("ffn_gate_inp"), in.width(), experts),
        fields.matrices(weightName("ffn_gate_exps"), in.width(), hidden, experts),
        fields.matrices(weightName("ffn_up_exps"), in.width(), hidden, experts),
        fields.matrices(weightName("ffn_down_exps"), hidden, in.width(), experts),
        activation,
        used);
  }

  Value add(Value left, Value right) {
    return b.add("sum", left, right);
  }

  /** Multiplies by a factor, unless it is one. */
  Value scale(Value in, float factor) {
    return factor == 1 ? in : b.scale("scaled", in, factor);
  }

  /** Bounds a row, unless the cap is zero. */
  Value softCap(Value in, float cap) {
    return cap == 0 ? in : b.softCap("capped", in, cap);
  }

  /** Multiplies by {@code output}, or by the token embeddings where there is no other: tied. */
  Value logits(Value in, Bias bias) {
    if (has("output")) {
      return linear(in, "output", model.vocabulary(), bias);
    }
    Weight table = fields.matrix("token_embd.weight", in.width(), model.vocabulary());
    return b.linear("output", in, table, bias("output", model.vocabulary(), bias));
  }
}
