package org.zonda.kernels;

import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * How the formats of {@link PackedKernels} lie in its four planes, and how a number is had from
 * them. A layout is a constant of the compiled kernel, so that only its own steps are in it.
 *
 * <p>{@code low} has the low four bits of the stored integers, or two where there are no more: 8 or
 * 16 columns a word, the first lowest. {@code high} has a further bit of each in the same order, 32
 * columns a word. {@code d} has a half float a block of 32 or 256 columns: the scale; with a
 * minimum two. {@code s} has what else the scales are made of, as bytes in words, low byte first.
 *
 * <table border="1">
 * <caption>The layouts; q is the stored integer</caption>
 * <tr><th>Layout</th><th>Bits</th><th>Block</th><th>s, a block</th><th>Value</th></tr>
 * <tr><td>Q4_1</td><td>4</td><td>32</td><td></td><td>d[0] * q + d[1]</td></tr>
 * <tr><td>Q5_0</td><td>4 + 1</td><td>32</td><td></td><td>d * (q - 16)</td></tr>
 * <tr><td>Q5_1</td><td>4 + 1</td><td>32</td><td></td><td>d[0] * q + d[1]</td></tr>
 * <tr><td>Q2_K</td><td>2</td><td>256</td><td>16 bytes: for each 16 columns a scale a below and a
 *     minimum b above</td><td>d[0] * a * q - d[1] * b</td></tr>
 * <tr><td>Q3_K</td><td>2 + 1</td><td>256</td><td>16 numbers of six bits, a scale a for each 16
 *     columns</td><td>d * (a - 32) * (q - 4)</td></tr>
 * <tr><td>Q5_K</td><td>4 + 1</td><td>256</td><td>16 numbers of six bits: for each 32 columns a
 *     scale a, then for each a minimum b</td><td>d[0] * a * q - d[1] * b</td></tr>
 * <tr><td>IQ4_NL</td><td>4</td><td>32</td><td></td><td>d * uneven[q]</td></tr>
 * <tr><td>IQ4_XS</td><td>4</td><td>256</td><td>8 numbers of six bits, a scale a for each 32
 *     columns</td><td>d * (a - 32) * uneven[q]</td></tr>
 * <tr><td>MXFP4</td><td>4</td><td>32</td><td>a byte, the exponent e</td><td>2^(e - 128) *
 *     floats[q]</td></tr>
 * </table>
 *
 * <p>Numbers of six bits are stored as the low four bits of all, then the high two of all.
 */
public final class PackedLayout {

  /** The low plane has two bits of each number, not four. */
  private static final int TWO_BITS = 1;

  /** There is a high plane. */
  private static final int HIGH_BIT = 1 << 1;

  /** {@code d} has two numbers a block. */
  static final int MINIMUM = 1 << 2;

  /** Blocks of 256, with 16 bytes in {@code s}. */
  private static final int FOUR_BIT_SCALES = 1 << 3;

  /** Blocks of 256, with 16 numbers of six bits in {@code s}. */
  private static final int SIX_BIT_SCALES = 1 << 4;

  /** Blocks of 256, with 8 numbers of six bits in {@code s}. */
  private static final int EIGHT_SCALES = 1 << 5;

  /** {@code s} has exponents; there is no {@code d}. */
  private static final int EXPONENT = 1 << 6;

  /** Numbers are of the uneven code book. */
  private static final int UNEVEN = 1 << 7;

  /** Numbers are of the code book of floats. */
  private static final int FLOATS = 1 << 8;

  /** Where the layout has what is subtracted from the numbers. */
  private static final int OFFSET_SHIFT = 16;

  /** The uneven numbers -127, -104, -83, -65, -49, -35, -22, -10, 1 ... 113, each plus this. */
  private static final int UNEVEN_OFFSET = 128;

  /** Twice the floats 0, 0.5, 1, 1.5, 2, 3, 4, 6 and their negatives, each plus this. */
  private static final int FLOATS_OFFSET = 12;

  /** Blocks of 32 with a scale and a minimum; 4 bits. */
  public static final int Q4_1 = MINIMUM;

  /** Blocks of 32 with a scale; 5 bits. */
  public static final int Q5_0 = HIGH_BIT | 16 << OFFSET_SHIFT;

  /** Blocks of 32 with a scale and a minimum; 5 bits. */
  public static final int Q5_1 = HIGH_BIT | MINIMUM;

  /** Blocks of 256 with 16 scales and minima; 2 bits. */
  public static final int Q2_K = TWO_BITS | MINIMUM | FOUR_BIT_SCALES;

  /** Blocks of 256 with 16 scales; 3 bits. */
  public static final int Q3_K = TWO_BITS | HIGH_BIT | SIX_BIT_SCALES | 4 << OFFSET_SHIFT;

  /** Blocks of 256 with 8 scales and minima; 5 bits. */
  public static final int Q5_K = HIGH_BIT | MINIMUM | SIX_BIT_SCALES;

  /** Blocks of 32 with a scale; 4 bits that choose from a code book. */
  public static final int IQ4_NL = UNEVEN | UNEVEN_OFFSET << OFFSET_SHIFT;

  /** Blocks of 256 with 8 scales; 4 bits that choose from a code book. */
  public static final int IQ4_XS = UNEVEN | EIGHT_SCALES | UNEVEN_OFFSET << OFFSET_SHIFT;

  /** Blocks of 32 with a power of two; floats of 4 bits. */
  public static final int MXFP4 = FLOATS | EXPONENT | FLOATS_OFFSET << OFFSET_SHIFT;

  private PackedLayout() {}

  /** Columns of a word of the low plane. */
  static int perWord(int layout) {
    int columns = 8;
    if ((layout & TWO_BITS) != 0) {
      columns = 16;
    }
    return columns;
  }

  /** Words of the low plane that share a scale. */
  private static int wordsPerGroup(int layout) {
    int words = 4;
    if ((layout & TWO_BITS) != 0) {
      words = 1;
    }
    return words;
  }

  /** Words of the low plane for a block. */
  private static int wordsPerBlock(int layout) {
    int columns = 32;
    if ((layout & (FOUR_BIT_SCALES | SIX_BIT_SCALES | EIGHT_SCALES)) != 0) {
      columns = 256;
    }
    return columns / perWord(layout);
  }

  /** The high bits that go with a word of the low plane, from the lowest bit on. */
  static int highs(int layout, IntArray high, int word) {
    int bits = 0;
    if ((layout & HIGH_BIT) != 0) {
      int perWord = perWord(layout);
      int words = 32 / perWord;
      bits = high.get(word / words) >> (perWord * (word % words));
    }
    return bits;
  }

  /** Number n of a word of the low plane with its high bits. */
  static float number(int layout, int lows, int highs, int n) {
    int number = 0;
    if ((layout & TWO_BITS) != 0) {
      number = (lows >> (2 * n)) & 3;
      if ((layout & HIGH_BIT) != 0) {
        number = number + 4 * ((highs >> n) & 1);
      }
    }
    if ((layout & TWO_BITS) == 0) {
      number = (lows >> (4 * n)) & 15;
      if ((layout & HIGH_BIT) != 0) {
        number = number + 16 * ((highs >> n) & 1);
      }
    }
    if ((layout & UNEVEN) != 0) {
      number = choose(number, 0x3f2d1801, 0x766a5d4f, 0xa6998d81, 0xf1d9c5b5);
    }
    if ((layout & FLOATS) != 0) {
      number = choose(number, 0x0f0e0d0c, 0x18141210, 0x090a0b0c, 0x00040608);
    }
    return number - (float) (layout >> OFFSET_SHIFT);
  }

  /** One of 16 bytes, the first lowest in the first word. */
  private static int choose(int code, int first, int second, int third, int fourth) {
    int word = first;
    if (code > 3) {
      word = second;
    }
    if (code > 7) {
      word = third;
    }
    if (code > 11) {
      word = fourth;
    }
    return (word >> (8 * (code & 3))) & 255;
  }

  /** What the numbers of a word of the low plane are multiplied with. */
  static float scale(int layout, IntArray s, HalfFloatArray d, int word) {
    int block = word / wordsPerBlock(layout);
    int group = word % wordsPerBlock(layout) / wordsPerGroup(layout);
    float scale = 0f;
    if ((layout & EXPONENT) != 0) {
      scale = power(s.get(block / 4) >> (8 * (block % 4)));
    }
    if ((layout & EXPONENT) == 0) {
      int at = block;
      if ((layout & MINIMUM) != 0) {
        at = 2 * block;
      }
      scale = d.get(at).getFloat32();
    }
    if ((layout & FOUR_BIT_SCALES) != 0) {
      scale = scale * ((s.get(4 * block + group / 4) >> (8 * (group % 4))) & 15);
    }
    if ((layout & SIX_BIT_SCALES) != 0) {
      float factor = sixBits(s, block, group);
      if ((layout & MINIMUM) == 0) {
        factor = factor - 32f;
      }
      scale = scale * factor;
    }
    if ((layout & EIGHT_SCALES) != 0) {
      int low = 12 * block + group;
      int high = 24 * block + 16 + group;
      int lows = (s.get(low / 8) >> (4 * (low % 8))) & 15;
      int highs = (s.get(high / 16) >> (2 * (high % 16))) & 3;
      scale = scale * ((lows + 16 * highs) - 32f);
    }
    return scale;
  }

  /** What is then added to each, where the layout has a {@link #MINIMUM}. */
  static float minimum(int layout, IntArray s, HalfFloatArray d, int word) {
    int block = word / wordsPerBlock(layout);
    int group = word % wordsPerBlock(layout) / wordsPerGroup(layout);
    float minimum = d.get(2 * block + 1).getFloat32();
    if ((layout & FOUR_BIT_SCALES) != 0) {
      float factor = (s.get(4 * block + group / 4) >> (8 * (group % 4) + 4)) & 15;
      minimum = -minimum * factor;
    }
    if ((layout & SIX_BIT_SCALES) != 0) {
      minimum = -minimum * sixBits(s, block, 8 + group);
    }
    return minimum;
  }

  /** Number n of the 16 numbers of six bits of a block. */
  private static float sixBits(IntArray s, int block, int n) {
    int low = (s.get(3 * block + n / 8) >> (4 * (n % 8))) & 15;
    int high = (s.get(3 * block + 2) >> (2 * n)) & 3;
    return low + 16 * high;
  }

  /**
   * 2^(e - 128), e being the lowest byte. The low four bits of e shift a one; the others multiply,
   * in an order that comes near the subnormal numbers only where the result does.
   */
  private static float power(int bits) {
    float power = (1 << (bits & 15)) * 0x1p-64f;
    if ((bits & 16) != 0) {
      power = power * 0x1p16f;
    }
    if ((bits & 32) != 0) {
      power = power * 0x1p32f;
    }
    if ((bits & 64) != 0) {
      power = power * 0x1p64f;
    }
    float rest = 0x1p-64f;
    if ((bits & 128) != 0) {
      rest = 0x1p64f;
    }
    return power * rest;
  }
}
