package org.zonda.runtime.placement;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.zonda.runtime.backend.Backend;
import org.zonda.runtime.backend.Progress;

/** The devices of this JVM, and how to run models on them. */
public interface DeviceBackends {

  /**
   * The devices of this JVM, by the provider that is on the class path.
   *
   * @return the provider, or one of nothing
   */
  static DeviceBackends installed() {
    return ServiceLoader.load(DeviceBackends.class)
        .findFirst()
        .orElseGet(() -> none("this build of Zonda has no GPU path"));
  }

  /**
   * No devices at all.
   *
   * @param why one line with the way out
   * @return a provider of nothing
   */
  static DeviceBackends none(String why) {
    return new DeviceBackends() {
      @Override
      public Optional<String> absence() {
        return Optional.of(why);
      }

      @Override
      public List<DeviceInfo> list() {
        return List.of();
      }

      @Override
      public Backend open(DeviceInfo device, Optional<Path> profile, Progress progress) {
        throw new IllegalArgumentException("there is no " + device);
      }
    };
  }

  /**
   * Why there are no real devices here; quick, so that it can be asked at every start.
   *
   * @return one line with the way out; empty where {@link #list} may find some
   */
  Optional<String> absence();

  /**
   * All devices, the simulator among them where it is here.
   *
   * @return in the order of their numbers
   * @throws org.zonda.model.ZondaException if a driver fails; the message says what to do
   */
  List<DeviceInfo> list();

  /**
   * Opens a device; nothing is uploaded yet.
   *
   * @param device one of {@link #list}
   * @param profile a user's file with changes to how kernels are cut for it
   * @param progress hears of uploads
   * @return its backend; close it when its stages are closed
   * @throws org.zonda.model.ZondaException if it cannot be used; the message says what to do
   */
  Backend open(DeviceInfo device, Optional<Path> profile, Progress progress);
}
