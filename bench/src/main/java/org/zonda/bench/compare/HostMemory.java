package org.zonda.bench.compare;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.zonda.bench.ReadSpeed;
import org.zonda.bench.Sizes;
import org.zonda.bench.Spread;
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
    int threads = Runtime.getRuntime().availableProcessors();
    try {
      return new ReadSpeed.Measured(
          "%d threads that sum %s".formatted(threads, Sizes.of(BYTES)), readSpeed(threads));
    } catch (ZondaException e) {
      return new ReadSpeed.Unknown(e.getMessage());
    }
  }

  static Spread readSpeed(int threads, long bytes, int passes) {
    try (Arena arena = Arena.ofShared();
        ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      // A whole number of the steps of all streams.
      long share = bytes / threads / (STREAMS * Long.BYTES) * (STREAMS * Long.BYTES);
      List<MemorySegment> shares = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        shares.add(arena.allocate(share, 64));
      }
      // Whoever touches memory first has it near, where that makes a difference.
      run(pool, shares.stream().map(part -> (Callable<Long>) () -> touch(part)).toList());
      List<Callable<Long>> sums =
          shares.stream().map(part -> (Callable<Long>) () -> sum(part)).toList();
      run(pool, sums);
      List<Double> speeds = new ArrayList<>();
      for (int i = 0; i < passes; i++) {
        long start = System.nanoTime();
        long found = run(pool, sums);
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

  private static long run(ExecutorService pool, List<Callable<Long>> tasks) {
    try {
      long sum = 0;
      for (Future<Long> result : pool.invokeAll(tasks)) {
        sum += result.get();
      }
      return sum;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ZondaException("the speed of memory could not be measured: interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  /** Ones, so that what was read can be checked. */
  private static long touch(MemorySegment memory) {
    for (long i = 0; i < memory.byteSize(); i += Long.BYTES) {
      memory.set(ValueLayout.JAVA_LONG, i, 1);
    }
    return 0;
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
