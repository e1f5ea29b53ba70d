package org.zonda.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

class ComparisonTest {

  private static Comparison compare(FloatArray found, double... expected) {
    return Comparison.of(new Trial(0).out("y", found, expected));
  }

  /** The difference counts as a share of the largest magnitude that is expected. */
  @Test
  void theWorstElementIsFound() {
    Comparison worst = compare(Inputs.floats(1, 2.5f, -10, 0), 1, 2, -10, 0.25);
    assertThat(worst.place()).isEqualTo("y[1]");
    assertThat(worst.error()).isCloseTo(0.05, within(1e-9));
    assertThat(worst.expected()).isEqualTo(2);
    assertThat(worst.found()).isEqualTo(2.5);
  }

  @ParameterizedTest
  @CsvSource({
    // found, expected, whether that is a difference beyond measure
    "NaN, 1, true",
    "Infinity, 1, true",
    "1, NaN, true",
    "NaN, NaN, false",
    "Infinity, NaN, false",
    "-7.25, -7.25, false",
    "-7.2500005, -7.25, true",
    "0, -7.25, true"
  })
  void whatMustBeExactOrIsNoNumber(float found, double expected, boolean differs) {
    double error = compare(Inputs.floats(1e9f, found), 1e9, expected).error();
    assertThat(error).isEqualTo(differs ? Double.POSITIVE_INFINITY : 0);
  }

  /** Where zeros are expected there is nothing to compare a difference with. */
  @Test
  void betweenZerosEachDifferenceCounts() {
    assertThat(compare(Inputs.floats(0f, 1e-30f), 0, 0).error()).isInfinite();
    assertThat(compare(Inputs.floats(0f, 1e-39f), 0, 0).error()).as("no normal float").isZero();
    assertThat(compare(Inputs.floats(0f, -0f), 0, 0).error()).isZero();
  }

  /** A sum may be much smaller than what it is made of, whose rounding it shows. */
  @Test
  void aSmallSumIsMeasuredByItsTerms() {
    Trial trial = new Trial(0, 10).out("y", Inputs.floats(0.25f), new double[] {0.5});
    assertThat(Comparison.of(trial).error()).isEqualTo(0.025);
  }

  @Test
  void integersAreExact() {
    IntArray ints = Inputs.ints(1_000_000, 3);
    Trial trial = new Trial(0.5).out("ids", ints, new double[] {1_000_001, 3});
    CaseResult result = CaseResult.compared("case", trial);
    assertThat(result.outcome()).isEqualTo(CaseResult.Outcome.WRONG);
    assertThat(result.message())
        .isEqualTo("wrong result: ids[0] is 1000000, the oracle says 1000001");
  }

  @Test
  void theWorstOfAllOutputsCounts() {
    Trial trial =
        new Trial(0)
            .out("a", Inputs.floats(1f), new double[] {1})
            .out("b", Inputs.floats(1f), new double[] {2});
    assertThat(Comparison.of(trial).place()).isEqualTo("b[0]");
  }

  /** A case that is beyond its tolerance is wrong, one within is right. */
  @Test
  void theToleranceDecides() {
    FloatArray found = Inputs.floats(1.001f);
    double[] expected = {1};
    assertThat(CaseResult.compared("c", new Trial(0.01).out("y", found, expected)).outcome())
        .isEqualTo(CaseResult.Outcome.RIGHT);
    assertThat(CaseResult.compared("c", new Trial(1e-4).out("y", found, expected)).outcome())
        .isEqualTo(CaseResult.Outcome.WRONG);
  }
}
