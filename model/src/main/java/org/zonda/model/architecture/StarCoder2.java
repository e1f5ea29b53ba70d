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
 * StarCoder2 (Lozhkov et al. 2024, arXiv:2402.19173): layer norms, biases everywhere, grouped
 * heads, rotary positions, a plain feed-forward layer, and the sliding window that a file names.
 */
final class StarCoder2 implements Architecture {

  @Override
  public List<String> names() {
    return List.of("starcoder2");
  }

  @Override
  public List<Family> families() {
    return List.of(Family.of("StarCoder2"));
  }

  @Override
  public Transformer describe(ModelFields fields) {
    Hyperparameters model = Hyperparameters.ofDecoder(fields, NormKind.LAYER);
    Rotary rotary = RotaryFrequencies.of(fields, model.keyWidth(), Pairing.HALVES);
    Mask mask = Mask.window(fields.count("attention.sliding_window"));
    Activation gelu = fields.activation(Activation.GELU_TANH);
    return model.transformer(
        BlockWriter::tokens,
        b -> {
          Value h = b.norm(b.input(), "attn_norm", Bias.REQUIRED);
          Projections p = b.rotate(b.queryKeyValue(h, Bias.REQUIRED), rotary);
          Value a = b.attend(p, model.scores(), mask, Bias.REQUIRED);
          Value x = b.add(b.input(), a);

          h = b.norm(x, "ffn_norm", Bias.REQUIRED);
          return b.add(x, b.feedForward(h, gelu, Bias.REQUIRED));
        },
        b -> b.logits(b.norm(b.input(), "output_norm", Bias.REQUIRED), Bias.NONE));
  }
}
