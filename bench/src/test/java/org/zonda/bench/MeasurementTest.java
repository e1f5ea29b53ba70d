package org.zonda.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class MeasurementTest {

  @Test
  void ordersWhatItWasGiven() {
    Measurement odd = new Measurement("pp8", 0, List.of(30.0, 10.0, 20.0));
    assertThat(odd.min()).isEqualTo(10);
    assertThat(odd.median()).isEqualTo(20);
    assertThat(odd.max()).isEqualTo(30);
    assertThat(odd.tokensPerSecond()).containsExactly(30.0, 10.0, 20.0);

    assertThat(new Measurement("pp8", 0, List.of(4.0, 1.0, 2.0, 3.0)).median()).isEqualTo(2.5);
    assertThat(new Measurement("pp8", 0, List.of(5.0)).median()).isEqualTo(5);
  }

  @Test
  void needsARepetition() {
    assertThatThrownBy(() -> new Measurement("pp8", 0, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
