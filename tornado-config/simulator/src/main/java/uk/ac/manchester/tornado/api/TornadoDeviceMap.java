package uk.ac.manchester.tornado.api;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

/** All backends and devices. */
public class TornadoDeviceMap {

  /** The map as it is now. */
  public TornadoDeviceMap() {}

  /** The number of backends. */
  public int getNumBackends() {
    return TornadoRuntimeProvider.getTornadoRuntime().getNumBackends();
  }

  /** All backends, by number. */
  public List<TornadoBackend> getAllBackends() {
    TornadoRuntime runtime = TornadoRuntimeProvider.getTornadoRuntime();
    return IntStream.range(0, getNumBackends()).mapToObj(runtime::getBackend).toList();
  }

  /** The backends that a condition holds for. */
  public List<TornadoBackend> getBackendsWithPredicate(
      Predicate<? super TornadoBackend> predicate) {
    return getAllBackends().stream().filter(predicate).toList();
  }

  /** The backends with a device that a condition holds for. */
  public List<TornadoBackend> getBackendsWithDevicePredicate(
      Predicate<? super TornadoDevice> predicate) {
    return getAllBackends().stream()
        .filter(backend -> backend.getAllDevices().stream().anyMatch(predicate))
        .toList();
  }

  /** The devices whose name contains a text, in any case. */
  public Stream<TornadoDevice> getDevicesByName(String name) {
    return devices().filter(d -> d.getDeviceName().toLowerCase().contains(name.toLowerCase()));
  }

  /** The devices of a kind. */
  public Stream<TornadoDevice> getDevicesByType(TornadoDeviceType type) {
    return devices().filter(d -> d.getDeviceType() == type);
  }

  private Stream<TornadoDevice> devices() {
    return getAllBackends().stream().flatMap(backend -> backend.getAllDevices().stream());
  }
}
