package org.zonda.runtime;

import org.zonda.model.ZondaException;

/**
 * How many of a model's layers a device is to run. They are the last ones, with the head; the
 * embedding and the first layers stay on the CPU.
 *
 * @param count layers, at least 0; {@link #AUTO}'s is negative, and as many as a model has or more
 *     are all
 */
public record GpuLayers(int count) {

  /** As many as fit. */
  public static final GpuLayers AUTO = new GpuLayers(-1);

  /** All; an error where they do not fit. */
  public static final GpuLayers ALL = new GpuLayers(Integer.MAX_VALUE);

  /** Checks the count. */
  public GpuLayers {
    if (count < -1) {
      throw refused(Integer.toString(count));
    }
  }

  /**
   * Reads what a user wrote.
   *
   * @param text {@code auto}, {@code all} or a number
   * @return the layers
   * @throws ZondaException if it is anything else
   */
  public static GpuLayers parse(String text) {
    if (text.equalsIgnoreCase("auto")) {
      return AUTO;
    }
    if (text.equalsIgnoreCase("all")) {
      return ALL;
    }
    try {
      int count = Integer.parseInt(text);
      if (count >= 0) {
        return new GpuLayers(count);
      }
    } catch (NumberFormatException e) {
      // refused below
    }
    throw refused(text);
  }

  public boolean automatic() {
    return count < 0;
  }

  private static ZondaException refused(String text) {
    return new ZondaException(
        "number of GPU layers is '" + text + "'; it must be auto, all, or a number from 0 on");
  }

  @Override
  public String toString() {
    return automatic() ? "auto" : count == Integer.MAX_VALUE ? "all" : Integer.toString(count);
  }
}
