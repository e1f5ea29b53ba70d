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
 * Gemma 2 (Gemma Team 2024, arXiv:2408.00118): Gemma with a norm also after attention and after the
 * feed-forward layer, a sliding window in every second layer from the first on, and soft caps on
 * scores and logits.
 */
final class Gemma2 implements Architecture {

  @Override
  public List<String> names() {
    return List.of("gemma2");
  }

  @Override
  public List<Family> families() {
    return List.of(Family.of("Gemma 2", "gemma"));
  }

  @Override
  public Transformer describe(ModelFields fields) {
    Hyperparameters model = Hyperparameters.ofDecoder(fields, NormKind.RMS);
    Rotary rotary = RotaryFrequencies.of(fields, model.keyWidth(), Pairing.HALVES);
    Activation gelu = fields.activation(Activation.GELU_TANH);
    Scores scores = new Scores(scale(model, 46), fields.floatOrNone("attn_logit_softcapping"), 0);
    // Files of before the key existed have the published window.
    Mask window = Mask.window(fields.positive("attention.sliding_window", 4096));
    boolean[] windowed = fields.windowed(model.layers(), 2);
    float finalCap = fields.floatOrNone("final_logit_softcapping");
    return model.transformer(
        b -> Gemma.embedding(b, model),
        b -> {
          Value h = b.norm(b.input(), "attn_norm", Bias.NONE);
          Projections p = b.rotate(b.queryKeyValue(h, Bias.NONE), rotary);
          Value a = b.attend(p, scores, windowed[b.layer()] ? window : Mask.CAUSAL, Bias.NONE);
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

  /**
   * The factor on products of queries and keys. The largest model alone divides by the root of its
   * width's share of a head instead of that of a key's width; GGUF has no key for it, and its
   * number of layers tells it (google/gemma_pytorch, config.py, query_pre_attn_scalar).
   */
  static float scale(Hyperparameters model, int layersOfLargest) {
    boolean largest = model.layers() == layersOfLargest;
    double divisor = largest ? (double) model.width() / model.heads() : model.keyWidth();
    return model.fields().positiveFloat("attention.scale", (float) (1 / Math.sqrt(divisor)));
  }
}
