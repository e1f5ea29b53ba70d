package org.zonda.bench.lab;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.zonda.bench.BenchmarkProgress;
import org.zonda.model.ZondaException;

/**
 * Checks kernels: on the simulator over all their data, and where that finds nothing on each device
 * of the TornadoVM SDK. Each place is a process of its own; a kernel that never ends is stopped, by
 * the simulator with its line, on a device by ending the process.
 */
public final class KernelCheck implements AutoCloseable {

  /** What the simulator has beyond the limit to stop a kernel by itself. */
  private static final Duration GRACE = Duration.ofSeconds(20);

  /** What a device has beyond the limit, for TornadoVM's compiler and the driver's. */
  private static final Duration COMPILING = Duration.ofSeconds(10);

  private final CheckOptions options;
  private final BenchmarkProgress progress;
  private final LabJvm jvm = new LabJvm();
  private Optional<LabSdk> sdk = Optional.empty();
  private List<LabSdk.RealDevice> devices = List.of();
  private Optional<String> noDevice = Optional.empty();
  private boolean looked;

  /**
   * Prepares checks.
   *
   * @param options where and how
   * @param progress hears of each place
   */
  public KernelCheck(CheckOptions options, BenchmarkProgress progress) {
    this.options = options;
    this.progress = progress;
  }

  /**
   * Checks a kernel of Zonda's.
   *
   * @param entry the kernel
   * @return what was found
   */
  public CheckReport run(KernelEntry entry) {
    return run(entry, entry.name(), "");
  }

  /**
   * Checks all kernels of a file.
   *
   * @param kernels the file's
   * @return what was found, kernel by kernel
   */
  public List<CheckReport> run(UserKernels kernels) {
    Path jar = jvm.jar(kernels.classes());
    return kernels.all().stream()
        .map(kernel -> run(kernel.entry(), kernel.name(), jar.toString()))
        .toList();
  }

  /** Checks one kernel of a file. */
  CheckReport run(UserKernel kernel) {
    return run(kernel.entry(), kernel.name(), jvm.jar(kernel.classes()).toString());
  }

  private CheckReport run(KernelEntry entry, String name, String jar) {
    List<PlaceResult> places = new ArrayList<>();
    if (options.simulator()) {
      places.add(simulator(entry, jar));
    }
    if (options.devices()) {
      look();
      noDevice.ifPresent(reason -> places.add(PlaceResult.skipped("devices", reason)));
      boolean faulty = places.stream().anyMatch(PlaceResult::failed);
      for (LabSdk.RealDevice device : devices) {
        places.add(device(entry, jar, device, faulty));
      }
    }
    return new CheckReport(entry.id(), name, places);
  }

  private PlaceResult simulator(KernelEntry entry, String jar) {
    String rules = options.rules().orElse(entry.everywhere() ? "opencl" : "cuda");
    String place = "simulator (" + label(rules) + " rules)";
    List<String> flags = LabJvm.simulator(rules, options.timeout());
    return cases(entry, jar, place, flags, Map.of(), options.timeout().plus(GRACE), 0);
  }

  private static String label(String rules) {
    return rules.equals("opencl") ? "OpenCL" : rules.toUpperCase(Locale.ROOT);
  }

  /** Looks for devices, once. */
  private void look() {
    if (looked) {
      return;
    }
    looked = true;
    try {
      LabSdk found = LabSdk.find();
      devices = found.devices(jvm);
      sdk = Optional.of(found);
    } catch (ZondaException e) {
      noDevice = Optional.of(e.getMessage());
    }
  }

  private PlaceResult device(
      KernelEntry entry, String jar, LabSdk.RealDevice device, boolean faulty) {
    String place = "device " + device.number() + ": " + device.name();
    if (faulty) {
      return PlaceResult.skipped(place, "the simulator found faults");
    }
    if (!entry.backends().contains(device.backend())) {
      return PlaceResult.skipped(
          place, "the kernel needs " + String.join(" or ", entry.backends()));
    }
    return cases(
        entry,
        jar,
        place,
        sdk.orElseThrow().flags(),
        sdk.orElseThrow().variables(),
        options.timeout().plus(COMPILING),
        device.number());
  }

  private PlaceResult cases(
      KernelEntry entry,
      String jar,
      String place,
      List<String> flags,
      Map<String, String> variables,
      Duration silence,
      int device) {
    progress.at(entry.id() + " on " + place, 0, 1);
    long begun = System.nanoTime();
    LabJvm.Ended ended =
        jvm.run(
            flags,
            variables,
            silence,
            CheckProcess.Task.CHECK.name(),
            entry.id(),
            jar,
            Integer.toString(device));
    List<CaseResult> results = results(ended, silence);
    progress.at("done", 1, 1);
    return new PlaceResult(place, results, Optional.empty(), (System.nanoTime() - begun) * 1e-9);
  }

  private static List<CaseResult> results(LabJvm.Ended ended, Duration silence) {
    List<CaseResult> results = new ArrayList<>();
    String begun = "";
    for (JsonNode line : ended.lines()) {
      if (line.has("begin")) {
        begun = line.get("begin").asText();
      } else if (line.has("case")) {
        results.add(result(line));
        begun = "";
      }
    }
    Optional<String> failure = ended.failure();
    if (failure.isPresent()) {
      results.add(CaseResult.fault("start", failure.get()));
    } else if (ended.late()) {
      results.add(
          CaseResult.fault(
              begun.isEmpty() ? "start" : begun,
              "kernel that does not end: it still ran after %d s, compiling included, and its process was ended"
                  .formatted(silence.toSeconds())));
    } else if (!ended.done()) {
      results.add(
          CaseResult.fault(
              begun.isEmpty() ? "start" : begun, "the process that ran it " + ended.reason()));
    }
    return results;
  }

  private static CaseResult result(JsonNode line) {
    return new CaseResult(
        line.get("case").asText(),
        CaseResult.Outcome.valueOf(line.get("outcome").asText()),
        line.get("message").asText(),
        line.get("error").asDouble(),
        line.get("place").asText(),
        line.get("expected").asDouble(),
        line.get("found").asDouble());
  }

  /** Removes temporary files. */
  @Override
  public void close() {
    jvm.close();
  }
}
