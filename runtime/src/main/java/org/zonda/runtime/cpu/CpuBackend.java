package org.zonda.runtime.cpu;

import java.util.List;
import org.zonda.model.ModelSource;
import org.zonda.model.graph.Transformer;
import org.zonda.runtime.Settings;
import org.zonda.runtime.backend.Backend;
import org.zonda.runtime.backend.ExecutorOptions;
import org.zonda.runtime.backend.Part;
import org.zonda.runtime.backend.Stage;
import org.zonda.runtime.cpu.machine.InstructionSet;
import org.zonda.runtime.cpu.machine.MachineCode;

/**
 * Runs models on the processor: a fixed pool of threads, weights straight from the mapped file, the
 * KV cache and activations on the Java heap. Stages of one backend share its threads, so only one
 * of them may run at a time.
 */
public final class CpuBackend implements Backend {

  /** In smaller models machine code saves less time than getting at it takes. */
  private static final long LEAST_BYTES = 32L << 20;

  /** How products of matrices are computed. */
  enum Arithmetic {
    /** In Java. */
    JAVA,
    /** In machine code where there is some, with activations and weights as they are. */
    EXACT,
    /** In machine code where there is some, and with activations rounded where that is faster. */
    ROUNDED
  }

  private final WorkerPool pool;
  private final Kernels kernels;
  private final Arithmetic arithmetic;
  private final long leastBytes;

  /** What the description says of machine code: what the last model runs with. */
  private volatile String machineCode = "";

  /**
   * Starts the threads. Products may be {@linkplain #CpuBackend(int, boolean) rounded}.
   *
   * @param threads how many compute, the caller included; 0 for one a core
   */
  public CpuBackend(int threads) {
    this(threads, false);
  }

  /**
   * Starts the threads.
   *
   * @param threads how many compute, the caller included; 0 for one a core
   * @param exact whether weights and activations are multiplied as they are; otherwise activations
   *     may be rounded to 8 bits, and for many tokens both to bfloat16, where the weights are
   *     quantised and the processor has instructions for it
   */
  public CpuBackend(int threads, boolean exact) {
    this(threads, exact, LEAST_BYTES);
  }

  /**
   * Starts the threads.
   *
   * @param threads how many compute, the caller included; 0 for one a core
   * @param exact whether weights and activations are multiplied as they are
   * @param leastBytes smaller models are computed in Java alone; 0 for none
   */
  public CpuBackend(int threads, boolean exact, long leastBytes) {
    this(threads, defaultKernels(), exact ? Arithmetic.EXACT : Arithmetic.ROUNDED, leastBytes);
  }

  CpuBackend(int threads, Kernels kernels) {
    this(threads, kernels, Arithmetic.JAVA, 0);
  }

  CpuBackend(int threads, Kernels kernels, Arithmetic arithmetic, long leastBytes) {
    this.kernels = kernels;
    this.arithmetic = kernels instanceof VectorKernels ? arithmetic : Arithmetic.JAVA;
    this.leastBytes = leastBytes;
    Settings.machine(); // a word that is wrong is told, whatever the model
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
    String count = threads + (threads == 1 ? " thread, " : " threads, ");
    return "CPU, " + count + kernels.description() + machineCode;
  }

  @Override
  public Stage stage(
      Transformer transformer, ModelSource weights, ExecutorOptions options, Part part) {
    boolean machine = usesMachineCode(weights);
    boolean exact = arithmetic == Arithmetic.EXACT;
    String set = machine ? MachineCode.instructionSet().word() : "";
    machineCode = machine ? ", machine code (" + set + (exact ? ", exact)" : ")") : "";
    Kernels chosen = machine ? kernels : kernels.withoutMachineCode();
    if (machine) {
      WarmUp.start(chosen, weights);
    }
    List<Way> ways =
        machine ? Ways.machine(chosen, pool.threads(), exact) : Ways.java(chosen, pool.threads());
    String place = part.describe(transformer) + " on " + description();
    return new CpuStage(place, pool, chosen, ways, transformer, weights, options, part);
  }

  private boolean usesMachineCode(ModelSource weights) {
    long bytes = weights.tensors().stream().mapToLong(tensor -> tensor.data().byteSize()).sum();
    return arithmetic != Arithmetic.JAVA
        && bytes >= leastBytes
        && MachineCode.instructionSet() != InstructionSet.OFF;
  }

  @Override
  public void close() {
    pool.close();
  }
}
