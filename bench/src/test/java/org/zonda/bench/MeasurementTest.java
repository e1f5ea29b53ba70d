package org.zonda.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class MeasurementTest {

  private static Measurement of(BenchmarkTest test, long stepBytes, Double... speeds) {
    return new Measurement(test, new Spread(List.of(speeds)), 0, OptionalLong.of(stepBytes));
  }

  private static BenchmarkTest writing(int depth, int sequences) {
    return new BenchmarkTest(BenchmarkTest.Kind.GENERATION, 64, depth, sequences);
  }

  @Test
  void findsTheMiddleOfAnyNumberOfRepetitions() {
    Measurement odd = of(writing(0, 1), 1, 3.0, 1.0, 2.0);
    assertThat(odd.min()).isEqualTo(1);
    assertThat(odd.median()).isEqualTo(2);
    assertThat(odd.max()).isEqualTo(3);
    assertThat(odd.tokensPerSecond()).containsExactly(3.0, 1.0, 2.0);

    assertThat(of(writing(0, 1), 1, 4.0, 1.0, 3.0, 2.0).median()).isEqualTo(2.5);
    assertThat(of(writing(0, 1), 1, 7.0).median()).isEqualTo(7);
    assertThatThrownBy(() -> new Spread(List.of())).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void isCalledByWhatDistinguishesIt() {
    assertThat(writing(0, 1).fullName()).isEqualTo("tg64");
    assertThat(writing(2048, 1).fullName()).isEqualTo("tg64 @ 2048");
    assertThat(writing(512, 8).fullName()).isEqualTo("tg64 @ 512 x 8");
    assertThat(writing(0, 8).allTokens()).isEqualTo(512);
    assertThat(new BenchmarkTest(BenchmarkTest.Kind.PROMPT, 512, 0, 1).fullName())
        .isEqualTo("pp512");
  }

  /** The fastest pass is what others are a share of. */
  @Test
  void isAShareOfTheSpeedOfReading() {
    Measurement measurement = of(writing(0, 1), 500, 8.0, 10.0, 12.0);

    ReadSpeed read = new ReadSpeed.Measured("a test", new Spread(List.of(5000.0, 10_000.0)));
    assertThat(measurement.shareOf(read)).hasValue(0.5);
    assertThat(measurement.shareOf(new ReadSpeed.Unknown("why"))).isEmpty();
  }
}
