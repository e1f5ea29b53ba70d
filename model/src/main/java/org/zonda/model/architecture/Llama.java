package org.zonda.model.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.zonda.model.ModelSource;
import org.zonda.model.graph.Activation;
import org.zonda.model.graph.Block;
import org.zonda.model.graph.BlockBuilder;
import org.zonda.model.graph.Mask;
import org.zonda.model.graph.NormKind;
import org.zonda.model.graph.Operation;
import org.zonda.model.graph.Rotary;
import org.zonda.model.graph.Scores;
import org.zonda.model.graph.Transformer;
import org.zonda.model.graph.Value;
import org.zonda.model.graph.Weight;

/**
 * The llama family: LLaMA (Touvron et al. 2023, arXiv:2302.13971), Llama 2 (arXiv:2307.09288),
 * Llama 3 (arXiv:2407.21783), Mistral 7B (arXiv:2310.06825), Mixtral (arXiv:2401.04088), and what
 * was tuned from them: Alpaca, Vicuna, Koala, OpenLLaMA, TinyLlama and others.
 *
 * <p>GGUF's converter permutes the rows of query and key, so that rotated pairs are adjacent.
 */
final class Llama implements Architecture {

  @Override
  public List<String> names() {
    return List.of("llama");
  }

  @Override
  public Transformer describe(ModelSource source) {
    return new Description(new ModelFields(source)).transformer();
  }

  /** One model's sizes, and its forward pass written with them. */
  private static final class Description {
    private final ModelFields fields;
    private final int vocabulary;
    private final int context;
    private final int width;
    private final int hidden;
    private final int layers;
    private final int heads;
    private final int kvHeads;
    private final int keyWidth;
    private final int valueWidth;
    private final int experts;
    private final int expertsUsed;
    private final float epsilon;
    private final float scale;
    private final Rotary rotary;

    Description(ModelFields fields) {
      this.fields = fields;
      vocabulary = fields.vocabularySize();
      context = fields.positive("context_length");
      width = fields.positive("embedding_length");
      layers = fields.positive("block_count");
      heads = fields.positive("attention.head_count");
      kvHeads = fields.positive("attention.head_count_kv", heads);
      if (heads % kvHeads != 0) {
        throw fields.fault("attention.head_count_kv", kvHeads, "a divisor of " + heads + " heads");
      }
      keyWidth = fields.positive("attention.key_length", Math.max(1, width / heads));
      valueWidth = fields.positive("attention.value_length", Math.max(1, width / heads));
      fields.checkWidth("attention.head_count", heads, Math.max(keyWidth, valueWidth));
      experts = fields.count("expert_count");
      expertsUsed = experts == 0 ? 0 : fields.positive("expert_used_count");
      if (expertsUsed > experts) {
        throw fields.fault("expert_used_count", expertsUsed, "at most expert_count, " + experts);
      }
      hidden = fields.positive("feed_forward_length");
      epsilon = fields.positiveFloat("attention.layer_norm_rms_epsilon");
      scale = fields.positiveFloat("attention.scale", (float) (1 / Math.sqrt(keyWidth)));
      rotary = RotaryFrequencies.of(fields, keyWidth, Rotary.Pairing.ADJACENT);
    }

    Transformer transformer() {
      List<Block> blocks = new ArrayList<>();
      for (int i = 0; i < layers; i++) {
        blocks.add(layer(i));
      }
      return new Transformer("llama", vocabulary, context, embedding(), blocks, head());
    }

    private Block embedding() {
      BlockBuilder b = new BlockBuilder("embedding", width);
      return b.build(
          b.embed(
              "hidden",
              Operation.Row.TOKEN,
              fields.matrix("token_embd.weight", width, vocabulary)));
    }

    /** One layer from top to bottom. */
    private Block layer(int i) {
      BlockBuilder b = new BlockBuilder("layer " + i, width);
      String blk = "blk." + i + ".";

      Value h = norm(b, "attention_norm", b.input(), blk + "attn_norm.weight");
      Value q = linear(b, "query", h, blk + "attn_q", heads * keyWidth);
      Value k = linear(b, "key", h, blk + "attn_k", kvHeads * keyWidth);
      Value v = linear(b, "value", h, blk + "attn_v", kvHeads * valueWidth);
      q = b.rotate("rotated_query", q, heads, rotary);
      k = b.rotate("rotated_key", k, kvHeads, rotary);
      Value a =
          b.attention("attention", q, k, v, heads, kvHeads, Scores.scaled(scale), Mask.CAUSAL, i);
      a = linear(b, "attention_output", a, blk + "attn_output", width);
      Value x = b.add("attention_residual", b.input(), a);

      h = norm(b, "feed_forward_norm", x, blk + "ffn_norm.weight");
      Value f = experts == 0 ? feedForward(b, h, blk) : mixture(b, h, blk);
      return b.build(b.add("hidden", x, f));
    }

    private Value feedForward(BlockBuilder b, Value h, String blk) {
      Value gate = linear(b, "gate", h, blk + "ffn_gate", hidden);
      Value up = linear(b, "up", h, blk + "ffn_up", hidden);
      Value gated = b.gate("gated", Activation.SILU, gate, up);
      return linear(b, "feed_forward", gated, blk + "ffn_down", width);
    }

    private Value mixture(BlockBuilder b, Value h, String blk) {
      return b.experts(
          "mixture",
          h,
          fields.matrix(blk + "ffn_gate_inp.weight", width, experts),
          fields.matrices(blk + "ffn_gate_exps.weight", width, hidden, experts),
          fields.matrices(blk + "ffn_up_exps.weight", width, hidden, experts),
          fields.matrices(blk + "ffn_down_exps.weight", hidden, width, experts),
          Activation.SILU,
          expertsUsed);
    }

    private Block head() {
      BlockBuilder b = new BlockBuilder("head", width);
      Value h = norm(b, "output_norm", b.input(), "output_norm.weight");
      // Tied embeddings: the table serves as the output matrix where there is no other.
      String output = fields.has("output.weight") ? "output.weight" : "token_embd.weight";
      Weight matrix = fields.matrix(output, width, vocabulary);
      return b.build(b.linear("logits", h, matrix, Optional.empty()));
    }

    private Value norm(BlockBuilder b, String name, Value in, String weight) {
      return b.norm(
          name, NormKind.RMS, in, 1, fields.vector(weight, in.width()), Optional.empty(), epsilon);
    }

    private Value linear(BlockBuilder b, String name, Value in, String tensor, int outputs) {
      return b.linear(
          name,
          in,
          fields.matrix(tensor + ".weight", in.width(), outputs),
          fields.optionalVector(tensor + ".bias", outputs));
    }
  }
}
