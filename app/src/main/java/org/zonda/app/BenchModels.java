package org.zonda.app;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.zonda.model.ModelSource;
import org.zonda.model.gguf.GgufFile;
import org.zonda.model.lora.AdapterChoice;
import org.zonda.model.synthetic.SyntheticModel;
import picocli.CommandLine.Option;

/** Which models to measure. */
final class BenchModels {

  private static final long SEED = 1;

  @Option(
      names = {"-m", "--model"},
      paramLabel = "FILE",
      order = 1,
      description =
          "A model, a GGUF file; may be given several times. Without it: what ZONDA_MODEL names,"
              + " else the small story model inside the program.")
  private List<String> files = List.of();

  @Option(names = "--pre-tokenizer", hidden = true)
  private String preTokenizer;

  @Option(
      names = "--synthetic",
      paramLabel = "SHAPE:FORMAT",
      split = ",",
      order = 2,
      description =
          "Measure random weights of a real shape, such as llama-1b:q8_0, made in memory: nothing"
              + " need be downloaded. A wrong name lists the known ones. Several are measured in"
              + " turn; without a shape it is the one before: llama-1b:q8_0,q4_0.")
  private List<String> synthetic = List.of();

  @Option(
      names = "--save",
      paramLabel = "FILE",
      order = 3,
      description =
          "Write the synthetic model to a new GGUF file, and measure that; with -p 0 -n 0 only write"
              + " it.")
  private String save;

  @Option(
      names = "--lora",
      paramLabel = "PATH[:SCALE]",
      order = 3,
      description =
          "Apply a LoRA adapter, a GGUF file or a PEFT folder, scaled (default: 1), to every model."
              + " May be given several times.")
  private List<String> adapters = List.of();

  boolean named() {
    return !files.isEmpty() || !synthetic.isEmpty();
  }

  boolean saved() {
    return save != null;
  }

  /** Refuses what cannot be meant, before anything is opened. */
  void check() {
    if (preTokenizer != null) {
      throw new UsageException("no text is read here; leave out --pre-tokenizer");
    }
    if (!synthetic.isEmpty() && !files.isEmpty()) {
      throw new UsageException("--synthetic and --model name two models; give one");
    }
    if (save != null && synthetic.size() != 1) {
      throw new UsageException("--save writes a synthetic model; name one with --synthetic");
    }
    Adapters.parse(adapters);
  }

  /**
   * What opens each model when its turn comes.
   *
   * @throws org.zonda.model.ZondaException if there is no such file, or no such shape or format
   */
  List<Supplier<ModelSource>> open(Console console) {
    List<AdapterChoice> choices = Adapters.parse(adapters);
    return bases(console).stream()
        .<Supplier<ModelSource>>map(base -> () -> Adapters.apply(base.get(), choices))
        .toList();
  }

  private List<Supplier<ModelSource>> bases(Console console) {
    if (save != null) {
      return List.of(() -> GgufFile.open(write(console)));
    }
    List<Supplier<ModelSource>> models = new ArrayList<>();
    if (!synthetic.isEmpty()) {
      for (String name : names()) {
        SyntheticModel.check(name);
        models.add(
            () -> {
              say(console, "making " + name + " in memory");
              return SyntheticModel.create(name, SEED);
            });
      }
    } else if (files.isEmpty()) {
      models.add(ModelChoice.of(null, console)::open);
    } else {
      files.forEach(file -> models.add(ModelChoice.of(file, console)::open));
    }
    return models;
  }

  /** A format alone has the shape before it. */
  private List<String> names() {
    List<String> names = new ArrayList<>();
    String shape = "";
    for (String name : synthetic) {
      int colon = name.indexOf(':');
      if (colon >= 0) {
        shape = name.substring(0, colon + 1);
      }
      names.add(colon >= 0 ? name : shape + name);
    }
    return names;
  }

  /** Writes the one synthetic model. */
  Path write(Console console) {
    Path file = UserPath.of(save);
    say(console, "writing " + synthetic.getFirst() + " to " + file);
    SyntheticModel.write(synthetic.getFirst(), SEED, file);
    return file;
  }

  private static void say(Console console, String text) {
    console.err().println(console.errStyle().dim(Printable.line(text)));
  }
}
