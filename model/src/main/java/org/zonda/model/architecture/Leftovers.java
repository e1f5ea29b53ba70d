package org.zonda.model.architecture;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.zonda.model.UnsupportedModelException;
import org.zonda.model.gguf.MetadataValue;
import org.zonda.model.tensor.Tensor;

/**
 * What a model's file says and its architecture did not ask for. A bias that nobody adds or a scale
 * that nobody multiplies by makes another model of it, whose text may look right; so such a file is
 * refused by name. Not refused is what cannot change the forward pass of text: the lists below, and
 * values that mean "none" (zero, false, an empty text, a scale of one).
 */
final class Leftovers {

  /** Keys under the architecture's prefix that no forward pass depends on. */
  private static final Set<String> HARMLESS_KEYS =
      Set.of(
          // The embedding table knows it for certain.
          "vocab_size",
          // How token embeddings become one: not part of the forward pass.
          "pooling_type",
          // How the model came to its context; Granite, for which it means more, reads it.
          "rope.scaling.finetuned",
          "rope.scaling.original_context_length",
          // Converters write both where the configuration has both; each norm reads its own.
          "attention.layer_norm_epsilon",
          "attention.layer_norm_rms_epsilon");

  /** Keys and tensors of what is beside the text: images, sound, a classifier on top. */
  private static final List<String> BESIDE_KEYS =
      List.of("vision.", "audio.", "mm.", "projector.", "classifier.");

  private static final List<String> BESIDE_TENSORS = List.of("v.", "a.", "mm.", "cls.", "cls_");

  /** Old copies of the rotary frequencies that {@code rope.freq_base} gives. */
  private static final Pattern OLD_FREQUENCIES =
      Pattern.compile("blk\\.\\d+\\.attn_rot_embd(\\..*)?");

  private Leftovers() {}

  static void refuse(ModelFields fields) {
    for (String key : fields.unreadKeys()) {
      String name = key.substring(fields.key("").length());
      MetadataValue value = fields.source().metadata().find(key).orElseThrow();
      if (!HARMLESS_KEYS.contains(name)
          && BESIDE_KEYS.stream().noneMatch(name::startsWith)
          && !meansNone(name, value)) {
        throw new UnsupportedModelException(
            "%s: %s is %s, which may change what the model computes, and architecture '%s' does not know it; expected a file without it"
                .formatted(fields.source().label(), key, value, fields.architecture()));
      }
    }
    List<String> tensors =
        fields.source().tensors().stream()
            .map(Tensor::name)
            .filter(name -> !fields.wasAskedFor(name))
            .filter(name -> BESIDE_TENSORS.stream().noneMatch(name::startsWith))
            .filter(name -> !OLD_FREQUENCIES.matcher(name).matches())
            .toList();
    if (!tensors.isEmpty()) {
      int others = tensors.size() - 1;
      throw new UnsupportedModelException(
          "%s: tensor '%s'%s would be left out, as architecture '%s' with this metadata has no place for it; expected a file without it or metadata that says more"
              .formatted(
                  fields.source().label(),
                  tensors.getFirst(),
                  others == 0 ? "" : " (and " + others + " more)",
                  fields.architecture()));
    }
  }

  private static boolean meansNone(String name, MetadataValue value) {
    return switch (value) {
      case MetadataValue.IntegerValue number -> number.value() == 0;
      case MetadataValue.FloatValue number ->
          number.value() == 0 || number.value() == 1 && name.endsWith("_scale");
      case MetadataValue.BooleanValue flag -> !flag.value();
      case MetadataValue.StringValue text -> text.value().isEmpty();
      case MetadataValue.ArrayValue array -> false;
    };
  }
}
