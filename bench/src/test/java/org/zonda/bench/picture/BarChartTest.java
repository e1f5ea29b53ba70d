package org.zonda.bench.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.zonda.bench.Spread;
import org.zonda.bench.picture.BarChart.Bar;
import org.zonda.bench.picture.BarChart.Group;

class BarChartTest {

  private static BarChart chart(Bar... bars) {
    return new BarChart("Decode, tokens/s", BarChart.MORE, List.of(new Group("", List.of(bars))));
  }

  private static List<Double> widths(BarChart chart) {
    return Parsed.of(chart).all("rect", "fill").stream()
        .map(bar -> Parsed.number(bar, "width"))
        .toList();
  }

  @Test
  void barsAreAsLongAsTheirMediansAreLarge() {
    List<Double> widths =
        widths(chart(Gallery.bar("a", 10, 40, 80), Gallery.bar("b", 20), Gallery.bar("c", 0)));

    assertThat(widths).hasSize(3);
    assertThat(widths.get(0)).isGreaterThan(200);
    assertThat(widths.get(1)).isCloseTo(widths.get(0) / 2, within(0.1));
    assertThat(widths.get(2)).isZero();
  }

  @Test
  void linesReachFromTheSmallestToTheLargest() {
    Parsed svg = Parsed.of(chart(Gallery.bar("a", 10, 40, 80)));

    double scale = Parsed.number(svg.all("rect", "fill").getFirst(), "width") / 40;
    String path = svg.all("path", "whisker").getFirst().getAttribute("d");
    assertThat(path).matches("M[0-9.]+ -5v10m0 -5H[0-9.]+m0 -5v10");
    double from = Double.parseDouble(path.substring(1, path.indexOf(' ')));
    double to = Double.parseDouble(path.substring(path.indexOf('H') + 1, path.lastIndexOf('m')));
    assertThat(from).isCloseTo(10 * scale, within(0.1));
    assertThat(to).isCloseTo(80 * scale, within(0.1));
  }

  @Test
  void equalRunsHaveNoLine() {
    Parsed svg = Parsed.of(chart(Gallery.bar("a", 10), Gallery.bar("b", 7, 7, 7)));

    assertThat(svg.all("path", "whisker")).isEmpty();
    assertThat(svg.texts()).contains("10.0", "7.00");
  }

  @Test
  void writesWhatIsNoClaimButDoesNotDrawIt() {
    Spread spread = Gallery.spread(3, 4);
    BarChart chart =
        chart(
            new Bar("CPU", spread),
            new Bar("simulator", Optional.of(spread), "simulator: no speed claim", false),
            new Bar("GPU", Optional.empty(), "", true));

    Parsed svg = Parsed.of(chart);
    assertThat(svg.all("rect", "fill")).hasSize(1);
    assertThat(svg.all("path", "whisker")).hasSize(1);
    assertThat(svg.texts())
        .contains("simulator: no speed claim", "3.50 (3.00 to 4.00)", Figures.NONE);
    assertThat(chart.table().head()).endsWith("runs", "mind");
    assertThat(chart.table().rows())
        .containsExactly(
            List.of("CPU", "3.500", "3.000", "4.000", "2", ""),
            List.of("simulator", "3.500", "3.000", "4.000", "2", "simulator: no speed claim"),
            List.of("GPU", "-", "-", "-", "0", ""));
  }

  @Test
  void equalLabelsHaveEqualColoursInEveryGroup() {
    Group first = new Group("Q8_0", List.of(Gallery.bar("Zonda", 1), Gallery.bar("other", 2)));
    Group second = new Group("Q4_0", List.of(Gallery.bar("other", 3), Gallery.bar("Zonda", 4)));

    Parsed svg = Parsed.of(new BarChart("t", "", List.of(first, second)));

    assertThat(svg.all("rect", "fill"))
        .extracting(bar -> ((Element) bar.getParentNode()).getAttribute("class"))
        .containsExactly("s0", "s1", "s1", "s0");
    assertThat(svg.texts()).contains("Q8_0", "Q4_0");
  }

  @Test
  void numbersThatAreNoneAreNotDrawn() {
    BarChart chart =
        chart(
            Gallery.bar("a", Double.NaN),
            Gallery.bar("b", Double.POSITIVE_INFINITY),
            Gallery.bar("c", -1),
            Gallery.bar("d", 1));

    assertThat(widths(chart)).hasSize(1);
  }

  @Test
  void saysThatThereIsNothing() {
    assertThat(Parsed.of(new BarChart("t", "", List.of())).texts())
        .contains("Nothing was measured.");
    assertThat(Parsed.of(chart()).texts()).contains("Nothing was measured.");
  }

  @Test
  void textIsText() {
    String hostile = "</text><script>&lt;\"'";
    BarChart chart =
        new BarChart(
            hostile,
            hostile,
            List.of(
                new Group(
                    hostile,
                    List.of(new Bar(hostile, Optional.of(Gallery.spread(1)), hostile, true)))));

    Parsed svg = Parsed.of(chart);
    assertThat(svg.all("script")).isEmpty();
    assertThat(svg.texts())
        .filteredOn(hostile::equals)
        .as("title, note, group, label, remark")
        .hasSize(5);
  }

  @Test
  void longLabelsAreCutAndToldInFull() {
    Parsed svg = Parsed.of(chart(Gallery.bar(Gallery.LONG, 1)));

    Element label = svg.all("text", "end").getFirst();
    assertThat(Parsed.own(label)).endsWith("…").hasSizeLessThan(Gallery.LONG.length());
    assertThat(label.getElementsByTagName("title").item(0).getTextContent())
        .isEqualTo(Gallery.LONG);
  }

  @Property(tries = 200)
  void anyChartCanBeDrawn(@ForAll("charts") BarChart chart) {
    PictureTest.check(chart);
    long drawn =
        chart.groups().stream()
            .flatMap(group -> group.bars().stream())
            .filter(bar -> bar.claimed() && bar.spread().filter(Figures::drawable).isPresent())
            .count();
    assertThat(widths(chart)).hasSize((int) drawn);
    assertThat(chart.table().rows())
        .hasSize(chart.groups().stream().mapToInt(group -> group.bars().size()).sum());
  }

  @Provide
  Arbitrary<BarChart> charts() {
    Arbitrary<String> text = Arbitraries.strings().ofMaxLength(60);
    Arbitrary<Spread> spread = UglyNumbers.spreads();
    Arbitrary<Bar> bar =
        Combinators.combine(text, spread.optional(), text, Arbitraries.of(true, false))
            .as(Bar::new);
    Arbitrary<Group> group = Combinators.combine(text, bar.list().ofMaxSize(5)).as(Group::new);
    return Combinators.combine(text, text, group.list().ofMaxSize(4)).as(BarChart::new);
  }
}
