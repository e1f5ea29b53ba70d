package org.zonda.model.tokenizer;

import java.util.Arrays;

/** A growing list of ints without boxing. One thread. */
final class IntList {

  private int[] values = new int[32];
  private int size;

  void add(int value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size * 2);
    }
    values[size++] = value;
  }

  int get(int index) {
    return values[index];
  }

  int size() {
    return size;
  }

  void clear() {
    size = 0;
  }

  void copyTo(int[] target, int offset) {
    System.arraycopy(values, 0, target, offset, size);
  }

  int[] toArray() {
    return Arrays.copyOf(values, size);
  }
}
