package org.zonda.bench.lab;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import org.zonda.bench.Spread;
import org.zonda.bench.device.KernelTiming;
import org.zonda.model.ModelSource;
import org.zonda.model.gguf.Metadata;
import org.zonda.model.graph.Block;
import org.zonda.model.graph.Operation.Linear;
import org.zonda.model.graph.Transformer;
import org.zonda.model.graph.Value;
import org.zonda.model.graph.Weight;
import org.zonda.model.tensor.Codec;
import org.zonda.model.tensor.Codecs;
import org.zonda.model.tensor.Tensor;
import org.zonda.model.tensor.TensorType;
import org.zonda.runtime.backend.CacheType;
import org.zonda.runtime.backend.Chunk;
import org.zonda.runtime.backend.ExecutorOptions;
import org.zonda.runtime.backend.OperationRun;
import org.zonda.runtime.backend.Part;
import org.zonda.runtime.backend.Stage;
import org.zonda.runtime.cpu.CpuBackend;

/**
 * Times the products of the CPU path as models run them: layers of two products, out of a hidden
 * state and back, each layer with weights of its own. A layer's product is a launch.
 */
final class CpuTimings {

  private static final int WIDTH = 2048;
  private static final int INNER = 8192;

  /** More than the caches of most machines. */
  private static final long STACK_BYTES = 256L << 20;

  /** Numbers that weights repeat; a multiple of every format's block. */
  private static final int POOL = 1 << 16;

  private static final int SAMPLES = 7;

  /** The sizes, which tests make smaller. */
  record Sizes(int width, int inner, long stackBytes, double warmUpSeconds, double sampleSeconds) {
    static final Sizes USUAL = new Sizes(WIDTH, INNER, STACK_BYTES, 1, 0.1);
  }

  private final CpuBackend backend;
  private final Sizes sizes;

  CpuTimings(CpuBackend backend, Sizes sizes) {
    this.backend = backend;
    this.sizes = sizes;
  }

  /** Whether the CPU has what a kernel of the catalogue computes. */
  static boolean has(KernelEntry kernel) {
    return (kernel.id().startsWith("matvec.") || kernel.id().startsWith("matmul."))
        && type(kernel).isPresent();
  }

  private static Optional<TensorType> type(KernelEntry kernel) {
    String name = kernel.id().substring(kernel.id().indexOf('.') + 1);
    for (TensorType type : TensorType.values()) {
      if (type.name().toLowerCase(Locale.ROOT).equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /**
   * Times a kernel's counterpart on the CPU.
   *
   * @param kernel one that the CPU {@link #has}
   * @param tokens rows of activations
   * @return one timing of each of the two shapes
   */
  List<KernelTiming> time(KernelEntry kernel, int tokens) {
    TensorType type = type(kernel).orElseThrow();
    long layerBytes = 2 * type.bytes((long) sizes.width * sizes.inner);
    int layers = (int) Math.clamp(Math.ceilDiv(sizes.stackBytes, layerBytes), 2, 32);
    List<OperationRun> runs = new ArrayList<>();
    try (Weights weights = new Weights(type, sizes, layers);
        Stage stage =
            backend.stage(
                weights.transformer(),
                weights,
                new ExecutorOptions(1, 1, tokens, CacheType.F16)
                    .withListener(Optional.of(runs::add)),
                new Part(false, 0, layers, false))) {
      float[] hidden = Inputs.gaussian(new Random(1), tokens * sizes.width);
      Chunk chunk = new Chunk(new int[tokens], new int[tokens], new int[tokens]);
      long start = System.nanoTime();
      do {
        stage.run(chunk, hidden);
      } while (System.nanoTime() - start < sizes.warmUpSeconds * 1e9);
      List<List<OperationRun>> samples = new ArrayList<>();
      for (int i = 0; i < SAMPLES; i++) {
        runs.clear();
        start = System.nanoTime();
        do {
          stage.run(chunk, hidden);
        } while (System.nanoTime() - start < sizes.sampleSeconds * 1e9);
        samples.add(List.copyOf(runs));
      }
      return List.of(
          timing(kernel, samples, "up", sizes.inner, sizes.width, tokens, layers),
          timing(kernel, samples, "down", sizes.width, sizes.inner, tokens, layers));
    }
  }

  private static KernelTiming timing(
      KernelEntry kernel,
      List<List<OperationRun>> samples,
      String weight,
      int rows,
      int columns,
      int tokens,
      int layers) {
    List<OperationRun> any = of(samples.getFirst(), weight);
    long activations = tokens == 1 ? 0 : (long) tokens * (rows + columns) * Float.BYTES;
    return new KernelTiming(
        kernel.id(),
        rows + " x " + columns + (tokens == 1 ? "" : ", " + tokens + " rows"),
        any.getFirst().bytes() + activations,
        any.getFirst().multiplyAdds(),
        layers,
        new Spread(
            samples.stream()
                .map(
                    runs ->
                        of(runs, weight).stream()
                            .mapToDouble(run -> run.nanos() * 1e-9)
                            .average()
                            .orElseThrow())
                .toList()),
        OptionalDouble.empty());
  }

  private static List<OperationRun> of(List<OperationRun> runs, String weight) {
    return runs.stream().filter(run -> run.step().weight().equals(weight)).toList();
  }

  /** The weights of the layers. */
  private static final class Weights implements ModelSource {

    private final Arena arena = Arena.ofShared();
    private final Map<String, Tensor> tensors = new HashMap<>();
    private final Transformer transformer;

    Weights(TensorType type, Sizes sizes, int layers) {
      MemorySegment pool = pool(Codecs.of(type, "a timing"));
      List<Block> blocks = new ArrayList<>();
      Value in = new Value(0, "hidden", sizes.width);
      Value inner = new Value(1, "inner", sizes.inner);
      Value out = new Value(2, "output", sizes.width);
      for (int layer = 0; layer < layers; layer++) {
        Weight up = weight(type, pool, "blk." + layer + ".up.weight", sizes.width, sizes.inner);
        Weight down = weight(type, pool, "blk." + layer + ".down.weight", sizes.inner, sizes.width);
        blocks.add(
            new Block(
                "layer " + layer,
                in,
                List.of(
                    new Linear(in, up, Optional.empty(), inner),
                    new Linear(inner, down, Optional.empty(), out)),
                out));
      }
      Block nothing = new Block("nothing", in, List.of(), in);
      transformer = new Transformer("a timing", 1, 1, nothing, blocks, nothing);
    }

    /** Weights so small that a state does not grow from layer to layer. */
    private MemorySegment pool(Codec codec) {
      float[] values = Inputs.gaussian(new Random(1), POOL);
      for (int i = 0; i < POOL; i++) {
        values[i] *= 0.01f;
      }
      MemorySegment pool = arena.allocate(codec.type().bytes(POOL), 64);
      codec.encode(values, 0, pool, 0, POOL);
      return pool;
    }

    private Weight weight(TensorType type, MemorySegment pool, String name, int columns, int rows) {
      MemorySegment data = arena.allocate(type.bytes((long) rows * columns), 64);
      for (long at = 0; at < data.byteSize(); at += pool.byteSize()) {
        long bytes = Math.min(pool.byteSize(), data.byteSize() - at);
        MemorySegment.copy(pool, 0, data, at, bytes);
      }
      tensors.put(
          name, new Tensor(name, type, List.of((long) columns, (long) rows), data.asReadOnly()));
      return new Weight(name, columns, rows, 1);
    }

    Transformer transformer() {
      return transformer;
    }

    @Override
    public String label() {
      return "a timing";
    }

    @Override
    public Metadata metadata() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Collection<Tensor> tensors() {
      return tensors.values();
    }

    @Override
    public Optional<Tensor> findTensor(String name) {
      return Optional.ofNullable(tensors.get(name));
    }

    @Override
    public void close() {
      arena.close();
    }
  }
}
