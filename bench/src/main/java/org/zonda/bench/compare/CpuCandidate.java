package org.zonda.bench.compare;

import java.util.List;
import java.util.OptionalLong;
import org.zonda.bench.Hardware;
import org.zonda.bench.ReadSpeed;
import org.zonda.model.ModelSource;
import org.zonda.model.graph.Decoder;
import org.zonda.runtime.backend.Executor;
import org.zonda.runtime.backend.ExecutorOptions;
import org.zonda.runtime.backend.Part;
import org.zonda.runtime.cpu.CpuBackend;

/**
 * The processor, with a number of threads.
 *
 * @param name what the report calls it
 * @param threads how many; 0 for one a core
 */
public record CpuCandidate(String name, int threads) implements Candidate {

  @Override
  public Loaded load(Decoder decoder, ModelSource source, ExecutorOptions options) {
    CpuBackend backend = new CpuBackend(threads);
    try {
      return new OnCpu(backend, backend.load(decoder, source, options));
    } catch (RuntimeException | Error e) {
      backend.close();
      throw e;
    }
  }

  private record OnCpu(CpuBackend backend, Executor executor) implements Loaded {

    @Override
    public String description() {
      return backend.description();
    }

    @Override
    public Hardware hardware() {
      return Hardware.PROCESSOR;
    }

    @Override
    public List<Placed> parts() {
      return List.of(new Placed(Part.whole(executor.decoder()), false));
    }

    @Override
    public OptionalLong deviceBytes() {
      return OptionalLong.empty();
    }

    @Override
    public ReadSpeed deviceReadSpeed() {
      return new ReadSpeed.Unknown("there is no device");
    }

    @Override
    public void close() {
      executor.close();
      backend.close();
    }
  }
}
