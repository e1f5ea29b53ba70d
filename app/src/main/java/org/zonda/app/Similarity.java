package org.zonda.app;

import java.util.Locale;

/** How much two names resemble each other, for "did you mean". */
final class Similarity {

  private Similarity() {}

  /** Whether a typing mistake, or leaving something out, could have made one of the other. */
  static boolean similar(String name, String wanted) {
    String known = name.toLowerCase(Locale.ROOT);
    String typed = wanted.toLowerCase(Locale.ROOT);
    return !typed.isEmpty()
        && (known.contains(typed)
            || typed.contains(known)
            || distance(known, typed) <= Math.max(2, typed.length() / 4));
  }

  /**
   * The number of characters to insert, delete or replace (Levenshtein 1966), regardless of case.
   */
  static int distance(String a, String b) {
    String left = a.toLowerCase(Locale.ROOT);
    String right = b.toLowerCase(Locale.ROOT);
    int[] previous = new int[right.length() + 1];
    int[] current = new int[right.length() + 1];
    for (int j = 0; j <= right.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= left.length(); i++) {
      current[0] = i;
      for (int j = 1; j <= right.length(); j++) {
        int replaced = previous[j - 1] + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
      }
      int[] swap = previous;
      previous = current;
      current = swap;
    }
    return previous[right.length()];
  }
}
