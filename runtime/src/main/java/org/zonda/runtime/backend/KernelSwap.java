package org.zonda.runtime.backend;

import java.util.Objects;

/**
 * A kernel that devices run in place of one of their own.
 *
 * @param kernel the one that it replaces, by its id, such as {@code matvec.q8_0}
 * @param name what people call it, such as {@code MyMatvec.matvec}
 * @param task TornadoVM's {@code TornadoFunctions.TaskN}, with exactly the parameters of the kernel
 *     that it replaces; an {@code Object} here, where TornadoVM is not known
 */
public record KernelSwap(String kernel, String name, Object task) {

  /** Checks that all is there. */
  public KernelSwap {
    Objects.requireNonNull(kernel, "kernel");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(task, "task");
  }
}
