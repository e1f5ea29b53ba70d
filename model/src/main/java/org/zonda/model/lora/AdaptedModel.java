package org.zonda.model.lora;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.zonda.model.ModelSource;
import org.zonda.model.ZondaException;
import org.zonda.model.gguf.Metadata;
import org.zonda.model.graph.Transformer;
import org.zonda.model.tensor.FloatMatrix;
import org.zonda.model.tensor.Tensor;

/**
 * A model with adapters applied, its weights as they are: a linear layer {@code W x} becomes {@code
 * W x + B (A x)}, which costs as much more as the adapters have ranks. Several adapters of one
 * matrix are joined to one, so that their number costs nothing.
 *
 * <p>The adapters' matrices lie in memory of their own, as F32 tensors called {@code T.lora_a} and
 * {@code T.lora_b} for a tensor {@code T} of the base; the adapters' files are closed again.
 */
public final class AdaptedModel implements ModelSource {

  /** Joined ranks are filled up to a multiple of this with zeros: kernels read pairs and fours. */
  private static final int RANK_UNIT = 4;

  private final ModelSource base;
  private final String label;
  private final Transformer transformer;
  private final Map<String, Delta> deltas;
  private final List<Path> adapterPaths;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final Arena arena;

  private AdaptedModel(
      ModelSource base,
      String label,
      Transformer transformer,
      Map<String, Delta> deltas,
      List<Path> adapterPaths,
      Arena arena) {
    this.base = base;
    this.label = label;
    this.deltas = deltas;
    this.adapterPaths = adapterPaths;
    this.arena = arena;
    for (Delta delta : deltas.values()) {
      add(delta.a());
      add(delta.b());
    }
    this.transformer = adapt(transformer);
  }

  private void add(Tensor tensor) {
    if (base.findTensor(tensor.name()).isPresent()) {
      throw new ZondaException(
          base.label() + ": has a tensor '" + tensor.name() + "', as adapters name theirs");
    }
    tensors.put(tensor.name(), tensor);
  }

  /**
   * Reads adapters and applies them.
   *
   * @param base metadata and weights; stays open where this fails
   * @param transformer the base's description
   * @param choices the adapters; those of scale 0 are checked, and then left out
   * @return the model, with which the base is closed
   * @throws ZondaException if an adapter cannot be read or does not fit the base
   */
  public static AdaptedModel of(
      ModelSource base, Transformer transformer, List<AdapterChoice> choices) {
    Targets targets = new Targets(base, transformer);
    List<Adapter> adapters = new ArrayList<>();
    Arena arena = Arena.ofShared();
    try {
      Map<String, List<Part>> parts = new LinkedHashMap<>();
      for (AdapterChoice choice : choices) {
        Adapter adapter = Adapter.open(choice.path(), base);
        adapters.add(adapter);
        for (LowRank pair : adapter.pairs()) {
          targets.check(pair, adapter.label());
          double scale = choice.scale() * pair.scale();
          if (scale != 0) {
            parts
                .computeIfAbsent(pair.target(), name -> new ArrayList<>())
                .add(new Part(pair, scale, adapter.label()));
          }
        }
      }
      Map<String, Delta> deltas = new LinkedHashMap<>();
      parts.forEach((name, list) -> deltas.put(name, join(name, list, arena)));
      String label =
          base.label()
              + choices.stream().map(choice -> " + " + choice).collect(Collectors.joining());
      List<Path> paths = adapters.stream().flatMap(adapter -> adapter.paths().stream()).toList();
      return new AdaptedModel(base, label, transformer, deltas, paths, arena);
    } catch (Throwable e) {
      arena.close();
      throw e;
    } finally {
      adapters.forEach(Adapter::close);
    }
  }

  /** One adapter's share in the change of a tensor. */
  private record Part(LowRank pair, double scale, String label) {}

  /** Puts the matrices of several adapters side by side. */
  private static Delta join(String target, List<Part> parts, Arena arena) {
    LowRank any = parts.getFirst().pair();
    long ranks = parts.stream().mapToLong(part -> part.pair().rank()).sum();
    ranks = Math.ceilDiv(ranks, RANK_UNIT) * RANK_UNIT;
    FloatMatrix a = allocate(target + ".lora_a", any.columns(), ranks, arena);
    FloatMatrix b = allocate(target + ".lora_b", ranks, any.rows(), arena);
    long from = 0;
    for (Part part : parts) {
      LowRank pair = part.pair();
      for (int r = 0; r < pair.rank(); r++) {
        a.put(from + r, 0, scaled(pair.rowOfA(r, part.label()), part));
      }
      for (int row = 0; row < pair.rows(); row++) {
        b.put(row, from, pair.rowOfB(row, part.label()));
      }
      from += pair.rank();
    }
    return new Delta(a.tensor(), b.tensor());
  }

  /** Nothing else runs out of memory here: a Java heap that is too small is another fault. */
  static FloatMatrix allocate(String name, long columns, long rows, Arena arena) {
    try {
      return new FloatMatrix(name, columns, rows, arena);
    } catch (OutOfMemoryError e) {
      throw new ZondaException(
          "%s: there is not enough memory outside the Java heap for the adapters' %d x %d numbers; apply fewer, or merge them one by one into a file with 'zonda lora merge'"
              .formatted(name, rows, columns),
          e);
    }
  }

  private static float[] scaled(float[] row, Part part) {
    for (int i = 0; i < row.length; i++) {
      float product = (float) (part.scale() * row[i]);
      if (!Float.isFinite(product)) {
        throw new ZondaException(
            "%s: '%s' holds %s, which its scale %s makes too large; expected a smaller scale"
                .formatted(part.label(), part.pair().a().name(), row[i], part.scale()));
      }
      row[i] = product;
    }
    return row;
  }

  /**
   * The forward pass with the adapters in it.
   *
   * @return the description to run with this source
   */
  public Transformer transformer() {
    return transformer;
  }

  /**
   * Puts the adapters into another description of the base, such as one for another context.
   *
   * @param description of the base
   * @return the description to run with this source
   */
  public Transformer adapt(Transformer description) {
    return AdapterGraph.apply(description, deltas);
  }

  /** What is added to the base's tensors, by their names. */
  Map<String, Delta> deltas() {
    return Collections.unmodifiableMap(deltas);
  }

  /**
   * The model without the adapters.
   *
   * @return closed with this one
   */
  public ModelSource base() {
    return base;
  }

  /**
   * The files that the adapters were read from, those of scale 0 included.
   *
   * @return each file of each adapter
   */
  public List<Path> adapterPaths() {
    return adapterPaths;
  }

  /**
   * The base and its adapters.
   *
   * @return such as {@code model.gguf + a.gguf:0.8}
   */
  @Override
  public String label() {
    return label;
  }

  @Override
  public Metadata metadata() {
    return base.metadata();
  }

  @Override
  public Collection<Tensor> tensors() {
    List<Tensor> all = new ArrayList<>(base.tensors());
    all.addAll(tensors.values());
    return Collections.unmodifiableList(all);
  }

  @Override
  public Optional<Tensor> findTensor(String name) {
    Tensor tensor = tensors.get(name);
    return tensor != null ? Optional.of(tensor) : base.findTensor(name);
  }

  /** Frees the adapters' matrices; the base stays open. */
  public synchronized void closeAdapters() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }

  /** Frees the adapters' matrices and closes the base. */
  @Override
  public void close() {
    try (base) {
      closeAdapters();
    }
  }
}
