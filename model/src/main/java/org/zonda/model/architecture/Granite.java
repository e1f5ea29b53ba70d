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
 * Granite 3 and 4, dense (IBM 2024, github.com/ibm-granite/granite-3.0-language-models): as llama,
 * with factors on embeddings, scores and both branches, and logits divided by one. Biases where a
 * model has them.
 *
 * <p>GGUF's converter permutes the rows of query and key, so that rotated pairs are adjacent.
 * Models without positions say so by {@code rope.scaling.finetuned} = false.
 */
final class Granite implements Architecture {

  @Override
  public List<String> names() {
    return List.of("granite");
  }

  @Override
  public List<Family> families() {
    return List.of(Family.of("Granite 3", "granite"), Family.of("Granite 4, dense", "granite"));
  }

  @Override
  public Transformer describe(ModelFields fields) {
    Hyperparameters model = Hyperparameters.ofDecoder(fields, NormKind.RMS);
    Rotary rotary = RotaryFrequencies.of(fields, model.keyWidth(), Pairing.ADJACENT);
    boolean rotates = fields.flag("rope.scaling.finetuned", true);
    Activation silu = fields.activation(Activation.SILU);
    float embeddingScale = fields.positiveFloat("embedding_scale", 1);
    float residualScale = fields.positiveFloat("residual_scale", 1);
    float logitScale = fields.positiveFloat("logit_scale", 1);
    return model.transformer(
        b -> b.scale(b.tokens(), embeddingScale),
        b -> {
          Value h = b.norm(b.input(), "attn_norm", Bias.NONE);
          Projections p = b.queryKeyValue(h, Bias.OPTIONAL);
          p = rotates ? b.rotate(p, rotary) : p;
          Value a = b.attend(p, model.scores(), Mask.CAUSAL, Bias.OPTIONAL);
          Value x = b.add(b.input(), b.scale(a, residualScale));

          h = b.norm(x, "ffn_norm", Bias.NONE);
          Value f = b.gatedFeedForward(h, silu, Bias.OPTIONAL);
          return b.add(x, b.scale(f, residualScale));
        },
        b -> {
          Value h = b.norm(b.input(), "output_norm", Bias.NONE);
          return b.scale(b.logits(h, Bias.NONE), 1 / logitScale);
        });
  }
}
