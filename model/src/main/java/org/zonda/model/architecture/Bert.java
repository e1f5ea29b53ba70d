package org.zonda.model.architecture;

import java.util.List;
import org.zonda.model.graph.Activation;
import org.zonda.model.graph.Mask;
import org.zonda.model.graph.NormKind;
import org.zonda.model.graph.Transformer;
import org.zonda.model.graph.Value;

/**
 * The encoders BERT (Devlin et al. 2018, arXiv:1810.04805) and RoBERTa (Liu et al. 2019,
 * arXiv:1907.11692), both {@code bert} in GGUF: every token sees every other; token, position and
 * segment embeddings; layer norms after each sum; biases everywhere. The output is the hidden state
 * of each token. RoBERTa's positions begin in row 0, as the converter leaves the unused ones out.
 *
 * <p>All tokens are of the first segment. A model without segments has no {@code token_types}.
 */
final class Bert implements Architecture {

  @Override
  public List<String> names() {
    return List.of("bert");
  }

  @Override
  public List<Family> families() {
    return List.of(Family.of("BERT"), Family.of("RoBERTa"), Family.of("Sentence-BERT"));
  }

  @Override
  public Transformer describe(ModelFields fields) {
    Hyperparameters model = Hyperparameters.ofEncoder(fields, NormKind.LAYER);
    Activation gelu = fields.activation(Activation.GELU);
    int segments = fields.segments();
    return model.transformer(
        b -> {
          Value x = b.add(b.tokens(), b.positions());
          x = segments > 0 ? b.add(x, b.segment(segments)) : x;
          return b.norm(x, "token_embd_norm", Bias.REQUIRED);
        },
        b -> {
          Projections p = b.queryKeyValue(b.input(), Bias.REQUIRED);
          Value a = b.attend(p, model.scores(), Mask.ALL, Bias.REQUIRED);
          Value x = b.norm(b.add(b.input(), a), "attn_output_norm", Bias.REQUIRED);

          Value f = b.feedForward(x, gelu, Bias.REQUIRED);
          return b.norm(b.add(x, f), "layer_output_norm", Bias.REQUIRED);
        },
        b -> b.input());
  }
}
