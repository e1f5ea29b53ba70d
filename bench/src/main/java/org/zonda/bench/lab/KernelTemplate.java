package org.zonda.bench.lab;

import java.util.Arrays;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.zonda.kernels.Kernel;

/** A source file to begin a kernel of one's own with. */
public final class KernelTemplate {

  private KernelTemplate() {}

  /**
   * A file that compiles and whose kernel does nothing.
   *
   * @param entry the kernel that it is to stand for
   * @return the text of a file named after its class, {@link #className}
   */
  public static String of(KernelEntry entry) {
    String imports =
        Stream.concat(Stream.of(Kernel.class), Arrays.stream(entry.method().getParameterTypes()))
            .filter(type -> !type.isPrimitive())
            .map(type -> "import " + type.getName() + ";\n")
            .collect(Collectors.toCollection(TreeSet::new))
            .stream()
            .collect(Collectors.joining());
    StringBuilder comment = new StringBuilder();
    for (KernelEntry.Parameter parameter : entry.parameters()) {
      wrap(comment, parameter.name() + ": " + parameter.meaning());
    }
    String parameters =
        entry.parameters().stream()
            .map(parameter -> "      " + parameter.type() + " " + parameter.name())
            .collect(Collectors.joining(",\n"));
    return """
        %s
        public final class %s {

          /*
           * %s.
           *
           * Shapes: %s.
           *
        %s   */
          @Kernel("%s")
          public static void %s(
        %s) {
            // %s computes the same, slowly.
          }
        }
        """
        .formatted(
            imports,
            className(entry),
            Character.toUpperCase(entry.summary().charAt(0)) + entry.summary().substring(1),
            entry.shapes(),
            comment,
            entry.id(),
            entry.method().getName(),
            parameters,
            entry.oracle());
  }

  private static void wrap(StringBuilder text, String line) {
    StringBuilder current = new StringBuilder("   *  ");
    for (String word : line.split(" ")) {
      if (current.length() + word.length() > 95) {
        text.append(current).append('\n');
        current = new StringBuilder("   *     ");
      }
      current.append(' ').append(word);
    }
    text.append(current).append('\n');
  }

  /**
   * The name of the template's class.
   *
   * @param entry the kernel
   * @return such as {@code MyMatvec}
   */
  public static String className(KernelEntry entry) {
    String name = entry.method().getName();
    return "My" + Character.toUpperCase(name.charAt(0)) + name.substring(1);
  }
}
