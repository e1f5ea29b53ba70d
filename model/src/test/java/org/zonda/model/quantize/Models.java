package org.zonda.model.quantize;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.zonda.model.gguf.GgufFile;
import org.zonda.model.gguf.GgufWriter;
import org.zonda.model.gguf.Metadata;
import org.zonda.model.gguf.MetadataBuilder;
import org.zonda.model.tensor.Codecs;
import org.zonda.model.tensor.Tensor;
import org.zonda.model.tensor.TensorType;

/** Small models to quantise, whose tensors are named as a llama's. */
final class Models {

  private final MetadataBuilder metadata =
      Metadata.builder().putString("general.architecture", "llama");
  private final List<Tensor> tensors = new ArrayList<>();
  private final SplittableRandom random = new SplittableRandom(5);

  MetadataBuilder metadata() {
    return metadata;
  }

  /** Matrices of every role in each layer, two rows each. */
  static Models llama(int layers, int width) {
    Models models = new Models();
    models.add("token_embd.weight", width, 2);
    for (int i = 0; i < layers; i++) {
      String block = "blk." + i + ".";
      models.add(block + "attn_norm.weight", width);
      models.add(block + "attn_q.weight", width, 2);
      models.add(block + "attn_k.weight", width, 2);
      models.add(block + "attn_v.weight", width, 2);
      models.add(block + "attn_output.weight", width, 2);
      models.add(block + "ffn_gate.weight", width, 2);
      models.add(block + "ffn_up.weight", width, 2);
      models.add(block + "ffn_down.weight", width, 2);
    }
    models.add("output_norm.weight", width);
    return models;
  }

  Models add(String name, long... shape) {
    List<Long> sizes = new ArrayList<>();
    long elements = 1;
    for (long size : shape) {
      sizes.add(size);
      elements *= size;
    }
    float[] values = new float[Math.toIntExact(elements)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return add(name, TensorType.F32, sizes, values);
  }

  Models add(String name, TensorType type, List<Long> shape, float... values) {
    MemorySegment bytes = MemorySegment.ofArray(new byte[(int) type.bytes(values.length)]);
    Codecs.of(type, name).encode(values, 0, bytes, 0, values.length);
    return add(new Tensor(name, type, shape, bytes));
  }

  Models add(Tensor tensor) {
    tensors.add(tensor);
    return this;
  }

  GgufWriter writer() {
    GgufWriter writer = new GgufWriter(metadata.build("test"));
    tensors.forEach(writer::tensor);
    return writer;
  }

  GgufFile open() {
    return GgufFile.open(MemorySegment.ofArray(writer().toBytes()), "test.gguf");
  }
}
