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
 * Phi-3 and Phi-3.5 (Abdin et al. 2024, arXiv:2404.14219) and Phi-4 (arXiv:2412.08905): as llama,
 * with query, key and value in one matrix, gate and up in another, a sliding window in some, and
 * LongRoPE in those made for long contexts.
 */
final class Phi3 implements Architecture {

  @Override
  public List<String> names() {
    return List.of("phi3");
  }

  @Override
  public List<Family> families() {
    return List.of(
        Family.of("Phi-3", "phi3"), Family.of("Phi-3.5 mini", "phi3"), Family.of("Phi-4", "phi4"));
  }

  @Override
  public Transformer describe(ModelFields fields) {
    Hyperparameters model = Hyperparameters.ofDecoder(fields, NormKind.RMS);
    Rotary rotary = RotaryFrequencies.of(fields, model.keyWidth(), Pairing.HALVES);
    Mask mask = Mask.window(fields.count("attention.sliding_window"));
    Activation silu = fields.activation(Activation.SILU);
    return model.transformer(
        BlockWriter::tokens,
        b -> {
          Value h = b.norm(b.input(), "attn_norm", Bias.NONE);
          Projections p = b.rotate(b.queryKeyValue(h, Bias.NONE), rotary);
          Value a = b.attend(p, model.scores(), mask, Bias.NONE);
          Value x = b.add(b.input(), a);

          h = b.norm(x, "ffn_norm", Bias.NONE);
          return b.add(x, b.fusedFeedForward(h, silu));
        },
        b -> b.logits(b.norm(b.input(), "output_norm", Bias.NONE), Bias.NONE));
  }
}
