package org.zonda.tornado.simulator;

import java.lang.reflect.Array;

/** An array of local memory: the items of a group share it. Groups use it one after another. */
final class LocalArray implements Memory {
  private final int site;
  private final Object array;
  private final int size;

  /** Null where accesses are not watched. */
  final Shadow shadow;

  LocalArray(int site, Object array, boolean watched) {
    this.site = site;
    this.array = array;
    this.size = Array.getLength(array);
    this.shadow = watched ? Shadow.ofLocal(this, size) : null;
  }

  /** The number of the place in the kernel that allocates it. */
  int site() {
    return site;
  }

  /** The Java array that the kernel holds. */
  Object array() {
    return array;
  }

  @Override
  public int getSize() {
    return size;
  }
}
