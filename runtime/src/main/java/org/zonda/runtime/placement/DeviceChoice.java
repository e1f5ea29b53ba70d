package org.zonda.runtime.placement;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.zonda.model.ZondaException;
import org.zonda.runtime.BackendChoice;

/** Chooses among the devices that there are. */
final class DeviceChoice {

  private final DeviceBackends devices;

  DeviceChoice(DeviceBackends devices) {
    this.devices = devices;
  }

  /** What came of a choice: a device, or why there is none. */
  record Choice(Optional<DeviceInfo> device, String why) {

    static Choice of(DeviceInfo device) {
      return new Choice(Optional.of(device), "");
    }

    static Choice none(String why) {
      return new Choice(Optional.empty(), why);
    }
  }

  /**
   * The device that a user's choice comes to.
   *
   * @throws ZondaException if one was asked for that cannot be had
   */
  Choice choose(BackendChoice backend, Optional<String> wanted) {
    if (backend == BackendChoice.CPU) {
      return Choice.none("");
    }
    if (backend == BackendChoice.SIMULATOR) {
      return Choice.of(simulator(wanted));
    }
    boolean required = backend == BackendChoice.GPU || wanted.isPresent();
    Optional<String> absence = devices.absence();
    if (absence.isPresent()) {
      return unless(required, absence.get());
    }
    List<DeviceInfo> real;
    try {
      real = devices(device -> device.kind() != DeviceInfo.Kind.SIMULATOR);
    } catch (ZondaException e) {
      if (required) {
        throw e;
      }
      return Choice.none(e.getMessage());
    }
    if (wanted.isPresent()) {
      return Choice.of(named(wanted.get(), real));
    }
    Optional<DeviceInfo> gpu =
        real.stream()
            .filter(device -> device.kind() == DeviceInfo.Kind.GPU)
            .max(
                Comparator.comparingLong(DeviceInfo::memory)
                    .thenComparing(DeviceInfo::number, Comparator.reverseOrder()));
    if (gpu.isPresent()) {
      return Choice.of(gpu.get());
    }
    if (real.isEmpty()) {
      return unless(required, "TornadoVM found no device");
    }
    return required
        ? Choice.of(real.getFirst())
        : Choice.none(
            "there is no GPU, and %s would be slower; --backend gpu uses it all the same"
                .formatted(real.getFirst().description()));
  }

  private static Choice unless(boolean required, String why) {
    if (required) {
      throw new ZondaException(
          "there is no GPU to run on: " + why + "; --backend cpu runs without one");
    }
    return Choice.none(why);
  }

  private DeviceInfo simulator(Optional<String> wanted) {
    List<DeviceInfo> simulators = devices(device -> device.kind() == DeviceInfo.Kind.SIMULATOR);
    if (simulators.isEmpty()) {
      throw new ZondaException(
          "the simulator is not in this JVM, which was started with TornadoVM instead; start it"
              + " without TornadoVM's flags, as ./zonda does with --backend simulator");
    }
    return wanted.isPresent() ? named(wanted.get(), simulators) : simulators.getFirst();
  }

  private List<DeviceInfo> devices(Predicate<DeviceInfo> predicate) {
    return devices.list().stream().filter(predicate).toList();
  }

  /** The device of a number, or the only one whose name has a part. */
  private static DeviceInfo named(String wanted, List<DeviceInfo> devices) {
    Predicate<DeviceInfo> fits =
        wanted.chars().allMatch(c -> c >= '0' && c <= '9')
            ? device -> Integer.toString(device.number()).equals(wanted)
            : device -> lower(device.description()).contains(lower(wanted));
    List<DeviceInfo> found = devices.stream().filter(fits).toList();
    if (found.size() == 1) {
      return found.getFirst();
    }
    throw new ZondaException(
        found.isEmpty()
            ? "there is no device '%s'; there %s".formatted(wanted, list(devices))
            : "'%s' is in the names of several devices; there %s".formatted(wanted, list(found)));
  }

  private static String list(List<DeviceInfo> devices) {
    return devices.stream()
        .map(device -> device.number() + ": " + device.description())
        .collect(Collectors.joining(", ", devices.size() == 1 ? "is only " : "are ", ""));
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
