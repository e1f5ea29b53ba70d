package org.zonda.bench.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.lang.model.SourceVersion;
import org.zonda.model.ZondaException;
import org.zonda.runtime.backend.KernelSwap;

/**
 * What the option {@code --kernel [ID=]FILE} names: all kernels of a file, or one of them. A class
 * such as {@code my.Kernel} stands for its source, {@code my/Kernel.java} or {@code Kernel.java}.
 */
public final class KernelOption {

  private KernelOption() {}

  /**
   * Reads the kernels that options name.
   *
   * @param options each a file, or a kernel's id and a file
   * @param path finds the file of a text
   * @return users' kernels, one at most for each of the catalogue
   * @throws ZondaException if a file or kernel is wrong, or two stand for the same one
   */
  public static List<UserKernel> read(List<String> options, Function<String, Path> path) {
    List<UserKernel> kernels = new ArrayList<>();
    for (String option : options) {
      for (UserKernel kernel : read(option, path)) {
        Optional<UserKernel> other =
            kernels.stream().filter(one -> one.entry() == kernel.entry()).findFirst();
        if (other.isPresent()) {
          throw new ZondaException(
              "%s (%s) and %s (%s) both stand for %s; name one of them"
                  .formatted(
                      other.get().name(),
                      other.get().file(),
                      kernel.name(),
                      kernel.file(),
                      kernel.entry().id()));
        }
        kernels.add(kernel);
      }
    }
    return kernels;
  }

  private static List<UserKernel> read(String option, Function<String, Path> path) {
    int equals = option.indexOf('=');
    if (equals < 0) {
      return UserKernels.load(file(option, path)).all();
    }
    KernelEntry entry = KernelCatalogue.get(option.substring(0, equals));
    UserKernels file = UserKernels.load(file(option.substring(equals + 1), path));
    return List.of(file.get(entry.id()));
  }

  private static Path file(String text, Function<String, Path> path) {
    Path given = path.apply(text);
    if (Files.exists(given) || !SourceVersion.isName(text)) {
      return given;
    }
    String simple = text.substring(text.lastIndexOf('.') + 1);
    return Stream.of(text.replace('.', '/'), simple)
        .map(name -> path.apply(name + ".java"))
        .filter(Files::exists)
        .findFirst()
        .orElse(given);
  }

  /**
   * The kernels as a model takes them.
   *
   * @param kernels users' kernels
   * @return swaps, in their order
   */
  public static List<KernelSwap> swaps(List<UserKernel> kernels) {
    return kernels.stream()
        .map(kernel -> new KernelSwap(kernel.entry().id(), kernel.name(), kernel.task()))
        .toList();
  }
}
