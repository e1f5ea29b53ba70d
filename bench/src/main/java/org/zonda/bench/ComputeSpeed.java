package org.zonda.bench;

import java.util.OptionalDouble;

/** How many multiply-adds, each a product and a sum, a processor does at most. */
public sealed interface ComputeSpeed {

  /**
   * It was measured.
   *
   * @param how in words, such as {@code 2 threads, 512-bit vectors}
   * @param multiplyAddsPerSecond of several passes
   */
  record Measured(String how, Spread multiplyAddsPerSecond) implements ComputeSpeed {}

  /**
   * It is not known.
   *
   * @param reason why not
   */
  record Unknown(String reason) implements ComputeSpeed {}

  /**
   * The fastest pass, which is what others are a share of.
   *
   * @return multiply-adds per second; empty if it is not known
   */
  default OptionalDouble best() {
    return switch (this) {
      case Measured measured -> OptionalDouble.of(measured.multiplyAddsPerSecond().max());
      case Unknown _ -> OptionalDouble.empty();
    };
  }
}
