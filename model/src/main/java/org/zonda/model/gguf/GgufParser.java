package org.zonda.model.gguf;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.zonda.model.tensor.Tensor;
import org.zonda.model.tensor.TensorType;

/**
 * Reads one GGUF file's structure: header, metadata, tensor table, and where each tensor's data
 * lies. Everything is checked against the bytes before it is used.
 *
 * <p>Layout: magic, {@code uint32} version, {@code uint64} number of tensors, {@code uint64} number
 * of metadata entries, the entries, the tensor table, zeros to the alignment, tensor data.
 */
final class GgufParser {
  /** "GGUF", little-endian. */
  static final int MAGIC = 0x46554747;

  private static final int HEADER_BYTES = 24;
  private static final int MIN_ENTRY_BYTES = 8 + 1 + 4 + 1;
  private static final int MIN_TENSOR_BYTES = 8 + 1 + 4 + 8 + 4 + 8;

  /** The most that a segment can lend to a {@link ByteBuffer}. */
  private static final int MAX_BUFFER_BYTES = Integer.MAX_VALUE - 8;

  private final MemorySegment bytes;
  private final ByteBuffer structure;
  private final String label;
  private final GgufInput input;

  private GgufParser(MemorySegment bytes, String label) {
    this.bytes = bytes;
    this.label = label;
    this.structure =
        bytes
            .asSlice(0, Math.min(bytes.byteSize(), MAX_BUFFER_BYTES))
            .asByteBuffer()
            .order(ByteOrder.LITTLE_ENDIAN);
    this.input = new GgufInput(structure, bytes.byteSize(), label);
  }

  /**
   * What one file holds.
   *
   * @param version 2 or 3
   * @param metadata its key-value pairs
   * @param tensors its tensors in the order of the table
   */
  record Contents(int version, Metadata metadata, List<Tensor> tensors) {}

  /** A tensor's entry in the table, checked as far as its data. */
  private record Entry(String name, TensorType type, List<Long> shape, long offset, long size) {}

  /**
   * Reads and checks the structure.
   *
   * @param bytes a whole file, read-only
   * @param label what messages call it
   * @return its contents, views on the bytes
   * @throws GgufException if the bytes break the format
   */
  static Contents parse(MemorySegment bytes, String label) {
    return new GgufParser(bytes, label).parse();
  }

  private Contents parse() {
    int version = version();
    int tensorCount = input.count("number of tensors", MIN_TENSOR_BYTES, GgufRules.MAX_TENSORS);
    int entryCount =
        input.count("number of metadata entries", MIN_ENTRY_BYTES, GgufRules.MAX_ENTRIES);
    Metadata metadata = metadata(entryCount);
    int alignment = alignment(metadata);
    List<Entry> entries = entries(tensorCount, alignment);
    long dataStart = GgufRules.align(input.position(), alignment);
    return new Contents(version, metadata, tensors(entries, dataStart));
  }

  private int version() {
    if (bytes.byteSize() == 0) {
      throw fault("is empty; expected a GGUF file");
    }
    if (bytes.byteSize() < Integer.BYTES || structure.getInt(0) != MAGIC) {
      byte[] begin = new byte[Math.min(structure.capacity(), ForeignFormat.LOOK_BYTES)];
      structure.get(0, begin);
      throw fault(
          "is not a GGUF file: expected it to begin with 'GGUF', found %s",
          ForeignFormat.describe(begin));
    }
    if (bytes.byteSize() < HEADER_BYTES) {
      throw fault("is cut short: %d bytes, a header takes %d", bytes.byteSize(), HEADER_BYTES);
    }
    input.int32("magic");
    int version = input.int32("version");
    if (version == 2 || version == 3) {
      return version;
    }
    int swapped = Integer.reverseBytes(version);
    if (swapped > 0 && swapped < 0x10000) {
      throw fault(
          "is GGUF version %d in big-endian byte order; expected little-endian, convert the model"
              + " again",
          swapped);
    }
    throw fault(
        "is GGUF version %s; expected 2 or 3%s",
        Integer.toUnsignedString(version),
        version == 1 ? ", convert the model again with a current converter" : "");
  }

  private Metadata metadata(int count) {
    LinkedHashMap<String, MetadataValue> values = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      input.context("metadata entry", i, count, null);
      String key = input.name("key", GgufRules.MAX_KEY_BYTES);
      input.context("metadata entry", i, count, key);
      if (!Text.isPrintableAscii(key)) {
        throw input.fault("the key is not ASCII");
      }
      MetadataValue value = input.value(input.type("value type"));
      if (values.putIfAbsent(key, value) != null) {
        throw input.fault("the key is there twice");
      }
    }
    return new MapMetadata(label, values);
  }

  private int alignment(Metadata metadata) {
    if (!metadata.contains(GgufRules.ALIGNMENT_KEY)) {
      return GgufRules.ALIGNMENT_DEFAULT;
    }
    long alignment = metadata.getLong(GgufRules.ALIGNMENT_KEY);
    if (!GgufRules.isAlignment(alignment)) {
      throw fault(
          "metadata '%s' is %d, expected a power of two from 8 to %d",
          GgufRules.ALIGNMENT_KEY, alignment, GgufRules.MAX_ALIGNMENT);
    }
    return (int) alignment;
  }

  private List<Entry> entries(int count, int alignment) {
    List<Entry> entries = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < count; i++) {
      input.context("tensor", i, count, null);
      String name = input.name("name", GgufRules.MAX_TENSOR_NAME_BYTES);
      input.context("tensor", i, count, name);
      if (!names.add(name)) {
        throw input.fault("the name is there twice");
      }
      entries.add(entry(name, alignment));
    }
    return entries;
  }

  private Entry entry(String name, int alignment) {
    List<Long> shape = shape();
    TensorType type = tensorType();
    if (shape.getFirst() % type.blockElements() != 0) {
      throw input.fault(
          "a row of %d elements is no whole number of %s blocks of %d",
          shape.getFirst(), type, type.blockElements());
    }
    long elements = 1;
    for (long size : shape) {
      elements *= size; // shape() has refused overflow
    }
    long blocks = elements / type.blockElements();
    if (blocks > bytes.byteSize() / type.blockBytes()) {
      throw input.fault(
          "shape %s of %s takes more than the file's %d bytes; the file is cut short or damaged",
          shape, type, bytes.byteSize());
    }
    long offset = input.int64("data offset");
    if (offset < 0 || offset % alignment != 0) {
      throw input.fault(
          "data offset is %s; expected a multiple of the alignment %d",
          Long.toUnsignedString(offset), alignment);
    }
    return new Entry(name, type, shape, offset, blocks * type.blockBytes());
  }

  private List<Long> shape() {
    long count = input.uint32("number of dimensions");
    if (count < 1 || count > GgufRules.MAX_DIMENSIONS) {
      throw input.fault(
          "number of dimensions is %d; expected 1 to %d", count, GgufRules.MAX_DIMENSIONS);
    }
    List<Long> shape = new ArrayList<>();
    long elements = 1;
    for (int i = 0; i < count; i++) {
      long size = input.int64("dimension");
      if (size < 1) {
        throw input.fault(
            "dimension %d is %s; expected 1 to 2^63 - 1", i, Long.toUnsignedString(size));
      }
      shape.add(size);
      if (size > Long.MAX_VALUE / elements) {
        throw input.fault("dimensions %s multiply to more than 2^63 - 1 elements", shape);
      }
      elements *= size;
    }
    return List.copyOf(shape);
  }

  private TensorType tensorType() {
    long id = input.uint32("type");
    TensorType type = TensorType.byId(id).orElse(null);
    if (type == null) {
      throw input.fault(
          "type is %d, which is not known; expected one of %s",
          id,
          Arrays.stream(TensorType.values())
              .map(known -> known.id() + " " + known)
              .collect(Collectors.joining(", ")));
    }
    return type;
  }

  private List<Tensor> tensors(List<Entry> entries, long dataStart) {
    long available = Math.max(0, bytes.byteSize() - dataStart);
    for (Entry entry : entries) {
      if (entry.size > available || entry.offset > available - entry.size) {
        throw fault(
            "tensor %s: its %d bytes at offset %d end beyond the %d bytes of tensor data; the file"
                + " is cut short or damaged",
            Text.quote(entry.name), entry.size, entry.offset, available);
      }
    }
    refuseOverlaps(entries);
    List<Tensor> tensors = new ArrayList<>(entries.size());
    for (Entry entry : entries) {
      MemorySegment data = bytes.asSlice(dataStart + entry.offset, entry.size);
      tensors.add(new Tensor(entry.name, entry.type, entry.shape, data));
    }
    return tensors;
  }

  private void refuseOverlaps(List<Entry> entries) {
    List<Entry> byOffset = new ArrayList<>(entries);
    byOffset.sort(Comparator.comparingLong(Entry::offset));
    for (int i = 1; i < byOffset.size(); i++) {
      Entry before = byOffset.get(i - 1);
      Entry after = byOffset.get(i);
      if (before.offset + before.size > after.offset) {
        throw fault(
            "tensors %s and %s overlap: %d bytes at offset %d reach beyond offset %d",
            Text.quote(before.name),
            Text.quote(after.name),
            before.size,
            before.offset,
            after.offset);
      }
    }
  }

  /** A fault of the file as a whole. */
  private GgufException fault(String detail, Object... arguments) {
    return new GgufException(label + ": " + detail.formatted(arguments));
  }
}
