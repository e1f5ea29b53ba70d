package org.zonda.app;

import picocli.CommandLine.IVersionProvider;

/** The version, and the Java it runs on. */
final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() {
    return new String[] {"zonda %s (%s)".formatted(name(), Console.platform())};
  }

  /** As the jar's manifest says it. */
  static String name() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development build" : version;
  }
}
