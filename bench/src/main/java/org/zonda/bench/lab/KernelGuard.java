package org.zonda.bench.lab;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.zonda.bench.BenchmarkProgress;
import org.zonda.model.ZondaException;

/**
 * Keeps kernels that never end or break a rule from being run in this process, where a device would
 * hang or crash with them: they are run on the simulator first, in a process of its own. A kernel
 * that is only wrong is let through; its results say so.
 */
public final class KernelGuard {

  private KernelGuard() {}

  /**
   * Runs kernels on the simulator.
   *
   * @param kernels users' own
   * @param progress hears of each
   * @throws ZondaException if one breaks a rule; the message has the first fault with its line
   */
  public static void check(List<UserKernel> kernels, BenchmarkProgress progress) {
    if (kernels.isEmpty()) {
      return;
    }
    Duration limit = CheckOptions.DEFAULT.timeout();
    CheckOptions options = new CheckOptions(true, false, limit, Optional.empty());
    try (KernelCheck check = new KernelCheck(options, progress)) {
      for (UserKernel kernel : kernels) {
        check.run(kernel).places().stream()
            .flatMap(place -> place.cases().stream())
            .filter(result -> result.outcome() == CaseResult.Outcome.FAULT)
            .findFirst()
            .ifPresent(fault -> refuse(kernel, fault));
      }
    }
  }

  private static void refuse(UserKernel kernel, CaseResult fault) {
    throw new ZondaException(
        "%s is not run, since the simulator found a fault: %s [%s]; zonda kernel check %s shows all"
            .formatted(kernel.name(), fault.message(), fault.name(), kernel.file()));
  }
}
