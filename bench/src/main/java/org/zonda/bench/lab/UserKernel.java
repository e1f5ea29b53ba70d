package org.zonda.bench.lab;

import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Map;

/**
 * A kernel of a user's.
 *
 * @param entry the kernel of the catalogue that it stands for
 * @param method its code, with the same parameters as the entry's; its class is loaded but not
 *     initialised
 * @param file the .java or .jar file that it comes from
 * @param classes all class files of that file, by the names of their classes
 */
public record UserKernel(KernelEntry entry, Method method, Path file, Map<String, byte[]> classes) {

  /**
   * What people call it.
   *
   * @return class and method, such as {@code my.Kernels.matvec}
   */
  public String name() {
    return method.getDeclaringClass().getName() + "." + method.getName();
  }

  /**
   * The kernel as a task graph wants it.
   *
   * @return a {@code TornadoFunctions.TaskN} of as many parameters as the method has, serializable
   *     as that of a method reference in source code is
   */
  public Object task() {
    return KernelTask.of(method);
  }
}
