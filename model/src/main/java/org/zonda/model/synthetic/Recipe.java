package org.zonda.model.synthetic;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.zonda.model.UnsupportedModelException;
import org.zonda.model.gguf.Metadata;
import org.zonda.model.gguf.MetadataBuilder;
import org.zonda.model.tensor.Codec;
import org.zonda.model.tensor.Codecs;
import org.zonda.model.tensor.TensorType;

/** What a synthetic model consists of, before any of it takes memory. */
final class Recipe {

  /**
   * A tensor to be made.
   *
   * @param shape as in GGUF, the contiguous dimension first
   * @param seed of its numbers
   */
  record Entry(String name, TensorType type, List<Long> shape, long seed) {

    long bytes() {
      long elements = 1;
      for (long size : shape) {
        elements *= size;
      }
      return type.bytes(elements);
    }
  }

  private final String label;
  private final SyntheticShape shape;
  private final Codec codec;
  private final long seed;
  private final SplittableRandom seeds;
  private final BlockPool matrices;
  private final BlockPool vectors;
  private final List<Entry> entries = new ArrayList<>();

  private Recipe(String label, SyntheticShape shape, Codec codec, long seed) {
    this.label = label;
    this.shape = shape;
    this.codec = codec;
    this.seed = seed;
    seeds = new SplittableRandom(seed);
    // Such that a product with a normalised row has a variance of about 1, as in trained models.
    float deviation = (float) (1 / Math.sqrt(shape.width()));
    matrices = new BlockPool(codec, 0, deviation, seeds.split());
    vectors = new BlockPool(Codecs.of(TensorType.F32, label), 1, 0.1f, seeds.split());
    addTensors();
  }

  /** Reads {@code SHAPE:FORMAT}. */
  static Recipe of(String name, long seed) {
    String[] parts = name.split(":", -1);
    if (parts.length != 2) {
      throw unknown(name, "expected SHAPE:FORMAT, such as llama-1b:q8_0");
    }
    SyntheticShape shape =
        SyntheticShape.find(parts[0])
            .orElseThrow(() -> unknown(name, "shape '" + parts[0] + "' is unknown"));
    Codec codec =
        Codecs.all().stream()
            .filter(candidate -> candidate.type().name().equalsIgnoreCase(parts[1]))
            .findFirst()
            .orElseThrow(() -> unknown(name, "format '" + parts[1] + "' is unknown"));
    String label = shape.name() + ":" + codec.type().name().toLowerCase(Locale.ROOT);
    return new Recipe(label, shape, codec, seed);
  }

  private static UnsupportedModelException unknown(String name, String what) {
    return new UnsupportedModelException(
        "synthetic model '%s': %s; known shapes: %s; known formats: %s"
            .formatted(name, what, SyntheticShape.known(), Codecs.known()));
  }

  String label() {
    return label;
  }

  List<Entry> entries() {
    return entries;
  }

  /** The bytes of all tensors. */
  long bytes() {
    return entries.stream().mapToLong(Entry::bytes).sum();
  }

  /** Makes a tensor's bytes. */
  <E extends Exception> void fill(Entry entry, BlockPool.Sink<E> sink) throws E {
    BlockPool pool = entry.shape().size() == 1 ? vectors : matrices;
    pool.fill(entry.bytes(), new SplittableRandom(entry.seed()), sink);
  }

  Metadata metadata() {
    MetadataBuilder builder =
        Metadata.builder()
            .putString("general.architecture", "llama")
            .putString("general.name", "Synthetic " + label)
            .putString(
                "general.description",
                "Random weights of seed "
                    + seed
                    + " in a real shape, for measuring; it says nothing")
            .putUint32("llama.vocab_size", shape.vocabulary())
            .putUint32("llama.context_length", shape.context())
            .putUint32("llama.embedding_length", shape.width())
            .putUint32("llama.block_count", shape.layers())
            .putUint32("llama.feed_forward_length", shape.feedForward())
            .putUint32("llama.attention.head_count", shape.heads())
            .putUint32("llama.attention.head_count_kv", shape.kvHeads())
            .putFloat32("llama.attention.layer_norm_rms_epsilon", 1e-5f)
            .putUint32("llama.rope.dimension_count", shape.headWidth())
            .putFloat32("llama.rope.freq_base", shape.ropeBase());
    SyntheticVocabulary.put(builder, shape.vocabulary());
    return builder.build(label);
  }

  private void addTensors() {
    int width = shape.width();
    addMatrix("token_embd.weight", width, shape.vocabulary());
    for (int i = 0; i < shape.layers(); i++) {
      String block = "blk." + i + ".";
      addVector(block + "attn_norm.weight");
      addMatrix(block + "attn_q.weight", width, width);
      addMatrix(block + "attn_k.weight", width, shape.kvWidth());
      addMatrix(block + "attn_v.weight", width, shape.kvWidth());
      addMatrix(block + "attn_output.weight", width, width);
      addVector(block + "ffn_norm.weight");
      addMatrix(block + "ffn_gate.weight", width, shape.feedForward());
      addMatrix(block + "ffn_up.weight", width, shape.feedForward());
      addMatrix(block + "ffn_down.weight", shape.feedForward(), width);
    }
    addVector("output_norm.weight");
    if (!shape.tied()) {
      addMatrix("output.weight", width, shape.vocabulary());
    }
  }

  private void addMatrix(String name, long columns, long rows) {
    int block = codec.type().blockElements();
    if (columns % block != 0) {
      throw new UnsupportedModelException(
          "synthetic model '%s': rows of %s have %d elements, which is no whole number of %s blocks of %d; choose another format of %s"
              .formatted(label, name, columns, codec.type(), block, Codecs.known()));
    }
    entries.add(new Entry(name, codec.type(), List.of(columns, rows), seeds.nextLong()));
  }

  private void addVector(String name) {
    entries.add(new Entry(name, TensorType.F32, List.of((long) shape.width()), seeds.nextLong()));
  }
}
