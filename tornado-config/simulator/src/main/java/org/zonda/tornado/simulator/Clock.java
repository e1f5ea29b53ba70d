package org.zonda.tornado.simulator;

/**
 * The device's time, and which work-item runs. One launch runs at a time, on one thread; these are
 * static because each access to memory asks for them.
 */
final class Clock {
  /** The current barrier interval; it is never 0 during a launch and never comes back. */
  static long interval;

  /** The current group's first interval. */
  static long groupStart;

  /** The current launch's first interval. */
  static long launchStart;

  /** The interval and the current item, as {@link Shadow} packs them. */
  static long stamp;

  private Clock() {}

  static void beginLaunch() {
    interval++;
    launchStart = interval;
    groupStart = interval;
  }

  static void beginGroup() {
    interval++;
    groupStart = interval;
  }

  static void barrier() {
    interval++;
  }

  static void beginItem(int item) {
    stamp = Shadow.stamp(interval, item);
  }
}
