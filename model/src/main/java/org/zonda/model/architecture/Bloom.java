package org.zonda.model.architecture;

import java.util.List;
import org.zonda.model.graph.Activation;
import org.zonda.model.graph.Mask;
import org.zonda.model.graph.NormKind;
import org.zonda.model.graph.Scores;
import org.zonda.model.graph.Transformer;
import org.zonda.model.graph.Value;

/**
 * BLOOM (Le Scao et al. 2022, arXiv:2211.05100): ALiBi in place of positions, a norm of the
 * embeddings, layer norms, biases everywhere.
 */
final class Bloom implements Architecture {

  @Override
  public List<String> names() {
    return List.of("bloom");
  }

  @Override
  public List<Family> families() {
    return List.of(Family.of("BLOOM"), Family.of("BLOOMZ"));
  }

  @Override
  public Transformer describe(ModelFields fields) {
    Hyperparameters model = Hyperparameters.ofDecoder(fields, NormKind.LAYER);
    Activation gelu = fields.activation(Activation.GELU_TANH);
    // The paper's exponent, which files of this architecture do not repeat.
    float maxBias = fields.positiveFloat("attention.max_alibi_bias", 8f);
    Scores scores = new Scores(model.scores().scale(), 0, maxBias);
    return model.transformer(
        b -> b.norm(b.tokens(), "token_embd_norm", Bias.REQUIRED),
        b -> {
          Value h = b.norm(b.input(), "attn_norm", Bias.REQUIRED);
          Projections p = b.queryKeyValue(h, Bias.REQUIRED);
          Value a = b.attend(p, scores, Mask.CAUSAL, Bias.REQUIRED);
          Value x = b.add(b.input(), a);

          h = b.norm(x, "ffn_norm", Bias.REQUIRED);
          return b.add(x, b.feedForward(h, gelu, Bias.REQUIRED));
        },
        b -> b.logits(b.norm(b.input(), "output_norm", Bias.REQUIRED), Bias.NONE));
  }
}
