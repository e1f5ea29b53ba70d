package org.zonda.app.device;

/**
 * One thing that was looked at.
 *
 * @param name what it is
 * @param ok whether it is as it must be
 * @param detail what was found; of a problem also the way out
 */
public record Check(String name, boolean ok, String detail) {

  static Check passed(String name, String detail) {
    return new Check(name, true, detail);
  }

  static Check failed(String name, String detail) {
    return new Check(name, false, detail);
  }
}
