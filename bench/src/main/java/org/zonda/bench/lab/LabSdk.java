package org.zonda.bench.lab;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.zonda.model.ZondaException;
import org.zonda.tornado.Availability;
import org.zonda.tornado.Jdk;
import org.zonda.tornado.LaunchFlags;
import org.zonda.tornado.Problem;
import org.zonda.tornado.SdkBackend;
import org.zonda.tornado.SdkFinder;
import org.zonda.tornado.Settings;
import org.zonda.tornado.TornadoException;
import org.zonda.tornado.TornadoSdk;

/** The TornadoVM SDK with whose devices kernels are checked, and how a JVM starts with it. */
final class LabSdk {

  private static final Duration LISTING = Duration.ofSeconds(60);

  /** Its reader wants a member a line. */
  private static final String VIRTUAL_GPU =
      """
      {
      "deviceName" : "virtual GPU",
      "doubleFPSupport" : true,
      "maxWorkItemSizes" : [1024, 1024, 64],
      "deviceAddressBits" : 64,
      "deviceType" : "CL_DEVICE_TYPE_GPU",
      "deviceExtensions" : "cl_khr_int64_base_atomics",
      "availableProcessors" : 64
      }
      """;

  /** A device, by its number in a JVM with the SDK. */
  record RealDevice(int number, String name, String backend) {}

  private final TornadoSdk sdk;
  private final SdkBackend backend;
  private final Settings settings;
  private final Jdk jdk;
  private boolean pocl;

  private LabSdk(TornadoSdk sdk, SdkBackend backend, Settings settings, Jdk jdk) {
    this.sdk = sdk;
    this.backend = backend;
    this.settings = settings;
    this.jdk = jdk;
  }

  /**
   * Finds the SDK that {@code zonda} itself would start with.
   *
   * @throws ZondaException if there is none or it cannot be used; the message says why
   */
  static LabSdk find() {
    Settings settings = Settings.ofProcess();
    Jdk jdk = Jdk.running();
    try {
      Optional<SdkBackend> wanted = settings.backend();
      TornadoSdk sdk =
          SdkFinder.find(wanted, jdk, settings)
              .orElseThrow(
                  () ->
                      new ZondaException(
                          "no TornadoVM SDK is installed: "
                              + Availability.installation().orElse("")));
      List<Problem> problems = sdk.problems(wanted, jdk, settings);
      if (!problems.isEmpty()) {
        throw new ZondaException(problems.getFirst().toString());
      }
      return new LabSdk(sdk, sdk.backend(wanted, settings).orElseThrow(), settings, jdk);
    } catch (TornadoException e) {
      throw new ZondaException(e.getMessage(), e);
    }
  }

  /** Such as {@code OPENCL}. */
  String backend() {
    return backend.name();
  }

  List<String> flags() {
    List<String> flags = new ArrayList<>(List.of("-Xmx2g", "-XX:+UseSerialGC"));
    flags.addAll(LaunchFlags.of(sdk, backend, jdk, settings, pocl));
    return flags;
  }

  /**
   * Flags for a GPU that is none: TornadoVM's CUDA backend generates code for a described device,
   * without a driver, and executes nothing.
   *
   * @param jvm has room for the description
   */
  List<String> virtualFlags(LabJvm jvm) {
    List<String> flags = new ArrayList<>(flags());
    flags.add("-Dtornado.virtual.device=True");
    flags.add("-Dtornado.device.desc=" + jvm.file("device.json", VIRTUAL_GPU));
    return flags;
  }

  Map<String, String> variables() {
    return Map.of(Settings.HOME, sdk.home().toString());
  }

  /**
   * Asks a JVM with the SDK for its devices.
   *
   * @throws ZondaException if it cannot say
   */
  List<RealDevice> devices(LabJvm jvm) {
    LabJvm.Ended ended = jvm.run(flags(), variables(), LISTING, CheckProcess.Task.DEVICES.name());
    ended
        .failure()
        .ifPresent(
            reason -> {
              throw new ZondaException(reason);
            });
    if (!ended.done()) {
      throw new ZondaException(
          ended.late()
              ? "TornadoVM did not list its devices within " + LISTING.toSeconds() + " s"
              : "a JVM with TornadoVM " + ended.reason());
    }
    List<RealDevice> devices = new ArrayList<>();
    boolean all = true;
    for (JsonNode line : ended.lines()) {
      if (line.has("device")) {
        devices.add(
            new RealDevice(
                line.get("device").asInt(),
                line.get("name").asText(),
                line.get("backend").asText()));
        all &= line.get("pocl").asBoolean();
      }
    }
    pocl = all && !devices.isEmpty();
    return devices;
  }
}
