package org.zonda.runtime.profile;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.zonda.runtime.backend.OperationListener;
import org.zonda.runtime.backend.OperationRun;
import org.zonda.runtime.backend.OperationStep;
import org.zonda.runtime.profile.PhaseProfile.LayerTotals;
import org.zonda.runtime.profile.PhaseProfile.OperationTotals;

/**
 * Adds up where a model's time goes, reading and writing apart. Made for one generation at a time:
 * of several at once, a pass counts for what began last. Thread-safe.
 */
public final class Profiler implements OperationListener {

  /** What is counted together: all layers of an operation. */
  private record Key(String operation, String weight, String format) {}

  private static final class Sums {
    private final Map<Key, Totals> operations = new LinkedHashMap<>();
    private final Map<String, Totals> layers = new LinkedHashMap<>();
    private int tokens;
    private long nanos;
    private long sampling;
  }

  private final Sums prefill = new Sums();
  private final Sums decode = new Sums();

  /** Null between the phases, when what runs is nobody's. */
  private Sums current;

  /** Listens to nothing yet. */
  public Profiler() {}

  @Override
  public synchronized void began(Phase phase) {
    current = of(phase);
  }

  @Override
  public synchronized void ended(Phase phase, int tokens, long nanos) {
    Sums sums = of(phase);
    sums.tokens += tokens;
    sums.nanos += nanos;
    current = null;
  }

  @Override
  public synchronized void sampled(long nanos) {
    if (current != null) {
      current.sampling += nanos;
    }
  }

  @Override
  public synchronized void ran(OperationRun run) {
    if (current != null) {
      OperationStep step = run.step();
      Key key = new Key(step.operation(), step.weight(), step.format());
      current.operations.merge(key, Totals.NONE.plus(run), Totals::plus);
      current.layers.merge(step.block(), Totals.NONE.plus(run), Totals::plus);
    }
  }

  private Sums of(Phase phase) {
    return phase == Phase.PREFILL ? prefill : decode;
  }

  /**
   * What was heard so far.
   *
   * @param phase of reading, or of writing
   * @return the sums
   */
  public synchronized PhaseProfile profile(Phase phase) {
    Sums sums = of(phase);
    List<OperationTotals> operations =
        sums.operations.entrySet().stream()
            .map(
                entry ->
                    new OperationTotals(
                        entry.getKey().operation(),
                        entry.getKey().weight(),
                        entry.getKey().format(),
                        entry.getValue()))
            .toList();
    List<LayerTotals> layers =
        sums.layers.entrySet().stream()
            .map(entry -> new LayerTotals(entry.getKey(), entry.getValue()))
            .toList();
    return new PhaseProfile(sums.tokens, sums.nanos, sums.sampling, operations, layers);
  }
}
