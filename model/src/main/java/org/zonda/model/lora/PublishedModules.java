package org.zonda.model.lora;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.zonda.model.ModelSource;
import org.zonda.model.UnsupportedModelException;
import org.zonda.model.ZondaException;
import org.zonda.model.gguf.Metadata;

/**
 * The modules of published models, by Hugging Face's names, and the tensors that they became in
 * GGUF. A family is one line of the table; what is not in it is refused by name.
 *
 * <p>Source: the models' definitions in Hugging Face's Transformers, and how llama.cpp's converters
 * reorder rows: pairs of rotated elements in llama and granite, heads of fused query, key and value
 * in falcon, gptneox and bloom.
 */
final class PublishedModules {

  /** How a converter reorders rows. */
  private enum Rows {
    SAME,
    QUERY_PAIRS,
    KEY_PAIRS,
    FUSED
  }

  private record Target(String tensor, Rows rows) {}

  /**
   * A tensor of the base.
   *
   * @param tensor its name
   * @param order of its rows
   */
  record Place(String tensor, RowOrder order) {}

  /** What precedes a layer's number. */
  private static final List<String> LAYERS =
      List.of(
          "model.layers.",
          "model.language_model.layers.",
          "language_model.model.layers.",
          "gpt_neox.layers.",
          "transformer.h.",
          "transformer.blocks.",
          "bert.encoder.layer.",
          "roberta.encoder.layer.",
          "encoder.layer.");

  private static final List<String> HEADS =
      List.of("lm_head", "embed_out", "language_model.lm_head");

  private static final String ATTENTION =
      "self_attn.q_proj=attn_q self_attn.k_proj=attn_k self_attn.v_proj=attn_v ";

  private static final String GATED =
      "self_attn.o_proj=attn_output "
          + "mlp.gate_proj=ffn_gate mlp.up_proj=ffn_up mlp.down_proj=ffn_down";

  private static final String H_TO_4H = "mlp.dense_h_to_4h=ffn_up mlp.dense_4h_to_h=ffn_down";

  private static final Map<String, Map<String, Target>> FAMILIES = new HashMap<>();

  static {
    family(
        "llama granite",
        "self_attn.q_proj=attn_q/QUERY_PAIRS self_attn.k_proj=attn_k/KEY_PAIRS "
            + "self_attn.v_proj=attn_v "
            + GATED);
    family("qwen2 qwen3 qwen3moe gemma gemma2 gemma3 stablelm", ATTENTION + GATED);
    family(
        "starcoder2",
        ATTENTION + "self_attn.o_proj=attn_output mlp.c_fc=ffn_up mlp.c_proj=ffn_down");
    family("phi2", ATTENTION + "self_attn.dense=attn_output mlp.fc1=ffn_up mlp.fc2=ffn_down");
    family(
        "phi3",
        "self_attn.qkv_proj=attn_qkv self_attn.o_proj=attn_output "
            + "mlp.gate_up_proj=ffn_up mlp.down_proj=ffn_down");
    family(
        "gptneox",
        "attention.query_key_value=attn_qkv/FUSED attention.dense=attn_output " + H_TO_4H);
    family(
        "falcon bloom",
        "self_attention.query_key_value=attn_qkv/FUSED self_attention.dense=attn_output "
            + H_TO_4H);
    family(
        "gpt2", "attn.c_attn=attn_qkv attn.c_proj=attn_output mlp.c_fc=ffn_up mlp.c_proj=ffn_down");
    family(
        "gptj",
        "attn.q_proj=attn_q attn.k_proj=attn_k attn.v_proj=attn_v attn.out_proj=attn_output "
            + "mlp.fc_in=ffn_up mlp.fc_out=ffn_down");
    family(
        "mpt",
        "attn.Wqkv=attn_qkv attn.out_proj=attn_output ffn.up_proj=ffn_up ffn.down_proj=ffn_down");
    family(
        "bert",
        "attention.self.query=attn_q attention.self.key=attn_k attention.self.value=attn_v "
            + "attention.output.dense=attn_output "
            + "intermediate.dense=ffn_up output.dense=ffn_down");
  }

  private static void family(String architectures, String modules) {
    Map<String, Target> targets = new HashMap<>();
    for (String entry : modules.split(" ")) {
      int equals = entry.indexOf('=');
      int slash = entry.indexOf('/');
      String tensor = entry.substring(equals + 1, slash < 0 ? entry.length() : slash);
      Rows rows = slash < 0 ? Rows.SAME : Rows.valueOf(entry.substring(slash + 1));
      targets.put(entry.substring(0, equals), new Target(tensor, rows));
    }
    for (String architecture : architectures.split(" ")) {
      FAMILIES.put(architecture, targets);
    }
  }

  private final ModelSource base;
  private final String architecture;
  private final Map<String, Target> targets;

  /**
   * The modules of a base.
   *
   * @throws UnsupportedModelException if its architecture's are not known
   */
  PublishedModules(ModelSource base) {
    this.base = base;
    architecture = base.metadata().getString("general.architecture");
    targets = FAMILIES.get(architecture);
    if (targets == null) {
      throw new UnsupportedModelException(
          "%s: PEFT adapters are not supported for architecture '%s', but for %s; GGUF adapters are"
              .formatted(
                  base.label(), architecture, String.join(", ", new TreeSet<>(FAMILIES.keySet()))));
    }
  }

  /**
   * Finds the tensor that a module became.
   *
   * @param module such as {@code model.layers.0.self_attn.q_proj}
   * @param label what messages name first
   * @throws ZondaException if it is not known, or its rows cannot be divided into the base's heads
   */
  Place find(String module, String label) {
    if (HEADS.contains(module)) {
      return new Place("output.weight", RowOrder.SAME);
    }
    for (String prefix : LAYERS) {
      if (module.startsWith(prefix)) {
        int dot = module.indexOf('.', prefix.length());
        Optional<Integer> layer =
            dot < 0 ? Optional.empty() : number(module.substring(prefix.length(), dot));
        Target target = dot < 0 ? null : targets.get(module.substring(dot + 1));
        if (layer.isPresent() && target != null) {
          String tensor = "blk." + layer.get() + "." + target.tensor + ".weight";
          return new Place(tensor, order(target.rows, tensor, module, label));
        }
      }
    }
    throw new ZondaException(
        "%s: the module '%s' has no known place in a model of architecture '%s'; known in a layer: %s"
            .formatted(
                label, module, architecture, String.join(", ", new TreeSet<>(targets.keySet()))));
  }

  private static Optional<Integer> number(String digits) {
    boolean plain =
        !digits.isEmpty()
            && digits.length() <= 6
            && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    return plain ? Optional.of(Integer.valueOf(digits)) : Optional.empty();
  }

  private RowOrder order(Rows rows, String tensor, String module, String label) {
    if (rows == Rows.SAME || base.findTensor(tensor).isEmpty()) {
      return RowOrder.SAME; // a tensor that is missing is refused with all others
    }
    Metadata metadata = base.metadata();
    int heads = metadata.getInt(architecture + ".attention.head_count");
    int kvHeads = metadata.getInt(architecture + ".attention.head_count_kv", heads);
    long all = base.tensor(tensor).dimension(1);
    long units =
        switch (rows) {
          case QUERY_PAIRS -> 2L * heads;
          case KEY_PAIRS -> 2L * kvHeads;
          default -> heads + 2L * kvHeads;
        };
    boolean fits = heads > 0 && kvHeads > 0 && heads % kvHeads == 0;
    if (!fits || all % units != 0 || all > Integer.MAX_VALUE) {
      throw new ZondaException(
          "%s: the rows of '%s' cannot be ordered: %s has %d rows for %d heads and %d key heads"
              .formatted(label, module, tensor, all, heads, kvHeads));
    }
    int width = (int) (all / units);
    return rows == Rows.FUSED
        ? RowOrder.fused(heads, kvHeads, width)
        : RowOrder.adjacentPairs(2 * width);
  }
}
