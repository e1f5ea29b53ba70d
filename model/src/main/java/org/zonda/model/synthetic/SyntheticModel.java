package org.zonda.model.synthetic;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import org.zonda.model.ModelSource;
import org.zonda.model.ZondaException;
import org.zonda.model.gguf.GgufWriter;
import org.zonda.model.gguf.Metadata;
import org.zonda.model.tensor.Tensor;

/**
 * A llama model of a real shape with random weights, off the Java heap. It takes as long as a
 * trained one and says nothing. The same name and seed give the same bytes.
 *
 * <p>Matrices are stored in the format asked for, the weights of the norms as F32. Written to a
 * file, other engines load it too.
 */
public final class SyntheticModel implements ModelSource {

  /** What tensors in memory are aligned to: a cache line. */
  private static final int ALIGNMENT = 64;

  private final String label;
  private final Metadata metadata;
  private final Arena arena = Arena.ofShared();
  private final SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();

  private SyntheticModel(Recipe recipe) {
    label = recipe.label();
    metadata = recipe.metadata();
    try {
      for (Recipe.Entry entry : recipe.entries()) {
        tensors.put(entry.name(), make(recipe, entry));
      }
    } catch (OutOfMemoryError e) {
      arena.close();
      throw new ZondaException(
          "synthetic model %s takes %.1f GB outside the Java heap, which the JVM did not get; write it to a file, take a smaller one, or raise -XX:MaxDirectMemorySize"
              .formatted(label, recipe.bytes() / 1e9),
          e);
    }
  }

  private Tensor make(Recipe recipe, Recipe.Entry entry) {
    MemorySegment data = arena.allocate(entry.bytes(), ALIGNMENT);
    long[] end = {0};
    recipe.fill(
        entry,
        piece -> {
          MemorySegment.copy(piece, 0, data, end[0], piece.byteSize());
          end[0] += piece.byteSize();
        });
    return new Tensor(entry.name(), entry.type(), entry.shape(), data.asReadOnly());
  }

  /**
   * Checks a name without making anything of it.
   *
   * @param name shape and format, such as {@code llama-1b:q8_0}; upper or lower case
   * @throws ZondaException if the shape or format is unknown, or the format's blocks do not divide
   *     the shape's rows
   */
  public static void check(String name) {
    Recipe.of(name, 0);
  }

  /**
   * Makes a model in memory.
   *
   * @param name shape and format, such as {@code llama-1b:q8_0}; upper or lower case
   * @param seed of the random numbers
   * @return the model; close it to free its memory
   * @throws ZondaException if the shape or format is unknown (the message lists the known ones),
   *     the format's blocks do not divide the shape's rows, or memory is short
   */
  public static SyntheticModel create(String name, long seed) {
    return new SyntheticModel(Recipe.of(name, seed));
  }

  /**
   * Writes a model to a file without holding it in memory; the same bytes as {@link #writeTo}.
   *
   * @param name shape and format, such as {@code llama-1b:q8_0}; upper or lower case
   * @param seed of the random numbers
   * @param target a GGUF file that must not exist yet
   * @throws ZondaException if the shape or format is unknown, or if the file exists or cannot be
   *     written
   */
  public static void write(String name, long seed, Path target) {
    Recipe recipe = Recipe.of(name, seed);
    GgufWriter writer = new GgufWriter(recipe.metadata());
    for (Recipe.Entry entry : recipe.entries()) {
      writer.tensor(
          entry.name(),
          entry.type(),
          entry.shape(),
          channel ->
              recipe.fill(
                  entry,
                  piece -> {
                    for (ByteBuffer bytes = piece.asByteBuffer(); bytes.hasRemaining(); ) {
                      channel.write(bytes);
                    }
                  }));
    }
    writer.write(target);
  }

  /**
   * Writes this model to a file.
   *
   * @param target a GGUF file that must not exist yet
   * @throws ZondaException if it exists or cannot be written
   */
  public void writeTo(Path target) {
    GgufWriter writer = new GgufWriter(metadata);
    tensors.values().forEach(writer::tensor);
    writer.write(target);
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
    return Collections.unmodifiableCollection(tensors.values());
  }

  @Override
  public Optional<Tensor> findTensor(String name) {
    return Optional.ofNullable(tensors.get(name));
  }

  @Override
  public synchronized void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
