package org.zonda.tornado;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Chooses the profile of a device. The built-in ones are JSON files beside this class, each with
 * the devices it is for under {@code match}; the first that matches is taken. A user's file is laid
 * over it: the fields that it has count, the others stay.
 */
public final class DeviceProfiles {

  /** The user's own profile, in {@link Settings#configurationFolder()}. */
  static final String USER_FILE = "device-profile.json";

  /** In the order in which they are asked; the last is for every device. */
  static final List<String> BUILT_IN =
      List.of("simulator", "cpu", "nvidia", "amd", "intel", "apple", "default");

  private DeviceProfiles() {}

  /**
   * Chooses the profile of a device, with the user's changes.
   *
   * @param device the device
   * @param file a file of the user's with changes, whatever its {@code match} says; without one,
   *     {@code device-profile.json} in the user's configuration folder counts if it is there and
   *     matches
   * @return the profile
   * @throws TornadoException if the user's file cannot be read or is wrong; the message names the
   *     file, the field, what was found and what would work
   */
  public static DeviceProfile choose(DeviceIdentity device, Optional<Path> file) {
    return choose(device, file, Settings.ofProcess());
  }

  static DeviceProfile choose(DeviceIdentity device, Optional<Path> file, Settings settings) {
    ProfileJson builtIn =
        BUILT_IN.stream()
            .map(DeviceProfiles::builtIn)
            .filter(profile -> profile.matches(device))
            .findFirst()
            .orElseThrow();
    if (file.isPresent()) {
      return read(file.get()).over(builtIn).profile();
    }
    Path configured = settings.configurationFolder().resolve(USER_FILE);
    if (Files.exists(configured)) {
      ProfileJson changes = read(configured);
      if (changes.matches(device)) {
        return changes.over(builtIn).profile();
      }
    }
    return builtIn.profile();
  }

  static ProfileJson builtIn(String name) {
    String resource = "profiles/" + name + ".json";
    try (InputStream in = DeviceProfiles.class.getResourceAsStream(resource)) {
      return ProfileJson.read(resource, in.readAllBytes());
    } catch (IOException e) {
      throw new TornadoException("the built-in %s cannot be read: %s".formatted(resource, e), e);
    }
  }

  private static ProfileJson read(Path file) {
    try {
      return ProfileJson.read(file.toString(), Files.readAllBytes(file));
    } catch (IOException e) {
      throw new TornadoException(
          "%s: the device profile cannot be read: %s".formatted(file, FileFaults.reason(e)), e);
    }
  }
}
