package org.zonda.runtime.tornado;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.zonda.model.ZondaException;
import org.zonda.tornado.Availability;
import org.zonda.tornado.SdkBackend;
import uk.ac.manchester.tornado.api.TornadoBackend;
import uk.ac.manchester.tornado.api.TornadoRuntime;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

/**
 * The devices of this JVM: those of TornadoVM if it was started with it, else the simulator alone.
 */
public final class Devices {

  private Devices() {}

  /**
   * All devices, numbered from 0 in TornadoVM's order.
   *
   * @return at least one
   * @throws ZondaException if TornadoVM cannot be started; the message says why and what to do
   */
  public static List<Device> all() {
    boolean simulated = !Availability.present();
    List<Device> devices = new ArrayList<>();
    // A driver fails in many ways: errors of class initialisers, of linking, and exceptions.
    try {
      TornadoRuntime runtime = TornadoRuntimeProvider.getTornadoRuntime();
      for (int i = 0; i < runtime.getNumBackends(); i++) {
        TornadoBackend backend = runtime.getBackend(i);
        for (TornadoDevice device : backend.getAllDevices()) {
          devices.add(Device.of(devices.size(), device, simulated));
        }
      }
    } catch (RuntimeException | LinkageError e) {
      throw new ZondaException("TornadoVM found no device: " + reason(e) + remedy(e), e);
    }
    if (devices.isEmpty()) {
      throw new ZondaException("TornadoVM found no device" + remedy(null));
    }
    return devices;
  }

  /**
   * The device of a number.
   *
   * @param number as {@code zonda devices} shows it
   * @return the device
   * @throws ZondaException if there is none of that number, or none at all
   */
  public static Device numbered(int number) {
    List<Device> devices = all();
    if (number < 0 || number >= devices.size()) {
      throw new ZondaException(
          "there is no device %d; there %s"
              .formatted(
                  number,
                  devices.size() == 1
                      ? "is only 0, " + devices.getFirst().description()
                      : devices.stream()
                          .map(device -> device.number() + ": " + device.description())
                          .collect(Collectors.joining(", ", "are ", ""))));
    }
    return devices.get(number);
  }

  /**
   * Why something of TornadoVM's failed.
   *
   * @param failure what it threw
   * @return the innermost message on one line, without colours and tags such as {@code [ERROR]}
   */
  public static String reason(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    String message = String.valueOf(cause.getMessage());
    String line =
        message
            .replaceAll("\u001b\\[[0-9;]*m", "")
            .replaceFirst("^\\s*\\[[A-Z]+]\\s*", "")
            .replaceAll("\\s+", " ")
            .replace(" Deoptimizing to sequential execution.", "")
            .strip();
    return line.isEmpty() ? cause.getClass().getSimpleName() : line;
  }

  /** What to do: TornadoVM's message names the backend, if not it may be any of them. */
  private static String remedy(Throwable failure) {
    String message = failure == null ? "" : reason(failure).toLowerCase(Locale.ROOT);
    for (SdkBackend backend : SdkBackend.values()) {
      if (message.contains(backend.word())) {
        return "; it needs " + backend.driver();
      }
    }
    return "; it needs the device's driver (clinfo or nvidia-smi show whether it works)";
  }
}
