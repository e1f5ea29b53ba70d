package org.zonda.bench.micro;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.zonda.model.tensor.Codec;
import org.zonda.model.tensor.Codecs;
import org.zonda.model.tensor.TensorType;

/**
 * Numbers to a format, as a model is quantised, and back; one thread. Bytes are those of the floats
 * and of the blocks.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class CodecBenchmark {

  private static final int VALUES = 1 << 16;

  /** Any format that has a codec. */
  @Param({
    "F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q2_K", "Q3_K", "Q4_K", "Q5_K",
    "Q6_K", "IQ4_NL", "IQ4_XS", "MXFP4"
  })
  private TensorType format;

  private final float[] values = new float[VALUES];
  private final float[] decoded = new float[VALUES];
  private Arena arena;
  private Codec codec;
  private MemorySegment blocks;
  private double bytes;

  /** Normal numbers, as trained weights are. */
  @Setup
  public void prepare() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < VALUES; i++) {
      values[i] = (float) (0.02 * random.nextGaussian());
    }
    arena = Arena.ofShared();
    codec = Codecs.of(format, "a benchmark");
    blocks = arena.allocate(format.bytes(VALUES), 64);
    codec.encode(values, 0, blocks, 0, VALUES);
    bytes = blocks.byteSize() + (double) VALUES * Float.BYTES;
  }

  /** Frees the blocks. */
  @TearDown
  public void free() {
    arena.close();
  }

  /** Floats to blocks. */
  @Benchmark
  public MemorySegment encode(MachineBenchmark.Reading reading) {
    reading.gigabytes += bytes / 1e9;
    codec.encode(values, 0, blocks, 0, VALUES);
    return blocks;
  }

  /** Blocks to floats. */
  @Benchmark
  public float[] decode(MachineBenchmark.Reading reading) {
    reading.gigabytes += bytes / 1e9;
    codec.decode(blocks, 0, decoded, 0, VALUES);
    return decoded;
  }
}
