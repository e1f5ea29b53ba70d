package org.zonda.model.template;

/**
 * What a template may use before it is stopped.
 *
 * @param steps expressions and statements that are executed; long texts and lists count as several
 * @param memory cells that all values together take which are made meanwhile: one for each
 *     character of a text, eight for each element of a list or map; a cell is four bytes
 * @param output characters of what is rendered
 * @param depth expressions, statements and macros within one another
 */
public record Limits(long steps, long memory, int output, int depth) {

  /** Far more than any template needs for a context of a million tokens: at most 256 MiB. */
  public static final Limits DEFAULT = new Limits(10_000_000, 64L << 20, 16 << 20, 600);

  /** The longest range, as in Jinja2's sandbox. */
  static final int RANGE = 100_000;

  /** Expressions and statements within one another, in the source. */
  static final int NESTING = 100;
}
