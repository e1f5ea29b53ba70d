package org.zonda.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostMemoryTest {

  /** That all of it was read is checked in each pass; three threads do not divide the memory. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void readsAllOfItInEveryPass(int threads) {
    Spread speed = HostMemory.readSpeed(threads, 10 << 20, 4);

    assertThat(speed.values()).hasSize(4);
    // From a floppy disk's to beyond any cache's.
    assertThat(speed.min()).isBetween(1e6, 1e13);
  }
}
