package org.zonda.bench.picture;

/** What stands where a value is: series are told apart without colours, too. */
enum Mark {
  CIRCLE("M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z"),
  SQUARE("M-4 -4h8v8h-8z"),
  TRIANGLE("M0 -5.5L5 3.5H-5z"),
  DIAMOND("M0 -5.5L5.5 0L0 5.5L-5.5 0z"),
  CROSS("M-5 -1.5h3.5v-3.5h3v3.5h3.5v3h-3.5v3.5h-3v-3.5h-3.5z"),
  POINT("M0 5.5L5 -3.5H-5z");

  private final String path;

  Mark(String path) {
    this.path = path;
  }

  static Mark of(int series) {
    // Colours repeat as often; so that not both do at once, marks move on by one each time.
    return values()[(series + series / values().length) % values().length];
  }

  void draw(Svg svg, double x, double y) {
    svg.element(
        "path", "class", "fill", "d", path, "transform", Svg.path("translate(%s %s)", x, y));
  }
}
