package org.zonda.runtime.cpu;

import org.zonda.model.ModelSource;
import org.zonda.model.graph.Transformer;
import org.zonda.runtime.Settings;
import org.zonda.runtime.backend.Backend;
import org.zonda.runtime.backend.ExecutorOptions;
import org.zonda.runtime.backend.Part;
import org.zonda.runtime.backend.Stage;

/**
 * Runs models on the processor: a fixed pool of threads, weights straight from the mapped file, the
 * KV cache and activations on the Java heap. Stages of one backend share its threads, so only one
 * of them may run at a time.
 */
public final class CpuBackend implements Backend {

  private final WorkerPool pool;
  private final Kernels kernels;

  /**
   * Starts the threads.
   *
   * @param threads how many compute, the caller included; 0 for one a core
   */
  public CpuBackend(int threads) {
    this(threads, defaultKernels());
  }

  CpuBackend(int threads, Kernels kernels) {
    this.kernels = kernels;
    pool = new WorkerPool(threads > 0 ? threads : Runtime.getRuntime().availableProcessors());
  }

  /** Vectors where the JVM was started with the classes for them, unless settings say scalar. */
  static Kernels defaultKernels() {
    boolean vectors = Settings.vectorBits() != 0 && hasVectorApi();
    return vectors ? new VectorKernels() : new ScalarKernels();
  }

  /** Asks for the class, not for its module: the launcher may bring the one without the other. */
  private static boolean hasVectorApi() {
    try {
      Class.forName("jdk.incubator.vector.FloatVector", false, CpuBackend.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  @Override
  public String description() {
    int threads = pool.threads();
    return "CPU, " + threads + (threads == 1 ? " thread, " : " threads, ") + kernels.description();
  }

  @Override
  public Stage stage(
      Transformer transformer, ModelSource weights, ExecutorOptions options, Part part) {
    String place = part.describe(transformer) + " on " + description();
    return new CpuStage(place, pool, kernels, transformer, weights, options, part);
  }

  @Override
  public void close() {
    pool.close();
  }
}
