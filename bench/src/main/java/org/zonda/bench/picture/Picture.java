package org.zonda.bench.picture;

/**
 * A picture of figures. It never shows what it does not also tell: {@link #table} has the same
 * figures for those who cannot see it or want to copy them.
 */
public sealed interface Picture permits BarChart, Curves, Roofline {

  /**
   * What is shown, with its unit.
   *
   * @return a few words
   */
  String title();

  /**
   * What stands below the title, such as which direction is better.
   *
   * @return a sentence or a few words; may be empty
   */
  String note();

  /**
   * The picture by itself: an SVG file that needs no other, in light or dark as its reader wants
   * it. It can also stand in a page as it is. Text is escaped, whatever it holds.
   *
   * @return an SVG element with its style
   */
  String toSvg();

  /**
   * The figures that are drawn, and those that are not since they are no claim.
   *
   * @return a table
   */
  Table table();
}
