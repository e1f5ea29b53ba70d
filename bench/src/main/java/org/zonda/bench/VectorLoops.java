package org.zonda.bench;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Loops of vectors that do nothing but read, or nothing but multiply and add. This class can only
 * be loaded where the JVM was started with the Vector API, see {@link Machine#hasVectorApi}.
 */
final class VectorLoops {

  /** What {@link #sum} reads at once: far apart, so that the processor fetches ahead in each. */
  private static final int STREAMS = 4;

  private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

  /** Independent ones, as many as hide the latency of every known processor. */
  private static final int CHAINS = 12;

  private static final int STEPS = 1 << 14;

  private VectorLoops() {}

  static String description() {
    return FLOATS.vectorBitSize() + "-bit vectors";
  }

  /**
   * Adds up longs.
   *
   * @param memory of which each quarter is a whole number of vectors
   */
  static long sum(MemorySegment memory) {
    long quarter = memory.byteSize() / STREAMS;
    int step = LONGS.vectorByteSize();
    LongVector a = LongVector.zero(LONGS);
    LongVector b = a;
    LongVector c = a;
    LongVector d = a;
    for (long i = 0; i < quarter; i += step) {
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

  /**
   * Multiplies and adds in registers alone; see {@link ComputePeak.Work}.
   *
   * @throws IllegalStateException if it came to something else than it should
   */
  static double multiplyAdds(long nanos) {
    long start = System.nanoTime();
    long done = 0;
    long taken;
    do {
      done += some();
      taken = System.nanoTime() - start;
    } while (taken < nanos);
    return done * 1e9 / taken;
  }

  private static long some() {
    // Each step halves the distance to 2.
    float sum = chains(0.5f, 1);
    if (sum != 2f * CHAINS * FLOATS.length()) {
      throw new IllegalStateException("the multiply-adds came to " + sum);
    }
    return (long) STEPS * CHAINS * FLOATS.length();
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
    for (int n = 0; n < STEPS; n++) {
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
