package org.zonda.bench.lab;

import java.lang.reflect.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.zonda.model.ZondaException;
import org.zonda.tornado.Availability;
import org.zonda.tornado.Settings;

/**
 * Users' kernels, found by {@link org.zonda.kernels.Kernel} in a .java file or a jar. None of the
 * classes is initialised: nothing of the user's runs.
 */
public final class UserKernels {

  /** How long a launch on the simulator may take. */
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Path file;
  private final Map<String, byte[]> classes;
  private final List<UserKernel> all;

  private UserKernels(Path file, Map<String, byte[]> classes, List<UserKernel> all) {
    this.file = file;
    this.classes = classes;
    this.all = List.copyOf(all);
  }

  /**
   * Compiles or reads a file. From then on the simulator of this JVM stops a launch after 60
   * seconds, unless {@code zonda.simulator.timeout} says otherwise: a kernel may never end.
   *
   * @param file a .java file or a jar
   * @return its kernels, at least one
   * @throws ZondaException if it cannot be read, does not compile, or has no kernel or a wrong one;
   *     the message names file, line or class
   */
  public static UserKernels load(Path file) {
    Settings.limitSimulator(LIMIT);
    return of(file, isSource(file) ? SourceFile.compile(file) : ClassJar.read(file));
  }

  /** Whether a file is compiled rather than read. */
  static boolean isSource(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(".java");
  }

  private static UserKernels of(Path file, Map<String, byte[]> classes) {
    List<AnnotatedMethod> methods = AnnotatedMethod.find(file, classes);
    MemoryLoader loader = new MemoryLoader(classes);
    List<UserKernel> kernels = new ArrayList<>();
    Map<String, UserKernel> byId = new HashMap<>();
    for (AnnotatedMethod annotated : methods) {
      UserKernel kernel = kernel(file, annotated, loader);
      UserKernel other = byId.put(kernel.entry().id(), kernel);
      if (other != null) {
        throw new ZondaException(
            "%s: %s and %s both stand for %s; a file has one kernel for each"
                .formatted(file, other.name(), kernel.name(), kernel.entry().id()));
      }
      kernels.add(kernel);
    }
    if (Availability.present()) {
      SystemClassPath.add(file, classes);
    }
    return new UserKernels(file, classes, kernels);
  }

  private static UserKernel kernel(Path file, AnnotatedMethod annotated, MemoryLoader loader) {
    KernelEntry entry =
        KernelCatalogue.find(annotated.id())
            .orElseThrow(
                () ->
                    new ZondaException(
                        annotated.where() + ": " + KernelCatalogue.unknown(annotated.id())));
    if (!annotated.descriptor().equals(AnnotatedMethod.descriptor(entry.method()))) {
      throw new ZondaException(
          "%s has not the parameters of %s: it has %s and must have %s"
              .formatted(annotated.where(), entry.id(), annotated.parameters(), entry.signature()));
    }
    try {
      Class<?> type = Class.forName(annotated.className(), false, loader);
      Method method =
          Arrays.stream(type.getDeclaredMethods())
              .filter(candidate -> annotated.is(candidate))
              .findFirst()
              .orElseThrow();
      return new UserKernel(entry, method, file, loader.classes());
    } catch (ClassNotFoundException | LinkageError e) {
      throw new ZondaException(
          "%s: the class %s cannot be loaded: %s"
              .formatted(file, annotated.className(), e.getMessage()),
          e);
    }
  }

  /**
   * All kernels of the file.
   *
   * @return in the order of the file's classes and methods
   */
  public List<UserKernel> all() {
    return all;
  }

  /**
   * The kernel that stands for one of the catalogue.
   *
   * @param id such as {@code matvec.q8_0}, in any case
   * @return the kernel
   * @throws ZondaException if the file has none for it; the message names those that it has
   */
  public UserKernel get(String id) {
    return all.stream()
        .filter(kernel -> kernel.entry().id().equalsIgnoreCase(id))
        .findFirst()
        .orElseThrow(
            () ->
                new ZondaException(
                    "%s has no kernel that stands for '%s'; it has %s"
                        .formatted(
                            file,
                            id,
                            all.stream()
                                .map(kernel -> kernel.entry().id())
                                .collect(Collectors.joining(", ")))));
  }

  /** All classes of the file, by name. */
  Map<String, byte[]> classes() {
    return classes;
  }
}
