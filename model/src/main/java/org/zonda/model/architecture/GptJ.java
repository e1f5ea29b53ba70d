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
 * GPT-J (Wang and Komatsuzaki 2021, github.com/kingoflolz/mesh-transformer-jax): attention and
 * feed-forward layer side by side after one layer norm; rotary positions of adjacent pairs on a
 * part of each head; attention without biases, logits with.
 */
final class GptJ implements Architecture {

  @Override
  public List<String> names() {
    return List.of("gptj");
  }

  @Override
  public List<Family> families() {
    return List.of(Family.of("GPT-J"), Family.of("Dolly v1", "dolly"));
  }

  @Override
  public Transformer describe(ModelFields fields) {
    Hyperparameters model = Hyperparameters.ofDecoder(fields, NormKind.LAYER);
    Rotary rotary = RotaryFrequencies.of(fields, model.keyWidth(), Pairing.ADJACENT);
    Activation gelu = fields.activation(Activation.GELU_TANH);
    return model.transformer(
        BlockWriter::tokens,
        b -> {
          Value h = b.norm(b.input(), "attn_norm", Bias.REQUIRED);
          Projections p = b.rotate(b.queryKeyValue(h, Bias.NONE), rotary);
          Value a = b.attend(p, model.scores(), Mask.CAUSAL, Bias.NONE);
          Value x = b.add(b.input(), a);
          return b.add(x, b.feedForward(h, gelu, Bias.REQUIRED));
        },
        b -> b.logits(b.norm(b.input(), "output_norm", Bias.REQUIRED), Bias.REQUIRED));
  }
}
