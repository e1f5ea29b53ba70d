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
 * Gemma (Gemma Team 2024, arXiv:2403.08295): as llama, with embeddings scaled by the root of their
 * width, a GELU gate, and heads that are wider than their share. The one that the paper adds to the
 * norms' weights is in the file's already.
 */
final class Gemma implements Architecture {

  @Override
  public List<String> names() {
    return List.of("gemma");
  }

  @Override
  public List<Family> families() {
    return List.of(Family.of("Gemma", "gemma"), Family.of("CodeGemma", "gemma"));
  }

  @Override
  public Transformer describe(ModelFields fields) {
    Hyperparameters model = Hyperparameters.ofDecoder(fields, NormKind.RMS);
    Rotary rotary = RotaryFrequencies.of(fields, model.keyWidth(), Pairing.HALVES);
    Activation gelu = fields.activation(Activation.GELU_TANH);
    return model.transformer(
        b -> embedding(b, model),
        b -> {
          Value h = b.norm(b.input(), "attn_norm", Bias.NONE);
          Projections p = b.rotate(b.queryKeyValue(h, Bias.NONE), rotary);
          Value a = b.attend(p, model.scores(), Mask.CAUSAL, Bias.NONE);
          Value x = b.add(b.input(), a);

          h = b.norm(x, "ffn_norm", Bias.NONE);
          return b.add(x, b.gatedFeedForward(h, gelu, Bias.NONE));
        },
        b -> b.logits(b.norm(b.input(), "output_norm", Bias.NONE), Bias.NONE));
  }

  /** The embeddings of all Gemmas. */
  static Value embedding(BlockWriter b, Hyperparameters model) {
    return b.scale(b.tokens(), (float) Math.sqrt(model.width()));
  }
}
