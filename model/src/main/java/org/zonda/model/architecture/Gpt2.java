package org.zonda.model.architecture;

import java.util.List;
import org.zonda.model.graph.Activation;
import org.zonda.model.graph.Mask;
import org.zonda.model.graph.NormKind;
import org.zonda.model.graph.Transformer;
import org.zonda.model.graph.Value;

/**
 * GPT-2 (Radford et al. 2019, "Language Models are Unsupervised Multitask Learners"): layer norms,
 * biases everywhere, learned positions. Cerebras-GPT (Dey et al. 2023, arXiv:2304.03208) is the
 * same but for its exact GELU, which a file has to name in {@code gpt2.hidden_activation}.
 */
final class Gpt2 implements Architecture {

  @Override
  public List<String> names() {
    return List.of("gpt2");
  }

  @Override
  public List<Family> families() {
    return List.of(Family.of("GPT-2"), Family.of("Cerebras-GPT"));
  }

  @Override
  public Transformer describe(ModelFields fields) {
    Hyperparameters model = Hyperparameters.ofDecoder(fields, NormKind.LAYER);
    Activation gelu = fields.activation(Activation.GELU_TANH);
    return model.transformer(
        b -> b.add(b.tokens(), b.positions()),
        b -> {
          Value h = b.norm(b.input(), "attn_norm", Bias.REQUIRED);
          Projections p = b.queryKeyValue(h, Bias.REQUIRED);
          Value a = b.attend(p, model.scores(), Mask.CAUSAL, Bias.REQUIRED);
          Value x = b.add(b.input(), a);

          h = b.norm(x, "ffn_norm", Bias.REQUIRED);
          return b.add(x, b.feedForward(h, gelu, Bias.REQUIRED));
        },
        b -> b.logits(b.norm(b.input(), "output_norm", Bias.REQUIRED), Bias.NONE));
  }
}
