package org.zonda.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.zonda.model.ZondaException;

/**
 * How fast this machine's memory can be read: every thread sums memory of its own, all at once, and
 * the slowest ends the pass.
 */
public final class HostMemory {

  /** More than the caches of most machines; a server's third-level cache is some of it. */
  private static final long BYTES = 1L << 30;

  /** A page; one number in each shows that all were read. */
  private static final int PAGE = 4096;

  /** What is summed in one call: compiled code is entered at calls, not in the middle of one. */
  private static final long PIECE = 1 << 20;

  private static final Duration WARM_UP = Duration.ofMillis(200);

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
      long share = Math.max(PIECE, bytes / threads / PIECE * PIECE);
      // Whoever touches memory first has it near, where that makes a difference.
      List<MemorySegment> shares = team.all(i -> pages(arena.allocate(share, PAGE)));
      ToLongFunction<MemorySegment> sum =
          Machine.hasVectorApi() ? VectorLoops::sum : HostMemory::sumPlainly;
      team.all(i -> warmUp(sum, shares.get(i)));
      List<Double> speeds = new ArrayList<>();
      for (int i = 0; i < passes; i++) {
        long start = System.nanoTime();
        List<Long> sums = team.all(thread -> sum(sum, shares.get(thread)));
        speeds.add(share * threads * 1e9 / (System.nanoTime() - start));
        long found = sums.stream().mapToLong(Long::longValue).sum();
        if (found != share / PAGE * threads) {
          throw new IllegalStateException("the sum of the memory came to " + found);
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

  /** Memory comes full of zeros, which were written and so take memory of their own. */
  private static MemorySegment pages(MemorySegment memory) {
    for (long i = 0; i < memory.byteSize(); i += PAGE) {
      memory.set(ValueLayout.JAVA_LONG, i, 1);
    }
    return memory;
  }

  private static long warmUp(ToLongFunction<MemorySegment> sum, MemorySegment memory) {
    long start = System.nanoTime();
    long found = 0;
    while (System.nanoTime() - start < WARM_UP.toNanos()) {
      found += sum(sum, memory.asSlice(0, PIECE));
    }
    return found;
  }

  private static long sum(ToLongFunction<MemorySegment> sum, MemorySegment memory) {
    long found = 0;
    for (long i = 0; i < memory.byteSize(); i += PIECE) {
      found += sum.applyAsLong(memory.asSlice(i, PIECE));
    }
    return found;
  }

  /** Without vectors; four streams, far apart, so that the processor fetches ahead in each. */
  private static long sumPlainly(MemorySegment memory) {
    long quarter = memory.byteSize() / 4;
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
