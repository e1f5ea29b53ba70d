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
 * Falcon (Almazrouei et al. 2023, arXiv:2311.16867): attention and feed-forward layer side by side,
 * one KV head (7B) or few (40B), no biases except those of the norms. 7B norms once for both; 40B
 * norms for attention with {@code attn_norm_2} and for the other with {@code attn_norm}.
 */
final class Falcon implements Architecture {

  @Override
  public List<String> names() {
    return List.of("falcon");
  }

  @Override
  public List<Family> families() {
    return List.of(
        Family.of("Falcon 7B", "plain"),
        Family.of("Falcon 40B", "plain"),
        Family.of("Falcon 180B", "plain"));
  }

  @Override
  public Transformer describe(ModelFields fields) {
    // All queries, then all keys, then all values, whatever the published weights interleave.
    fields.expect("tensor_data_layout", "jploski");
    Hyperparameters model = Hyperparameters.ofDecoder(fields, NormKind.LAYER);
    Rotary rotary = RotaryFrequencies.of(fields, model.keyWidth(), Pairing.HALVES);
    Activation gelu = fields.activation(Activation.GELU);
    return model.transformer(
        BlockWriter::tokens,
        b -> {
          Value h = b.norm(b.input(), "attn_norm", Bias.REQUIRED);
          Value own = b.has("attn_norm_2") ? b.norm(b.input(), "attn_norm_2", Bias.REQUIRED) : h;
          Projections p = b.rotate(b.queryKeyValue(own, Bias.NONE), rotary);
          Value a = b.attend(p, model.scores(), Mask.CAUSAL, Bias.NONE);
          Value x = b.add(b.input(), a);
          return b.add(x, b.feedForward(h, gelu, Bias.NONE));
        },
        b -> b.logits(b.norm(b.input(), "output_norm", Bias.REQUIRED), Bias.NONE));
  }
}
