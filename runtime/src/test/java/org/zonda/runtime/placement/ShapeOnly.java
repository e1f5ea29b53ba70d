package org.zonda.runtime.placement;

import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.zonda.model.ModelSource;
import org.zonda.model.gguf.Metadata;
import org.zonda.model.tensor.Tensor;
import org.zonda.model.tensor.TensorType;

/** A llama model of which there are only shapes: its tensors' bytes must not be read. */
final class ShapeOnly implements ModelSource {

  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final Metadata metadata;

  private ShapeOnly(
      TensorType type,
      boolean tied,
      int layers,
      long width,
      long hidden,
      int heads,
      int kvHeads,
      long vocabulary,
      int context) {
    metadata =
        Metadata.builder()
            .putString("general.architecture", "llama")
            .putUint32("llama.vocab_size", vocabulary)
            .putUint32("llama.context_length", context)
            .putUint32("llama.embedding_length", width)
            .putUint32("llama.block_count", layers)
            .putUint32("llama.feed_forward_length", hidden)
            .putUint32("llama.attention.head_count", heads)
            .putUint32("llama.attention.head_count_kv", kvHeads)
            .putFloat32("llama.attention.layer_norm_rms_epsilon", 1e-5f)
            .putUint32("llama.rope.dimension_count", width / heads)
            .putFloat32("llama.rope.freq_base", 500_000)
            .build("shape");
    long kvWidth = width / heads * kvHeads;
    add("token_embd.weight", type, width, vocabulary);
    for (int i = 0; i < layers; i++) {
      String block = "blk." + i + ".";
      add(block + "attn_norm.weight", TensorType.F32, width);
      add(block + "attn_q.weight", type, width, width);
      add(block + "attn_k.weight", type, width, kvWidth);
      add(block + "attn_v.weight", type, width, kvWidth);
      add(block + "attn_output.weight", type, width, width);
      add(block + "ffn_norm.weight", TensorType.F32, width);
      add(block + "ffn_gate.weight", type, width, hidden);
      add(block + "ffn_up.weight", type, width, hidden);
      add(block + "ffn_down.weight", type, hidden, width);
    }
    add("output_norm.weight", TensorType.F32, width);
    if (!tied) {
      add("output.weight", type, width, vocabulary);
    }
  }

  /** Llama 3.1 8B: 32 layers, 4096, 14336, 32 heads on 8 KV heads, 128256 tokens. */
  static ShapeOnly eightBillion(TensorType type) {
    return new ShapeOnly(type, false, 32, 4096, 14_336, 32, 8, 128_256, 131_072);
  }

  /** Llama 3.2 1B, whose head is its embedding. */
  static ShapeOnly oneBillion(TensorType type) {
    return new ShapeOnly(type, true, 16, 2048, 8192, 32, 8, 128_256, 131_072);
  }

  private void add(String name, TensorType type, Long... shape) {
    long elements = 1;
    for (long size : shape) {
      elements *= size;
    }
    MemorySegment nowhere = MemorySegment.ofAddress(1 << 12).reinterpret(type.bytes(elements));
    tensors.put(name, new Tensor(name, type, List.of(shape), nowhere));
  }

  /** The bytes of all tensors. */
  long bytes() {
    return tensors.values().stream().mapToLong(tensor -> tensor.data().byteSize()).sum();
  }

  @Override
  public String label() {
    return "shape";
  }

  @Override
  public Metadata metadata() {
    return metadata;
  }

  @Override
  public Collection<Tensor> tensors() {
    return tensors.values();
  }

  @Override
  public Optional<Tensor> findTensor(String name) {
    return Optional.ofNullable(tensors.get(name));
  }

  @Override
  public void close() {
    // There is nothing.
  }
}
