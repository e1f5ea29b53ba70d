package org.zonda.model.quantize;

/** What a matrix is for, as far as mixes tell them apart. By the names that GGUF gives tensors. */
enum TensorRole {
  TOKEN_EMBEDDING,
  OUTPUT,
  /** Attention's values, or a fused projection that holds them. */
  ATTENTION_VALUE,
  ATTENTION_KEY,
  ATTENTION_OUTPUT,
  FEED_FORWARD_DOWN,
  /** No mix treats it apart. */
  OTHER;

  /** Parts of names of matrices that are small, or where rounding does harm: never quantised. */
  private static final String[] KEPT = {
    "_norm.weight",
    "ffn_gate_inp.weight",
    "position_embd",
    "token_types.weight",
    "attn_rel_b.weight",
    "ssm_conv1d",
    "shortconv.conv.weight",
    "time_mix_",
    "altup",
    "laurel",
    "per_layer_model_proj"
  };

  static TensorRole of(String name) {
    if (name.equals("token_embd.weight") || name.equals("per_layer_token_embd.weight")) {
      return TOKEN_EMBEDDING;
    }
    if (name.equals("output.weight")) {
      return OUTPUT;
    }
    if (name.contains("attn_v.weight")
        || name.contains("attn_qkv.weight")
        || name.contains("attn_kv_b.weight")) {
      return ATTENTION_VALUE;
    }
    if (name.contains("attn_k.weight")) {
      return ATTENTION_KEY;
    }
    if (name.contains("attn_output.weight")) {
      return ATTENTION_OUTPUT;
    }
    return name.contains("ffn_down") ? FEED_FORWARD_DOWN : OTHER;
  }

  /** Whether a tensor of two or more dimensions may lose precision at all. */
  static boolean mayBeQuantised(String name) {
    for (String part : KEPT) {
      if (name.contains(part)) {
        return false;
      }
    }
    return name.endsWith("weight");
  }
}
