package org.zonda.app.device;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.zonda.model.ZondaException;
import org.zonda.runtime.tornado.Device;
import org.zonda.runtime.tornado.Devices;
import org.zonda.tornado.Availability;
import org.zonda.tornado.Jdk;
import org.zonda.tornado.Problem;
import org.zonda.tornado.SdkBackend;
import org.zonda.tornado.SdkFinder;
import org.zonda.tornado.Settings;
import org.zonda.tornado.TornadoException;
import org.zonda.tornado.TornadoSdk;

/** What {@code zonda doctor} checks, from the SDK's files up to kernels on each device. */
public final class Checkup {

  private static final int SHOWN_MEMBERS = 5;

  private final Consumer<Check> report;
  private boolean healthy = true;

  /**
   * Prepares the checks.
   *
   * @param report hears of each check when it is done
   */
  public Checkup(Consumer<Check> report) {
    this.report = report;
  }

  private void report(Check check) {
    healthy &= check.ok();
    report.accept(check);
  }

  /**
   * Checks everything that real devices need.
   *
   * @param program the jar or folder with Zonda's classes
   * @return whether all is well with the SDK and the API, and some device runs kernels
   */
  public boolean devices(Path program) {
    sdk();
    if (Availability.present()) {
      report(Check.passed("start", "this JVM has TornadoVM" + version()));
      api(program);
    } else {
      // What is wrong with the SDK itself has its own lines.
      Availability.absence()
          .filter(reason -> healthy)
          .ifPresent(reason -> report(Check.failed("start", reason)));
      return false;
    }
    return healthy & kernels();
  }

  /**
   * Checks the simulator.
   *
   * @return whether it runs kernels
   */
  public boolean simulator() {
    if (Availability.present()) {
      report(
          Check.failed(
              "simulator",
              "this JVM has TornadoVM, beside which the simulator cannot be; start it with"
                  + " ./zonda doctor --backend simulator"));
      return false;
    }
    return kernels();
  }

  private static String version() {
    return ModuleLayer.boot()
        .findModule("tornado.api")
        .map(Module::getDescriptor)
        .flatMap(ModuleDescriptor::rawVersion)
        .map(version -> " " + version)
        .orElse("");
  }

  private void sdk() {
    Settings settings = Settings.ofProcess();
    Jdk jdk = Jdk.running();
    try {
      Optional<SdkBackend> wanted = settings.backend();
      Optional<TornadoSdk> found = SdkFinder.find(wanted, jdk, settings);
      if (found.isEmpty()) {
        report(
            Check.failed(
                "SDK", "no TornadoVM SDK is installed: " + Availability.installation().orElse("")));
        return;
      }
      TornadoSdk sdk = found.get();
      List<Problem> problems = sdk.problems(wanted, jdk, settings);
      problems.forEach(problem -> report(Check.failed("SDK", problem.toString())));
      if (problems.isEmpty()) {
        report(
            Check.passed(
                "SDK",
                "TornadoVM %s in %s (%s), backend %s of %s"
                    .formatted(
                        sdk.version(),
                        sdk.home(),
                        sdk.foundBy(),
                        sdk.backend(wanted, settings).orElseThrow().label(),
                        sdk.backends().stream().map(SdkBackend::label).toList())));
        report(Check.passed("JDK", jdk.version() + ", with the compiler interface"));
      }
    } catch (TornadoException e) {
      report(Check.failed("SDK", e.getMessage()));
    }
  }

  private void api(Path program) {
    try {
      LinkCheck check = LinkCheck.of(program);
      if (check.missing().isEmpty()) {
        report(
            Check.passed(
                "API",
                check.members()
                    + " classes, methods and fields are as Zonda was compiled against"));
        return;
      }
      String first = String.join(", ", check.missing().stream().limit(SHOWN_MEMBERS).toList());
      int more = check.missing().size() - SHOWN_MEMBERS;
      report(
          Check.failed(
              "API",
              "this TornadoVM lacks "
                  + first
                  + (more > 0 ? " and " + more + " more" : "")
                  + "; install the version that Zonda's docs/gpu.md names"));
    } catch (IOException e) {
      report(Check.failed("API", program + " cannot be read: " + e.getMessage()));
    }
  }

  /** Runs kernels on each device; one device that can is enough. */
  private boolean kernels() {
    List<Device> devices;
    try {
      devices = Devices.all();
    } catch (ZondaException e) {
      report(Check.failed("devices", e.getMessage()));
      return false;
    }
    boolean some = false;
    for (Device device : devices) {
      Check check = kernels(device);
      some |= check.ok();
      report.accept(check);
    }
    return some;
  }

  private static Check kernels(Device device) {
    String name = "device " + device.number();
    long begun = System.nanoTime();
    try {
      DeviceTrial trial = new DeviceTrial(device.handle());
      Optional<String> wrong = trial.sums();
      if (wrong.isPresent()) {
        return wrong(name, device, "summing in local memory", wrong.get());
      }
      wrong = trial.quantised();
      if (wrong.isPresent()) {
        return wrong(name, device, "unpacking quantised numbers", wrong.get());
      }
    } catch (Exception | LinkageError e) {
      return Check.failed(
          name,
          "%s: a kernel fails: %s; update the device's driver%s"
              .formatted(
                  device.description(),
                  Devices.reason(e),
                  device.halfFloats() ? "" : ", which offers no half floats"));
    }
    return Check.passed(
        name,
        "%s: two kernels ran and their results are right (%d ms with compilation)"
            .formatted(device.description(), (System.nanoTime() - begun) / 1_000_000));
  }

  private static Check wrong(String name, Device device, String what, String difference) {
    return Check.failed(
        name,
        "%s: %s gives a wrong result: %s; update the device's driver, or use another device"
            .formatted(device.description(), what, difference));
  }
}
