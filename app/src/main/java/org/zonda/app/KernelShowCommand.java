package org.zonda.app;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.zonda.bench.lab.GeneratedCode;
import org.zonda.bench.lab.KernelCatalogue;
import org.zonda.bench.lab.KernelEntry;
import org.zonda.bench.lab.KernelTemplate;
import org.zonda.bench.lab.UserKernel;
import org.zonda.bench.lab.UserKernels;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code zonda kernel show}: a kernel, its definition, and what TornadoVM makes of it. */
@Command(
    name = "show",
    header = "Shows a kernel: parameters, Java, oracle, and the code that TornadoVM generates.",
    description =
        "%nGenerated code is there where a TornadoVM SDK is (TORNADOVM_HOME, or SDKMAN's); of"
            + " one's own kernel only that is shown.",
    synopsisHeading = "%nUsage: ",
    sortOptions = false,
    customSynopsis = {"zonda kernel show [OPTIONS] ID|FILE"},
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  zonda kernel show matvec.q8_0",
      "  zonda kernel show attention.decode --part oracle",
      "  zonda kernel show MyMatvec.java",
      "  zonda kernel show matvec.q8_0 --template > MyMatvec.java"
    })
final class KernelShowCommand implements Runnable {

  /** What can be shown. */
  enum Part {
    PARAMETERS,
    JAVA,
    ORACLE,
    GENERATED
  }

  private final Console console;

  @Mixin private final CommonOptions common;

  @Parameters(
      paramLabel = "ID|FILE",
      description = "A kernel's id, as zonda kernel list has it, or a .java file or jar.")
  private String target;

  @Option(
      names = "--part",
      paramLabel = "PART",
      split = ",",
      order = 1,
      description = "Only this: parameters, java, oracle or generated (default: all).")
  private List<Part> parts = List.of(Part.values());

  @Option(
      names = "--template",
      order = 2,
      description = "Print a .java file for a kernel of one's own that stands for this one.")
  private boolean template;

  @Option(names = "--json", order = 3, description = "Print one JSON object.")
  private boolean json;

  KernelShowCommand(Console console) {
    this.console = console;
    common = new CommonOptions(console);
  }

  /** A section of what is shown. */
  private record Section(String title, String text) {}

  @Override
  public void run() {
    if (isFile(target)) {
      file(UserPath.of(target));
      return;
    }
    KernelEntry entry = KernelCatalogue.get(target);
    if (template) {
      console.out().print(KernelTemplate.of(entry)).flush();
    } else if (json) {
      json(entry);
    } else {
      List<Section> sections = new ArrayList<>();
      if (parts.contains(Part.JAVA)) {
        sections.add(new Section("Java (" + entry.sourceFile() + ")", java(entry)));
      }
      if (parts.contains(Part.ORACLE)) {
        sections.add(new Section("Oracle (" + entry.oracle() + ")", entry.oracleSource()));
      }
      if (parts.contains(Part.GENERATED)) {
        sections.add(generated(GeneratedCode.of(entry)));
      }
      if (parts.contains(Part.PARAMETERS)) {
        summary(entry);
      }
      print(sections);
    }
  }

  /** Whether an argument names a file rather than a kernel. */
  static boolean isFile(String target) {
    String lower = target.toLowerCase(Locale.ROOT);
    return lower.endsWith(".java") || lower.endsWith(".jar") || lower.contains("/");
  }

  private void file(Path path) {
    if (template || json) {
      throw new UsageException("--template and --json need a kernel's id, not a file");
    }
    UserKernels kernels = UserKernels.load(path);
    for (UserKernel kernel : kernels.all()) {
      console
          .out()
          .println(
              console.outStyle().bold(Printable.line(kernel.name()))
                  + "  stands for "
                  + kernel.entry().id());
      print(List.of(generated(GeneratedCode.of(kernels, kernel))));
    }
  }

  private void summary(KernelEntry entry) {
    console.out().println(console.outStyle().bold(entry.id()) + "  " + entry.summary());
    line("method", entry.name());
    line("source", entry.sourceFile());
    line("oracle", entry.oracle());
    line("backends", String.join(", ", entry.backends()));
    line("shapes", entry.shapes());
    line("signature", entry.signature());
    console.out().println("");
    for (KernelEntry.Parameter parameter : entry.parameters()) {
      String name = parameter.type() + " " + parameter.name();
      console.out().printf("  %-24s  %s%n", name, parameter.meaning());
    }
  }

  private void line(String label, String value) {
    console.out().printf("  %-9s  %s%n", label, value);
  }

  private static String java(KernelEntry entry) {
    List<String> uses = entry.uses();
    return uses.isEmpty()
        ? entry.source()
        : entry.source() + "\n  // It calls methods of " + String.join(", ", uses) + ".\n";
  }

  private static Section generated(GeneratedCode code) {
    return code.missing()
        .map(reason -> new Section("Generated code", "none: " + reason + "\n"))
        .orElseGet(() -> new Section("Generated " + code.language(), code.text()));
  }

  private void print(List<Section> sections) {
    for (Section section : sections) {
      console.out().println("");
      console.out().println(console.outStyle().bold("--- " + section.title()));
      console.out().print(Printable.text(section.text())).endLine();
    }
  }

  private void json(KernelEntry entry) {
    Optional<GeneratedCode> code =
        parts.contains(Part.GENERATED) ? Optional.of(GeneratedCode.of(entry)) : Optional.empty();
    Json.write(
        console.out(),
        out -> {
          KernelListCommand.fields(out, entry);
          if (parts.contains(Part.JAVA)) {
            out.writeStringField("java", entry.source());
          }
          if (parts.contains(Part.ORACLE)) {
            out.writeStringField("oracle_java", entry.oracleSource());
          }
          if (code.isPresent()) {
            out.writeStringField("generated_language", code.get().language());
            out.writeStringField("generated", code.get().text());
            out.writeStringField("generated_missing", code.get().missing().orElse(null));
          }
        });
  }
}
