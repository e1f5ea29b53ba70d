package org.zonda.bench;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Chains of multiply-adds that never touch memory. Twelve, of which none waits for another, hide
 * the latency of every known processor. The only class here that needs the Vector API.
 */
final class FloatChains {

  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int CHAINS = 12;
  private static final int STEPS = 1 << 14;

  private FloatChains() {}

  static String description() {
    return SPECIES.vectorBitSize() + "-bit vectors";
  }

  /**
   * Does some.
   *
   * @return how many
   * @throws IllegalStateException if they came to something else than they should
   */
  static long run() {
    // Each chain halves its distance to 2 in every step.
    float sum = chains(0.5f, 1);
    if (sum != 2f * CHAINS * SPECIES.length()) {
      throw new IllegalStateException("the chains came to " + sum);
    }
    return (long) STEPS * CHAINS * SPECIES.length();
  }

  private static float chains(float factor, float addend) {
    FloatVector m = FloatVector.broadcast(SPECIES, factor);
    FloatVector s = FloatVector.broadcast(SPECIES, addend);
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
