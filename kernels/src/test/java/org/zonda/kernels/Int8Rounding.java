package org.zonda.kernels;

import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** The rounding of a run's inputs: the task, and what it left behind. */
final class Int8Rounding {

  final IntArray q;
  final FloatArray d;
  private final MatrixRun run;
  private final int order;
  private final int inputs;

  /** Adds the task to the run's graph; the results come back with the run's own. */
  Int8Rounding(MatrixRun run, int order) {
    this.run = run;
    this.order = order;
    MatrixCase k = run.k;
    inputs = k.work() * k.inputsPerRow();
    q = new IntArray(Math.max(1, inputs * run.columns / 4));
    d = new FloatArray(Math.max(1, inputs * run.columns / 32));
    run.graph
        .task(
            "round",
            Int8Input::quantise,
            run.context,
            run.pass,
            run.x,
            q,
            d,
            run.columns,
            run.inStride,
            k.inputsPerRow(),
            order)
        .transferToHost(DataTransferMode.EVERY_EXECUTION, q, d);
    int group = 64;
    run.grid("round", (run.columns / 4 + group - 1) / group, Math.max(1, inputs) + 1, group);
  }

  /** Input rows. */
  int inputs() {
    return inputs;
  }

  /** The scale of the block of a value. */
  float scale(int row, int column) {
    return d.get(row * (run.columns / 32) + column / 32);
  }

  /** The integer of a value. */
  int integer(int row, int column) {
    int word = column / 4;
    int place = column % 4;
    if (order == Int8Input.EVEN_ODD) {
      word = column / 8 * 2 + column % 2;
      place = column % 8 / 2;
    }
    return (byte) (q.get(row * (run.columns / 4) + word) >> 8 * place);
  }

  /** Puts what the inputs were rounded to into the run's inputs. */
  void replaceInputs() {
    for (int row = 0; row < inputs; row++) {
      for (int k = 0; k < run.columns; k++) {
        run.x.set(row * run.inStride + k, scale(row, k) * integer(row, k));
      }
    }
  }
}
