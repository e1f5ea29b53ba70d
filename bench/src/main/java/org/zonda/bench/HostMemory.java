package org.zonda.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.zonda.model.ZondaException;

/**
 * How fast this machine's memory can be read: every thread sums memory of its own, all at once, and
 * the slowest ends the pass.
 */
public final class HostMemory {

  /** More than the caches of most machines; a server's third-level cache is some of it. */
  private static final long BYTES = 1L << 30;

  /** Streams that a thread reads in turn, far apart, as the matrix kernels do. */
  private static final int STREAMS = 4;

  private static final int PASSES = 7;

  private HostMemory() {}

  /**
   * Measures it.
   *
   * @param threads how many read
   * @return bytes a second, of several passes
   * @throws ZondaException if there is no memory to read
   */
  public static Spread readSpeed(int threads) {
    return readSpeed(threads, BYTES, PASSES);
  }

  /**
   * Measures it with all processors.
   *
   * @return the speed, or that there was no memory free to measure with
   */
  public static ReadSpeed measure() {
    return measure(Runtime.getRuntime().availableProcessors());
  }

  /**
   * Measures it.
   *
   * @param threads how many read
   * @return the speed, or that there was no memory free to measure with
   */
  public static ReadSpeed measure(int threads) {
    try {
      return new ReadSpeed.Measured(
          "%s that %s %s"
              .formatted(Machine.threads(threads), threads == 1 ? "sums" : "sum", Sizes.of(BYTES)),
          readSpeed(threads));
    } catch (ZondaException e) {
      return new ReadSpeed.Unknown(e.getMessage());
    }
  }

  static Spread readSpeed(int threads, long bytes, int passes) {
    try (Arena arena = Arena.ofShared();
        Team team = new Team(threads)) {
      // A whole number of the steps of all streams.
      long share = bytes / threads / (STREAMS * Long.BYTES) * (STREAMS * Long.BYTES);
      // Whoever touches memory first has it near, where that makes a difference.
      List<MemorySegment> shares = team.all(i -> ones(arena.allocate(share, 64)));
      team.all(i -> sum(shares.get(i)));
      List<Double> speeds = new ArrayList<>();
      for (int i = 0; i < passes; i++) {
        long start = System.nanoTime();
        long found =
            team.all(thread -> sum(shares.get(thread))).stream().mapToLong(Long::longValue).sum();
        speeds.add(share * threads * 1e9 / (System.nanoTime() - start));
        if (found != share * threads / Long.BYTES) {
          throw new IllegalStateException("read " + found + " of other memory");
        }
      }
      return new Spread(speeds);
    } catch (OutOfMemoryError e) {
      throw new ZondaException(
          "the speed of memory could not be measured: there are no %d MB free"
              .formatted(bytes / 1_000_000),
          e);
    }
  }

  /** Ones, so that what was read can be checked. */
  private static MemorySegment ones(MemorySegment memory) {
    for (long i = 0; i < memory.byteSize(); i += Long.BYTES) {
      memory.set(ValueLayout.JAVA_LONG, i, 1);
    }
    return memory;
  }

  private static long sum(MemorySegment memory) {
    long quarter = memory.byteSize() / STREAMS;
    long a = 0;
    long b = 0;
    long c = 0;
    long d = 0;
    for (long i = 0; i < quarter; i += Long.BYTES) {
      a += memory.get(ValueLayout.JAVA_LONG, i);
      b += memory.get(ValueLayout.JAVA_LONG, quarter + i);
      c += memory.get(ValueLayout.JAVA_LONG, 2 * quarter + i);
      d += memory.get(ValueLayout.JAVA_LONG, 3 * quarter + i);
    }
    return a + b + c + d;
  }
}
