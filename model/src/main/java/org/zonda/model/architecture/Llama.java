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
 * The llama family: LLaMA (Touvron et al. 2023, arXiv:2302.13971), Llama 2 (arXiv:2307.09288),
 * Llama 3 (arXiv:2407.21783), Mistral 7B (arXiv:2310.06825), Mixtral (arXiv:2401.04088), and what
 * was tuned from them. Root-mean-square norms before attention and before a gated feed-forward
 * layer or a mixture of experts; rotary positions. Biases where a model has them.
 *
 * <p>GGUF's converter permutes the rows of query and key, so that rotated pairs are adjacent.
 */
final class Llama implements Architecture {

  @Override
  public List<String> names() {
    return List.of("llama");
  }

  @Override
  public List<Family> families() {
    return List.of(
        Family.of("LLaMA"),
        Family.of("Llama 2", "llama2"),
        Family.of("Llama 3", "llama3"),
        Family.of("OpenLLaMA"),
        Family.of("TinyLlama", "zephyr"),
        Family.of("Alpaca", "alpaca"),
        Family.of("Vicuna", "vicuna"),
        Family.of("Koala", "koala"),
        Family.of("ColossalChat", "alpaca"),
        Family.of("Mistral", "mistral-v1"),
        Family.of("Mixtral", "mistral-v1"));
  }

  @Override
  public Transformer describe(ModelFields fields) {
    // Another layout would have other pairs rotated.
    fields.expect("tensor_data_layout", "Meta AI original pth");
    Hyperparameters model = Hyperparameters.ofDecoder(fields, NormKind.RMS);
    Rotary rotary = RotaryFrequencies.of(fields, model.keyWidth(), Pairing.ADJACENT);
    Mask mask = Mask.window(fields.count("attention.sliding_window"));
    Activation silu = fields.activation(Activation.SILU);
    boolean mixture = fields.count("expert_count") > 0;
    return model.transformer(
        BlockWriter::tokens,
        b -> {
          Value h = b.norm(b.input(), "attn_norm", Bias.NONE);
          Projections p = b.rotate(b.queryKeyValue(h, Bias.OPTIONAL), rotary);
          Value a = b.attend(p, model.scores(), mask, Bias.OPTIONAL);
          Value x = b.add(b.input(), a);

          h = b.norm(x, "ffn_norm", Bias.NONE);
          Value f =
              mixture
                  ? b.mixture(h, silu, model.hidden())
                  : b.gatedFeedForward(h, silu, Bias.OPTIONAL);
          return b.add(x, f);
        },
        b -> b.logits(b.norm(b.input(), "output_norm", Bias.NONE), Bias.NONE));
  }
}
