package org.zonda.bench;

import java.util.Locale;

/** Sizes of memory as reports write them: in powers of ten, as bandwidths are. */
public final class Sizes {

  private Sizes() {}

  /**
   * Writes a size.
   *
   * @param bytes the size
   * @return such as {@code 15.4 MB}
   */
  public static String of(long bytes) {
    return bytes < 1_000_000_000
        ? String.format(Locale.ROOT, "%.1f MB", bytes / 1e6)
        : String.format(Locale.ROOT, "%.2f GB", bytes / 1e9);
  }
}
