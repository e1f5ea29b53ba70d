package org.zonda.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.zonda.bench.compare.Candidate;
import org.zonda.bench.compare.Surroundings;
import org.zonda.model.ZondaException;
import org.zonda.runtime.BackendChoice;
import org.zonda.runtime.GpuLayers;
import org.zonda.runtime.LoadOptions;
import org.zonda.runtime.placement.DeviceInfo;

/** What {@code zonda compare} is to compare, from what the command line says. */
final class CandidateList {

  private final List<Integer> threads;
  private final List<GpuLayers> gpuLayers;

  /**
   * @param threads of the CPU, each a candidate; 0 for one a core
   * @param gpuLayers as written, each a candidate; none for as many as fit
   * @throws ZondaException if one of them cannot be
   */
  CandidateList(List<Integer> threads, List<String> gpuLayers) {
    this.threads = threads;
    this.gpuLayers =
        gpuLayers.isEmpty()
            ? List.of(GpuLayers.AUTO)
            : gpuLayers.stream().map(GpuLayers::parse).toList();
  }

  /** The CPU, and the GPU where there is one. */
  List<Candidate> available(Surroundings surroundings) {
    boolean gpu = noGpu(surroundings).isEmpty();
    return named(gpu ? List.of("cpu", "gpu") : List.of("cpu"));
  }

  /** Why there is no GPU among the candidates that are available; empty if there is one. */
  static Optional<String> noGpu(Surroundings surroundings) {
    Optional<String> absence = surroundings.devices().absence();
    if (absence.isPresent()) {
      return absence;
    }
    try {
      boolean gpu =
          surroundings.devices().list().stream()
              .anyMatch(device -> device.kind() == DeviceInfo.Kind.GPU);
      return gpu
          ? Optional.empty()
          : Optional.of("TornadoVM found none; --backends cpu,gpu takes another device");
    } catch (ZondaException e) {
      return Optional.of(e.getMessage());
    }
  }

  /**
   * Those of some backends.
   *
   * @throws ZondaException if there is no backend of a name
   */
  List<Candidate> named(List<String> backends) {
    List<Candidate> candidates = new ArrayList<>();
    for (String backend : backends) {
      switch (backend.strip().toLowerCase(Locale.ROOT)) {
        case "cpu" -> threads.forEach(count -> candidates.add(cpu(count)));
        case "gpu" ->
            gpuLayers.forEach(layers -> candidates.add(device("GPU", BackendChoice.GPU, layers)));
        case "simulator" ->
            gpuLayers.forEach(
                layers -> candidates.add(device("simulator", BackendChoice.SIMULATOR, layers)));
        default ->
            throw new ZondaException(
                "backend '%s' is unknown; known ones: cpu, gpu, simulator".formatted(backend));
      }
    }
    return candidates.stream().distinct().toList();
  }

  private static Candidate cpu(int threads) {
    String name =
        threads == 0 ? "CPU" : threads == 1 ? "CPU, 1 thread" : "CPU, " + threads + " threads";
    return new Candidate(
        name, LoadOptions.DEFAULT.withThreads(threads).withBackend(BackendChoice.CPU));
  }

  private static Candidate device(String what, BackendChoice backend, GpuLayers layers) {
    String name =
        layers.automatic()
            ? what
            : what + ", " + layers + (layers.count() == 1 ? " layer" : " layers");
    return new Candidate(name, LoadOptions.DEFAULT.withBackend(backend).withGpuLayers(layers));
  }
}
