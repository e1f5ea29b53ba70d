package org.zonda.kernels;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * A paged cache of several layers with scattered pages, and passes over it. Whatever holds no key
 * or value of a sequence is not a number, so that nobody can use it unnoticed.
 */
final class CacheFixture {

  static final int LAYERS = 3;

  /** The layer that is used: the cursor's, plus the slot. */
  static final int CURSOR = 1;

  static final int SLOT = 1;

  final int kvHeads;
  final int keyWidth;
  final int valueWidth;
  final boolean half;
  final int maxPages;
  final int pages;
  final int sequences;
  final HalfFloatArray k16;
  final HalfFloatArray v16;
  final FloatArray k32;
  final FloatArray v32;

  /** Physical page of each page of each sequence. */
  final int[][] tables;

  CacheFixture(
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
    maxPages = (maxLength + PassLayout.PAGE - 1) / PassLayout.PAGE;
    pages = sequences * maxPages + 2;
    int keys = LAYERS * pages * kvHeads * keyWidth * PassLayout.PAGE;
    int values = LAYERS * pages * kvHeads * valueWidth * PassLayout.PAGE;
    k16 = new HalfFloatArray(half ? keys : 1);
    v16 = new HalfFloatArray(half ? values : 1);
    k32 = new FloatArray(half ? 1 : keys);
    v32 = new FloatArray(half ? 1 : values);
    k16.init(new HalfFloat(Float.NaN));
    v16.init(new HalfFloat(Float.NaN));
    k32.init(Float.NaN);
    v32.init(Float.NaN);
    List<Integer> order = new ArrayList<>();
    for (int page = 0; page < pages; page++) {
      order.add(page);
    }
    Collections.shuffle(order, random);
    tables = new int[sequences][maxPages];
    for (int s = 0; s < sequences; s++) {
      for (int p = 0; p < maxPages; p++) {
        tables[s][p] = order.get(s * maxPages + p);
      }
    }
  }

  private int page(int sequence, int position) {
    return (CURSOR + SLOT) * pages + tables[sequence][position / PassLayout.PAGE];
  }

  int keyIndex(int sequence, int position, int kvHead, int element) {
    int row = (page(sequence, position) * kvHeads + kvHead) * keyWidth + element;
    return row * PassLayout.PAGE + position % PassLayout.PAGE;
  }

  int valueIndex(int sequence, int position, int kvHead, int element) {
    int head = page(sequence, position) * kvHeads + kvHead;
    return (head * PassLayout.PAGE + position % PassLayout.PAGE) * valueWidth + element;
  }

  /** Stores a position's key of a head; returns it as the cache has it. */
  float[] putKey(int sequence, int position, int kvHead, float[] key) {
    float[] stored = new float[keyWidth];
    for (int i = 0; i < keyWidth; i++) {
      stored[i] = put(k16, k32, keyIndex(sequence, position, kvHead, i), key[i]);
    }
    return stored;
  }

  /** Stores a position's value of a head; returns it as the cache has it. */
  float[] putValue(int sequence, int position, int kvHead, float[] value) {
    float[] stored = new float[valueWidth];
    for (int i = 0; i < valueWidth; i++) {
      stored[i] = put(v16, v32, valueIndex(sequence, position, kvHead, i), value[i]);
    }
    return stored;
  }

  private float put(HalfFloatArray array16, FloatArray array32, int index, float value) {
    if (half) {
      array16.set(index, new HalfFloat(value));
      return Float.float16ToFloat(Float.floatToFloat16(value));
    }
    array32.set(index, value);
    return value;
  }

  float key(int sequence, int position, int kvHead, int element) {
    int index = keyIndex(sequence, position, kvHead, element);
    return half ? k16.get(index).getFloat32() : k32.get(index);
  }

  float value(int sequence, int position, int kvHead, int element) {
    int index = valueIndex(sequence, position, kvHead, element);
    return half ? v16.get(index).getFloat32() : v32.get(index);
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
    for (int r = 0; r < rows.size(); r++) {
      int sequence = rows.get(r)[0];
      int position = rows.get(r)[1];
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
    int[] ends = new int[sequences];
    rows.forEach(row -> ends[row[0]] = row[1] + 1);
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
