package org.zonda.bench.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "12.345     | 12.35    | 12.3    | 12.345",
        "0          | 0        | 0       | 0",
        "8          | 8.000    | 8.00    | 8",
        "262.04     | 262.0    | 262     | 262.04",
        "12345.6    | 12,346   | 12,346  | 12,345.6",
        "0.012345   | 0.01235  | 0.0123  | 0.012345",
        "123456789  | 1.235e8  | 1.23e8  | 1.23e8",
        "1e6        | 1.000e6  | 1.00e6  | 1e6",
        "0.00001    | 1.000e-5 | 1.00e-5 | 1e-5",
        "1e100      | 1.000e100| 1.00e100| 1e100",
        "-2.5       | -2.500   | -2.50   | -2.5",
        "NaN        | -        | -       | -",
        "Infinity   | -        | -       | -"
      })
  void asPeopleReadThem(double value, String table, String picture, String round) {
    assertThat(Figures.of(value)).isEqualTo(table);
    assertThat(Figures.brief(value)).isEqualTo(picture);
    assertThat(Figures.round(value)).isEqualTo(round);
  }

  @Test
  void aSpreadHasTheDecimalsOfItsMedian() {
    assertThat(Figures.brief(Gallery.spread(9.951, 10.072, 10.5))).isEqualTo("10.1 (10.0 to 10.5)");
    assertThat(Figures.brief(Gallery.spread(7))).isEqualTo("7.00");
    assertThat(Figures.brief(Gallery.spread(0, 1, 1e70))).isEqualTo("1.00 (0 to 1.00e70)");
    assertThat(Figures.min(Gallery.spread(9.951, 10.072, 10.5))).isEqualTo("9.95");
  }

  @Property
  void readBackTheyAreNear(@ForAll @DoubleRange(min = -9, max = 9) double exponent) {
    double value = Math.pow(10, exponent);
    double read = Double.parseDouble(Figures.of(value).replace(",", ""));
    assertThat(read).isCloseTo(value, within(value * 6e-4));
  }

  @Property
  void ticksAreRoundAndReachTheEnd(@ForAll @DoubleRange(min = -100, max = 100) double exponent) {
    double most = Math.pow(10, exponent);
    Axis axis = Axis.fromZero(most, 6, 300, 0);
    List<Double> ticks = axis.ticksFromZero(6);

    assertThat(ticks).hasSizeBetween(2, 8);
    assertThat(ticks.getFirst()).isZero();
    assertThat(axis.max()).isGreaterThanOrEqualTo(most * (1 - 1e-9));
    assertThat(axis.at(0)).isEqualTo(300);
    assertThat(axis.at(most)).isBetween(-1e-6, 200.0);
    String digits = "%.3e".formatted(ticks.get(1));
    assertThat(digits).matches("[1259]\\.(000|999)e.*");
  }

  @Property
  void ticksOfTenAreBetweenTheEnds(
      @ForAll @DoubleRange(min = -90, max = 90) double from,
      @ForAll @DoubleRange(min = 1, max = 90) double decades) {
    Axis axis = new Axis(true, Math.pow(10, from), Math.pow(10, from + decades), 0, 500);
    List<Double> ticks = axis.ticksOfTen(10);

    assertThat(ticks).hasSizeBetween(1, 11).isSorted();
    assertThat(ticks).allMatch(tick -> axis.at(tick) >= -0.01 && axis.at(tick) <= 500.01);
  }

  @Test
  void labelsMoveApartAndStayWithin() {
    assertThat(Axis.spread(new double[] {10, 11, 12, 100}, 10, 0, 100))
        .containsExactly(10, 20, 30, 100);
    assertThat(Axis.spread(new double[] {99, 100}, 10, 0, 100)).containsExactly(90, 100);
    assertThat(Axis.spread(new double[] {}, 10, 0, 100)).isEmpty();
  }

  @Test
  void textThatFitsIsNotCut() {
    assertThat(Letters.fit("short", 100, 14)).isEqualTo("short");
    String cut = Letters.fit("a rather long text", 60, 14);
    assertThat(cut).endsWith("…");
    assertThat(Letters.width(cut, 14)).isLessThanOrEqualTo(60);
  }
}
