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
 * StableLM 3B (Tow et al. 2023) and StableLM 2 (Bellagente et al. 2024, arXiv:2402.17834): layer
 * norms, a gated feed-forward layer, rotary positions on a part of each head. StableLM 2 12B runs
 * attention and feed-forward layer side by side after one norm, and norms each head of queries and
 * keys by itself.
 *
 * <p>Converters have written {@code use_parallel_residual} = true for models that are not, so where
 * it is not false, the layer is parallel if it has no second norm.
 */
final class StableLm implements Architecture {

  @Override
  public List<String> names() {
    return List.of("stablelm");
  }

  @Override
  public List<Family> families() {
    return List.of(
        Family.of("StableLM 3B", "zephyr"),
        Family.of("StableLM 2 1.6B", "zephyr"),
        Family.of("StableLM 2 12B", "chatml"));
  }

  @Override
  public Transformer describe(ModelFields fields) {
    Hyperparameters model = Hyperparameters.ofDecoder(fields, NormKind.LAYER);
    Rotary rotary = RotaryFrequencies.of(fields, model.keyWidth(), Pairing.HALVES);
    Activation silu = fields.activation(Activation.SILU);
    boolean mayBeParallel = fields.flag("use_parallel_residual", true);
    return model.transformer(
        BlockWriter::tokens,
        b -> {
          Value h = b.norm(b.input(), "attn_norm", Bias.REQUIRED);
          Projections p = b.rotate(normed(b, model, b.queryKeyValue(h, Bias.OPTIONAL)), rotary);
          Value a = b.attend(p, model.scores(), Mask.CAUSAL, Bias.NONE);
          Value x = b.add(b.input(), a);

          boolean parallel = mayBeParallel && !b.has("ffn_norm");
          h = parallel ? h : b.norm(x, "ffn_norm", Bias.REQUIRED);
          return b.add(x, b.gatedFeedForward(h, silu, Bias.NONE));
        },
        b -> b.logits(b.norm(b.input(), "output_norm", Bias.REQUIRED), Bias.NONE));
  }

  private static Projections normed(BlockWriter b, Hyperparameters model, Projections p) {
    return b.has("attn_q_norm")
        ? new Projections(
            b.ownHeadNorm(p.query(), "attn_q_norm", model.heads()),
            b.ownHeadNorm(p.key(), "attn_k_norm", model.kvHeads()),
            p.value())
        : p;
  }
}
