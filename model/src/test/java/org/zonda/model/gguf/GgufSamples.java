package org.zonda.model.gguf;

import static org.zonda.model.gguf.RawGguf.Kind.VALUE;

import java.nio.charset.StandardCharsets;
import org.zonda.model.tensor.TensorType;

/** Small valid files that between them use every part of the format. */
final class GgufSamples {

  private GgufSamples() {}

  /** A header and nothing else. */
  static RawGguf empty() {
    return RawGguf.header(3, 0, 0);
  }

  /** Every value type, arrays of every element type, nested arrays; tensors in five formats. */
  static RawGguf everything(int version) {
    RawGguf file =
        RawGguf.header(version, 5, 26)
            .entry("a.uint8", MetadataType.UINT8, 1, 0xFF)
            .entry("a.int8", MetadataType.INT8, 1, -128)
            .entry("a.uint16", MetadataType.UINT16, 2, 0xFFFF)
            .entry("a.int16", MetadataType.INT16, 2, -32768)
            .entry("a.uint32", MetadataType.UINT32, 4, 0xFFFF_FFFFL)
            .entry("a.int32", MetadataType.INT32, 4, Integer.MIN_VALUE)
            .entry("a.float32", MetadataType.FLOAT32, 4, Float.floatToRawIntBits(1e-5f))
            .entry("a.bool", MetadataType.BOOL, 1, 1)
            .entry("a.string", "ma\u00f1ana \ud83e\udd99\n")
            .entry("a.uint64", MetadataType.UINT64, 8, -1)
            .entry("a.int64", MetadataType.INT64, 8, Long.MIN_VALUE)
            .entry("a.float64", MetadataType.FLOAT64, 8, Double.doubleToRawLongBits(-0.1))
            .entry("general.alignment", MetadataType.UINT32, 4, 64);
    numbers(file, MetadataType.UINT8, 1);
    numbers(file, MetadataType.INT8, 1);
    numbers(file, MetadataType.UINT16, 2);
    numbers(file, MetadataType.INT16, 2);
    numbers(file, MetadataType.UINT32, 4);
    numbers(file, MetadataType.INT32, 4);
    numbers(file, MetadataType.FLOAT32, 4);
    numbers(file, MetadataType.BOOL, 1);
    numbers(file, MetadataType.UINT64, 8);
    numbers(file, MetadataType.INT64, 8);
    numbers(file, MetadataType.FLOAT64, 8);
    return file.key("array.string", MetadataType.ARRAY)
        .array("array.string", MetadataType.STRING, 3)
        .string("element", "")
        .string("element", "\u2581the")
        .string("malformed element", new byte[] {'x', (byte) 0xC3})
        .key("array.nested", MetadataType.ARRAY)
        .array("array.nested", MetadataType.ARRAY, 2)
        .array("inner", MetadataType.UINT8, 2)
        .number("element", VALUE, 1, 1)
        .number("element", VALUE, 1, 2)
        .array("inner", MetadataType.ARRAY, 1)
        .array("innermost", MetadataType.STRING, 1)
        .string("element", "deep")
        .tensor("f32", TensorType.F32.id(), 0, 3, 2)
        .tensor("f16", TensorType.F16.id(), 64, 4, 1, 2, 2)
        .tensor("bf16", TensorType.BF16.id(), 128, 5)
        .tensor("q8_0", TensorType.Q8_0.id(), 192, 32, 2)
        .tensor("q4_0", TensorType.Q4_0.id(), 320, 64)
        .pad(64)
        .data(320 + 36);
  }

  private static void numbers(RawGguf file, MetadataType type, int width) {
    String key = "array." + type;
    file.key(key, MetadataType.ARRAY).array(key, type, 2);
    file.number("element of " + key, VALUE, width, 1).number("element of " + key, VALUE, width, 0);
  }

  /** What a small real model looks like: default alignment, a vocabulary, a few tensors. */
  static RawGguf model() {
    return RawGguf.header(3, 2, 4)
        .entry("general.architecture", "llama")
        .entry("llama.block_count", MetadataType.UINT32, 4, 1)
        .key("tokenizer.ggml.tokens", MetadataType.ARRAY)
        .array("tokens", MetadataType.STRING, 2)
        .string("element", "<s>")
        .string("element", "a")
        .key("tokenizer.ggml.scores", MetadataType.ARRAY)
        .array("scores", MetadataType.FLOAT32, 2)
        .number("element", VALUE, 4, Float.floatToRawIntBits(-1))
        .number("element", VALUE, 4, Float.floatToRawIntBits(0))
        .tensor("token_embd.weight", TensorType.F32.id(), 0, 4, 2)
        .tensor("output_norm.weight", TensorType.F32.id(), 32, 4)
        .pad(32)
        .data(48);
  }

  /**
   * One part of a model in several files.
   *
   * @param index its number from 0
   * @param count the number of parts; each holds one tensor
   */
  static RawGguf part(int index, int count) {
    RawGguf file = RawGguf.header(3, 1, index == 0 ? 4 : 3);
    if (index == 0) {
      file.entry("general.name", "in parts");
    }
    return file.entry("split.no", MetadataType.UINT16, 2, index)
        .entry("split.count", MetadataType.UINT16, 2, count)
        .entry("split.tensors.count", MetadataType.INT32, 4, count)
        .tensor("part" + index, TensorType.F32.id(), 0, 2)
        .pad(32)
        .data(8);
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
