package org.zonda.tornado.simulator;

/** An array of device or local memory. */
public interface Memory {

  /** The number of elements. */
  int getSize();
}
