package org.zonda.tornado;

import java.lang.module.ModuleFinder;

/**
 * A JDK, as far as TornadoVM cares.
 *
 * @param version its version
 * @param compilerInterface whether it has JVMCI (module {@code jdk.internal.vm.ci}), through which
 *     TornadoVM reads Java methods
 * @param graal whether it is GraalVM, which brings the compiler that the SDK replaces elsewhere
 */
public record Jdk(Runtime.Version version, boolean compilerInterface, boolean graal) {

  /**
   * The one that runs this.
   *
   * @return the running JDK
   */
  public static Jdk running() {
    return new Jdk(
        Runtime.version(),
        ModuleFinder.ofSystem().find("jdk.internal.vm.ci").isPresent(),
        Settings.ofProcess().vendorVersion().contains("GraalVM"));
  }
}
