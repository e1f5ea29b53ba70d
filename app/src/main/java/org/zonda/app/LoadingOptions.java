package org.zonda.app;

import java.util.List;
import org.zonda.model.ZondaException;
import org.zonda.model.lora.AdapterChoice;
import org.zonda.runtime.LoadOptions;
import org.zonda.runtime.backend.CacheType;
import picocli.CommandLine.Option;

/** How to load a model. */
final class LoadingOptions {

  @Option(
      names = {"-c", "--context"},
      paramLabel = "N",
      order = 2,
      description = "Tokens the context holds (default: what the model was made for).")
  private int context = LoadOptions.DEFAULT.contextLength();

  @Option(
      names = {"-t", "--threads"},
      paramLabel = "N",
      order = 3,
      description = "Worker threads (default: one a core).")
  private int threads = LoadOptions.DEFAULT.threads();

  @Option(
      names = {"-b", "--batch"},
      paramLabel = "N",
      order = 4,
      description = "Prompt tokens that one pass takes (default: ${DEFAULT-VALUE}).")
  private int batch = LoadOptions.DEFAULT.batchSize();

  @Option(
      names = "--cache-type",
      paramLabel = "TYPE",
      order = 5,
      description = "How the KV cache stores numbers: f16 or f32 (default: f16).")
  private CacheType cacheType = LoadOptions.DEFAULT.cacheType();

  @Option(
      names = "--lora",
      paramLabel = "PATH[:SCALE]",
      order = 6,
      description =
          "Apply a LoRA adapter, a GGUF file or a PEFT folder, scaled (default: 1). May be given"
              + " several times.")
  private List<String> adapters = List.of();

  @Option(
      names = "--exact",
      order = 7,
      description =
          "On the CPU, multiply quantised weights with activations as they are. Otherwise they are"
              + " rounded, as llama.cpp does, where the processor has instructions that make it"
              + " faster.")
  private boolean exact = LoadOptions.DEFAULT.exact();

  /** Options for one sequence, which is all that a command needs. */
  LoadOptions toLoadOptions() {
    try {
      return LoadOptions.DEFAULT
          .withContextLength(context)
          .withSequences(1)
          .withBatchSize(batch)
          .withThreads(threads)
          .withCacheType(cacheType)
          .withExact(exact)
          .withAdapters(adapters.stream().map(AdapterChoice::parse).toList());
    } catch (ZondaException e) {
      throw new UsageException(e.getMessage());
    }
  }
}
