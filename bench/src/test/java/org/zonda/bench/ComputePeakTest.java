package org.zonda.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.zonda.runtime.cpu.machine.Amx;

class ComputePeakTest {

  private static final Duration SHORT = Duration.ofMillis(1);

  @Test
  void countsWhatAllThreadsDo() {
    AtomicLong calls = new AtomicLong();

    ComputeSpeed speed =
        ComputePeak.measure(
            3,
            "by a test",
            nanos -> {
              assertThat(nanos).isEqualTo(SHORT.toNanos());
              calls.incrementAndGet();
              return 1000;
            },
            SHORT,
            SHORT,
            4);

    assertThat(speed).isInstanceOf(ComputeSpeed.Measured.class);
    ComputeSpeed.Measured measured = (ComputeSpeed.Measured) speed;
    assertThat(measured.how()).isEqualTo("3 threads, by a test");
    assertThat(measured.multiplyAddsPerSecond().values()).hasSize(4);
    assertThat(speed.best()).hasValue(measured.multiplyAddsPerSecond().max());
    // A warm-up and four passes of three threads.
    assertThat(calls).hasValue(15);
    assertThat(measured.multiplyAddsPerSecond().values()).containsOnly(3000.0);
  }

  @Test
  void theVectorsComeToWhatTheyShould() {
    assertThat(VectorLoops.multiplyAdds(1)).isPositive();
    assertThat(ComputePeak.float32(1).best()).isPresent();
  }

  /** Each call checks its sums; where there is no machine code, that is said. */
  @Test
  void theBytesComeToWhatTheyShould() {
    Optional<ByteLoop> loop = ByteLoop.find();
    ComputeSpeed speed = ComputePeak.int8(1);

    if (loop.isPresent()) {
      assertThat(loop.get().multiplyAdds(1)).isPositive();
      assertThat(speed.best()).isPresent();
    } else {
      assertThat(speed)
          .isInstanceOfSatisfying(
              ComputeSpeed.Unknown.class, unknown -> assertThat(unknown.reason()).isNotBlank());
    }
  }

  @Test
  void theTilesComeToWhatTheyShould() {
    Optional<TileLoop> loop = TileLoop.find();
    ComputeSpeed speed = ComputePeak.bf16(1);

    assertThat(loop.isPresent()).isEqualTo(Amx.isAvailable());
    if (loop.isPresent()) {
      assertThat(loop.get().multiplyAdds(1)).isPositive();
      assertThat(speed.best()).isPresent();
    } else {
      assertThat(speed)
          .isInstanceOfSatisfying(
              ComputeSpeed.Unknown.class, unknown -> assertThat(unknown.reason()).isNotBlank());
    }
  }

  @Test
  void whatWorkThrowsIsTheCallers() {
    assertThatThrownBy(
            () ->
                ComputePeak.measure(
                    2,
                    "by a test",
                    nanos -> {
                      throw new IllegalStateException("broken");
                    },
                    SHORT,
                    SHORT,
                    1))
        .hasMessage("broken");
  }
}
