package org.zonda.model.quantize;

import java.util.Collection;
import org.zonda.model.ModelSource;
import org.zonda.model.gguf.Metadata;
import org.zonda.model.gguf.MetadataValue.ArrayValue;
import org.zonda.model.tensor.Tensor;

/**
 * What mixes ask about a model as a whole. Files without the metadata (adapters, models of unknown
 * families) count as having one query head a value head and no experts.
 *
 * @param architecture its name, or empty
 * @param layers one more than the highest number of a layer in a tensor's name
 * @param queriesPerValue query heads that share a head of keys and values, in the first layer
 * @param experts experts of each layer, 0 where there are none
 * @param tied whether the token embedding is the output matrix too
 */
record ModelFacts(String architecture, int layers, int queriesPerValue, int experts, boolean tied) {

  private static final String LAYER = "blk.";

  /** A layer's number takes no more digits. */
  private static final int DIGITS = 6;

  static ModelFacts of(ModelSource source) {
    Metadata metadata = source.metadata();
    String architecture = metadata.findString("general.architecture").orElse("");
    int heads = first(metadata, architecture + ".attention.head_count", 1);
    int valueHeads = first(metadata, architecture + ".attention.head_count_kv", heads);
    return new ModelFacts(
        architecture,
        layers(source.tensors()),
        valueHeads < 1 ? 1 : heads / valueHeads,
        metadata.getInt(architecture + ".expert_count", 0),
        source.findTensor("output.weight").isEmpty());
  }

  /** A number, or the first layer's where each has its own. */
  private static int first(Metadata metadata, String key, int absent) {
    if (metadata.find(key).orElse(null) instanceof ArrayValue) {
      int[] numbers = metadata.getInts(key);
      return numbers.length == 0 ? absent : numbers[0];
    }
    return metadata.getInt(key, absent);
  }

  private static int layers(Collection<Tensor> tensors) {
    int layers = 0;
    for (Tensor tensor : tensors) {
      layers = Math.max(layers, layer(tensor.name()) + 1);
    }
    return layers;
  }

  /** The layer that a tensor's name says, or -1. */
  static int layer(String name) {
    int end = name.indexOf('.', LAYER.length());
    if (!name.startsWith(LAYER) || end <= LAYER.length() || end > LAYER.length() + DIGITS) {
      return -1;
    }
    int layer = 0;
    for (int i = LAYER.length(); i < end; i++) {
      char digit = name.charAt(i);
      if (digit < '0' || digit > '9') {
        return -1;
      }
      layer = 10 * layer + digit - '0';
    }
    return layer;
  }

  /** The shape of LLaMA 2 70B, whose value matrices are an eighth of the query matrices. */
  boolean seventyBillion() {
    return layers == 80 && queriesPerValue > 1;
  }
}
