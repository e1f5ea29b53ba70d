package org.zonda.kernels;

/**
 * How an attention kernel divides its work, in one int argument: how many query heads share a
 * group, into how many parts a sequence is split, how many work-items a group has, and flags.
 */
public final class AttentionPlan {

  /** The cache is F16 ({@code k16}, {@code v16}), not F32 ({@code k32}, {@code v32}). */
  public static final int HALF = 1;

  /** Scores get {@code slope[head] * (key position - query position)} added (Press et al. 2022). */
  public static final int ALIBI = 2;

  /** Every position of the row's sequence is seen, not only the row's own and earlier ones. */
  public static final int ALL = 4;

  /** Most query heads of one group, splits, and (in units of 16) items of a group. */
  public static final int MOST = 127;

  private AttentionPlan() {}

  /**
   * Packs a plan. For the host.
   *
   * @param headsPerGroup query heads of one KV head that one group serves, 1 to {@link #MOST}; a KV
   *     head's query heads take {@link #shares} groups
   * @param splits parts of a sequence that different groups work on, 1 to {@link #MOST}; 1 for
   *     prefill
   * @param items work-items of a group, a multiple of 16
   * @param flags {@link #HALF}, {@link #ALIBI} and {@link #ALL}
   * @return the plan
   */
  public static int of(int headsPerGroup, int splits, int items, int flags) {
    if (headsPerGroup < 1 || headsPerGroup > MOST || splits < 1 || splits > MOST) {
      throw new IllegalArgumentException(
          headsPerGroup + " heads a group, " + splits + " splits: each must be 1 to " + MOST);
    }
    if (items < 16 || items % 16 != 0 || items / 16 > MOST) {
      throw new IllegalArgumentException(
          items + " items a group: must be a multiple of 16, at most " + 16 * MOST);
    }
    return headsPerGroup | splits << 8 | (items / 16) << 16 | flags << 24;
  }

  /** Query heads of one group. */
  public static int headsPerGroup(int plan) {
    return plan & 255;
  }

  /** Parts of a sequence. */
  public static int splits(int plan) {
    return (plan >> 8) & 255;
  }

  /** Work-items of a group. */
  public static int items(int plan) {
    return ((plan >> 16) & 255) * 16;
  }

  /** Whether the cache is F16. */
  public static boolean half(int plan) {
    return ((plan >> 24) & HALF) != 0;
  }

  /** Whether scores are biased by distance. */
  public static boolean alibi(int plan) {
    return ((plan >> 24) & ALIBI) != 0;
  }

  /** Whether later positions are seen too. */
  public static boolean all(int plan) {
    return ((plan >> 24) & ALL) != 0;
  }

  /** Groups that the query heads of one KV head take. */
  public static int shares(int heads, int kvHeads, int headsPerGroup) {
    return (heads / kvHeads + headsPerGroup - 1) / headsPerGroup;
  }
}
