package org.zonda.bench.lab;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.zonda.kernels.MatrixFlags;

/** A kernel of the catalogue. */
public final class KernelEntry {

  /** What any backend of TornadoVM's can run. */
  static final Set<String> EVERYWHERE = Set.of("CUDA", "METAL", "OPENCL", "PTX");

  /** What needs instructions of NVIDIA's. */
  static final Set<String> NVIDIA = Set.of("CUDA", "PTX");

  /**
   * A parameter.
   *
   * @param type its simple type, such as {@code IntArray}
   * @param name as the kernel calls it
   * @param meaning in one line
   */
  public record Parameter(String type, String name, String meaning) {}

  private final String id;
  private final String summary;
  private final Method method;
  private final String shapes;
  private final List<Method> oracle;
  private final Set<String> backends;
  private final Supplier<List<CheckCase>> cases;

  /**
   * @param method its code
   * @param shapes on which sizes it is checked and what they must be, in one line
   * @param oracle methods that define what it computes, the one itself first
   * @param cases data that it is checked with
   */
  KernelEntry(
      String id,
      String summary,
      Method method,
      String shapes,
      List<Method> oracle,
      Set<String> backends,
      Supplier<List<CheckCase>> cases) {
    this.id = id;
    this.summary = summary;
    this.method = method;
    this.shapes = shapes;
    this.oracle = List.copyOf(oracle);
    this.backends = Set.copyOf(backends);
    this.cases = cases;
  }

  /**
   * Its name in the catalogue.
   *
   * @return such as {@code matvec.q8_0}
   */
  public String id() {
    return id;
  }

  /**
   * What it computes.
   *
   * @return one line
   */
  public String summary() {
    return summary;
  }

  /**
   * Its code.
   *
   * @return a public static method
   */
  public Method method() {
    return method;
  }

  /**
   * Its code's name.
   *
   * @return class and method, such as {@code Q8_0Kernels.matvec}
   */
  public String name() {
    return method.getDeclaringClass().getSimpleName() + "." + method.getName();
  }

  /**
   * What its sizes are.
   *
   * @return one line
   */
  public String shapes() {
    return shapes;
  }

  /**
   * The backends of TornadoVM's that can run it.
   *
   * @return some of {@code CUDA}, {@code METAL}, {@code OPENCL} and {@code PTX}, in this order
   */
  public List<String> backends() {
    return backends.stream().sorted().toList();
  }

  /**
   * Whether it runs on every backend.
   *
   * @return whether it needs no instruction of NVIDIA's
   */
  public boolean everywhere() {
    return backends.containsAll(EVERYWHERE);
  }

  /** Data that it is checked with. */
  List<CheckCase> cases() {
    return cases.get();
  }

  /**
   * Its parameters in their order.
   *
   * @return the context first
   */
  public List<Parameter> parameters() {
    Map<String, String> own = Sources.parameters(method.getDeclaringClass(), method.getName());
    Map<String, String> shared = Sources.listed(MatrixFlags.class);
    boolean matrix = own.size() < method.getParameterCount() / 2;
    return Stream.of(method.getParameters())
        .map(
            parameter -> {
              String name = parameter.getName();
              String meaning = own.get(name);
              if (meaning == null && name.equals("c")) {
                meaning = "the context";
              }
              if (meaning == null && matrix) {
                meaning = shared.get(name);
              }
              if (meaning == null) {
                meaning =
                    matrix && MatrixFormat.isPlane(name)
                        ? "a plane of the weights; what it holds says the comment of "
                            + method.getDeclaringClass().getSimpleName()
                        : "see the comment of " + method.getDeclaringClass().getSimpleName();
              }
              return new Parameter(parameter.getType().getSimpleName(), name, meaning);
            })
        .toList();
  }

  /**
   * The parameters that a user's kernel must have.
   *
   * @return types and names in brackets
   */
  public String signature() {
    return signature(method);
  }

  /** The parameters of any method, in brackets. */
  static String signature(Method method) {
    return Stream.of(method.getParameters())
        .map(parameter -> parameter.getType().getSimpleName() + " " + parameter.getName())
        .collect(Collectors.joining(", ", "(", ")"));
  }

  /**
   * Where its source is.
   *
   * @return the file's path in the project
   */
  public String sourceFile() {
    return Sources.file(method.getDeclaringClass());
  }

  /**
   * Its source.
   *
   * @return the method with its comment, and the others of its class that it calls
   */
  public String source() {
    return Sources.method(method.getDeclaringClass(), method.getName());
  }

  /**
   * Classes beside its own whose methods it calls.
   *
   * @return their simple names
   */
  public List<String> uses() {
    return Sources.others(method.getDeclaringClass(), source());
  }

  /**
   * The definition that it is compared with.
   *
   * @return class and method, such as {@code MatrixOracle.matvec}
   */
  public String oracle() {
    return oracle.getFirst().getDeclaringClass().getSimpleName()
        + "."
        + oracle.getFirst().getName();
  }

  /**
   * The source of the definition.
   *
   * @return methods with their comments, each after a line that names its file
   */
  public String oracleSource() {
    return oracle.stream()
        .map(
            part ->
                "// "
                    + Sources.file(part.getDeclaringClass())
                    + "\n"
                    + Sources.method(part.getDeclaringClass(), part.getName()))
        .distinct()
        .collect(Collectors.joining("\n"));
  }

  @Override
  public String toString() {
    return id;
  }
}
