package org.zonda.app;

import java.util.List;
import org.zonda.model.gguf.GgufFile;
import org.zonda.model.lora.Adapter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code zonda lora show}: says what adapters change. */
@Command(
    name = "show",
    header = "Says what adapters change in a model.",
    synopsisHeading = "%nUsage: ",
    sortOptions = false,
    customSynopsis = {"zonda lora show [OPTIONS] ADAPTER..."},
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  zonda lora show -m base.gguf adapter.gguf",
      "  zonda lora show -m base.gguf peft-folder --tensors"
    })
final class LoraShowCommand implements Runnable {

  private final Console console;

  @Mixin private final CommonOptions common;

  @Parameters(
      paramLabel = "ADAPTER",
      arity = "1..*",
      description = "GGUF adapters or PEFT folders.")
  private List<String> adapters;

  @Mixin private final ModelOption model = new ModelOption();

  @Option(names = "--tensors", order = 2, description = "List the tensors that are changed.")
  private boolean tensors;

  LoraShowCommand(Console console) {
    this.console = console;
    common = new CommonOptions(console);
  }

  @Override
  public void run() {
    ModelChoice choice = model.choose(console);
    try (GgufFile base = choice.open()) {
      for (String path : adapters) {
        try (Adapter adapter = Adapter.open(UserPath.of(path), base)) {
          show(adapter);
        }
      }
    }
  }

  private void show(Adapter adapter) {
    Output out = console.out();
    List<Adapter.Change> changes = adapter.changes();
    out.println(console.outStyle().bold(Printable.line(adapter.label())));
    line("kind", adapter.kind());
    line("made for", adapter.madeFor().orElse("(not said)"));
    line("rank", range(changes.stream().mapToDouble(Adapter.Change::rank).toArray()));
    line("scale", range(changes.stream().mapToDouble(Adapter.Change::scale).toArray()));
    line("tensors", Integer.toString(changes.size()));
    if (tensors) {
      for (Adapter.Change change : changes) {
        out.println(
            "  %s  rank %d, scale %s"
                .formatted(Printable.line(change.tensor()), change.rank(), number(change.scale())));
      }
    }
  }

  private void line(String label, String value) {
    console.out().println("  %-8s  %s".formatted(label, Printable.line(value)));
  }

  private static String range(double... values) {
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    return least == most ? number(least) : number(least) + " to " + number(most);
  }

  private static String number(double value) {
    return value == Math.rint(value) ? "%.0f".formatted(value) : Float.toString((float) value);
  }
}
