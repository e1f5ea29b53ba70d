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
 * Phi-1.5 (Li et al. 2023, arXiv:2309.05463) and Phi-2 (Javaheripi and Bubeck 2023): attention and
 * feed-forward layer side by side after one layer norm, biases everywhere, rotary positions on a
 * part of each head.
 */
final class Phi2 implements Architecture {

  @Override
  public List<String> names() {
    return List.of("phi2");
  }

  @Override
  public List<Family> families() {
    return List.of(Family.of("Phi-1.5"), Family.of("Phi-2"));
  }

  @Override
  public Transformer describe(ModelFields fields) {
    Hyperparameters model = Hyperparameters.ofDecoder(fields, NormKind.LAYER);
    Rotary rotary = RotaryFrequencies.of(fields, model.keyWidth(), Pairing.HALVES);
    Activation gelu = fields.activation(Activation.GELU_TANH);
    return model.transformer(
        BlockWriter::tokens,
        b -> {
          Value h = b.norm(b.input(), "attn_norm", Bias.REQUIRED);
          Projections p = b.rotate(b.queryKeyValue(h, Bias.REQUIRED), rotary);
          Value a = b.attend(p, model.scores(), Mask.CAUSAL, Bias.REQUIRED);
          Value x = b.add(b.input(), a);
          return b.add(x, b.feedForward(h, gelu, Bias.REQUIRED));
        },
        b -> b.logits(b.norm(b.input(), "output_norm", Bias.REQUIRED), Bias.REQUIRED));
  }
}
