package org.zonda.app;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.zonda.model.ZondaException;
import org.zonda.model.gguf.GgufFile;
import org.zonda.model.tensor.Tensor;
import org.zonda.runtime.backend.CacheType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code zonda inspect}: says what a file is, without running it. */
@Command(
    name = "inspect",
    header = "Says what a model is and what it needs, without running it.",
    description = "%nWorks too for models that cannot be run yet, and says why.",
    synopsisHeading = "%nUsage: ",
    sortOptions = false,
    customSynopsis = {"zonda inspect [OPTIONS] [MODEL]"},
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  zonda inspect model.gguf",
      "  zonda inspect model.gguf -c 8192 --sha256",
      "  zonda inspect model.gguf --tensors --metadata",
      "  zonda inspect model.gguf --tensor blk.0.attn_q.weight --row 3",
      "  zonda inspect model.gguf --json"
    })
final class InspectCommand implements Runnable {

  private static final int SHOWN_NAMES = 5;

  private final Console console;

  @Mixin private final CommonOptions common;

  @Parameters(
      paramLabel = "MODEL",
      arity = "0..1",
      description =
          "A GGUF file, any part of a split one. Without it: what ZONDA_MODEL names, else the"
              + " embedded model.")
  private String file;

  @Option(
      names = {"-m", "--model"},
      paramLabel = "FILE",
      hidden = true)
  private String model;

  @Option(
      names = {"-c", "--context"},
      paramLabel = "N",
      order = 1,
      description =
          "Estimate the memory for a context of N tokens (default: what the model was made for).")
  private int context;

  @Option(
      names = "--cache-type",
      paramLabel = "TYPE",
      order = 2,
      description = "Estimate it for a KV cache of f16 or f32 (default: f16).")
  private CacheType cacheType = CacheType.F16;

  @Option(
      names = "--pre-tokenizer",
      paramLabel = "NAME",
      order = 2,
      description = "Cut words as this pre-tokenizer does, where the model's own is unknown.")
  private String preTokenizer;

  @Option(names = "--sha256", order = 3, description = "Compute the files' SHA-256.")
  private boolean sha256;

  @Option(names = "--metadata", order = 4, description = "List the metadata.")
  private boolean metadata;

  @Option(names = "--tensors", order = 5, description = "List the tensors.")
  private boolean tensors;

  @Option(
      names = "--tensor",
      paramLabel = "NAME",
      order = 6,
      description = "Show one tensor: shape, format, range and first values, decoded.")
  private String tensor;

  @Option(
      names = "--row",
      paramLabel = "R",
      order = 7,
      description = "The row of the tensor to show values of (default: ${DEFAULT-VALUE}).")
  private long row;

  @Option(
      names = "--values",
      paramLabel = "N",
      order = 8,
      description = "How many of its values to show (default: ${DEFAULT-VALUE}).")
  private int values = 8;

  @Option(names = "--json", order = 9, description = "Print one JSON object.")
  private boolean json;

  InspectCommand(Console console) {
    this.console = console;
    common = new CommonOptions(console);
  }

  @Override
  public void run() {
    if (file != null && model != null) {
      throw new UsageException("the model is named twice: " + file + " and " + model);
    }
    if (context < 0 || values < 0) {
      throw new UsageException("--context and --values must not be negative");
    }
    ModelChoice choice = ModelChoice.of(file != null ? file : model, console);
    try (GgufFile source = choice.open()) {
      if (tensor != null) {
        showTensor(source);
      } else {
        show(source, choice);
      }
    }
  }

  private void show(GgufFile source, ModelChoice choice) {
    Inspection inspection =
        Inspection.of(source, context, cacheType, Optional.ofNullable(preTokenizer));
    Map<String, String> checksums = sha256 ? checksums(inspection, choice) : Map.of();
    if (json) {
      InspectionJson.write(console.out(), inspection, checksums, metadata, tensors);
      return;
    }
    InspectionText text = new InspectionText(console.out(), console.outStyle());
    text.summary(inspection, checksums);
    if (metadata) {
      text.metadata(source.metadata());
    }
    if (tensors) {
      text.tensors(source.tensors());
    }
    console.out().flush();
  }

  private void showTensor(GgufFile source) {
    Tensor found = source.findTensor(tensor).orElseThrow(() -> noSuchTensor(source));
    if (json) {
      TensorValues decoded = TensorValues.of(found, row, values, source.label());
      InspectionJson.write(console.out(), source.label(), found, decoded);
      return;
    }
    InspectionText text = new InspectionText(console.out(), console.outStyle());
    text.tensor(found);
    console.out().flush();
    text.values(TensorValues.of(found, row, values, source.label()));
    console.out().flush();
  }

  private ZondaException noSuchTensor(GgufFile source) {
    String similar =
        source.tensors().stream()
            .map(Tensor::name)
            .filter(name -> Similarity.similar(name, tensor))
            .sorted(Comparator.comparingInt(name -> Similarity.distance(name, tensor)))
            .limit(SHOWN_NAMES)
            .reduce((a, b) -> a + ", " + b)
            .map(names -> "; similar: " + names)
            .orElse("; --tensors lists them");
    return new ZondaException(source.label() + ": there is no tensor '" + tensor + "'" + similar);
  }

  private Map<String, String> checksums(Inspection inspection, ModelChoice choice) {
    Map<String, String> checksums = new LinkedHashMap<>();
    for (Path path : inspection.files()) {
      checksums.put(path.toString(), Checksum.sha256(path, console));
    }
    if (choice.embedded()) {
      try (InputStream resource = EmbeddedModel.resource()) {
        checksums.put(EmbeddedModel.LABEL, Checksum.sha256(resource));
      } catch (IOException e) {
        throw new ZondaException("the embedded model cannot be read: " + e.getMessage(), e);
      }
    }
    return checksums;
  }
}
