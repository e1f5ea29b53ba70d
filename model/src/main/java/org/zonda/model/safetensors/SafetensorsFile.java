package org.zonda.model.safetensors;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.zonda.model.ZondaException;
import org.zonda.model.gguf.IoFault;
import org.zonda.model.json.JsonObject;
import org.zonda.model.tensor.Codec;
import org.zonda.model.tensor.Codecs;
import org.zonda.model.tensor.Tensor;
import org.zonda.model.tensor.TensorType;

/**
 * A safetensors file, mapped read-only: eight bytes that hold the length of a JSON header, the
 * header with each tensor's type, shape and place, and the data. Nothing is copied; tensors are
 * views that throw {@link IllegalStateException} once the file is closed.
 *
 * <p>Tensors of plain floating-point numbers (F32, F16, BF16) are read; a file that holds others is
 * refused. Shapes are turned to GGUF's order, the contiguous dimension first.
 *
 * <p>Source: the format's specification (huggingface/safetensors, README). As there, the data of
 * all tensors together are all of the file behind the header, without gaps and overlaps.
 */
public final class SafetensorsFile implements AutoCloseable {

  private static final ValueLayout.OfLong LENGTH =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /**
   * The specification allows 100 MB, which take many times that in memory once they are read; what
   * is read here are adapters, whose headers have less than one.
   */
  private static final long MAX_HEADER_BYTES = 16 << 20;

  private static final String METADATA = "__metadata__";
  private static final int MAX_DIMENSIONS = 4;

  private final String label;
  private final Map<String, Tensor> tensors;
  private final Arena arena;

  private SafetensorsFile(String label, Map<String, Tensor> tensors, Arena arena) {
    this.label = label;
    this.tensors = Collections.unmodifiableMap(tensors);
    this.arena = arena;
  }

  /**
   * Maps a file and checks its whole structure.
   *
   * @param path the file
   * @return the open file; close it to unmap
   * @throws ZondaException if it cannot be read, breaks the format, or holds other than
   *     floating-point numbers
   */
  public static SafetensorsFile open(Path path) {
    Arena arena = Arena.ofShared();
    try {
      String label = path.toString();
      return new SafetensorsFile(label, parse(map(path, arena), label), arena);
    } catch (Throwable e) {
      arena.close();
      throw e;
    }
  }

  private static MemorySegment map(Path path, Arena arena) {
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new ZondaException(path + ": is no regular file; expected a safetensors file");
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    } catch (IOException e) {
      throw new ZondaException(path + ": cannot be read: " + IoFault.reason(e), e);
    }
  }

  private static Map<String, Tensor> parse(MemorySegment bytes, String label) {
    JsonObject header = JsonObject.parse(header(bytes, label), label);
    MemorySegment data = bytes.asSlice(Long.BYTES + bytes.get(LENGTH, 0));
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    List<Place> places = new ArrayList<>();
    for (String name : header.names()) {
      if (!name.equals(METADATA)) {
        JsonObject entry = header.object(name);
        Place place = place(name, entry, data.byteSize());
        places.add(place);
        tensors.put(name, tensor(name, entry, place, data));
      }
    }
    checkCover(places, data.byteSize(), label);
    return tensors;
  }

  private static String header(MemorySegment bytes, String label) {
    if (bytes.byteSize() < Long.BYTES) {
      throw new ZondaException(
          label + ": has " + bytes.byteSize() + " bytes; a safetensors file has at least 8");
    }
    long length = bytes.get(LENGTH, 0);
    long most = bytes.byteSize() - Long.BYTES;
    if (length < 2 || length > most) {
      throw new ZondaException(
          "%s: its header would have %s bytes; expected 2 to %d, so the file is cut or no safetensors file"
              .formatted(label, Long.toUnsignedString(length), most));
    }
    if (length > MAX_HEADER_BYTES) {
      throw new ZondaException(
          "%s: its header has %d bytes; at most %d are supported"
              .formatted(label, length, MAX_HEADER_BYTES));
    }
    byte[] header = bytes.asSlice(Long.BYTES, length).toArray(ValueLayout.JAVA_BYTE);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(header)).toString();
    } catch (CharacterCodingException e) {
      throw new ZondaException(label + ": its header is no UTF-8; expected JSON", e);
    }
  }

  /** Where a tensor lies behind the header. */
  private record Place(String name, long begin, long end) {}

  private static Place place(String name, JsonObject entry, long size) {
    long[] offsets = entry.longs("data_offsets");
    if (offsets.length != 2 || offsets[0] < 0 || offsets[1] < offsets[0] || offsets[1] > size) {
      throw entry.fault("data_offsets", "a begin and an end from 0 to " + size);
    }
    return new Place(name, offsets[0], offsets[1]);
  }

  private static Tensor tensor(String name, JsonObject entry, Place place, MemorySegment data) {
    TensorType type = type(entry);
    long[] outermostFirst = entry.longs("shape");
    if (outermostFirst.length > MAX_DIMENSIONS) {
      throw entry.fault("shape", "at most " + MAX_DIMENSIONS + " dimensions");
    }
    List<Long> shape = new ArrayList<>();
    long elements = 1;
    for (int i = outermostFirst.length - 1; i >= 0; i--) {
      long size = outermostFirst[i];
      if (size < 0 || Math.multiplyHigh(elements, size) != 0 || elements * size < 0) {
        throw entry.fault("shape", "sizes whose product is a number of elements");
      }
      elements *= size;
      shape.add(size);
    }
    if (shape.isEmpty()) {
      shape.add(1L); // a single number
    }
    long bytes = place.end - place.begin;
    if (bytes % type.blockBytes() != 0 || bytes / type.blockBytes() != elements) {
      throw entry.fault(
          "data_offsets",
          "%d elements of %s as 'shape' says, not %d bytes".formatted(elements, type, bytes));
    }
    return new Tensor(name, type, shape, data.asSlice(place.begin, bytes));
  }

  /** Safetensors name the plain types as GGUF does. */
  private static TensorType type(JsonObject entry) {
    String name = entry.string("dtype");
    List<TensorType> plain =
        Codecs.all().stream().map(Codec::type).filter(type -> type.blockElements() == 1).toList();
    return plain.stream()
        .filter(type -> type.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                entry.fault(
                    "dtype", plain.stream().map(Enum::name).collect(Collectors.joining(" or "))));
  }

  private static void checkCover(List<Place> places, long size, String label) {
    places.sort(Comparator.comparingLong(Place::begin).thenComparingLong(Place::end));
    long end = 0;
    String before = "the header";
    for (Place place : places) {
      if (place.begin != end) {
        throw new ZondaException(
            "%s: tensor '%s' begins at %d, but %s ends at %d; expected neither gap nor overlap"
                .formatted(label, place.name, place.begin, before, end));
      }
      end = place.end;
      before = "'" + place.name + "'";
    }
    if (end != size) {
      throw new ZondaException(
          "%s: holds %d bytes behind its header, but %s ends at %d; expected no more"
              .formatted(label, size, before, end));
    }
  }

  /**
   * What messages call the file.
   *
   * @return its path
   */
  public String label() {
    return label;
  }

  /**
   * All tensors, in the order of the header.
   *
   * @return an unmodifiable collection
   */
  public Collection<Tensor> tensors() {
    return tensors.values();
  }

  /**
   * Looks a tensor up.
   *
   * @param name as in the header
   * @return the tensor, or empty where the file has none of that name
   */
  public Optional<Tensor> findTensor(String name) {
    return Optional.ofNullable(tensors.get(name));
  }

  @Override
  public void close() {
    arena.close();
  }
}
