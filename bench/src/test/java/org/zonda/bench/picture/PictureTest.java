package org.zonda.bench.picture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Element;

/** What holds for every picture, whatever it shows. */
class PictureTest {

  private static final Pattern NUMBER = Pattern.compile("-?[0-9.]+(?:[eE][-+]?[0-9]+)?");

  private static final Pattern WRONG = Pattern.compile("NaN|Infinity|null|\\d[eE]");

  static List<String> names() {
    return List.copyOf(Gallery.pictures().keySet());
  }

  @ParameterizedTest
  @MethodSource("names")
  void isWellFormedAndTellsItsTitle(String name) {
    Picture picture = Gallery.pictures().get(name);

    Parsed svg = Parsed.of(picture);

    assertThat(svg.root().getNamespaceURI()).isEqualTo("http://www.w3.org/2000/svg");
    assertThat(svg.root().getAttribute("role")).isEqualTo("img");
    Element first = (Element) svg.root().getElementsByTagName("title").item(0);
    assertThat(first.getParentNode()).isSameAs(svg.root());
    String readable = picture.title().replaceAll("[\\x00\\uD800\\u202E]", "\uFFFD");
    assertThat(first.getTextContent()).isEqualTo(readable);
    assertThat(svg.all("desc")).hasSize(1);
    assertThat(svg.all("desc").getFirst().getTextContent()).isNotBlank();
  }

  @ParameterizedTest
  @MethodSource("names")
  void drawsInsideItsFrame(String name) {
    check(Gallery.pictures().get(name));
  }

  /** No coordinate is missing, and none of an upright or level element is outside. */
  static void check(Picture picture) {
    Parsed svg = Parsed.of(picture);
    assertThat(svg.attributes()).noneMatch(value -> WRONG.matcher(value).find());
    double width = Parsed.number(svg.root(), "width");
    double height = Parsed.number(svg.root(), "height");
    assertThat(svg.root().getAttribute("viewBox"))
        .isEqualTo("0 0 %.0f %s".formatted(width, svg.root().getAttribute("height")));
    for (Element line : svg.all("line")) {
      assertThat(List.of(Parsed.number(line, "x1"), Parsed.number(line, "x2")))
          .allMatch(x -> x >= 0 && x <= width);
      assertThat(List.of(Parsed.number(line, "y1"), Parsed.number(line, "y2")))
          .allMatch(y -> y >= 0 && y <= height);
    }
    for (Element bar : svg.all("rect")) {
      assertThat(Parsed.number(bar, "width")).isBetween(0.0, width);
      assertThat(Parsed.number(bar, "height")).isPositive();
    }
    for (Element shape : svg.all("g")) {
      Matcher numbers = NUMBER.matcher(shape.getAttribute("transform"));
      if (numbers.find()) {
        assertThat(Double.parseDouble(numbers.group())).isBetween(0.0, width);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void hasATableOfTheSame(String name) {
    Picture picture = Gallery.pictures().get(name);
    int figures =
        switch (picture) {
          case BarChart bars -> bars.groups().stream().mapToInt(g -> g.bars().size()).sum();
          case Curves curves -> curves.series().stream().mapToInt(s -> s.points().size()).sum();
          case Roofline roofline -> roofline.roofs().size() + roofline.kernels().size();
        };

    assertThat(picture.table().rows()).hasSize(figures);
    assertThat(picture.table().caption()).isEqualTo(picture.title());
  }
}
