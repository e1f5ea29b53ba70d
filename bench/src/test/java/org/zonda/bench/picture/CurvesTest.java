package org.zonda.bench.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.zonda.bench.picture.Gallery.point;
import static org.zonda.bench.picture.Gallery.series;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.zonda.bench.Spread;
import org.zonda.bench.picture.Curves.Point;
import org.zonda.bench.picture.Curves.Scale;
import org.zonda.bench.picture.Curves.Series;

class CurvesTest {

  private static Curves curves(Scale scale, Series... series) {
    return new Curves("Decode, tokens/s", BarChart.MORE, "threads", scale, List.of(series));
  }

  /** The corners of a path of straight lines. */
  private static List<double[]> corners(Element path) {
    return Arrays.stream(path.getAttribute("d").split("[MLZ]"))
        .filter(corner -> !corner.isEmpty())
        .map(corner -> corner.split(" "))
        .map(xy -> new double[] {Double.parseDouble(xy[0]), Double.parseDouble(xy[1])})
        .toList();
  }

  private static Element tick(Parsed svg, String text) {
    return svg.all("text", "small").stream()
        .filter(element -> Parsed.own(element).equals(text))
        .findFirst()
        .orElseThrow(() -> new AssertionError(text + " is not among " + svg.texts()));
  }

  @Test
  void goesThroughTheMedians() {
    Parsed svg = Parsed.of(curves(Scale.LINEAR, series("a", point(4, 60), point(1, 10, 20, 90))));

    List<double[]> corners = corners(svg.all("path", "curve").getFirst());
    assertThat(corners).hasSize(2);
    assertThat(corners.get(0)[0]).isEqualTo(Parsed.number(tick(svg, "1"), "x"));
    assertThat(corners.get(1)[0]).isEqualTo(Parsed.number(tick(svg, "4"), "x"));
    assertThat(corners.get(0)[1]).isCloseTo(Parsed.number(tick(svg, "20"), "y") - 4, within(0.11));
    assertThat(corners.get(1)[1]).isCloseTo(Parsed.number(tick(svg, "60"), "y") - 4, within(0.11));
  }

  @Test
  void theBandReachesFromTheSmallestToTheLargest() {
    Parsed svg = Parsed.of(curves(Scale.LINEAR, series("a", point(1, 20, 40, 80), point(2, 60))));

    List<double[]> band = corners(svg.all("path", "band").getFirst());
    assertThat(band).hasSize(4);
    assertThat(band.get(0)[1]).isCloseTo(Parsed.number(tick(svg, "80"), "y") - 4, within(0.11));
    assertThat(band.get(3)[1]).isCloseTo(Parsed.number(tick(svg, "20"), "y") - 4, within(0.11));
  }

  @Test
  void eachDoublingTakesTheSameRoom() {
    Parsed svg =
        Parsed.of(
            curves(Scale.LOG2, series("a", point(1, 1), point(2, 2), point(4, 3), point(16, 4))));

    List<double[]> corners = corners(svg.all("path", "curve").getFirst());
    double octave = corners.get(1)[0] - corners.get(0)[0];
    assertThat(octave).isGreaterThan(50);
    assertThat(corners.get(2)[0] - corners.get(1)[0]).isCloseTo(octave, within(0.11));
    assertThat(corners.get(3)[0] - corners.get(2)[0]).isCloseTo(2 * octave, within(0.11));
  }

  @Test
  void theScaleThatSuitsSizes() {
    assertThat(Scale.of(List.of(1.0, 2.0, 4.0))).isEqualTo(Scale.LOG2);
    assertThat(Scale.of(List.of(1.0, 2.0))).isEqualTo(Scale.LINEAR);
    assertThat(Scale.of(List.of(0.0, 512.0, 2048.0))).isEqualTo(Scale.LINEAR);
    assertThat(Scale.of(List.of())).isEqualTo(Scale.LINEAR);
  }

  @Test
  void refusesSizesWithoutAPlace() {
    assertThatThrownBy(() -> curves(Scale.LOG2, series("a", point(0, 1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a: threads 0.0 has no place on a LOG2 axis");
    assertThatThrownBy(() -> curves(Scale.LINEAR, series("a", point(Double.NaN, 1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("NaN");
  }

  @Test
  void aSinglePointHasALineForItsSpread() {
    assertThat(Parsed.of(curves(Scale.LINEAR, series("a", point(1, 4, 5)))).all("path", "whisker"))
        .hasSize(1);
  }

  @Test
  void leavesOutWhatIsNoNumber() {
    Curves curves =
        curves(Scale.LINEAR, series("a", point(1, 5), point(2, Double.NaN)), series("b"));

    assertThat(corners(Parsed.of(curves).all("path", "curve").getFirst())).hasSize(1);
    assertThat(Parsed.of(curves).texts()).doesNotContain("b");
    assertThat(curves.table().rows())
        .containsExactly(
            List.of("a", "1", "5.000", "5.000", "5.000", "1"),
            List.of("a", "2", "-", "-", "-", "1"));
  }

  @Test
  void namesAtTheEndsDoNotOverlap() {
    Series[] all = new Series[30];
    for (int i = 0; i < all.length; i++) {
      all[i] = series("series " + i, point(1, 1), point(2, 5 + i % 3));
    }

    Parsed svg = Parsed.of(curves(Scale.LINEAR, all));

    List<Double> heights =
        svg.all("text").stream()
            .filter(text -> Parsed.own(text).startsWith("series"))
            .map(text -> Parsed.number(text, "y"))
            .sorted()
            .toList();
    assertThat(heights).hasSize(30);
    for (int i = 1; i < heights.size(); i++) {
      assertThat(heights.get(i) - heights.get(i - 1)).isGreaterThanOrEqualTo(17.8);
    }
  }

  @Test
  void sizesThatDoNotFitAreNotWritten() {
    Point[] points = new Point[200];
    for (int i = 0; i < points.length; i++) {
      points[i] = point(1 + i, 5);
    }

    Parsed svg = Parsed.of(curves(Scale.LINEAR, series("a", points)));

    List<Element> ticks =
        svg.all("text", "middle").stream().filter(t -> !Parsed.own(t).equals("threads")).toList();
    assertThat(ticks).hasSizeBetween(5, 40);
    assertThat(ticks).extracting(Parsed::own).contains("64", "128");
    double[] at = ticks.stream().mapToDouble(tick -> Parsed.number(tick, "x")).sorted().toArray();
    for (int i = 1; i < at.length; i++) {
      assertThat(at[i] - at[i - 1]).isGreaterThan(16);
    }
  }

  @Property(tries = 200)
  void anyCurvesCanBeDrawn(@ForAll("anyCurves") Curves curves) {
    PictureTest.check(curves);
  }

  @Provide
  Arbitrary<Curves> anyCurves() {
    Arbitrary<String> text = Arbitraries.strings().ofMaxLength(40);
    Arbitrary<Spread> spread = UglyNumbers.spreads();
    return Arbitraries.of(Scale.values())
        .flatMap(
            scale -> {
              Arbitrary<Double> size =
                  UglyNumbers.any()
                      .filter(Double::isFinite)
                      .filter(number -> scale == Scale.LINEAR || number > 0);
              Arbitrary<Series> series =
                  Combinators.combine(
                          text,
                          Combinators.combine(size, spread).as(Point::new).list().ofMaxSize(5))
                      .as(Series::new);
              return Combinators.combine(text, text, text, series.list().ofMaxSize(9))
                  .as((title, note, across, all) -> new Curves(title, note, across, scale, all));
            });
  }
}
