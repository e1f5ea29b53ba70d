package org.zonda.runtime.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.zonda.model.ModelSource;
import org.zonda.model.graph.Activation;
import org.zonda.model.tensor.Tensor;
import org.zonda.model.tensor.TensorType;

/**
 * Lets the JIT compile what a prompt needs while the model is still being opened, on a core that is
 * idle then: Vector API code is hundreds of times slower before it is compiled, and a first prompt
 * would wait for that. Works on copies and writes nothing that anybody reads.
 */
final class WarmUp {

  /** About as long as compilation takes. */
  private static final long NANOS = 600_000_000;

  private static final int ELEMENTS = 2048;

  /** What was begun in this process, where once is enough. */
  private static final Set<TensorType> STARTED = ConcurrentHashMap.newKeySet();

  private WarmUp() {}

  /** Begins with the formats that no model had before, where there is a core for it. */
  static void start(Kernels kernels, ModelSource weights) {
    List<TensorType> types =
        weights.tensors().stream()
            .filter(tensor -> tensor.shape().size() > 1)
            .map(Tensor::type)
            .filter(STARTED::add)
            .toList();
    if (!types.isEmpty() && Runtime.getRuntime().availableProcessors() > 1) {
      Thread.ofPlatform().daemon().name("zonda-warm-up").start(() -> run(kernels, types));
    }
  }

  private static void run(Kernels kernels, List<TensorType> types) {
    float[] floats = new float[ELEMENTS];
    float[] others = new float[ELEMENTS];
    // Native memory, as models' is: compiled code is bound to the kind of segment it has seen.
    List<MemorySegment> data =
        types.stream().map(type -> Arena.ofAuto().allocate(type.bytes(ELEMENTS), 64)).toList();
    List<MatrixKernel> matrices =
        types.stream().map(type -> kernels.matrix(type, "warm-up")).toList();
    long end = System.nanoTime() + NANOS;
    while (System.nanoTime() < end) {
      for (int i = 0; i < types.size(); i++) {
        matrices.get(i).decode(data.get(i), 0, floats, 0, ELEMENTS);
      }
      kernels.rmsNorm(floats, 0, others, 0, 1e-5f, others, 0, ELEMENTS);
      kernels.gate(Activation.SILU, floats, 0, others, 0, others, 0, ELEMENTS);
      kernels.add(floats, 0, others, 0, others, 0, ELEMENTS);
    }
  }
}
