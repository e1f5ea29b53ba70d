package org.zonda.runtime;

import java.util.Set;
import org.zonda.model.ZondaException;

/** The one place of this room that reads system properties. */
public final class Settings {

  /** What {@link #vectorBits} returns where nothing is set. */
  public static final int UNSET = -1;

  private static final String VECTOR_BITS = "zonda.vector.bits";

  private Settings() {}

  /**
   * The vector width to use, from {@code zonda.vector.bits}.
   *
   * @return 128, 256 or 512; 0 for scalar code; {@link #UNSET} for what suits the machine
   * @throws ZondaException if the property is anything else
   */
  public static int vectorBits() {
    String value = System.getProperty(VECTOR_BITS);
    if (value == null) {
      return UNSET;
    }
    if (!Set.of("0", "128", "256", "512").contains(value)) {
      throw new ZondaException(
          "system property "
              + VECTOR_BITS
              + " is '"
              + value
              + "'; expected 128, 256 or 512, or 0 for scalar code");
    }
    return Integer.parseInt(value);
  }
}
