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
 * Qwen2 (Yang et al. 2024, arXiv:2407.10671) and Qwen2.5 (arXiv:2412.15115): as llama, with biases
 * on query, key and value, and other pairs rotated.
 */
final class Qwen2 implements Architecture {

  @Override
  public List<String> names() {
    return List.of("qwen2");
  }

  @Override
  public List<Family> families() {
    return List.of(Family.of("Qwen2", "chatml"), Family.of("Qwen2.5", "chatml"));
  }

  @Override
  public Transformer describe(ModelFields fields) {
    Hyperparameters model = Hyperparameters.ofDecoder(fields, NormKind.RMS);
    Rotary rotary = RotaryFrequencies.of(fields, model.keyWidth(), Pairing.HALVES);
    Activation silu = fields.activation(Activation.SILU);
    return model.transformer(
        BlockWriter::tokens,
        b -> {
          Value h = b.norm(b.input(), "attn_norm", Bias.NONE);
          Projections p = b.rotate(b.queryKeyValue(h, Bias.REQUIRED), rotary);
          Value a = b.attend(p, model.scores(), Mask.CAUSAL, Bias.NONE);
          Value x = b.add(b.input(), a);

          h = b.norm(x, "ffn_norm", Bias.NONE);
          return b.add(x, b.gatedFeedForward(h, silu, Bias.NONE));
        },
        b -> b.logits(b.norm(b.input(), "output_norm", Bias.NONE), Bias.NONE));
  }
}
