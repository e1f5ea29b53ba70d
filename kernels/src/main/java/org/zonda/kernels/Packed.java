package org.zonda.kernels;

/**
 * Two small numbers in one int argument: a task takes at most 20 parameters, and attention needs
 * more sizes than that leaves. Being constants of the compiled kernel, they cost nothing to unpack.
 */
public final class Packed {

  /** The largest number that fits each half. */
  public static final int MOST = 32767;

  private Packed() {}

  /**
   * Packs two numbers. For the host.
   *
   * @param low 0 to {@link #MOST}
   * @param high 0 to {@link #MOST}
   * @return both in one
   */
  public static int of(int low, int high) {
    if (low < 0 || low > MOST || high < 0 || high > MOST) {
      throw new IllegalArgumentException(
          low + " and " + high + " cannot be packed: each must be 0 to " + MOST);
    }
    return low | high << 16;
  }

  /** The first number of {@link #of}. */
  public static int low(int packed) {
    return packed & 0xFFFF;
  }

  /** The second number of {@link #of}. */
  public static int high(int packed) {
    return (packed >> 16) & 0xFFFF;
  }
}
