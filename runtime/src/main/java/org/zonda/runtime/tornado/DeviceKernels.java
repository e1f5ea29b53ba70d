package org.zonda.runtime.tornado;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.zonda.model.ZondaException;
import org.zonda.runtime.backend.KernelSwap;

/** The kernels that a stage launches: Zonda's, or those that users put in their places. */
final class DeviceKernels {

  private final Map<String, KernelSwap> swaps = new HashMap<>();

  /** The ids of kernels that were asked for. */
  private final TreeSet<String> used = new TreeSet<>();

  DeviceKernels(List<KernelSwap> swaps) {
    for (KernelSwap swap : swaps) {
      this.swaps.put(swap.kernel(), swap);
    }
  }

  /**
   * The kernel to launch.
   *
   * @param id Zonda's kernel's
   * @param own Zonda's kernel
   * @return a task of the same parameters
   */
  @SuppressWarnings("unchecked") // whoever made the swap compared the parameters
  <T> T of(String id, T own) {
    used.add(id);
    KernelSwap swap = swaps.get(id);
    return swap == null ? own : (T) swap.task();
  }

  /**
   * Refuses a swap that would change nothing, once all graphs are made.
   *
   * @param label what messages call the model
   * @throws ZondaException if a kernel has no place in the model; the message says which have
   */
  void checkAllUsed(String label) {
    for (KernelSwap swap : swaps.values()) {
      if (!used.contains(swap.kernel())) {
        String family = swap.kernel().substring(0, swap.kernel().indexOf('.') + 1);
        String those =
            used.stream().filter(id -> id.startsWith(family)).collect(Collectors.joining(", "));
        throw new ZondaException(
            "%s runs no kernel '%s' here, which %s was to replace; it runs %s"
                .formatted(
                    label,
                    swap.kernel(),
                    swap.name(),
                    those.isEmpty() ? String.join(", ", used) : those));
      }
    }
  }
}
