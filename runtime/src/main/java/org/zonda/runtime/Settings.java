package org.zonda.runtime;

/** The one place of this room that reads system properties. */
public final class Settings {

  private Settings() {}

  /**
   * The vector width to use, from {@code zonda.vector.bits}.
   *
   * @return 128, 256 or 512; 0 for scalar code; -1 for what suits the machine
   */
  public static int vectorBits() {
    return Integer.getInteger("zonda.vector.bits", -1);
  }
}
