package org.zonda.runtime;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.zonda.model.ZondaException;
import org.zonda.runtime.cpu.machine.InstructionSet;

/** The one place of this room that reads system properties. */
public final class Settings {

  /** What {@link #vectorBits} returns where nothing is set. */
  public static final int UNSET = -1;

  private static final String VECTOR_BITS = "zonda.vector.bits";

  private static final String MACHINE = "zonda.machine";

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

  /**
   * The most that machine code may use, from {@code zonda.machine}.
   *
   * @return the instruction set; all that Zonda knows where nothing is set
   * @throws ZondaException if the property names none
   */
  public static InstructionSet machine() {
    String value = System.getProperty(MACHINE, InstructionSet.AVX512.word());
    return Arrays.stream(InstructionSet.values())
        .filter(set -> set.word().equals(value))
        .findFirst()
        .orElseThrow(
            () ->
                new ZondaException(
                    Arrays.stream(InstructionSet.values())
                        .map(InstructionSet::word)
                        .collect(
                            Collectors.joining(
                                ", ",
                                "system property "
                                    + MACHINE
                                    + " is '"
                                    + value
                                    + "'; expected one of ",
                                ""))));
  }

  /**
   * Whether this is Linux on an x86-64 processor.
   *
   * @return whether machine code can be meant for it
   */
  public static boolean isLinuxOnX64() {
    return System.getProperty("os.name").equals("Linux")
        && Set.of("amd64", "x86_64").contains(System.getProperty("os.arch"));
  }
}
