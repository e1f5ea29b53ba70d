package org.zonda.model.lora;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Objects;
import org.zonda.model.ZondaException;

/**
 * An adapter that is to be applied.
 *
 * @param path a GGUF file, or a PEFT folder
 * @param scale factor on its effect: 1 as it was trained, 0 for none, negative against it
 */
public record AdapterChoice(Path path, float scale) {

  /** Checks the scale. */
  public AdapterChoice {
    Objects.requireNonNull(path, "path");
    if (!Float.isFinite(scale)) {
      throw new ZondaException(
          "adapter " + path + ": its scale is " + scale + "; expected a finite number");
    }
  }

  /**
   * Reads an adapter as users write it.
   *
   * @param text a path, and after the last colon a scale where a number stands there, such as
   *     {@code a.gguf:0.8}
   * @return the adapter; of scale 1 where there is none
   * @throws ZondaException if it is no path or no scale
   */
  public static AdapterChoice parse(String text) {
    int colon = text.lastIndexOf(':');
    String number = colon >= 0 ? text.substring(colon + 1) : "";
    boolean scaled = isNumber(number);
    String name = scaled ? text.substring(0, colon) : text;
    if (name.isEmpty()) {
      throw new ZondaException("'" + text + "' names no adapter; expected PATH or PATH:SCALE");
    }
    try {
      return new AdapterChoice(Path.of(name), scaled ? Float.parseFloat(number) : 1);
    } catch (InvalidPathException e) {
      throw new ZondaException(name + ": no valid file name: " + e.getReason(), e);
    }
  }

  /** Digits with a sign, a point or an exponent; not all that Java takes for a number. */
  private static boolean isNumber(String text) {
    if (text.isEmpty() || !text.chars().allMatch(c -> "+-.eE0123456789".indexOf(c) >= 0)) {
      return false;
    }
    try {
      Float.parseFloat(text);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /**
   * As users write it, without folders.
   *
   * @return such as {@code a.gguf:0.8}, or {@code a.gguf} for the scale 1
   */
  @Override
  public String toString() {
    Path name = path.getFileName();
    String shown = name == null ? path.toString() : name.toString();
    String factor = scale == (int) scale ? Integer.toString((int) scale) : Float.toString(scale);
    return scale == 1 ? shown : shown + ":" + factor;
  }
}
