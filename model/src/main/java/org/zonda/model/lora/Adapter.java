package org.zonda.model.lora;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.zonda.model.ModelSource;
import org.zonda.model.ZondaException;

/**
 * An open LoRA adapter, read for a base model: pairs of matrices for tensors of that model. Its
 * matrices lie in the mapped file until it is closed.
 */
public final class Adapter implements AutoCloseable {

  private final String label;
  private final String kind;
  private final List<Path> paths;
  private final Optional<String> madeFor;
  private final List<LowRank> pairs;
  private final Runnable closer;

  /**
   * Creates an adapter.
   *
   * @param label what messages call it
   * @param kind of its files, for people
   * @param paths of its files
   * @param madeFor the base model that its files name
   * @param pairs at least one, each for another tensor
   * @param closer closes its files
   */
  Adapter(
      String label,
      String kind,
      List<Path> paths,
      Optional<String> madeFor,
      List<LowRank> pairs,
      Runnable closer) {
    this.label = label;
    this.kind = kind;
    this.paths = List.copyOf(paths);
    this.madeFor = madeFor;
    this.pairs = List.copyOf(pairs);
    this.closer = closer;
  }

  /**
   * Opens an adapter.
   *
   * @param path a GGUF file, or a folder of Hugging Face's PEFT library
   * @param base the model that it is for; its architecture and names are used
   * @return the adapter; close it to unmap its files
   * @throws ZondaException if it cannot be read, is broken, was made for another architecture, or
   *     does what is not supported
   */
  public static Adapter open(Path path, ModelSource base) {
    if (Files.isDirectory(path)) {
      return PeftAdapter.open(path, base);
    }
    String name = path.toString();
    if (name.endsWith(".safetensors") || name.endsWith(".json")) {
      throw new ZondaException(
          path + ": is a part of a PEFT adapter; expected the folder that holds all of it");
    }
    return GgufAdapter.open(path, base);
  }

  /**
   * What messages call it.
   *
   * @return its path
   */
  public String label() {
    return label;
  }

  /**
   * What its files are.
   *
   * @return such as {@code GGUF adapter}
   */
  public String kind() {
    return kind;
  }

  /**
   * The files behind it.
   *
   * @return one path, all parts of a split GGUF file, or what is read of a PEFT folder
   */
  public List<Path> paths() {
    return paths;
  }

  /**
   * The base model that its files name, which need not be a file here.
   *
   * @return such as {@code meta-llama/Llama-2-7b-hf}, or empty where they name none
   */
  public Optional<String> madeFor() {
    return madeFor;
  }

  /** One for each tensor that it changes. */
  List<LowRank> pairs() {
    return pairs;
  }

  /**
   * What it changes.
   *
   * @return one entry for each tensor, in the order of the file
   */
  public List<Change> changes() {
    return pairs.stream()
        .map(pair -> new Change(pair.target(), pair.rank(), pair.scale()))
        .toList();
  }

  /**
   * A tensor that an adapter changes.
   *
   * @param tensor of the base
   * @param rank of the change
   * @param scale of B * A, alpha / rank in most adapters
   */
  public record Change(String tensor, int rank, double scale) {}

  @Override
  public void close() {
    closer.run();
  }
}
