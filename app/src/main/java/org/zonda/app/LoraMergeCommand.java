package org.zonda.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.zonda.model.ZondaException;
import org.zonda.model.architecture.Architectures;
import org.zonda.model.gguf.GgufFile;
import org.zonda.model.lora.AdaptedModel;
import org.zonda.model.lora.AdapterChoice;
import org.zonda.model.lora.Merge;
import org.zonda.model.tensor.Codec;
import org.zonda.model.tensor.Codecs;
import org.zonda.model.tensor.TensorType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code zonda lora merge}: writes a model with adapters in its weights. */
@Command(
    name = "merge",
    header = "Writes a model with adapters merged into its weights.",
    description = {
      "%nThe tensors that adapters change are computed anew and stored in their own",
      "format, or in that of --type; how much that costs is measured and shown. All",
      "others are copied. A split model becomes one file."
    },
    synopsisHeading = "%nUsage: ",
    sortOptions = false,
    customSynopsis = {"zonda lora merge [OPTIONS] --lora PATH[:SCALE] OUTPUT"},
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  zonda lora merge -m base.gguf --lora adapter.gguf merged.gguf",
      "  zonda lora merge -m base.gguf --lora a.gguf:0.8 --lora b.gguf:0.5 merged.gguf",
      "  zonda lora merge -m base.gguf --lora peft-folder --type f16 merged.gguf"
    })
final class LoraMergeCommand implements Runnable {

  private final Console console;

  @Mixin private final CommonOptions common;

  @Parameters(paramLabel = "OUTPUT", description = "The GGUF file to write.")
  private String output;

  @Mixin private final ModelOption model = new ModelOption();

  @Option(
      names = "--lora",
      paramLabel = "PATH[:SCALE]",
      order = 2,
      required = true,
      description =
          "An adapter, a GGUF file or a PEFT folder, scaled (default: 1). May be given several"
              + " times.")
  private List<String> adapters;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      order = 3,
      description =
          "Store the changed tensors so, such as f16 or f32 (default: each as it was stored).")
  private String type;

  @Option(names = "--force", order = 4, description = "Replace OUTPUT if it exists.")
  private boolean force;

  LoraMergeCommand(Console console) {
    this.console = console;
    common = new CommonOptions(console);
  }

  @Override
  public void run() {
    Optional<TensorType> stored = Optional.ofNullable(type).map(LoraMergeCommand::type);
    List<AdapterChoice> choices = adapters.stream().map(LoraMergeCommand::adapter).toList();
    Path target = UserPath.of(output);
    ModelChoice choice = model.choose(console);
    try (GgufFile base = choice.open()) {
      AdaptedModel adapted = AdaptedModel.of(base, Architectures.describe(base), choices);
      try {
        refuseInput(target, base.paths());
        refuseInput(target, adapted.adapterPaths());
        if (!force && Files.exists(target)) {
          throw new ZondaException(target + ": exists already; --force replaces it");
        }
        report(target, merge(new Merge(adapted, stored), target));
      } finally {
        adapted.closeAdapters();
      }
    }
  }

  private Merge.Result merge(Merge merge, Path target) {
    try (ByteBar bar = new ByteBar(console, "merge")) {
      return merge.write(target, force, bar::at);
    }
  }

  private static AdapterChoice adapter(String text) {
    try {
      return AdapterChoice.parse(text);
    } catch (ZondaException e) {
      throw new UsageException(e.getMessage());
    }
  }

  private static TensorType type(String name) {
    return Codecs.all().stream()
        .map(Codec::type)
        .filter(type -> type.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    "there is no type '%s'; known: %s".formatted(name, Codecs.known())));
  }

  private static void refuseInput(Path target, List<Path> inputs) {
    for (Path input : inputs) {
      try {
        if (Files.exists(target) && Files.isSameFile(target, input)) {
          throw new ZondaException(
              target + ": is one of the inputs; name another file for the merged model");
        }
      } catch (IOException e) {
        throw new ZondaException(input + ": cannot be read: " + UserPath.reason(e), e);
      }
    }
  }

  private void report(Path target, Merge.Result result) {
    Output out = console.out();
    out.println(
        Printable.line(
            "%s: %d tensors changed, %d copied"
                .formatted(target, result.changed(), result.copied())));
    String stored =
        result.error() == 0
            ? "they are stored without a loss"
            : "storing them again, by %s (most: %s, %s)"
                .formatted(
                    percent(result.error()),
                    Printable.line(result.worst()),
                    percent(result.worstError()));
    out.println(
        "the adapters change these weights by %s; %s".formatted(percent(result.change()), stored));
    if (result.error() > result.change()) {
      console
          .err()
          .println(
              "storing the weights again changes them more than the adapters do; --type f16 keeps"
                  + " what they change");
    }
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.2g %%", share * 100);
  }
}
