package org.zonda.bench.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.zonda.bench.picture.Gallery.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.zonda.bench.picture.Roofline.Kernel;
import org.zonda.bench.picture.Roofline.Roof;

class RooflineTest {

  private static final Roof F32 = new Roof("f32", 20e9, OptionalDouble.of(200e9));
  private static final Roof INT8 = new Roof("int8", 20e9, OptionalDouble.of(800e9));
  private static final Roof MEMORY = new Roof("memory", 20e9, OptionalDouble.empty());

  private static Roofline roofline(List<Roof> roofs, Kernel... kernels) {
    return new Roofline("Kernels", "", roofs, List.of(kernels));
  }

  @Test
  void memoryLimitsFewMultiplyAddsForAByteAndComputingMany() {
    assertThat(F32.at(1)).isEqualTo(20e9);
    assertThat(F32.at(10)).isEqualTo(200e9);
    assertThat(F32.at(100)).isEqualTo(200e9);
    assertThat(MEMORY.at(100)).isEqualTo(2000e9);
  }

  @Test
  void sharesAreOfTheKernelsOwnRoof() {
    Kernel slow = kernel("slow", 1, 5, "f32");
    Kernel wide = kernel("wide", 100, 200, "int8");
    Kernel none = kernel("none", 1, 5, null);
    Roofline roofline = roofline(List.of(F32, INT8), slow, wide, none);

    assertThat(roofline.share(slow).getAsDouble()).isCloseTo(0.25, within(1e-12));
    assertThat(roofline.share(wide).getAsDouble()).isCloseTo(0.25, within(1e-12));
    assertThat(roofline.share(none)).isEmpty();
    assertThat(roofline.table().rows())
        .containsExactly(
            List.of("roof f32", "-", "200.0", "-", "-", "20.00", "-", "-"),
            List.of("roof int8", "-", "800.0", "-", "-", "20.00", "-", "-"),
            List.of("slow", "1.000", "5.000", "4.650", "5.150", "5.000", "f32", "25%"),
            List.of("wide", "100.0", "200.0", "186.0", "206.0", "2.000", "int8", "25%"),
            List.of("none", "1.000", "5.000", "4.650", "5.150", "5.000", "-", "-"));
    assertThat(Parsed.of(roofline).texts()).contains("slow 25%", "wide 25%", "none", "20.0 GB/s");
  }

  /** A kernel at the knee touches both lines. */
  @Test
  void dotsAreWhereTheyBelong() {
    Parsed svg = Parsed.of(roofline(List.of(F32), kernel("knee", 10, 200, "f32")));

    Element slope = svg.all("line", "memory").getFirst();
    Element top = svg.all("line", "curve").getFirst();
    double[] dot = dots(svg).getFirst();
    assertThat(dot[0]).isCloseTo(Parsed.number(slope, "x2"), within(0.11));
    assertThat(dot[1]).isCloseTo(Parsed.number(slope, "y2"), within(0.11));
    assertThat(dot[0]).isCloseTo(Parsed.number(top, "x1"), within(0.11));
    assertThat(dot[1]).isCloseTo(Parsed.number(top, "y1"), within(0.11));
    assertThat(Parsed.number(top, "y2")).isEqualTo(Parsed.number(top, "y1"));
    assertThat(Parsed.number(slope, "y1")).as("rises").isGreaterThan(Parsed.number(slope, "y2"));
  }

  /** Ten times as fast is as far up everywhere. */
  @Test
  void axesAreLogarithmic() {
    Parsed svg =
        Parsed.of(
            roofline(
                List.of(),
                kernel("a", 1, 1, null),
                kernel("b", 10, 10, null),
                kernel("c", 100, 100, null)));

    List<double[]> dots = dots(svg);
    double across = dots.get(1)[0] - dots.get(0)[0];
    double up = dots.get(0)[1] - dots.get(1)[1];
    assertThat(across).isGreaterThan(50);
    assertThat(up).isGreaterThan(50);
    assertThat(dots.get(2)[0] - dots.get(1)[0]).isCloseTo(across, within(0.21));
    assertThat(dots.get(1)[1] - dots.get(2)[1]).isCloseTo(up, within(0.21));
  }

  /** Marks of kernels; those beside the names of roofs have no tip. */
  private static List<double[]> dots(Parsed svg) {
    List<double[]> dots = new ArrayList<>();
    for (Element mark : svg.all("path", "fill")) {
      Element group = (Element) mark.getParentNode();
      if (group.getElementsByTagName("title").getLength() > 0) {
        String[] xy = mark.getAttribute("transform").replaceAll("[a-z()]", "").split(" ");
        dots.add(new double[] {Double.parseDouble(xy[0]), Double.parseDouble(xy[1])});
      }
    }
    return dots;
  }

  @Test
  void labelsOfACrowdDoNotOverlap() {
    checkLabels(Gallery.crowd());
  }

  @Test
  void thePlotGrowsUntilAllLabelsFit() {
    List<Kernel> kernels = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      kernels.add(kernel("a kernel with a long name, number " + i, 1, 10, "f32"));
    }
    Roofline roofline = roofline(List.of(F32), kernels.toArray(Kernel[]::new));

    checkLabels(roofline);
    assertThat(Parsed.number(Parsed.of(roofline).root(), "height")).isGreaterThan(600);
  }

  private static void checkLabels(Roofline roofline) {
    Parsed svg = Parsed.of(roofline);
    List<Box> boxes =
        svg.all("text", "halo").stream()
            .filter(text -> !text.getAttribute("class").contains("soft"))
            .map(
                text -> {
                  double x = Parsed.number(text, "x");
                  double y = Parsed.number(text, "y");
                  return new Box(x, y - 10, x + Letters.width(Parsed.own(text), 12), y + 3);
                })
            .toList();
    long drawn = roofline.kernels().stream().filter(Kernel::drawable).count();
    assertThat(boxes).hasSize((int) drawn);
    double height = Parsed.number(svg.root(), "height");
    for (int i = 0; i < boxes.size(); i++) {
      assertThat(new Box(0, 0, Svg.WIDTH, height).holds(boxes.get(i))).isTrue();
      for (int j = 0; j < i; j++) {
        assertThat(boxes.get(i).meets(boxes.get(j)))
            .as("%s and %s overlap", boxes.get(i), boxes.get(j))
            .isFalse();
      }
      for (double[] dot : dots(svg)) {
        assertThat(boxes.get(i).meets(Box.around(dot[0], dot[1], 8, 8)))
            .as("a label covers a dot")
            .isFalse();
      }
    }
  }

  @Test
  void withoutAPeakThereIsOnlyTheSlope() {
    Parsed svg = Parsed.of(roofline(List.of(MEMORY), kernel("copy", 1, 5, "memory")));

    assertThat(svg.all("line", "memory")).hasSize(1);
    assertThat(svg.all("line", "curve")).isEmpty();
  }

  @Test
  void leavesOutWhatHasNoLogarithm() {
    Roofline roofline =
        roofline(
            List.of(F32),
            kernel("stuck", 1, 0, "f32"),
            kernel("no intensity", 0, 1, "f32"),
            kernel("no number", Double.NaN, 1, "f32"));

    assertThat(dots(Parsed.of(roofline))).isEmpty();
    assertThat(roofline.table().rows()).hasSize(4);
  }

  @Test
  void refusesRoofsThatAreNone() {
    assertThatThrownBy(() -> roofline(List.of(F32), kernel("a", 1, 1, "f16")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a is under roof f16, but there are only [f32]");
    assertThatThrownBy(() -> roofline(List.of(F32, F32)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("two roofs of one name among [f32, f32]");
    assertThatThrownBy(() -> new Roof("f32", 0, OptionalDouble.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("roof f32 has the speed 0.0");
    assertThatThrownBy(() -> new Roof("f32", 1, OptionalDouble.of(Double.NaN)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("roof f32 has the speed NaN");
  }

  @Property(tries = 150)
  void anyKernelsCanBeDrawnWithLabelsApart(@ForAll("rooflines") Roofline roofline) {
    PictureTest.check(roofline);
    checkLabels(roofline);
  }

  @Provide
  Arbitrary<Roofline> rooflines() {
    Arbitrary<Double> positive =
        UglyNumbers.any().filter(number -> number > 0 && Figures.drawable(number));
    Arbitrary<List<Roof>> roofs =
        Combinators.combine(positive, positive.optional())
            .as(
                (speed, peak) ->
                    new Roof(
                        "",
                        speed,
                        peak.isPresent() ? OptionalDouble.of(peak.get()) : OptionalDouble.empty()))
            .list()
            .ofMaxSize(4)
            .map(RooflineTest::named);
    return roofs.flatMap(
        all -> {
          Arbitrary<Optional<String>> roof =
              all.isEmpty()
                  ? Arbitraries.just(Optional.empty())
                  : Arbitraries.of(all).map(Roof::name).optional();
          Arbitrary<Kernel> kernel =
              Combinators.combine(
                      Arbitraries.strings().ofMaxLength(30),
                      UglyNumbers.any(),
                      UglyNumbers.spreads(),
                      roof)
                  .as(Kernel::new);
          return kernel
              .list()
              .ofMaxSize(25)
              .map(kernels -> new Roofline("Kernels", "", all, kernels));
        });
  }

  private static List<Roof> named(List<Roof> roofs) {
    List<Roof> named = new ArrayList<>();
    for (Roof roof : roofs) {
      named.add(
          new Roof("roof " + named.size(), roof.bytesPerSecond(), roof.multiplyAddsPerSecond()));
    }
    return named;
  }
}
