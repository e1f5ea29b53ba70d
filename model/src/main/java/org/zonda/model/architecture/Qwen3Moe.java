package org.zonda.model.architecture;

import java.util.List;
import org.zonda.model.graph.Activation;
import org.zonda.model.graph.NormKind;
import org.zonda.model.graph.Rotary;
import org.zonda.model.graph.Rotary.Pairing;
import org.zonda.model.graph.Transformer;
import org.zonda.model.graph.Value;

/**
 * Qwen3's mixtures of experts (Yang et al. 2025, arXiv:2505.09388): Qwen3's attention, and many
 * small experts whose weights are scaled to sum 1.
 */
final class Qwen3Moe implements Architecture {

  @Override
  public List<String> names() {
    return List.of("qwen3moe");
  }

  @Override
  public List<Family> families() {
    return List.of(Family.of("Qwen3-30B-A3B", "chatml"), Family.of("Qwen3-235B-A22B", "chatml"));
  }

  @Override
  public Transformer describe(ModelFields fields) {
    Hyperparameters model = Hyperparameters.ofDecoder(fields, NormKind.RMS);
    Rotary rotary = RotaryFrequencies.of(fields, model.keyWidth(), Pairing.HALVES);
    Activation silu = fields.activation(Activation.SILU);
    int hidden = fields.positive("expert_feed_forward_length");
    return model.transformer(
        BlockWriter::tokens,
        b -> {
          Value x = Qwen3.attention(b, model, rotary);
          Value h = b.norm(x, "ffn_norm", Bias.NONE);
          return b.add(x, b.mixture(h, silu, hidden));
        },
        b -> b.logits(b.norm(b.input(), "output_norm", Bias.NONE), Bias.NONE));
  }
}
