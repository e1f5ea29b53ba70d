package org.zonda.model.architecture;

import java.util.List;
import org.zonda.model.graph.Activation;
import org.zonda.model.graph.Mask;
import org.zonda.model.graph.NormKind;
import org.zonda.model.graph.Rotary;
import org.zonda.model.graph.Rotary.Pairing;
import org.zonda.model.graph.Transformer;
import org.zonda.model.graph.Value;

/**
 * Qwen3 (Yang et al. 2025, arXiv:2505.09388), dense: as Qwen2, with a norm of each query's and
 * key's head in place of the biases.
 */
final class Qwen3 implements Architecture {

  @Override
  public List<String> names() {
    return List.of("qwen3");
  }

  @Override
  public List<Family> families() {
    return List.of(Family.of("Qwen3", "chatml"));
  }

  @Override
  public Transformer describe(ModelFields fields) {
    Hyperparameters model = Hyperparameters.ofDecoder(fields, NormKind.RMS);
    Rotary rotary = RotaryFrequencies.of(fields, model.keyWidth(), Pairing.HALVES);
    Activation silu = fields.activation(Activation.SILU);
    return model.transformer(
        BlockWriter::tokens,
        b -> {
          Value x = attention(b, model, rotary);
          Value h = b.norm(x, "ffn_norm", Bias.NONE);
          return b.add(x, b.gatedFeedForward(h, silu, Bias.NONE));
        },
        b -> b.logits(b.norm(b.input(), "output_norm", Bias.NONE), Bias.NONE));
  }

  /** The first half of a layer, which the mixture of experts has too. */
  static Value attention(BlockWriter b, Hyperparameters model, Rotary rotary) {
    Value h = b.norm(b.input(), "attn_norm", Bias.NONE);
    Projections p = b.queryKeyValue(h, Bias.NONE);
    p =
        new Projections(
            b.headNorm(p.query(), "attn_q_norm", model.heads()),
            b.headNorm(p.key(), "attn_k_norm", model.kvHeads()),
            p.value());
    Value a = b.attend(b.rotate(p, rotary), model.scores(), Mask.CAUSAL, Bias.NONE);
    return b.add(b.input(), a);
  }
}
