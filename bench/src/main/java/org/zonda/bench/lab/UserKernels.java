package org.zonda.bench.lab;

import java.nio.file.Path;
import java.util.List;
import org.zonda.model.ZondaException;

/** Users' kernels, found by {@link org.zonda.kernels.Kernel} in a .java file or a jar. */
public final class UserKernels {

  private final Path file;
  private final List<UserKernel> all;

  private UserKernels(Path file, List<UserKernel> all) {
    this.file = file;
    this.all = List.copyOf(all);
  }

  /**
   * Compiles or reads a file.
   *
   * @param file a .java file or a jar
   * @return its kernels, at least one
   * @throws ZondaException if it cannot be read, does not compile, or has no kernel or a wrong one;
   *     the message names file, line or class
   */
  public static UserKernels load(Path file) {
    throw new ZondaException("not yet");
  }

  /**
   * All kernels of the file.
   *
   * @return in the file's order
   */
  public List<UserKernel> all() {
    return all;
  }

  /**
   * The kernel that stands for one of the catalogue.
   *
   * @param id such as {@code matvec.q8_0}
   * @return the kernel
   * @throws ZondaException if the file has none for it; the message names those that it has
   */
  public UserKernel get(String id) {
    return all.stream()
        .filter(kernel -> kernel.entry().id().equalsIgnoreCase(id))
        .findFirst()
        .orElseThrow(() -> new ZondaException(file + " has no kernel '" + id + "'"));
  }
}
