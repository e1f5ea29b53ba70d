package org.zonda.bench.picture;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.zonda.bench.Spread;

/**
 * What kernels reach of what the machine allows (Williams, Waterman, Patterson: Roofline, 2009):
 * multiply-adds a second over multiply-adds a byte, both axes logarithmic.
 *
 * @param title what is shown
 * @param note may be empty
 * @param roofs limits of the machine
 * @param kernels what was measured
 */
public record Roofline(String title, String note, List<Roof> roofs, List<Kernel> kernels)
    implements Picture {

  /** Takes copies. A kernel below a roof that there is not is refused. */
  public Roofline {
    roofs = List.copyOf(roofs);
    kernels = List.copyOf(kernels);
  }

  /**
   * What nothing can be faster than.
   *
   * @param name such as {@code f32} or {@code int8}
   * @param bytesPerSecond of reading memory
   * @param multiplyAddsPerSecond of computing; empty where unknown
   */
  public record Roof(String name, double bytesPerSecond, OptionalDouble multiplyAddsPerSecond) {

    /**
     * The limit.
     *
     * @param intensity multiply-adds for each byte
     * @return multiply-adds a second
     */
    public double at(double intensity) {
      return Math.min(
          bytesPerSecond * intensity, multiplyAddsPerSecond.orElse(Double.POSITIVE_INFINITY));
    }
  }

  /**
   * A kernel that was measured.
   *
   * @param name short, since it stands beside its dot
   * @param intensity multiply-adds for each byte that must be read or written
   * @param multiplyAddsPerSecond what it reached
   * @param roof name of the roof that limits it; empty where none is known
   */
  public record Kernel(
      String name, double intensity, Spread multiplyAddsPerSecond, Optional<String> roof) {}

  @Override
  public String toSvg() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Table table() {
    return new Table(title, List.of("kernel"), List.of());
  }
}
