package org.zonda.runtime.generation;

import java.util.List;

/**
 * Finds stop strings in text that comes in pieces. The first that is complete counts (of two that
 * end together, the longer), so the result does not depend on where the pieces are cut. Text that
 * could be the beginning of a stop string is held back until that is known. One thread.
 */
final class StopStrings {

  private final List<String> stops;

  /** What was not yet let through: the beginning of a stop string, if anything. */
  private final StringBuilder held = new StringBuilder();

  private boolean found;

  StopStrings(List<String> stops) {
    this.stops = stops;
  }

  /**
   * Adds text.
   *
   * @param text the next piece
   * @return the text that certainly is no part of a stop string, possibly empty
   */
  String push(String text) {
    if (found) {
      return "";
    }
    int checked = held.length();
    held.append(text);
    for (int end = checked + 1; end <= held.length(); end++) {
      int longest = longestStopAt(end);
      if (longest > 0) {
        found = true;
        held.setLength(end - longest);
        return release(held.length());
      }
    }
    return release(held.length() - heldBack());
  }

  /**
   * Ends the text.
   *
   * @return what was held back, since no stop string follows any more
   */
  String finish() {
    return release(held.length());
  }

  /**
   * Whether a stop string was there.
   *
   * @return true from then on
   */
  boolean found() {
    return found;
  }

  private String release(int length) {
    String text = held.substring(0, length);
    held.delete(0, length);
    return text;
  }

  private int longestStopAt(int end) {
    int longest = 0;
    for (String stop : stops) {
      if (stop.length() > longest && endsWith(end, stop, stop.length())) {
        longest = stop.length();
      }
    }
    return longest;
  }

  /** The length of the longest end of the text that a stop string begins with. */
  private int heldBack() {
    int longest = 0;
    for (String stop : stops) {
      for (int length = stop.length() - 1; length > longest; length--) {
        if (endsWith(held.length(), stop, length)) {
          longest = length;
        }
      }
    }
    return longest;
  }

  /** Whether the held text up to {@code end} ends with the first characters of a stop string. */
  private boolean endsWith(int end, String stop, int length) {
    if (length > end) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (held.charAt(end - length + i) != stop.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
