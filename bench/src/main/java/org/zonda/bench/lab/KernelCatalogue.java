package org.zonda.bench.lab;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.zonda.bench.lab.MatrixCases.Entry;
import org.zonda.kernels.AttentionKernels;
import org.zonda.kernels.Cursor;
import org.zonda.kernels.ElementKernels;
import org.zonda.kernels.ExpertKernels;
import org.zonda.kernels.Int8Input;
import org.zonda.kernels.NormKernels;
import org.zonda.kernels.PrefillKernels;
import org.zonda.kernels.RotaryKernels;
import org.zonda.kernels.Rows;
import org.zonda.kernels.TensorKernels;
import org.zonda.kernels.TopKernels;
import org.zonda.kernels.Touch;
import org.zonda.kernels.oracle.AttentionOracle;
import org.zonda.kernels.oracle.ElementOracle;
import org.zonda.kernels.oracle.ExpertOracle;
import org.zonda.kernels.oracle.MatrixOracle;
import org.zonda.kernels.oracle.MatrixValues;
import org.zonda.kernels.oracle.MoveOracle;
import org.zonda.kernels.oracle.NormOracle;
import org.zonda.kernels.oracle.PackedValues;
import org.zonda.kernels.oracle.RotaryOracle;
import org.zonda.kernels.oracle.TopOracle;
import org.zonda.model.ZondaException;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** All kernels by their ids. */
public final class KernelCatalogue {

  private static final List<KernelEntry> ALL = new KernelCatalogue().entries;

  private final List<KernelEntry> entries = new ArrayList<>();

  private KernelCatalogue() {
    for (MatrixFormat format : MatrixFormat.ALL) {
      matrix(format);
    }
    rounded("q8_0", Int8Input.IN_TURN);
    rounded("q4_0", Int8Input.EVEN_ODD);
    rounded("q4_k", Int8Input.EVEN_ODD);
    rounded("q6_k", Int8Input.EVEN_ODD);
    attention();
    rows();
    elements();
    moves();
  }

  /**
   * All kernels.
   *
   * @return in the order in which they are shown
   */
  public static List<KernelEntry> all() {
    return Collections.unmodifiableList(ALL);
  }

  /**
   * Looks one up.
   *
   * @param id such as {@code matvec.q8_0}, in any case
   * @return the kernel; empty if there is none of that name
   */
  public static Optional<KernelEntry> find(String id) {
    return ALL.stream().filter(entry -> entry.id().equalsIgnoreCase(id)).findFirst();
  }

  /**
   * The kernel of an id.
   *
   * @param id such as {@code matvec.q8_0}, in any case
   * @return the kernel
   * @throws ZondaException if there is none; the message names those of the same family
   */
  public static KernelEntry get(String id) {
    return find(id).orElseThrow(() -> new ZondaException(unknown(id)));
  }

  /** What to say of an id that is none. */
  static String unknown(String id) {
    return "there is no kernel '%s'; %s (zonda kernel list has all)".formatted(id, similar(id));
  }

  private static String similar(String id) {
    String family = id.contains(".") ? id.substring(0, id.indexOf('.') + 1) : id + ".";
    String those =
        ALL.stream()
            .map(KernelEntry::id)
            .filter(other -> other.regionMatches(true, 0, family, 0, family.length()))
            .collect(Collectors.joining(", "));
    return those.isEmpty()
        ? "the families are "
            + ALL.stream()
                .map(entry -> entry.id().substring(0, entry.id().indexOf('.')))
                .distinct()
                .collect(Collectors.joining(", "))
        : "there are " + those;
  }

  private void add(
      String id,
      String summary,
      Class<?> kernels,
      String method,
      String shapes,
      List<Method> oracle,
      Set<String> backends,
      Supplier<List<CheckCase>> cases) {
    Method code = KernelTask.method(kernels, method);
    entries.add(new KernelEntry(id, summary, code, shapes, oracle, backends, cases));
  }

  private static Method oracle(Class<?> type, String name) {
    return java.util.stream.Stream.of(type.getMethods())
        .filter(method -> method.getName().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(type + " has no " + name));
  }

  private static List<Method> matrixOracle(MatrixFormat format, String method) {
    return List.of(
        oracle(MatrixOracle.class, method),
        oracle(format.isPacked() ? PackedValues.class : MatrixValues.class, format.name()));
  }

  private void matrix(MatrixFormat format) {
    String name = format.name();
    String label = name.toUpperCase(java.util.Locale.ROOT);
    MatrixCases cases = new MatrixCases(format);
    String columns = "columns a multiple of " + format.block();
    add(
        "matvec." + name,
        "product of " + label + " weights with single rows: y (+)= W x + bias",
        format.kernels(),
        "matvec",
        columns + "; groups of rows x lanes, at most 256 items",
        matrixOracle(format, "matvec"),
        KernelEntry.EVERYWHERE,
        () -> cases.of(Entry.MATVEC));
    add(
        "gated." + name,
        "gated product of " + label + " weights with single rows: y = act(G x) * (U x)",
        format.kernels(),
        "gated",
        columns + "; groups of rows x lanes, at most 256 items",
        matrixOracle(format, "gated"),
        KernelEntry.EVERYWHERE,
        () -> cases.of(Entry.GATED));
    add(
        "matmul." + name,
        "product of " + label + " weights with many rows, by tiles: y (+)= W x + bias",
        format.kernels(),
        "matmul",
        columns + "; tiles of 16, 32 or 64",
        matrixOracle(format, "matvec"),
        KernelEntry.EVERYWHERE,
        () -> cases.of(Entry.MATMUL));
    add(
        "embed." + name,
        "rows of a table of " + label + " weights, unpacked: y = W[token]",
        format.kernels(),
        "embed",
        columns + "; an item a value",
        matrixOracle(format, "embed"),
        KernelEntry.EVERYWHERE,
        () -> cases.of(Entry.EMBED));
  }

  private void rounded(String name, int order) {
    MatrixFormat format =
        MatrixFormat.ALL.stream().filter(f -> f.name().equals(name)).findFirst().orElseThrow();
    MatrixCases cases = new MatrixCases(format);
    String shapes = "columns a multiple of " + format.block() + "; a warp of 32 an output row";
    add(
        "matvec_int8." + name,
        "matvec." + name + " with inputs of 8 bits, four products an instruction",
        format.kernels(),
        "matvecInt8",
        shapes,
        matrixOracle(format, "matvec"),
        KernelEntry.NVIDIA,
        () -> cases.int8(Entry.MATVEC, order));
    add(
        "gated_int8." + name,
        "gated." + name + " with inputs of 8 bits, four products an instruction",
        format.kernels(),
        "gatedInt8",
        shapes,
        matrixOracle(format, "gated"),
        KernelEntry.NVIDIA,
        () -> cases.int8(Entry.GATED, order));
  }

  private void attention() {
    List<Method> oracle = List.of(oracle(AttentionOracle.class, "attend"));
    add(
        "attention.decode",
        "attention of single rows to the paged cache, in splits that attention.combine merges",
        AttentionKernels.class,
        "decode",
        "KV heads x shares x splits groups; one group a row in y",
        oracle,
        KernelEntry.EVERYWHERE,
        () -> AttentionCases.of(AttentionCases.Entry.DECODE));
    add(
        "attention.combine",
        "merges the splits of attention.decode",
        AttentionKernels.class,
        "combine",
        "one group a head, one a row in y",
        oracle,
        KernelEntry.EVERYWHERE,
        () -> AttentionCases.of(AttentionCases.Entry.COMBINE));
    add(
        "attention.prefill",
        "attention of many rows to the paged cache, 16 positions of a sequence together",
        PrefillKernels.class,
        "attention",
        "KV heads x shares groups; one group a tile of rows in y",
        oracle,
        KernelEntry.EVERYWHERE,
        () -> AttentionCases.of(AttentionCases.Entry.PREFILL));
    add(
        "rotary.append",
        "rotates queries and keys by their positions, and appends keys and values to the cache",
        RotaryKernels.class,
        "rotateAppend",
        "an item a pair or an element; rows in y",
        List.of(oracle(RotaryOracle.class, "rotate")),
        KernelEntry.EVERYWHERE,
        RotaryCases::all);
  }

  private void rows() {
    String norm = "one group a head in x, a power of two up to 256 items; rows in y";
    add(
        "norm.rms",
        "RMSNorm of rows or heads",
        NormKernels.class,
        "rms",
        norm,
        List.of(oracle(NormOracle.class, "rms")),
        KernelEntry.EVERYWHERE,
        () -> RowCases.norm(false));
    add(
        "norm.layer",
        "LayerNorm of rows or heads",
        NormKernels.class,
        "layer",
        norm,
        List.of(oracle(NormOracle.class, "layer")),
        KernelEntry.EVERYWHERE,
        () -> RowCases.norm(true));
    List<Method> ids = List.of(oracle(TopOracle.class, "ids"));
    add(
        "top.candidates",
        "the best logits of each share of the vocabulary",
        TopKernels.class,
        "candidates",
        "one group a share, a power of two up to 256 items; rows in y",
        ids,
        KernelEntry.EVERYWHERE,
        () -> RowCases.top(false));
    add(
        "top.merge",
        "the best of all that top.candidates found",
        TopKernels.class,
        "merge",
        "one group, a power of two, not fewer items than shares; rows in y",
        ids,
        KernelEntry.EVERYWHERE,
        () -> RowCases.top(true));
    add(
        "expert.route",
        "the best experts of each row, and their weights",
        ExpertKernels.class,
        "route",
        "one group, a power of two up to 256 items; rows in y",
        List.of(oracle(ExpertOracle.class, "route")),
        KernelEntry.EVERYWHERE,
        RowCases::route);
    add(
        "expert.mixture",
        "the weighted sum of the experts' results",
        ExpertKernels.class,
        "mixture",
        "an item an element; rows in y",
        List.of(oracle(ExpertOracle.class, "mix")),
        KernelEntry.EVERYWHERE,
        RowCases::mixture);
  }

  private void element(
      String name, String summary, String method, String oracle, Supplier<List<CheckCase>> cases) {
    add(
        "element." + name,
        summary,
        ElementKernels.class,
        method,
        "an item an element; rows in y",
        List.of(oracle(ElementOracle.class, oracle)),
        KernelEntry.EVERYWHERE,
        cases);
  }

  private void elements() {
    element("gate", "y = activation(gate) * up", "gate", "gate", ElementCases::gate);
    element("add", "y = left + right", "add", "add", ElementCases::add);
    element("add_to", "y += x", "addTo", "add", ElementCases::addTo);
    element("scale", "y = factor * x", "scale", "scale", ElementCases::scale);
    element("soft_cap", "y = cap * tanh(x / cap)", "softCap", "softCap", ElementCases::softCap);
    element("activate", "y = activation(x)", "activate", "activate", ElementCases::activate);
  }

  private void move(
      String id,
      String summary,
      Class<?> kernels,
      String method,
      String oracle,
      Supplier<List<CheckCase>> cases) {
    add(
        id,
        summary,
        kernels,
        method,
        "an item an element; rows in y",
        List.of(oracle(MoveOracle.class, oracle)),
        KernelEntry.EVERYWHERE,
        cases);
  }

  private void moves() {
    move(
        "rows.gather",
        "copies the rows whose logits are wanted to the front",
        Rows.class,
        "gather",
        "gather",
        MoveCases::gather);
    move("rows.copy", "copies all rows", Rows.class, "copy", "gather", MoveCases::copy);
    move(
        "int8.quantise",
        "rounds inputs to 8 bits, a scale for 32",
        Int8Input.class,
        "quantise",
        "int8",
        MoveCases::int8);
    move(
        "tensor.halve",
        "rounds inputs to half floats",
        TensorKernels.class,
        "halve",
        "half",
        MoveCases::halve);
    add(
        "tensor.matmul_f16",
        "product of F16 weights with many rows of half floats, on tensor cores",
        TensorKernels.class,
        "matmulF16",
        "rows a multiple of 8, columns of 16; groups of 128 items for 64 x 64 results",
        List.of(oracle(MatrixOracle.class, "matvec"), oracle(MatrixValues.class, "f16")),
        KernelEntry.NVIDIA,
        MoveCases::tensorCores);
    move(
        "cursor.advance",
        "moves on to later layers",
        Cursor.class,
        "advance",
        "advance",
        MoveCases::advance);
    move(
        "cursor.reset",
        "goes back to the first layer",
        Cursor.class,
        "reset",
        "advance",
        MoveCases::reset);
    touch("ints", "Ints", IntArray.class);
    touch("floats", "Floats", FloatArray.class);
    touch("halves", "Halves", HalfFloatArray.class);
  }

  private void touch(String name, String method, Class<?> type) {
    move(
        "touch.read_" + name,
        "reads one element of each array, so that TornadoVM makes them resident",
        Touch.class,
        "read" + method,
        "touch",
        () -> MoveCases.touch(type, false));
    move(
        "touch.clear_" + name,
        "clears one element of each array, so that TornadoVM makes them resident",
        Touch.class,
        "clear" + method,
        "touch",
        () -> MoveCases.touch(type, true));
  }
}
