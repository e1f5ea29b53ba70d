package org.zonda.bench.peers;

/**
 * One thing that was measured once.
 *
 * @param round from 1; in each round every engine has its turn
 * @param file the model's, without its folder
 * @param engine whose
 * @param test what, such as {@code pp512}, {@code tg32 @ 2048} or {@code peak memory}
 * @param column what it stands below in the table: the test without the length of a prompt, which
 *     may differ between engines
 * @param unit such as {@code tokens/s}
 * @param value in that unit
 */
record PeerRow(
    int round, String file, String engine, String test, String column, String unit, double value) {

  static final String SPEED = "tokens/s";
  static final String PEAK = "peak memory";

  boolean isSpeed() {
    return unit.equals(SPEED);
  }
}
