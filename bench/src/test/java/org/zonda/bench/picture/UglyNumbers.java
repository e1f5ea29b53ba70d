package org.zonda.bench.picture;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import org.zonda.bench.Spread;

/** Numbers that no benchmark should find, and usual ones among them. */
final class UglyNumbers {

  private UglyNumbers() {}

  /** Of every size and sign, what is no number and infinity included. */
  static Arbitrary<Double> any() {
    return Arbitraries.oneOf(
        Arbitraries.doubles().between(0, 1000),
        Arbitraries.doubles().between(-100, 100).map(exponent -> Math.pow(10, exponent)),
        Arbitraries.longs().map(Double::longBitsToDouble),
        Arbitraries.of(
            0.0,
            -0.0,
            1.0,
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            Double.MIN_VALUE,
            Double.MAX_VALUE));
  }

  /** One to four of them. */
  static Arbitrary<Spread> spreads() {
    return any().list().ofMinSize(1).ofMaxSize(4).map(Spread::new);
  }
}
