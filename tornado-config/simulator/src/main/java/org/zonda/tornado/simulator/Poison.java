package org.zonda.tornado.simulator;

/** What fresh memory holds: values that spoil every result they enter. */
final class Poison {
  /** The bits of a NaN that no arithmetic yields. */
  static final int FLOAT = 0x7fadbeef;

  static final long DOUBLE = 0x7ff4deadbeefdeadL;
  static final int INT = 0xdeadbeef;
  static final long LONG = 0xdeadbeefdeadbeefL;

  /** A NaN in half precision. */
  static final short HALF = 0x7dad;

  static final short SHORT = (short) 0xdead;
  static final byte BYTE = (byte) 0xa5;

  private Poison() {}
}
