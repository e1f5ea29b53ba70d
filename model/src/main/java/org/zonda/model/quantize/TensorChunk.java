package org.zonda.model.quantize;

import java.lang.foreign.MemorySegment;
import org.zonda.model.ZondaException;
import org.zonda.model.tensor.Codec;
import org.zonda.model.tensor.Codecs;
import org.zonda.model.tensor.Tensor;
import org.zonda.model.tensor.TensorType;
import org.zonda.model.tensor.UnstorableNumberException;

/**
 * Some consecutive numbers of a tensor, converted.
 *
 * @param bytes as they are stored
 * @param error what the conversion cost
 */
record TensorChunk(byte[] bytes, RoundingError error) {

  /**
   * Numbers in a chunk: a multiple of every format's block, so that a chunk of the one is a chunk
   * of the other. As floats it takes 1 MiB.
   */
  static final int ELEMENTS = 1 << 18;

  /**
   * Converts.
   *
   * @param plan of the tensor
   * @param first index of the first number, a multiple of {@link #ELEMENTS}
   * @param label what messages call the model
   * @throws ZondaException if a number is not finite, or too large for the format
   */
  static TensorChunk convert(TensorPlan plan, long first, String label) {
    Tensor tensor = plan.source();
    int count = (int) Math.min(ELEMENTS, tensor.elements() - first);
    if (plan.isCopy()) {
      return copy(tensor, first, count, label);
    }
    float[] numbers = decode(tensor.type(), tensor.data(), tensor.type().bytes(first), count);
    checkFinite(numbers, tensor, first, label);
    Codec codec = Codecs.of(plan.type(), label);
    byte[] bytes = new byte[Math.toIntExact(plan.type().bytes(count))];
    MemorySegment encoded = MemorySegment.ofArray(bytes);
    try {
      codec.encode(numbers, 0, encoded, 0, count);
    } catch (UnstorableNumberException e) {
      throw unstorable(plan, first + e.index(), e.number(), label);
    }
    float[] rounded = decode(plan.type(), encoded, 0, count);
    for (int i = 0; i < count; i++) {
      if (!Float.isFinite(rounded[i])) {
        throw unstorable(plan, first + i, numbers[i], label);
      }
    }
    return new TensorChunk(bytes, RoundingError.between(numbers, rounded));
  }

  /** The bytes stay, yet their numbers are looked at as others are. */
  private static TensorChunk copy(Tensor tensor, long first, int count, String label) {
    TensorType type = tensor.type();
    byte[] bytes = new byte[Math.toIntExact(type.bytes(count))];
    MemorySegment.ofArray(bytes).copyFrom(tensor.data().asSlice(type.bytes(first), bytes.length));
    if (Codecs.find(type).isPresent()) {
      checkFinite(decode(type, MemorySegment.ofArray(bytes), 0, count), tensor, first, label);
    }
    return new TensorChunk(bytes, RoundingError.NONE);
  }

  private static float[] decode(TensorType type, MemorySegment bytes, long offset, int count) {
    float[] numbers = new float[count];
    Codecs.of(type, "").decode(bytes, offset, numbers, 0, count);
    return numbers;
  }

  private static void checkFinite(float[] numbers, Tensor tensor, long first, String label) {
    for (int i = 0; i < numbers.length; i++) {
      if (!Float.isFinite(numbers[i])) {
        throw new ZondaException(
            "%s: tensor '%s' holds %s at element %s; expected finite numbers, the file is damaged or its training failed"
                .formatted(label, tensor.name(), numbers[i], position(tensor, first + i)));
      }
    }
  }

  private static ZondaException unstorable(
      TensorPlan plan, long index, float number, String label) {
    return new ZondaException(
        "%s: tensor '%s' holds %s at element %s, which is too large for %s; BF16 and F32 store it"
            .formatted(
                label, plan.source().name(), number, position(plan.source(), index), plan.type()));
  }

  private static String position(Tensor tensor, long index) {
    return "%d (row %d, column %d)"
        .formatted(index, index / tensor.rowLength(), index % tensor.rowLength());
  }
}
