package org.zonda.bench.picture;

/** Writes an SVG element. Numbers are coordinates; everything else is escaped. */
final class Svg {

  /** Every picture is as wide. */
  static final double WIDTH = 920;

  /** Letters are as large as those of a page. */
  static final double SIZE = 14;

  /** Letters beside axes and of remarks. */
  static final double SMALL = 12;

  /** Where the picture begins below title and note. */
  static final double HEAD = 62;

  private static final double TITLE = 16;

  private final StringBuilder text = new StringBuilder();

  /**
   * Begins a picture with its title.
   *
   * @param picture whose title and note it is
   * @param description what a reader who cannot see it should know besides
   * @param height in pixels, with the head
   */
  Svg(Picture picture, String description, double height) {
    String width = Figures.coordinate(WIDTH);
    open(
        "svg",
        "xmlns",
        "http://www.w3.org/2000/svg",
        "class",
        "picture",
        "role",
        "img",
        "width",
        width,
        "height",
        height,
        "viewBox",
        "0 0 " + width + " " + Figures.coordinate(height));
    told("title", picture.title());
    told("desc", description);
    text.append("<style>\n").append(Style.PICTURE).append("</style>\n");
    element("rect", "class", "paper", "width", WIDTH, "height", height);
    text(0, 22, "title", Letters.fit(picture.title(), WIDTH, TITLE));
    text(0, 42, "soft", Letters.fit(picture.note(), WIDTH, SIZE));
  }

  /** An element with nothing in it; attributes are names and values in turn. */
  Svg element(String name, Object... attributes) {
    tag(name, attributes);
    text.append("/>\n");
    return this;
  }

  Svg open(String name, Object... attributes) {
    tag(name, attributes);
    text.append(">\n");
    return this;
  }

  Svg close(String name) {
    text.append("</").append(name).append(">\n");
    return this;
  }

  /** What a pointer that rests on the open element is told. */
  Svg tip(String tip) {
    return told("title", tip);
  }

  /** Text whose base line begins, ends or has its middle at a point, as the class says. */
  Svg text(double x, double y, String classes, String shown) {
    return text(x, y, classes, shown, shown);
  }

  /** The same; a pointer that rests on a text that was cut is told the whole. */
  Svg text(double x, double y, String classes, String shown, String whole) {
    tag("text", "class", classes, "x", x, "y", y);
    text.append('>').append(Markup.escape(shown));
    if (!shown.equals(whole)) {
      text.append("<title>").append(Markup.escape(whole)).append("</title>");
    }
    text.append("</text>\n");
    return this;
  }

  /** Says that there is nothing to see. */
  Svg nothing(String why) {
    return text(0, HEAD + 20, "", why);
  }

  Svg line(String classes, double x1, double y1, double x2, double y2) {
    return element("line", "class", classes, "x1", x1, "y1", y1, "x2", x2, "y2", y2);
  }

  Svg line(String classes, Box.Line line) {
    return line(classes, line.x1(), line.y1(), line.x2(), line.y2());
  }

  /** A line from the smallest to the largest value, with a bar at each end. */
  Svg whiskerAcross(double from, double to, double y) {
    return element(
        "path", "class", "whisker", "d", path("M%s %sv10m0 -5H%sm0 -5v10", from, y - 5, to));
  }

  /** The same, upright. */
  Svg whiskerUp(double x, double from, double to) {
    return element(
        "path", "class", "whisker", "d", path("M%s %sh8m-4 0V%sm-4 0h8", x - 4, from, to));
  }

  /** A path's data with coordinates in it. */
  static String path(String format, double... coordinates) {
    Object[] texts = new Object[coordinates.length];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = Figures.coordinate(coordinates[i]);
    }
    return format.formatted(texts);
  }

  /** Ends the picture. */
  String end() {
    return close("svg").text.toString();
  }

  private Svg told(String element, String told) {
    text.append('<').append(element).append('>').append(Markup.escape(told));
    return close(element);
  }

  private void tag(String name, Object... attributes) {
    text.append('<').append(name);
    for (int i = 0; i < attributes.length; i += 2) {
      String value =
          attributes[i + 1] instanceof Number number
              ? Figures.coordinate(number.doubleValue())
              : Markup.escape(attributes[i + 1].toString());
      if (!value.isEmpty()) {
        text.append(' ').append(attributes[i]).append("=\"").append(value).append('"');
      }
    }
  }
}
