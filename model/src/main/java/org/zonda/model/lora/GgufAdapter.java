package org.zonda.model.lora;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.zonda.model.ModelSource;
import org.zonda.model.ZondaException;
import org.zonda.model.gguf.GgufFile;
import org.zonda.model.gguf.Metadata;
import org.zonda.model.tensor.Tensor;

/**
 * Adapters as GGUF files: {@code general.type} is {@code adapter}, {@code adapter.type} is {@code
 * lora}, and for a tensor {@code T} of the base there are {@code T.lora_a} and {@code T.lora_b},
 * with their rows in the base's order already. The scale is {@code adapter.lora.alpha / rank}, or 1
 * without an alpha.
 */
final class GgufAdapter {

  private static final String ALPHA = "adapter.lora.alpha";
  private static final String A = ".lora_a";
  private static final String B = ".lora_b";

  private GgufAdapter() {}

  static Adapter open(Path path, ModelSource base) {
    GgufFile file = GgufFile.open(path);
    try {
      return read(file, path.toString(), base);
    } catch (Throwable e) {
      file.close();
      throw e;
    }
  }

  private static Adapter read(GgufFile file, String label, ModelSource base) {
    Metadata metadata = file.metadata();
    require(metadata, "general.type", "adapter", label, "it is no adapter but a model");
    require(metadata, "adapter.type", "lora", label, "only LoRA adapters are supported");
    String architecture = base.metadata().getString("general.architecture");
    require(metadata, "general.architecture", architecture, label, "as the base " + base.label());
    if (metadata.contains("adapter.alora.invocation_tokens")) {
      throw new ZondaException(
          label
              + ": 'adapter.alora.invocation_tokens' is set; adapters that wait for certain tokens"
              + " are not supported");
    }
    float alpha = metadata.getFloat(ALPHA, 0);
    if (!Float.isFinite(alpha)) {
      throw new ZondaException(
          label + ": metadata '" + ALPHA + "' is " + alpha + "; expected a finite number");
    }
    LowRankPairs pairs = new LowRankPairs(label);
    for (Tensor tensor : file.tensors()) {
      String name = tensor.name();
      if (name.endsWith(A)) {
        pairs.addA(name.substring(0, name.length() - A.length()), tensor);
      } else if (name.endsWith(B)) {
        pairs.addB(name.substring(0, name.length() - B.length()), tensor);
      } else {
        throw new ZondaException(
            "%s: tensor '%s' is no half of a pair; expected names that end with %s or %s, as tensors that replace those of the base are not supported"
                .formatted(label, name, A, B));
      }
    }
    List<LowRank> all =
        pairs.pairs().stream()
            .map(
                pair ->
                    new LowRank(
                        pair.module(),
                        pair.a(),
                        pair.b(),
                        RowOrder.SAME,
                        alpha == 0 ? 1 : (double) alpha / pair.rank()))
            .toList();
    Optional<String> madeFor =
        metadata
            .findString("general.base_model.0.name")
            .or(() -> metadata.findString("general.base_model.0.repo_url"));
    return new Adapter(label, "GGUF adapter", file.paths(), madeFor, all, file::close);
  }

  private static void require(
      Metadata metadata, String key, String expected, String label, String why) {
    String found = metadata.findString(key).orElse("missing");
    if (!found.equals(expected)) {
      throw new ZondaException(
          "%s: metadata '%s' is %s; expected %s: %s".formatted(label, key, found, expected, why));
    }
  }
}
