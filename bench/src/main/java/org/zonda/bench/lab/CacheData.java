package org.zonda.bench.lab;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.zonda.kernels.Cursor;
import org.zonda.kernels.PassLayout;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * A paged cache of several layers with scattered pages, and passes over it. Whatever holds no key
 * or value of a sequence is not a number, so that no kernel can use it unnoticed.
 */
final class CacheData {

  private static final int LAYERS = 3;

  /** The layer that is used: the cursor's, plus the slot. */
  private static final int CURSOR = 1;

  static final int SLOT = 1;

  final int maxPages;
  final int pages;
  final HalfFloatArray k16;
  final HalfFloatArray v16;
  final FloatArray k32;
  final FloatArray v32;
  private final int kvHeads;
  private final int keyWidth;
  private final int valueWidth;
  private final boolean half;
  private final int sequences;

  /** Physical page of each page of each sequence. */
  private final int[][] tables;

  CacheData(
      Random random,
      int kvHeads,
      int keyWidth,
      int valueWidth,
      boolean half,
      int sequences,
      int maxLength) {
    this.kvHeads = kvHeads;
    this.keyWidth = keyWidth;
    this.valueWidth = valueWidth;
    this.half = half;
    this.sequences = sequences;
    maxPages = Math.ceilDiv(maxLength, PassLayout.PAGE);
    pages = sequences * maxPages + 2;
    int keys = LAYERS * pages * kvHeads * keyWidth * PassLayout.PAGE;
    int values = LAYERS * pages * kvHeads * valueWidth * PassLayout.PAGE;
    k16 = new HalfFloatArray(half ? keys : 1);
    v16 = new HalfFloatArray(half ? values : 1);
    k16.init(new HalfFloat(Float.NaN));
    v16.init(new HalfFloat(Float.NaN));
    k32 = Inputs.floats(half ? 1 : keys, Float.NaN);
    v32 = Inputs.floats(half ? 1 : values, Float.NaN);
    List<Integer> order = new ArrayList<>(IntStream.range(0, pages).boxed().toList());
    Collections.shuffle(order, random);
    tables = new int[sequences][maxPages];
    for (int s = 0; s < sequences; s++) {
      for (int p = 0; p < maxPages; p++) {
        tables[s][p] = order.get(s * maxPages + p);
      }
    }
  }

  /** The array that has the keys. */
  TornadoNativeArray keys() {
    return half ? k16 : k32;
  }

  /** The array that has the values. */
  TornadoNativeArray values() {
    return half ? v16 : v32;
  }

  private int page(int sequence, int position) {
    return (CURSOR + SLOT) * pages + tables[sequence][position / PassLayout.PAGE];
  }

  /** Where an element of a key lies. */
  int keyIndex(int sequence, int position, int kvHead, int element) {
    int row = (page(sequence, position) * kvHeads + kvHead) * keyWidth + element;
    return row * PassLayout.PAGE + position % PassLayout.PAGE;
  }

  /** Where an element of a value lies. */
  int valueIndex(int sequence, int position, int kvHead, int element) {
    int head = page(sequence, position) * kvHeads + kvHead;
    return (head * PassLayout.PAGE + position % PassLayout.PAGE) * valueWidth + element;
  }

  /** Stores a random key of a head; returns it as the cache has it. */
  float[] putKey(Random random, int sequence, int position, int kvHead) {
    float[] key = Inputs.gaussian(random, keyWidth);
    for (int i = 0; i < keyWidth; i++) {
      key[i] = put(k16, k32, keyIndex(sequence, position, kvHead, i), key[i]);
    }
    return key;
  }

  /** Stores a random value of a head; returns it as the cache has it. */
  float[] putValue(Random random, int sequence, int position, int kvHead) {
    float[] value = Inputs.gaussian(random, valueWidth);
    for (int i = 0; i < valueWidth; i++) {
      value[i] = put(v16, v32, valueIndex(sequence, position, kvHead, i), value[i]);
    }
    return value;
  }

  private float put(HalfFloatArray array16, FloatArray array32, int index, float value) {
    if (half) {
      array16.set(index, new HalfFloat(value));
      return Inputs.half(value);
    }
    array32.set(index, value);
    return value;
  }

  /** A cursor whose other layers say something else. */
  IntArray cursor(int window, int rotation) {
    IntArray cursor = new IntArray(Cursor.size(LAYERS));
    cursor.init(1);
    cursor.set(0, CURSOR);
    cursor.set(Cursor.window(CURSOR + SLOT), window);
    cursor.set(Cursor.rotation(CURSOR + SLOT), rotation);
    return cursor;
  }

  /**
   * A pass over it.
   *
   * @param capacity rows that a pass has at most
   * @param rows sequence and position of each row
   */
  IntArray pass(int capacity, List<int[]> rows) {
    IntArray pass = new IntArray(PassLayout.size(capacity, maxPages, sequences));
    pass.init(-1);
    pass.set(PassLayout.ROWS, rows.size());
    int tiles = 0;
    int tile = 0;
    int[] ends = new int[sequences];
    for (int r = 0; r < rows.size(); r++) {
      int sequence = rows.get(r)[0];
      int position = rows.get(r)[1];
      ends[sequence] = position + 1;
      pass.set(PassLayout.sequences(capacity) + r, sequence);
      pass.set(PassLayout.positions(capacity) + r, position);
      boolean goesOn =
          r > 0
              && rows.get(r - 1)[0] == sequence
              && rows.get(r - 1)[1] == position - 1
              && pass.get(tile + 1) < PassLayout.QUERY_TILE;
      if (goesOn) {
        pass.set(tile + 1, pass.get(tile + 1) + 1);
      } else {
        tile = PassLayout.tiles(capacity) + PassLayout.TILE_INTS * tiles;
        tiles++;
        pass.set(tile, r);
        pass.set(tile + 1, 1);
        pass.set(tile + 2, 0);
      }
    }
    pass.set(PassLayout.TILES, tiles);
    for (int r = 0; r < rows.size(); r++) {
      pass.set(PassLayout.ends(capacity) + r, ends[rows.get(r)[0]]);
    }
    for (int s = 0; s < sequences; s++) {
      for (int p = 0; p < maxPages; p++) {
        pass.set(PassLayout.pages(capacity, maxPages, s) + p, tables[s][p]);
      }
    }
    return pass;
  }
}
