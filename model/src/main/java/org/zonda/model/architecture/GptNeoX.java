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
 * GPT-NeoX (Black et al. 2022, arXiv:2204.06745), Pythia (Biderman et al. 2023, arXiv:2304.01373)
 * and what was tuned from it: layer norms, biases everywhere, rotary positions on a part of each
 * head. The feed-forward layer reads the hidden state beside attention or after it.
 */
final class GptNeoX implements Architecture {

  @Override
  public List<String> names() {
    return List.of("gptneox");
  }

  @Override
  public List<Family> families() {
    return List.of(
        Family.of("GPT-NeoX"),
        Family.of("Pythia"),
        Family.of("Dolly v2", "dolly"),
        Family.of("StableLM-alpha", "stablelm-tuned"));
  }

  @Override
  public Transformer describe(ModelFields fields) {
    Hyperparameters model = Hyperparameters.ofDecoder(fields, NormKind.LAYER);
    Rotary rotary = RotaryFrequencies.of(fields, model.keyWidth(), Pairing.HALVES);
    Activation gelu = fields.activation(Activation.GELU);
    boolean parallel = fields.flag("use_parallel_residual", true);
    return model.transformer(
        BlockWriter::tokens,
        b -> {
          Value h = b.norm(b.input(), "attn_norm", Bias.REQUIRED);
          Projections p = b.rotate(b.queryKeyValue(h, Bias.REQUIRED), rotary);
          Value a = b.attend(p, model.scores(), Mask.CAUSAL, Bias.REQUIRED);
          Value x = b.add(b.input(), a);

          h = b.norm(parallel ? b.input() : x, "ffn_norm", Bias.REQUIRED);
          return b.add(x, b.feedForward(h, gelu, Bias.REQUIRED));
        },
        b -> b.logits(b.norm(b.input(), "output_norm", Bias.REQUIRED), Bias.NONE));
  }
}
