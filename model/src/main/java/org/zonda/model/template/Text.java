package org.zonda.model.template;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.zonda.model.template.Rendering.Part;

/**
 * A string as Python has it, a sequence of code points. Each remembers whether it came from an
 * {@link Untrusted} value, through whatever the template does with it; comparisons do not see that.
 */
final class Text implements Comparable<Text> {

  static final Text EMPTY = new Text(new int[0]);

  private static final int UNTRUSTED = 1 << 30;

  private final int[] points;
  private int hash;

  private Text(int[] points) {
    this.points = points;
  }

  /** The template's own words. */
  static Text of(String text) {
    return text.isEmpty() ? EMPTY : new Text(text.codePoints().toArray());
  }

  /** A user's words. */
  static Text untrusted(String text) {
    return text.isEmpty() ? EMPTY : new Text(text.codePoints().map(c -> c | UNTRUSTED).toArray());
  }

  /** Takes over marked code points, see {@link #marked}. */
  static Text ofMarked(int[] marked) {
    return marked.length == 0 ? EMPTY : new Text(marked);
  }

  /** A code point with the mark of another. */
  static int mark(int codePoint, int marked) {
    return codePoint | marked & UNTRUSTED;
  }

  static int unmark(int marked) {
    return marked & ~UNTRUSTED;
  }

  int length() {
    return points.length;
  }

  boolean isEmpty() {
    return points.length == 0;
  }

  /** The code point at an index. */
  int at(int index) {
    return points[index] & ~UNTRUSTED;
  }

  /** The code point at an index, with its mark. */
  int marked(int index) {
    return points[index];
  }

  /** All code points with their marks; a copy. */
  int[] marked() {
    return points.clone();
  }

  Text slice(int from, int to) {
    return from >= to
        ? EMPTY
        : from == 0 && to == points.length ? this : new Text(Arrays.copyOfRange(points, from, to));
  }

  /** The one character at an index. */
  Text character(int index) {
    return slice(index, index + 1);
  }

  Text plus(Text other) {
    if (isEmpty()) {
      return other;
    }
    int[] joined = Arrays.copyOf(points, points.length + other.points.length);
    System.arraycopy(other.points, 0, joined, points.length, other.points.length);
    return ofMarked(joined);
  }

  boolean matches(Text part, int index) {
    if (index < 0 || index + part.points.length > points.length) {
      return false;
    }
    for (int i = 0; i < part.points.length; i++) {
      if (at(index + i) != part.at(i)) {
        return false;
      }
    }
    return true;
  }

  boolean contains(Text part) {
    return indexOf(part, 0, length()) >= 0;
  }

  /**
   * The first place of a part that lies within a range, or -1; in linear time (Knuth, Morris,
   * Pratt).
   */
  int indexOf(Text part, int from, int to) {
    int size = part.length();
    if (size == 0) {
      return from <= to ? from : -1;
    }
    int[] borders = null;
    int matched = 0;
    for (int i = from; i < to; i++) {
      while (matched > 0 && at(i) != part.at(matched)) {
        borders = borders == null ? part.borders() : borders;
        matched = borders[matched - 1];
      }
      if (at(i) == part.at(matched)) {
        matched++;
      }
      if (matched == size) {
        return i - size + 1;
      }
    }
    return -1;
  }

  /** The last place of a part that lies within a range, or -1. */
  int lastIndexOf(Text part, int from, int to) {
    int place = reversed().indexOf(part.reversed(), length() - to, length() - from);
    return place < 0 ? -1 : length() - place - part.length();
  }

  /** For each beginning, the length of the longest proper beginning of it that is its end too. */
  private int[] borders() {
    int[] borders = new int[points.length];
    int border = 0;
    for (int i = 1; i < points.length; i++) {
      while (border > 0 && at(i) != at(border)) {
        border = borders[border - 1];
      }
      if (at(i) == at(border)) {
        border++;
      }
      borders[i] = border;
    }
    return borders;
  }

  Text reversed() {
    int[] reversed = new int[points.length];
    for (int i = 0; i < points.length; i++) {
      reversed[i] = points[points.length - 1 - i];
    }
    return ofMarked(reversed);
  }

  /** Neighbouring characters of one kind, together. */
  List<Part> parts() {
    List<Part> parts = new ArrayList<>();
    int start = 0;
    for (int i = 1; i <= points.length; i++) {
      if (i == points.length || ((points[i] ^ points[start]) & UNTRUSTED) != 0) {
        parts.add(new Part(slice(start, i).toString(), (points[start] & UNTRUSTED) == 0));
        start = i;
      }
    }
    return parts;
  }

  @Override
  public int compareTo(Text other) {
    int common = Math.min(points.length, other.points.length);
    for (int i = 0; i < common; i++) {
      if (at(i) != other.at(i)) {
        return Integer.compare(at(i), other.at(i));
      }
    }
    return Integer.compare(points.length, other.points.length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Text text && text.points.length == points.length && matches(text, 0);
  }

  @Override
  public int hashCode() {
    if (hash == 0) {
      int value = 1;
      for (int point : points) {
        value = 31 * value + (point & ~UNTRUSTED);
      }
      hash = value;
    }
    return hash;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(points.length);
    for (int point : points) {
      text.appendCodePoint(point & ~UNTRUSTED);
    }
    return text.toString();
  }
}
