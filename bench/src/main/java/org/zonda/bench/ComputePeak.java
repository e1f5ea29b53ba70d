package org.zonda.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.zonda.runtime.cpu.machine.MachineCode;

/** How many multiply-adds the processor's vector units do from their registers. */
final class ComputePeak {

  /** Long enough for the JIT and for the clock's speed to settle. */
  private static final Duration WARM_UP = Duration.ofMillis(250);

  private static final Duration PASS = Duration.ofMillis(30);

  private static final int PASSES = 7;

  private ComputePeak() {}

  /** 32-bit floats, by the Vector API. */
  static ComputeSpeed float32(int threads) {
    if (!Machine.hasVectorApi()) {
      return new ComputeSpeed.Unknown(
          "the JVM was started without the Vector API (--add-modules jdk.incubator.vector)");
    }
    return measure(
        threads, VectorLoops.description(), VectorLoops::multiplyAdds, WARM_UP, PASS, PASSES);
  }

  /** 8-bit integers, by machine code. */
  static ComputeSpeed int8(int threads) {
    Optional<ByteLoop> loop = ByteLoop.find();
    if (loop.isEmpty()) {
      return new ComputeSpeed.Unknown(
          MachineCode.reason().orElse("this processor has no AVX-512 VNNI and no AVX-VNNI"));
    }
    return measure(
        threads, loop.get().description(), loop.get()::multiplyAdds, WARM_UP, PASS, PASSES);
  }

  /** Tiles of bfloat16, by machine code. */
  static ComputeSpeed bf16(int threads) {
    Optional<TileLoop> loop = TileLoop.find();
    if (loop.isEmpty()) {
      return new ComputeSpeed.Unknown(
          MachineCode.reason()
              .orElse("this processor has no AMX with bfloat16, or it is not allowed"));
    }
    return measure(
        threads, loop.get().description(), loop.get()::multiplyAdds, WARM_UP, PASS, PASSES);
  }

  /** What is measured. Each has a loop of its own, so that none is compiled for several at once. */
  @FunctionalInterface
  interface Work {
    /**
     * Multiplies and adds for a while.
     *
     * @param nanos how long at least
     * @return multiply-adds a second
     */
    double run(long nanos);
  }

  /** Has threads work at once, each by its own clock, since they do not end at the same time. */
  static ComputeSpeed measure(
      int threads, String how, Work work, Duration warmUp, Duration pass, int passes) {
    try (Team team = new Team(threads)) {
      speed(team, work, warmUp);
      List<Double> speeds = new ArrayList<>();
      for (int i = 0; i < passes; i++) {
        speeds.add(speed(team, work, pass));
      }
      return new ComputeSpeed.Measured(Machine.threads(threads) + ", " + how, new Spread(speeds));
    }
  }

  private static double speed(Team team, Work work, Duration time) {
    return team.all(i -> work.run(time.toNanos())).stream().mapToDouble(Double::doubleValue).sum();
  }
}
