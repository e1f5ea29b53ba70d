package org.zonda.bench;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Optional;

/** The checkout that this program was built in. */
public final class Checkout {

  private Checkout() {}

  /**
   * The commit it was run from.
   *
   * @return short, with {@code -dirty} where files differ; empty where unknown
   */
  public static Optional<String> commit() {
    CodeSource source = Checkout.class.getProtectionDomain().getCodeSource();
    if (source == null) {
      return Optional.empty();
    }
    try {
      // Both app/target/zonda.jar and bench/target/classes; elsewhere another repository might lie.
      Path target = Path.of(source.getLocation().toURI()).getParent();
      return target == null || !target.endsWith("target")
          ? Optional.empty()
          : Machine.output(
              "git", "-C", target.toString(), "describe", "--always", "--dirty", "--abbrev=10");
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}
