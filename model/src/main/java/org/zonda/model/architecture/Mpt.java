package org.zonda.model.architecture;

import java.util.List;
import org.zonda.model.graph.Activation;
import org.zonda.model.graph.Mask;
import org.zonda.model.graph.NormKind;
import org.zonda.model.graph.Scores;
import org.zonda.model.graph.Transformer;
import org.zonda.model.graph.Value;

/**
 * MPT (MosaicML 2023, github.com/mosaicml/llm-foundry): ALiBi or learned positions, layer norms,
 * biases only where a model has them, in some models a layer norm over all queries and over all
 * keys. Models that clamp queries, keys and values (MPT 30B does not) are refused.
 */
final class Mpt implements Architecture {

  @Override
  public List<String> names() {
    return List.of("mpt");
  }

  @Override
  public List<Family> families() {
    return List.of(Family.of("MPT 7B", "chatml"), Family.of("MPT 30B", "chatml"));
  }

  @Override
  public Transformer describe(ModelFields fields) {
    Hyperparameters model = Hyperparameters.ofDecoder(fields, NormKind.LAYER);
    float clamp = fields.floatOrNone("attention.clamp_kqv");
    if (clamp > 0) {
      throw fields.fault("attention.clamp_kqv", clamp, "0: clamped models are not supported");
    }
    Activation gelu = fields.activation(Activation.GELU);
    float maxBias = fields.floatOrNone("attention.max_alibi_bias");
    Scores scores = new Scores(model.scores().scale(), 0, maxBias);
    return model.transformer(
        b -> maxBias > 0 ? b.tokens() : b.add(b.tokens(), b.positions()),
        b -> {
          Value h = b.norm(b.input(), "attn_norm", Bias.OPTIONAL);
          Projections p = normed(b, b.queryKeyValue(h, Bias.OPTIONAL));
          Value a = b.attend(p, scores, Mask.CAUSAL, Bias.OPTIONAL);
          Value x = b.add(b.input(), a);

          h = b.norm(x, "ffn_norm", Bias.OPTIONAL);
          return b.add(x, b.feedForward(h, gelu, Bias.OPTIONAL));
        },
        b -> b.logits(b.norm(b.input(), "output_norm", Bias.OPTIONAL), Bias.OPTIONAL));
  }

  private static Projections normed(BlockWriter b, Projections p) {
    return b.has("attn_q_norm")
        ? new Projections(
            b.norm(p.query(), "attn_q_norm", Bias.OPTIONAL),
            b.norm(p.key(), "attn_k_norm", Bias.OPTIONAL),
            p.value())
        : p;
  }
}
