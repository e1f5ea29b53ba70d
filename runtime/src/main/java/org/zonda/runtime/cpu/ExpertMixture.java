package org.zonda.runtime.cpu;

import java.util.Arrays;
import org.zonda.model.graph.Operation.Experts;

/** Runs {@link Experts}: routes each row to its best experts and adds up their weighted results. */
final class ExpertMixture {

  private final Experts op;
  private final MatrixMultiplier multiplier;
  private final Kernels kernels;
  private final Matrix router;
  private final Matrix gate;
  private final Matrix up;
  private final Matrix down;

  private final Buffer logits = new Buffer();
  private final Buffer inputs = new Buffer();
  private final Buffer gates = new Buffer();
  private final Buffer ups = new Buffer();
  private final Buffer results = new Buffer();

  ExpertMixture(
      Experts op,
      MatrixMultiplier multiplier,
      Kernels kernels,
      Matrix router,
      Matrix gate,
      Matrix up,
      Matrix down) {
    this.op = op;
    this.multiplier = multiplier;
    this.kernels = kernels;
    this.router = router;
    this.gate = gate;
    this.up = up;
    this.down = down;
    logits.fit(router.rows());
    inputs.fit(router.columns());
    gates.fit(gate.rows());
    ups.fit(up.rows());
    results.fit(down.rows());
  }

  void run(int rows, float[] input, float[] output) {
    int width = router.columns();
    int experts = router.rows();
    for (Buffer buffer : new Buffer[] {logits, inputs, gates, ups, results}) {
      buffer.ensure(rows);
    }
    multiplier.run(input, rows, new MatrixMultiplier.Product(router, null, logits));
    // Afterwards a logit is its expert's weight for the row, or 0 where it is not used.
    for (int row = 0; row < rows; row++) {
      route(logits.data, row * experts, experts);
    }
    Arrays.fill(output, 0, rows * width, 0);
    int[] members = new int[rows];
    for (int e = 0; e < experts; e++) {
      int count = 0;
      for (int row = 0; row < rows; row++) {
        if (logits.data[row * experts + e] != 0) {
          System.arraycopy(input, row * width, inputs.data, count * width, width);
          members[count++] = row;
        }
      }
      if (count > 0) {
        runExpert(e, count);
        for (int i = 0; i < count; i++) {
          float weight = logits.data[members[i] * experts + e];
          kernels.addScaled(weight, results.data, i * width, output, members[i] * width, width);
        }
      }
    }
  }

  private void runExpert(int expert, int rows) {
    multiplier.run(
        inputs.data,
        rows,
        new MatrixMultiplier.Product(gate.stacked(expert), null, gates),
        new MatrixMultiplier.Product(up.stacked(expert), null, ups));
    kernels.gate(op.activation(), gates.data, 0, ups.data, 0, gates.data, 0, rows * gate.rows());
    multiplier.run(
        gates.data, rows, new MatrixMultiplier.Product(down.stacked(expert), null, results));
  }

  /** Replaces a row's logits by weights: softmax over the best, 0 for the rest. */
  private void route(float[] logits, int from, int experts) {
    boolean[] chosen = new boolean[experts];
    float largest = 0;
    double total = 0;
    for (int n = 0; n < op.used(); n++) {
      int best = -1;
      for (int e = 0; e < experts; e++) {
        if (!chosen[e] && (best < 0 || logits[from + e] > logits[from + best])) {
          best = e;
        }
      }
      chosen[best] = true;
      if (n == 0) {
        largest = logits[from + best];
      }
      total += Math.exp(logits[from + best] - largest);
    }
    for (int e = 0; e < experts; e++) {
      logits[from + e] = chosen[e] ? (float) (Math.exp(logits[from + e] - largest) / total) : 0;
    }
  }
}
