package org.zonda.model.template;

import java.util.Arrays;

/** Puts a text together, at the expense of a budget. One thread. */
final class TextBuilder {

  private static final int FIRST_SIZE = 32;

  private final Budget budget;
  private int[] points = new int[FIRST_SIZE];
  private int size;

  TextBuilder(Budget budget) {
    this.budget = budget;
  }

  TextBuilder append(Text text) {
    reserve(text.length());
    for (int i = 0; i < text.length(); i++) {
      points[size++] = text.marked(i);
    }
    return this;
  }

  /** The template's own words. */
  TextBuilder append(String text) {
    return append(Text.of(text));
  }

  /** One code point, with its mark. */
  TextBuilder append(int marked) {
    reserve(1);
    points[size++] = marked;
    return this;
  }

  /** A string in place of a character, whose mark it takes over. */
  TextBuilder append(String text, int marked) {
    text.codePoints().forEach(point -> append(Text.mark(point, marked)));
    return this;
  }

  private void reserve(int length) {
    budget.text(length);
    if (size + length > points.length) {
      points = Arrays.copyOf(points, Math.max(size + length, points.length * 2));
    }
  }

  int length() {
    return size;
  }

  Text build() {
    return Text.ofMarked(Arrays.copyOf(points, size));
  }
}
