package org.zonda.model.gguf;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.zonda.model.ModelSource;
import org.zonda.model.tensor.Tensor;

/** A GGUF file of version 2 or 3, mapped read-only; see {@link #open}. */
public final class GgufFile implements ModelSource {

  private GgufFile() {}

  /**
   * Maps a file and checks its whole structure. Any part of a split model ({@code
   * name-00001-of-00003.gguf}) opens all parts.
   *
   * @param path the file
   * @return the open file; close it to unmap
   * @throws GgufException if it cannot be read or breaks the format
   */
  public static GgufFile open(Path path) {
    throw new UnsupportedOperationException("being written");
  }

  /**
   * The files behind the model.
   *
   * @return one path, or all parts of a split model in order
   */
  public List<Path> paths() {
    throw new UnsupportedOperationException("being written");
  }

  /**
   * The bytes of all files.
   *
   * @return the size
   */
  public long sizeBytes() {
    throw new UnsupportedOperationException("being written");
  }

  /**
   * The format version.
   *
   * @return 2 or 3
   */
  public int version() {
    throw new UnsupportedOperationException("being written");
  }

  @Override
  public String label() {
    throw new UnsupportedOperationException("being written");
  }

  @Override
  public Metadata metadata() {
    throw new UnsupportedOperationException("being written");
  }

  @Override
  public Collection<Tensor> tensors() {
    throw new UnsupportedOperationException("being written");
  }

  @Override
  public Optional<Tensor> findTensor(String name) {
    throw new UnsupportedOperationException("being written");
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException("being written");
  }
}
