package org.zonda.bench;

import java.util.OptionalDouble;

/** The speed at which a memory can be read. */
public sealed interface ReadSpeed {

  /**
   * It was measured.
   *
   * @param how in words, such as {@code a kernel that copies 1 GB}
   * @param bytesPerSecond of several passes
   */
  record Measured(String how, Spread bytesPerSecond) implements ReadSpeed {}

  /**
   * It is not known.
   *
   * @param reason why not
   */
  record Unknown(String reason) implements ReadSpeed {}

  /**
   * The fastest pass, which is what others are a share of.
   *
   * @return bytes per second; empty if it is not known
   */
  default OptionalDouble best() {
    return switch (this) {
      case Measured measured -> OptionalDouble.of(measured.bytesPerSecond().max());
      case Unknown _ -> OptionalDouble.empty();
    };
  }
}
