package org.zonda.kernels;

import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * How the formats of {@link PackedKernels} lie in its four planes, and how a weight is had from
 * them. A layout is a constant of the compiled kernel, so that only its own steps are in it.
 *
 * <p>{@code low} has the low four bits of the stored integers, or two where there are no more: 8 or
 * 16 columns a word, the first lowest. {@code high} has a further bit of each in the same order, 32
 * columns a word. {@code d} has a half float a block of 32 or 256 columns: the scale; with a
 * minimum two. {@code s} has what else the scales are made of, block after block without gaps.
 *
 * <table border="1">
 * <caption>The layouts; q is the stored integer</caption>
 * <tr><th>Layout</th><th>Bits</th><th>Block</th><th>s, a block</th><th>Value</th></tr>
 * <tr><td>Q4_1</td><td>4</td><td>32</td><td></td><td>d[0] * q + d[1]</td></tr>
 * <tr><td>Q5_0</td><td>4 + 1</td><td>32</td><td></td><td>d * (q - 16)</td></tr>
 * <tr><td>Q5_1</td><td>4 + 1</td><td>32</td><td></td><td>d[0] * q + d[1]</td></tr>
 * <tr><td>Q2_K</td><td>2</td><td>256</td><td>numbers of four bits: a scale a for each 16 columns,
 *     then a minimum b for each</td><td>d[0] * a * q - d[1] * b</td></tr>
 * <tr><td>Q3_K</td><td>2 + 1</td><td>256</td><td>numbers of six bits: a scale a for each 16
 *     columns</td><td>d * (a - 32) * (q - 4)</td></tr>
 * <tr><td>Q5_K</td><td>4 + 1</td><td>256</td><td>numbers of six bits: a scale a for each 32
 *     columns, then a minimum b for each</td><td>d[0] * a * q - d[1] * b</td></tr>
 * <tr><td>IQ4_NL</td><td>4</td><td>32</td><td></td><td>d * uneven[q]</td></tr>
 * <tr><td>IQ4_XS</td><td>4</td><td>256</td><td>numbers of six bits: a scale a for each 32
 *     columns</td><td>d * (a - 32) * uneven[q]</td></tr>
 * <tr><td>MXFP4</td><td>4</td><td>32</td><td>a byte, the exponent e</td><td>2^(e - 128) * (twice
 *     the float q)</td></tr>
 * </table>
 *
 * <p>Numbers of six bits are stored as the low four bits of all of a block, then the high two of
 * all. What the formats differ in is mostly arithmetic with parts of the layout rather than
 * branches: TornadoVM inlines helpers before it knows their constants, and refuses long ones.
 */
public final class PackedLayout {

  /** There is a high plane. */
  private static final int HIGH_BIT = 1;

  /** {@code d} has two numbers a block, and {@code s} minima where it has scales. */
  static final int MINIMUM = 1 << 1;

  /** The numbers in {@code s} have six bits, not four. */
  private static final int SIX_BITS = 1 << 2;

  /** {@code s} has exponents; there is no {@code d}. */
  private static final int EXPONENT = 1 << 3;

  /** The stored integers choose from a code book: the uneven one. */
  private static final int UNEVEN = 1 << 4;

  /** They choose from the code book of floats. */
  private static final int FLOATS = 1 << 5;

  /** Where the layout has the bits of each number in the low plane, 2 or 4, as a power of two. */
  private static final int LOW_SHIFT = 8;

  /** Where it has the columns of a block by 32, 1 or 8, as a power of two. */
  private static final int BLOCK_SHIFT = 11;

  /** Where it has the numbers that a block has in {@code s} by 8: 0 to 4. */
  private static final int NUMBERS_SHIFT = 15;

  /** Where it has what is subtracted from each integer or entry of a code book: 0 to 128. */
  private static final int OFFSET_SHIFT = 18;

  private static final int TWO_LOW = 1 << LOW_SHIFT;
  private static final int FOUR_LOW = 2 << LOW_SHIFT;
  private static final int BLOCK_OF_256 = 3 << BLOCK_SHIFT;

  /** 4 bits; a scale and a minimum for 32 columns. */
  public static final int Q4_1 = FOUR_LOW | MINIMUM;

  /** 5 bits; a scale for 32 columns. */
  public static final int Q5_0 = FOUR_LOW | HIGH_BIT | 16 << OFFSET_SHIFT;

  /** 5 bits; a scale and a minimum for 32 columns. */
  public static final int Q5_1 = FOUR_LOW | HIGH_BIT | MINIMUM;

  /** 2 bits; a scale and a minimum for 16 columns. */
  public static final int Q2_K = BLOCK_OF_256 | TWO_LOW | MINIMUM | 4 << NUMBERS_SHIFT;

  /** 3 bits; a scale for 16 columns. */
  public static final int Q3_K =
      BLOCK_OF_256 | TWO_LOW | HIGH_BIT | 2 << NUMBERS_SHIFT | SIX_BITS | 4 << OFFSET_SHIFT;

  /** 5 bits; a scale and a minimum for 32 columns. */
  public static final int Q5_K =
      BLOCK_OF_256 | FOUR_LOW | HIGH_BIT | MINIMUM | 2 << NUMBERS_SHIFT | SIX_BITS;

  /** 4 bits that choose from a code book; a scale for 32 columns. */
  public static final int IQ4_NL = FOUR_LOW | UNEVEN | 128 << OFFSET_SHIFT;

  /** 4 bits that choose from a code book; a scale for 32 columns. */
  public static final int IQ4_XS =
      BLOCK_OF_256 | FOUR_LOW | UNEVEN | 1 << NUMBERS_SHIFT | SIX_BITS | 128 << OFFSET_SHIFT;

  /** Floats of 4 bits; a power of two for 32 columns. */
  public static final int MXFP4 = FOUR_LOW | FLOATS | EXPONENT | 12 << OFFSET_SHIFT;

  private PackedLayout() {}

  /** Columns of a word of the low plane, as a power of two; so are the numbers that follow. */
  static int perWord(int layout) {
    return 5 - low(layout);
  }

  private static int low(int layout) {
    return (layout >> LOW_SHIFT) & 7;
  }

  private static int wordsPerBlock(int layout) {
    return ((layout >> BLOCK_SHIFT) & 15) + low(layout);
  }

  /** Words of the low plane with the same scale: 32 columns of four bits, 16 of two. */
  private static int wordsPerGroup(int layout) {
    return 2 * low(layout) - 2;
  }

  /** The high bits that go with a word of the low plane, from the lowest bit on. */
  static int highs(int layout, IntArray high, int word) {
    int bits = 0;
    if ((layout & HIGH_BIT) != 0) {
      int place = word & ((1 << low(layout)) - 1);
      bits = high.get(word >> low(layout)) >> (place << perWord(layout));
    }
    return bits;
  }

  /** Number n of a word of the low plane with its high bits. */
  static float number(int layout, int lows, int highs, int n) {
    int bits = 1 << low(layout);
    int number = (lows >> (bits * n)) & ((1 << bits) - 1);
    number = number + (((highs >> n) & 1) << bits);
    if ((layout & (UNEVEN | FLOATS)) != 0) {
      number = choose(layout, number);
    }
    return number - (float) (layout >> OFFSET_SHIFT);
  }

  /**
   * An entry of a code book, plus the layout's offset: bytes, the first lowest. The uneven one:
   * -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113. That of floats: twice
   * 0, 0.5, 1, 1.5, 2, 3, 4, 6, then their negatives.
   */
  private static int choose(int layout, int code) {
    long book = 0x766a5d4f3f2d1801L;
    long upper = 0xf1d9c5b5a6998d81L;
    if ((layout & FLOATS) != 0) {
      book = 0x181412100f0e0d0cL;
      upper = 0x00040608090a0b0cL;
    }
    if (code > 7) {
      book = upper;
    }
    return (int) (book >> (8 * (code & 7))) & 255;
  }

  /** 2 where the layout has a {@link #MINIMUM}, else 1. */
  static int factors(int layout) {
    return 1 + ((layout & MINIMUM) >> 1);
  }

  /**
   * Factor 0 is what the numbers of a word of the low plane are multiplied with; factor 1 is then
   * added to each.
   */
  static float factor(int layout, IntArray s, HalfFloatArray d, int word, int which) {
    int block = word >> wordsPerBlock(layout);
    float factor = 0f;
    if ((layout & EXPONENT) != 0) {
      factor = power(s.get(block >> 2) >> (8 * (block & 3)));
    }
    if ((layout & EXPONENT) == 0) {
      factor = d.get(block * factors(layout) + which).getFloat32();
    }
    int numbers = 8 * ((layout >> NUMBERS_SHIFT) & 7);
    if (numbers != 0) {
      int group = (word & ((1 << wordsPerBlock(layout)) - 1)) >> wordsPerGroup(layout);
      float stored = stored(layout, s, block, numbers, group + which * (numbers >> 1));
      if ((layout & MINIMUM) == 0) {
        stored = stored - 32f;
      }
      factor = factor * stored * (1f - 2f * which);
    }
    return factor;
  }

  /**
   * Number n of so many that a block has in {@code s}. A block takes some whole words and nibbles
   * beyond, which are counted apart so that nothing overflows.
   */
  private static int stored(int layout, IntArray s, int block, int numbers, int n) {
    int nibbles = numbers;
    if ((layout & SIX_BITS) != 0) {
      nibbles = numbers + (numbers >> 1);
    }
    int words = (nibbles >> 3) * block;
    int beyond = (nibbles & 7) * block;
    int at = beyond + n;
    int stored = (s.get(words + (at >> 3)) >> (4 * (at & 7))) & 15;
    if ((layout & SIX_BITS) != 0) {
      at = 2 * (beyond + numbers) + n;
      stored = stored + 16 * ((s.get(words + (at >> 4)) >> (2 * (at & 15))) & 3);
    }
    return stored;
  }

  /**
   * 2^(e - 128), e being the lowest byte: its low four bits shift a one, and each other multiplies
   * or does not. Each step is exact; 1 + 2^32 is 2^32, being a float. What is in between is no
   * subnormal number.
   */
  private static float power(int bits) {
    float power = (1 << (bits & 15)) * 0x1p-64f;
    power = power * (1f + ((bits >> 4) & 1) * 65535f);
    power = power * (1f + ((bits >> 5) & 1) * 0x1p32f);
    power = power * (1f + ((bits >> 6) & 1) * 0x1p64f);
    return power * (0x1p-64f + ((bits >> 7) & 1) * 0x1p64f);
  }
}
