package org.zonda.model.quantize;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.zonda.model.ModelSource;
import org.zonda.model.ZondaException;
import org.zonda.model.gguf.Metadata;
import org.zonda.model.gguf.MetadataBuilder;
import org.zonda.model.tensor.Codecs;
import org.zonda.model.tensor.Tensor;
import org.zonda.model.tensor.TensorType;

/**
 * What becomes of each tensor of a model, decided before anything is written. Norms, biases,
 * routers and position tables, and what else has one dimension, stay as they are.
 *
 * @param source the model; must stay open
 * @param type what the file will be
 * @param pure whether every matrix gets the type's base format, without the mix's exceptions
 * @param tensors in the order of the source
 */
public record QuantizationPlan(
    ModelSource source, FileType type, boolean pure, List<TensorPlan> tensors) {

  /** The version of the block formats that {@code general.quantization_version} names. */
  private static final int QUANTIZATION_VERSION = 2;

  private static final String SPLIT = "split.";

  /** Copies the list. */
  public QuantizationPlan {
    tensors = List.copyOf(tensors);
  }

  /**
   * Decides.
   *
   * @param source the model
   * @param type what the file is to be
   * @param pure whether every matrix is to get the type's base format
   * @param requantise whether tensors that are quantised already may be quantised again
   * @return the plan
   * @throws ZondaException if the model has no tensors, one is of a format that cannot be decoded,
   *     or one is quantised already and may not be again; the message names it
   */
  public static QuantizationPlan of(
      ModelSource source, FileType type, boolean pure, boolean requantise) {
    Collection<Tensor> tensors = source.tensors();
    if (tensors.isEmpty()) {
      throw new ZondaException(source.label() + ": has no tensors; there is nothing to quantise");
    }
    ModelFacts facts = ModelFacts.of(source);
    Map<String, Place> places = places(tensors, facts);
    List<TensorPlan> plans =
        tensors.stream().map(tensor -> plan(tensor, type, pure, places)).toList();
    for (TensorPlan plan : plans) {
      check(plan, source.label(), requantise);
    }
    return new QuantizationPlan(source, type, pure, plans);
  }

  /** Attention's values are numbered as they come; other matrices have their layer's number. */
  private static Map<String, Place> places(Collection<Tensor> tensors, ModelFacts facts) {
    Map<String, Place> places = new HashMap<>();
    List<String> values =
        tensors.stream()
            .map(Tensor::name)
            .filter(name -> TensorRole.of(name) == TensorRole.ATTENTION_VALUE)
            .sorted(Comparator.comparingInt(ModelFacts::layer).thenComparing(name -> name))
            .toList();
    for (int i = 0; i < values.size(); i++) {
      places.put(values.get(i), new Place(TensorRole.ATTENTION_VALUE, i, values.size(), facts));
    }
    for (Tensor tensor : tensors) {
      String name = tensor.name();
      places.putIfAbsent(
          name, new Place(TensorRole.of(name), ModelFacts.layer(name), facts.layers(), facts));
    }
    return places;
  }

  private static TensorPlan plan(
      Tensor tensor, FileType type, boolean pure, Map<String, Place> places) {
    if (!isMatrix(tensor) || isTable(tensor) || !TensorRole.mayBeQuantised(tensor.name())) {
      return new TensorPlan(tensor, tensor.type(), Optional.empty());
    }
    TensorType wanted = pure ? type.base() : type.choose(tensor, places.get(tensor.name()));
    TensorType possible = FileType.fallback(wanted, tensor.rowLength());
    return new TensorPlan(
        tensor, possible, Optional.of(wanted).filter(Predicate.not(possible::equals)));
  }

  private static boolean isMatrix(Tensor tensor) {
    return tensor.rows() > 1;
  }

  /** Whole numbers and such, which are not weights. */
  private static boolean isTable(Tensor tensor) {
    return tensor.type().blockElements() == 1 && Codecs.find(tensor.type()).isEmpty();
  }

  private static void check(TensorPlan plan, String label, boolean requantise) {
    Tensor tensor = plan.source();
    if (!plan.isCopy()) {
      Codecs.of(tensor.type(), label + ": tensor '" + tensor.name() + "'");
      Codecs.of(plan.type(), label + ": tensor '" + tensor.name() + "'");
    }
    if (plan.isRequantised() && !requantise) {
      throw new ZondaException(
          "%s: tensor '%s' is %s already, and quantising it again to %s adds to its error; start from an F32, F16 or BF16 file, or allow it (--allow-requantize)"
              .formatted(label, tensor.name(), tensor.type(), plan.type()));
    }
  }

  /**
   * The new file's metadata: the model's own with the type's number, as one file.
   *
   * @return all keys of the source but those of splitting
   */
  public Metadata metadata() {
    MetadataBuilder builder = Metadata.builder();
    Metadata original = source.metadata();
    for (String key : original.keys()) {
      if (!key.startsWith(SPLIT)) {
        builder.put(key, original.find(key).orElseThrow());
      }
    }
    return builder
        .putUint32("general.quantization_version", QUANTIZATION_VERSION)
        .putUint32("general.file_type", type.id())
        .build(source.label());
  }

  /**
   * Whether rounded numbers are rounded again.
   *
   * @return true where that holds for at least one tensor
   */
  public boolean isRequantised() {
    return tensors.stream().anyMatch(TensorPlan::isRequantised);
  }

  /**
   * The tensors whose rows do not divide into the wanted format's blocks.
   *
   * @return those that get another format
   */
  public List<TensorPlan> fallbacks() {
    return tensors.stream().filter(plan -> plan.wanted().isPresent()).toList();
  }

  /**
   * The bytes of all tensors as they are.
   *
   * @return without padding
   */
  public long sourceBytes() {
    return tensors.stream().mapToLong(plan -> plan.source().data().byteSize()).sum();
  }

  /**
   * The bytes of all tensors as they will be.
   *
   * @return without padding
   */
  public long bytes() {
    return tensors.stream().mapToLong(TensorPlan::bytes).sum();
  }

  /**
   * The number of weights.
   *
   * @return the elements of all tensors
   */
  public long elements() {
    return tensors.stream().mapToLong(plan -> plan.source().elements()).sum();
  }

  /**
   * The bits that a weight will take on average.
   *
   * @return scales included, padding not
   */
  public double bitsPerWeight() {
    return 8.0 * bytes() / elements();
  }

  /**
   * The bits that a weight takes in the source on average.
   *
   * @return scales included, padding not
   */
  public double sourceBitsPerWeight() {
    return 8.0 * sourceBytes() / elements();
  }
}
