package org.zonda.bench.device;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.zonda.bench.Spread;
import org.zonda.model.ZondaException;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.TornadoExecutionResult;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.enums.ProfilerMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;

/** Runs a kernel often enough to know how long it takes, and checks what it computed. */
final class KernelTimer {

  private static final int SAMPLES = 7;
  private static final int PROFILED = 5;

  private final TornadoDevice device;
  private final double sampleSeconds;

  /**
   * @param device where kernels run
   * @param sampleSeconds how long each sample takes at least
   */
  KernelTimer(TornadoDevice device, double sampleSeconds) {
    this.device = device;
    this.sampleSeconds = sampleSeconds;
  }

  /**
   * Times a kernel.
   *
   * @throws ZondaException if the device fails or computes something else
   */
  KernelTiming time(KernelCase kernel) {
    TaskGraph graph = new TaskGraph(KernelCase.GRAPH);
    GridScheduler grids = new GridScheduler();
    kernel.addTo(graph, grids);
    graph.transferToHost(DataTransferMode.UNDER_DEMAND, kernel.output());
    try (TornadoExecutionPlan plan = new TornadoExecutionPlan(graph.snapshot())) {
      plan.withDevice(device).withGridScheduler(grids);
      kernel.output().init(Float.NaN);
      TornadoExecutionResult result = plan.execute();
      result.transferToHost(kernel.output());
      check(kernel);
      List<Double> launches = new ArrayList<>();
      int runs = 1;
      while (launches.size() < SAMPLES) {
        double seconds = run(plan, runs);
        if (seconds < sampleSeconds) {
          runs *= 2; // not long enough yet: also the warm-up
        } else {
          launches.add(seconds / runs / kernel.launches());
        }
      }
      return new KernelTiming(
          kernel.name(),
          kernel.shape(),
          kernel.bytes(),
          kernel.multiplyAdds(),
          kernel.launches(),
          new Spread(launches),
          profiled(plan, kernel.launches()));
    } catch (TornadoExecutionPlanException e) {
      throw new ZondaException(kernel.name() + ": the device's memory cannot be freed", e);
    } catch (RuntimeException e) {
      throw e instanceof ZondaException
          ? e
          : new ZondaException(kernel.name() + " failed on the device: " + e.getMessage(), e);
    }
  }

  private static double run(TornadoExecutionPlan plan, int runs) {
    long start = System.nanoTime();
    for (int i = 0; i < runs; i++) {
      plan.execute();
    }
    return (System.nanoTime() - start) * 1e-9;
  }

  private static OptionalDouble profiled(TornadoExecutionPlan plan, int launches) {
    plan.withProfiler(ProfilerMode.SILENT);
    List<Double> seconds = new ArrayList<>();
    for (int i = 0; i < PROFILED; i++) {
      seconds.add(plan.execute().getProfilerResult().getDeviceKernelTime() * 1e-9 / launches);
    }
    plan.withoutProfiler();
    Spread spread = new Spread(seconds);
    return spread.min() <= 0 ? OptionalDouble.empty() : OptionalDouble.of(spread.median());
  }

  private static void check(KernelCase kernel) {
    kernel
        .fault()
        .ifPresent(
            fault -> {
              throw new ZondaException(
                  "%s (%s) computed %s: its time says nothing"
                      .formatted(kernel.name(), kernel.shape(), fault));
            });
  }
}
