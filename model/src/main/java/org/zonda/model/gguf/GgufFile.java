package org.zonda.model.gguf;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.zonda.model.ModelSource;
import org.zonda.model.gguf.GgufParser.Contents;
import org.zonda.model.tensor.Tensor;

/**
 * A GGUF file of version 2 or 3, mapped read-only; see {@link #open(Path)}. Nothing is copied: the
 * operating system reads a tensor's pages when they are touched, and tensors are views that throw
 * {@link IllegalStateException} once the file is closed. A file must not be cut while it is open.
 *
 * <p>Source: the GGUF specification (ggml, docs/gguf.md).
 */
public final class GgufFile implements ModelSource {
  private final String label;
  private final List<Path> paths;
  private final long sizeBytes;
  private final int version;
  private final Metadata metadata;
  private final Map<String, Tensor> tensors;
  private final Arena arena;

  private GgufFile(
      String label,
      List<Path> paths,
      long sizeBytes,
      List<Contents> parts,
      Map<String, Tensor> tensors,
      Arena arena) {
    this.label = label;
    this.paths = List.copyOf(paths);
    this.sizeBytes = sizeBytes;
    this.version = parts.getFirst().version();
    this.metadata = parts.getFirst().metadata();
    this.tensors = Collections.unmodifiableMap(tensors);
    this.arena = arena;
  }

  /**
   * Maps a file and checks its whole structure. Any part of a split model ({@code
   * name-00001-of-00003.gguf}) opens all parts.
   *
   * @param path the file
   * @return the open file; close it to unmap
   * @throws GgufException if it cannot be read or breaks the format
   */
  public static GgufFile open(Path path) {
    Arena arena = Arena.ofShared();
    try {
      return open(path, arena);
    } catch (Throwable e) {
      arena.close();
      throw e;
    }
  }

  /**
   * Reads a whole GGUF file that lies in memory, such as one that a jar holds.
   *
   * @param bytes the file, in native memory or a byte array; neither copied nor written to, and not
   *     freed by {@link #close()}
   * @param label what messages call it
   * @return the open file, without paths
   * @throws GgufException if the bytes break the format
   */
  public static GgufFile open(MemorySegment bytes, String label) {
    Contents contents = GgufParser.parse(bytes.asReadOnly(), label);
    SplitModel.refusePart(contents.metadata(), label);
    return new GgufFile(
        label,
        List.of(),
        bytes.byteSize(),
        List.of(contents),
        byName(label, List.of(contents)),
        null);
  }

  private static GgufFile open(Path path, Arena arena) {
    String label = labelOf(path);
    MemorySegment bytes = map(path, arena);
    Contents contents = GgufParser.parse(bytes, label);
    List<Path> paths = SplitModel.paths(path, contents.metadata(), label);
    List<Contents> parts = new ArrayList<>();
    long size = 0;
    for (int i = 0; i < paths.size(); i++) {
      Path partPath = paths.get(i);
      boolean opened = partPath.equals(path);
      MemorySegment partBytes = opened ? bytes : map(partPath, arena);
      Contents part = opened ? contents : GgufParser.parse(partBytes, labelOf(partPath));
      SplitModel.checkPart(part.metadata(), labelOf(partPath), i, paths.size());
      parts.add(part);
      size += partBytes.byteSize();
    }
    Map<String, Tensor> tensors = byName(label, parts);
    SplitModel.checkTensorCount(parts.getFirst().metadata(), tensors.size(), label);
    return new GgufFile(label, paths, size, parts, tensors, arena);
  }

  private static String labelOf(Path path) {
    Path name = path.getFileName();
    return name == null ? path.toString() : name.toString();
  }

  private static MemorySegment map(Path path, Arena arena) {
    if (Files.notExists(path)) {
      throw new GgufException(path + ": no such file; expected a GGUF file");
    }
    if (Files.isDirectory(path)) {
      throw new GgufException(path + ": is a directory; expected a GGUF file");
    }
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new GgufException(
          path + ": is no regular file, which a GGUF file must be to be mapped");
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    } catch (IOException e) {
      throw new GgufException(path + ": cannot be read: " + IoFault.reason(e), e);
    }
  }

  private static Map<String, Tensor> byName(String label, List<Contents> parts) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Contents part : parts) {
      for (Tensor tensor : part.tensors()) {
        if (tensors.putIfAbsent(tensor.name(), tensor) != null) {
          throw new GgufException(
              label + ": tensor " + Text.quote(tensor.name()) + " is in two parts of the model");
        }
      }
    }
    return tensors;
  }

  /**
   * The files behind the model.
   *
   * @return one path, all parts of a split model in order, or none for a model in memory
   */
  public List<Path> paths() {
    return paths;
  }

  /**
   * The bytes of all files.
   *
   * @return the size
   */
  public long sizeBytes() {
    return sizeBytes;
  }

  /**
   * The format version.
   *
   * @return 2 or 3; the first part's for a split model
   */
  public int version() {
    return version;
  }

  @Override
  public String label() {
    return label;
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

  /**
   * Unmaps the files; closing again does nothing. Tensors and metadata arrays throw {@link
   * IllegalStateException} afterwards.
   *
   * @throws IllegalStateException if another thread is reading at this moment
   */
  @Override
  public synchronized void close() {
    if (arena != null && arena.scope().isAlive()) {
      arena.close();
    }
  }
}
