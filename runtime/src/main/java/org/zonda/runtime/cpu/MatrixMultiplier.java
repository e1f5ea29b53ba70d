package org.zonda.runtime.cpu;

import java.util.List;

/**
 * Multiplies rows of activations with one or several matrices that read the same activations, in
 * one job for all cores: each matrix in the first {@link Way} that takes it.
 */
final class MatrixMultiplier {

  /**
   * A matrix, what is added to its product, and where the product goes.
   *
   * @param matrix the weights
   * @param bias one float a row, or null
   * @param out row t begins at {@code t * matrix.rows()}
   */
  record Product(Matrix matrix, float[] bias, Buffer out) {}

  /** Below so many activations, sharing their conversion costs more than it saves. */
  private static final int SERIAL = 1 << 14;

  private final WorkerPool pool;
  private final List<Way> ways;

  /**
   * A multiplier.
   *
   * @param ways the last of which takes every matrix
   */
  MatrixMultiplier(WorkerPool pool, List<Way> ways) {
    this.pool = pool;
    this.ways = ways;
  }

  /** A product with its way, cut into tasks. */
  private record Plan(Product product, Way way, int rowsPerTask) {

    int tasks() {
      return Math.ceilDiv(product.matrix().rows(), rowsPerTask);
    }

    void run(int worker, int task, int tokens) {
      Matrix matrix = product.matrix();
      int first = task * rowsPerTask;
      int rows = Math.min(rowsPerTask, matrix.rows() - first);
      float[] out = product.out().data;
      way.multiply(worker, matrix, first, rows, out, first, matrix.rows());
      if (product.bias() != null) {
        for (int t = 0; t < tokens; t++) {
          int at = t * matrix.rows();
          for (int r = first; r < first + rows; r++) {
            out[at + r] += product.bias()[r];
          }
        }
      }
    }
  }

  /**
   * Writes {@code out = matrix * x + bias}.
   *
   * @param x row t of the activations begins at {@code t * columns}
   * @param tokens rows of x
   * @param products matrices of the same columns
   */
  void run(float[] x, int tokens, Product... products) {
    Plan[] plans = new Plan[products.length];
    int[] firstTask = new int[products.length + 1];
    for (int i = 0; i < products.length; i++) {
      plans[i] = plan(products[i], tokens);
      firstTask[i + 1] = firstTask[i] + plans[i].tasks();
    }
    prepare(plans, x, tokens);
    pool.run(
        firstTask[products.length],
        (worker, task) -> {
          int i = 0;
          while (task >= firstTask[i + 1]) {
            i++;
          }
          plans[i].run(worker, task - firstTask[i], tokens);
        });
  }

  private Plan plan(Product product, int tokens) {
    Matrix matrix = product.matrix();
    for (Way way : ways) {
      if (way.takes(matrix, tokens)) {
        return new Plan(product, way, way.rowsPerTask(matrix, pool.threads()));
      }
    }
    throw new IllegalStateException("no way to multiply a matrix of " + matrix.type());
  }

  /** Gives each way that is used the activations, once. */
  private void prepare(Plan[] plans, float[] x, int tokens) {
    int columns = plans[0].product().matrix().columns();
    for (int i = 0; i < plans.length; i++) {
      Way way = plans[i].way();
      if (!isFirst(plans, i)) {
        continue;
      }
      way.begin(x, tokens, columns);
      if (!way.converts()) {
        continue;
      }
      if (tokens * (long) columns < SERIAL) {
        for (int t = 0; t < tokens; t++) {
          way.convert(t);
        }
      } else {
        pool.run(tokens, (worker, t) -> way.convert(t));
      }
    }
  }

  /** Whether no plan before this one goes the same way. */
  private static boolean isFirst(Plan[] plans, int index) {
    for (int i = 0; i < index; i++) {
      if (plans[i].way() == plans[index].way()) {
        return false;
      }
    }
    return true;
  }
}
