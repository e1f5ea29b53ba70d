package org.zonda.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.zonda.runtime.cpu.machine.MachineCode;

/** How many multiply-adds the processor's vector units do from their registers. */
final class ComputePeak {

  /** Long enough for the JIT and for the clock's speed to settle. */
  private static final Duration WARM_UP = Duration.ofMillis(100);

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
        threads, VectorLoops.description(), VectorLoops::multiplyAdd, WARM_UP, PASS, PASSES);
  }

  /** 8-bit integers, by machine code. */
  static ComputeSpeed int8(int threads) {
    Optional<ByteLoop> loop = ByteLoop.find();
    if (loop.isEmpty()) {
      return new ComputeSpeed.Unknown(
          MachineCode.reason().orElse("this processor has no AVX-512 VNNI and no AVX-VNNI"));
    }
    return measure(threads, loop.get().description(), loop.get(), WARM_UP, PASS, PASSES);
  }

  /**
   * Has threads work at once.
   *
   * @param work does a little and returns how many multiply-adds that was
   */
  static ComputeSpeed measure(
      int threads, String how, LongSupplier work, Duration warmUp, Duration pass, int passes) {
    try (Team team = new Team(threads)) {
      speed(team, work, warmUp);
      List<Double> speeds = new ArrayList<>();
      for (int i = 0; i < passes; i++) {
        speeds.add(speed(team, work, pass));
      }
      return new ComputeSpeed.Measured(Machine.threads(threads) + ", " + how, new Spread(speeds));
    }
  }

  /** Threads do not end at the same time, so each counts by its own clock. */
  private static double speed(Team team, LongSupplier work, Duration time) {
    return team.all(i -> speed(work, time)).stream().mapToDouble(Double::doubleValue).sum();
  }

  private static double speed(LongSupplier work, Duration time) {
    long start = System.nanoTime();
    long done = 0;
    long nanos;
    do {
      done += work.getAsLong();
      nanos = System.nanoTime() - start;
    } while (nanos < time.toNanos());
    return done * 1e9 / nanos;
  }
}
