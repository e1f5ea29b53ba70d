package org.zonda.app;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.zonda.bench.lab.KernelCatalogue;
import org.zonda.bench.lab.KernelEntry;
import org.zonda.model.ZondaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code zonda kernel list}: the catalogue. */
@Command(
    name = "list",
    header = "Lists all kernels.",
    synopsisHeading = "%nUsage: ",
    sortOptions = false,
    customSynopsis = {"zonda kernel list [OPTIONS] [WORD]"},
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {"  zonda kernel list", "  zonda kernel list attention", "  zonda kernel list --json"})
final class KernelListCommand implements Runnable {

  private final Console console;

  @Mixin private final CommonOptions common;

  @Parameters(
      paramLabel = "WORD",
      arity = "0..1",
      description = "Only kernels whose id contains this.")
  private String word = "";

  @Option(names = "--json", order = 1, description = "Print one JSON object.")
  private boolean json;

  KernelListCommand(Console console) {
    this.console = console;
    common = new CommonOptions(console);
  }

  @Override
  public void run() {
    String wanted = word.toLowerCase(Locale.ROOT);
    List<KernelEntry> entries =
        KernelCatalogue.all().stream().filter(entry -> entry.id().contains(wanted)).toList();
    if (entries.isEmpty()) {
      throw new ZondaException("no kernel's id contains '" + word + "'; zonda kernel list has all");
    }
    if (json) {
      Json.write(
          console.out(),
          out -> {
            out.writeArrayFieldStart("kernels");
            for (KernelEntry entry : entries) {
              out.writeStartObject();
              fields(out, entry);
              out.writeEndObject();
            }
            out.writeEndArray();
          });
      return;
    }
    int width = entries.stream().mapToInt(entry -> entry.id().length()).max().orElse(0);
    for (KernelEntry entry : entries) {
      console
          .out()
          .println(
              console.outStyle().bold(String.format("%-" + width + "s", entry.id()))
                  + "  "
                  + entry.summary()
                  + (entry.everywhere() ? "" : " [" + String.join(", ", entry.backends()) + "]"));
    }
  }

  /** What the catalogue has of a kernel, without sources. */
  static void fields(JsonGenerator json, KernelEntry entry) throws IOException {
    json.writeStringField("id", entry.id());
    json.writeStringField("summary", entry.summary());
    json.writeStringField("method", entry.name());
    json.writeStringField("source", entry.sourceFile());
    json.writeStringField("oracle", entry.oracle());
    json.writeStringField("shapes", entry.shapes());
    json.writeArrayFieldStart("backends");
    for (String backend : entry.backends()) {
      json.writeString(backend);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("parameters");
    for (KernelEntry.Parameter parameter : entry.parameters()) {
      json.writeStartObject();
      json.writeStringField("type", parameter.type());
      json.writeStringField("name", parameter.name());
      json.writeStringField("meaning", parameter.meaning());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
