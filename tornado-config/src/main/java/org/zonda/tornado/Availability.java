package org.zonda.tornado;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Whether this JVM was started with TornadoVM, and if not, why. */
public final class Availability {

  private Availability() {}

  /**
   * What to do where no SDK was found.
   *
   * @return where one was looked for, and how to install one; empty if there is one
   */
  public static Optional<String> installation() {
    return installation(Settings.ofProcess());
  }

  static Optional<String> installation(Settings settings) {
    return SdkFinder.any(settings)
        ? Optional.empty()
        : Optional.of(
            "%s is not set, and SDKMAN has no TornadoVM; %s"
                .formatted(Settings.HOME, TornadoSdk.HOW_TO_INSTALL));
  }

  /**
   * Whether TornadoVM's modules are in this JVM. If not, the classes of its API are the
   * simulator's.
   *
   * @return whether kernels may run on real devices
   */
  public static boolean present() {
    return ModuleLayer.boot().findModule("tornado.runtime").isPresent();
  }

  /**
   * Why they are not.
   *
   * @return one line with the way out; empty if they are there
   */
  public static Optional<String> absence() {
    return present() ? Optional.empty() : Optional.of(absence(Jdk::running, Settings.ofProcess()));
  }

  /** Asked at each start on the CPU, so the JDK is looked at only where there is an SDK. */
  static String absence(Supplier<Jdk> running, Settings settings) {
    if (settings.reason().isPresent()) {
      return settings.reason().get();
    }
    try {
      Optional<SdkBackend> wanted = settings.backend();
      if (!SdkFinder.any(settings)) {
        return "no TornadoVM SDK is installed; 'zonda devices' says how to get one";
      }
      Jdk jdk = running.get();
      TornadoSdk sdk = SdkFinder.find(wanted, jdk, settings).orElseThrow();
      List<Problem> problems = sdk.problems(wanted, jdk, settings);
      return problems.isEmpty()
          ? "this JVM was started without TornadoVM's flags; ./zonda starts it with them"
          : problems.getFirst().toString();
    } catch (TornadoException e) {
      return e.getMessage();
    }
  }
}
