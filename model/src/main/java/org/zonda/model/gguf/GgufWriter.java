package org.zonda.model.gguf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.zonda.model.tensor.Tensor;
import org.zonda.model.tensor.TensorType;

/**
 * Writes GGUF version 3. Tensors are collected by name and shape alone and their data streamed when
 * the file is written, so that a file may be larger than memory.
 *
 * <p>A file appears under its name only when it is complete: it is written beside its target and
 * then renamed. Not thread-safe.
 */
public final class GgufWriter {
  private static final int VERSION = 3;
  private static final int CHUNK_BYTES = 1 << 20;

  private final Metadata metadata;
  private final int alignment;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /** Gives a tensor's bytes when the file is written. */
  @FunctionalInterface
  public interface TensorData {
    /**
     * Writes all bytes, in as many pieces as it likes.
     *
     * @param channel accepts exactly the bytes of the tensor
     * @throws IOException if writing fails
     */
    void writeTo(WritableByteChannel channel) throws IOException;
  }

  private record Entry(TensorType type, List<Long> shape, long size, TensorData data) {}

  /**
   * Starts a file.
   *
   * @param metadata its key-value pairs; tensor data are aligned to {@code general.alignment}, or
   *     to 32 bytes where that is absent
   * @throws IllegalArgumentException if the alignment is no power of two from 8 to 2^20
   */
  public GgufWriter(Metadata metadata) {
    this.metadata = metadata;
    this.alignment = metadata.getInt(GgufRules.ALIGNMENT_KEY, GgufRules.ALIGNMENT_DEFAULT);
    if (!GgufRules.isAlignment(alignment)) {
      throw new IllegalArgumentException(
          GgufRules.ALIGNMENT_KEY + " is " + alignment + ", which is no alignment");
    }
  }

  /**
   * Adds a tensor whose bytes exist.
   *
   * @param tensor stays readable until the file is written
   * @return this
   * @throws IllegalArgumentException if no GGUF file could hold it beside the others
   */
  public GgufWriter tensor(Tensor tensor) {
    MemorySegment data = tensor.data();
    return tensor(tensor.name(), tensor.type(), tensor.shape(), channel -> copy(data, channel));
  }

  /**
   * Adds a tensor whose bytes are made while the file is written.
   *
   * @param name such as {@code blk.0.attn_q.weight}
   * @param type how elements are stored
   * @param shape 1 to 4 dimensions, each at least 1, the contiguous one first
   * @param data writes {@code type.bytes(elements)} bytes
   * @return this
   * @throws IllegalArgumentException if no GGUF file could hold it beside the others
   */
  public GgufWriter tensor(String name, TensorType type, List<Long> shape, TensorData data) {
    GgufRules.checkTensorName(name);
    long size = GgufRules.checkedBytes(name, type, shape);
    if (entries.putIfAbsent(name, new Entry(type, List.copyOf(shape), size, data)) != null) {
      throw new IllegalArgumentException("tensor " + Text.quote(name) + " is there twice");
    }
    return this;
  }

  /**
   * The bytes that the file will take.
   *
   * @return its size with what was added so far
   */
  public long size() {
    long size = structure().remaining();
    for (Entry entry : entries.values()) {
      size = Math.addExact(size, GgufRules.align(entry.size, alignment));
    }
    return size;
  }

  /**
   * Writes a file that must not exist yet.
   *
   * @param target the file
   * @throws GgufException if it exists or cannot be written; nothing is left behind
   */
  public void write(Path target) {
    if (Files.exists(target)) {
      throw exists(target, null);
    }
    writeBeside(target);
  }

  /**
   * Writes a file, replacing one that exists.
   *
   * @param target the file
   * @throws GgufException if it cannot be written; what was there stays as it was
   */
  public void overwrite(Path target) {
    writeBeside(target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Writes to memory, for small models.
   *
   * @return a whole GGUF file
   */
  public byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      writeTo(Channels.newChannel(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * Writes to a channel.
   *
   * @param channel receives a whole GGUF file
   * @throws IOException if writing fails
   * @throws IllegalStateException if a tensor's data have another size than its shape
   */
  public void writeTo(WritableByteChannel channel) throws IOException {
    writeFully(channel, structure());
    for (Map.Entry<String, Entry> named : entries.entrySet()) {
      Entry entry = named.getValue();
      try (ExactChannel exact = new ExactChannel(channel, entry.size, named.getKey())) {
        entry.data.writeTo(exact);
        exact.finish();
      }
      int padding = (int) (GgufRules.align(entry.size, alignment) - entry.size);
      writeFully(channel, ByteBuffer.allocate(padding));
    }
  }

  /** Header, metadata and tensor table, padded to where the data begin. */
  private ByteBuffer structure() {
    GgufOutput output = new GgufOutput();
    output.int32(GgufParser.MAGIC);
    output.int32(VERSION);
    output.int64(entries.size());
    output.int64(metadata.keys().size());
    for (String key : metadata.keys()) {
      MetadataValue value = metadata.find(key).orElseThrow();
      output.string(key);
      output.int32(value.type().id());
      output.value(value);
    }
    long offset = 0;
    for (Map.Entry<String, Entry> named : entries.entrySet()) {
      Entry entry = named.getValue();
      output.string(named.getKey());
      output.int32(entry.shape.size());
      entry.shape.forEach(output::int64);
      output.int32(entry.type.id());
      output.int64(offset);
      offset = GgufRules.align(Math.addExact(offset, entry.size), alignment);
    }
    output.padTo(alignment);
    return output.toBuffer();
  }

  private void writeBeside(Path target, StandardCopyOption... options) {
    if (Files.isDirectory(target) || target.getFileName() == null) {
      throw new GgufException(target + ": is a directory; expected a file name to write to");
    }
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      throw new GgufException(target + ": is no regular file; expected a file name to write to");
    }
    Path temporary =
        target.resolveSibling(
            ".%s.%d-%x.part"
                .formatted(target.getFileName(), ProcessHandle.current().pid(), System.nanoTime()));
    deleteOnExit(temporary);
    try {
      try (FileChannel channel =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        writeTo(channel);
        // A full disk may show only now.
        channel.force(true);
      }
      Files.move(temporary, target, options);
    } catch (FileAlreadyExistsException e) {
      throw exists(target, e);
    } catch (IOException e) {
      throw new GgufException(target + ": cannot be written: " + IoFault.reason(e), e);
    } finally {
      deleteQuietly(temporary);
    }
  }

  private static GgufException exists(Path target, Throwable cause) {
    return new GgufException(
        target + ": exists already; name another file or ask to overwrite it", cause);
  }

  private static void deleteQuietly(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // The fault that is being reported says more than this one.
    }
  }

  /** Where the process ends in the middle, as by Ctrl-C. */
  private static void deleteOnExit(Path path) {
    if (path.getFileSystem() == FileSystems.getDefault()) {
      path.toFile().deleteOnExit();
    }
  }

  private static void copy(MemorySegment data, WritableByteChannel channel) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, data.byteSize()));
    for (long offset = 0; offset < data.byteSize(); offset += chunk.limit()) {
      chunk.clear().limit((int) Math.min(chunk.capacity(), data.byteSize() - offset));
      MemorySegment.ofBuffer(chunk).copyFrom(data.asSlice(offset, chunk.limit()));
      writeFully(channel, chunk);
    }
  }

  private static void writeFully(WritableByteChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Passes exactly as many bytes on as a tensor has. */
  private static final class ExactChannel implements WritableByteChannel {
    private final WritableByteChannel target;
    private final long size;
    private final String name;
    private long written;

    ExactChannel(WritableByteChannel target, long size, String name) {
      this.target = target;
      this.size = size;
      this.name = name;
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      if (bytes.remaining() > size - written) {
        throw wrongSize("at least " + (written + bytes.remaining()));
      }
      int count = target.write(bytes);
      written += count;
      return count;
    }

    void finish() {
      if (written != size) {
        throw wrongSize(Long.toString(written));
      }
    }

    private IllegalStateException wrongSize(String found) {
      return new IllegalStateException(
          "tensor %s: %s bytes were written, expected %d".formatted(Text.quote(name), found, size));
    }

    @Override
    public boolean isOpen() {
      return target.isOpen();
    }

    /** Leaves the file open for the next tensor. */
    @Override
    public void close() {}
  }
}
