package org.zonda.model.architecture;

import java.util.List;
import org.zonda.model.graph.Activation;
import org.zonda.model.graph.Mask;
import org.zonda.model.graph.NormKind;
import org.zonda.model.graph.Rotary;
import org.zonda.model.graph.Rotary.Pairing;
import org.zonda.model.graph.Scores;
import org.zonda.model.graph.Transformer;
import org.zonda.model.graph.Value;

/**
 * Gemma 3 (Gemma Team 2025, arXiv:2503.19786), its text: Gemma 2 with a norm of each query's and
 * key's head in place of the caps, and a sliding window in five of six layers, which rotate by a
 * base of their own and without scaling.
 */
final class Gemma3 implements Architecture {

  @Override
  public List<String> names() {
    return List.of("gemma3");
  }

  @Override
  public List<Family> families() {
    return List.of(Family.of("Gemma 3", "gemma"));
  }

  @Override
  public Transformer describe(ModelFields fields) {
    Hyperparameters model = Hyperparameters.ofDecoder(fields, NormKind.RMS);
    Rotary global = RotaryFrequencies.of(fields, model.keyWidth(), Pairing.HALVES);
    double localBase =
        fields.positiveFloat(
            "rope.freq_base_swa", fields.positiveFloat("rope.local.freq_base", 10_000f));
    Rotary local = RotaryFrequencies.unscaled(fields, model.keyWidth(), Pairing.HALVES, localBase);
    Activation gelu = fields.activation(Activation.GELU_TANH);
    Scores scores = Scores.scaled(Gemma2.scale(model, 62));
    Mask window = Mask.window(fields.positive("attention.sliding_window"));
    boolean[] windowed = fields.windowed(model.layers(), 6);
    float finalCap = fields.floatOrNone("final_logit_softcapping");
    return model.transformer(
        b -> Gemma.embedding(b, model),
        b -> {
          boolean isLocal = windowed[b.layer()];
          Value h = b.norm(b.input(), "attn_norm", Bias.NONE);
          Projections p = b.queryKeyValue(h, Bias.NONE);
          p =
              new Projections(
                  b.headNorm(p.query(), "attn_q_norm", model.heads()),
                  b.headNorm(p.key(), "attn_k_norm", model.kvHeads()),
                  p.value());
          p = b.rotate(p, isLocal ? local : global);
          Value a = b.attend(p, scores, isLocal ? window : Mask.CAUSAL, Bias.NONE);
          Value x = b.add(b.input(), b.norm(a, "post_attention_norm", Bias.NONE));

          h = b.norm(x, "ffn_norm", Bias.NONE);
          Value f = b.gatedFeedForward(h, gelu, Bias.NONE);
          return b.add(x, b.norm(f, "post_ffw_norm", Bias.NONE));
        },
        b -> {
          Value h = b.norm(b.input(), "output_norm", Bias.NONE);
          return b.softCap(b.logits(h, Bias.NONE), finalCap);
        });
  }
}
