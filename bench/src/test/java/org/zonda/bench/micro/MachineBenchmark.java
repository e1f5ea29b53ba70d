package org.zonda.bench.micro;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What Java can get out of this machine: the speed of memory bounds decoding, the peak of
 * multiply-adds bounds prefill. Every thread has memory of its own; {@code -t 2} runs two.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class MachineBenchmark {

  private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

  /** More than any cache; the third-level caches of servers are hundreds of megabytes. */
  private static final long BYTES = 1L << 30;

  private static final int ITERATIONS = 1 << 20;

  /** JMH reports it per second. */
  @AuxCounters
  @State(Scope.Thread)
  public static class Reading {
    /** Bytes read, in 10^9. */
    public double gigabytes;

    /** Starts from zero in each iteration. */
    @Setup(Level.Iteration)
    public void reset() {
      gigabytes = 0;
    }
  }

  /** JMH reports it per second. */
  @AuxCounters
  @State(Scope.Thread)
  public static class Computing {
    /** Multiplications with an addition, in 10^9. */
    public double gigaMultiplyAdds;

    /** Starts from zero in each iteration. */
    @Setup(Level.Iteration)
    public void reset() {
      gigaMultiplyAdds = 0;
    }
  }

  private Arena arena;
  private MemorySegment memory;

  /** Touches every page, so that each has memory of its own. */
  @Setup
  public void allocate() {
    arena = Arena.ofShared();
    memory = arena.allocate(BYTES, 64).fill((byte) 1);
  }

  /** Frees it. */
  @TearDown
  public void free() {
    arena.close();
  }

  /** Reads memory in four streams, far apart, so that the processor fetches ahead in each. */
  @Benchmark
  public long read(Reading reading) {
    reading.gigabytes += BYTES / 1e9;
    return sum(memory);
  }

  private static long sum(MemorySegment memory) {
    long quarter = BYTES / 4;
    LongVector a = LongVector.zero(LONGS);
    LongVector b = a;
    LongVector c = a;
    LongVector d = a;
    for (long i = 0; i < quarter; i += LONGS.vectorByteSize()) {
      a = a.add(load(memory, i));
      b = b.add(load(memory, i + quarter));
      c = c.add(load(memory, i + 2 * quarter));
      d = d.add(load(memory, i + 3 * quarter));
    }
    return a.add(b).add(c.add(d)).reduceLanes(VectorOperators.ADD);
  }

  private static LongVector load(MemorySegment memory, long offset) {
    return LongVector.fromMemorySegment(LONGS, memory, offset, ByteOrder.nativeOrder());
  }

  /** Twelve independent chains, which hide the latency of every known processor. */
  @Benchmark
  public float multiplyAdd(Computing computing) {
    computing.gigaMultiplyAdds += 12.0 * ITERATIONS * FLOATS.length() / 1e9;
    return chains(0.999f, 0.001f);
  }

  private static float chains(float factor, float addend) {
    FloatVector m = FloatVector.broadcast(FLOATS, factor);
    FloatVector s = FloatVector.broadcast(FLOATS, addend);
    FloatVector a = s;
    FloatVector b = s;
    FloatVector c = s;
    FloatVector d = s;
    FloatVector e = s;
    FloatVector f = s;
    FloatVector g = s;
    FloatVector h = s;
    FloatVector i = s;
    FloatVector j = s;
    FloatVector k = s;
    FloatVector l = s;
    for (int n = 0; n < ITERATIONS; n++) {
      a = a.fma(m, s);
      b = b.fma(m, s);
      c = c.fma(m, s);
      d = d.fma(m, s);
      e = e.fma(m, s);
      f = f.fma(m, s);
      g = g.fma(m, s);
      h = h.fma(m, s);
      i = i.fma(m, s);
      j = j.fma(m, s);
      k = k.fma(m, s);
      l = l.fma(m, s);
    }
    return a.add(b)
        .add(c.add(d))
        .add(e.add(f))
        .add(g.add(h))
        .add(i.add(j))
        .add(k.add(l))
        .reduceLanes(VectorOperators.ADD);
  }
}
