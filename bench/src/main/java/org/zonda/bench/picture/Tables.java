package org.zonda.bench.picture;

import java.util.List;
import java.util.Optional;
import org.zonda.bench.Spread;

/** The columns that the tables of all pictures have. */
final class Tables {

  /** Heads of the columns that a spread takes. */
  static final List<String> SPREAD = List.of("median", "min", "max", "runs");

  private Tables() {}

  /** A spread's cells. */
  static List<String> spread(Optional<Spread> spread) {
    return spread
        .map(
            s ->
                List.of(
                    Figures.of(s.median()),
                    Figures.min(s),
                    Figures.max(s),
                    Integer.toString(s.values().size())))
        .orElse(List.of(Figures.NONE, Figures.NONE, Figures.NONE, "0"));
  }
}
