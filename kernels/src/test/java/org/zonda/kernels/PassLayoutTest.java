package org.zonda.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The lists of a pass fill its array without a gap and without meeting. */
class PassLayoutTest {

  @Property(tries = 100)
  void listsFollowEachOther(
      @ForAll @IntRange(min = 1, max = 40) int capacity,
      @ForAll @IntRange(min = 1, max = 9) int maxPages,
      @ForAll @IntRange(min = 1, max = 5) int sequences) {
    int[] owners = new int[PassLayout.size(capacity, maxPages, sequences)];
    claim(owners, 0, PassLayout.HEADER);
    claim(owners, PassLayout.tokens(), capacity);
    claim(owners, PassLayout.positions(capacity), capacity);
    claim(owners, PassLayout.sequences(capacity), capacity);
    claim(owners, PassLayout.wanted(capacity), capacity);
    claim(owners, PassLayout.tiles(capacity), PassLayout.TILE_INTS * capacity);
    claim(owners, PassLayout.ends(capacity), capacity);
    for (int sequence = 0; sequence < sequences; sequence++) {
      claim(owners, PassLayout.pages(capacity, maxPages, sequence), maxPages);
    }
    assertThat(Arrays.stream(owners)).containsOnly(1);
  }

  private static void claim(int[] owners, int from, int count) {
    for (int i = from; i < from + count; i++) {
      owners[i]++;
    }
  }
}
