package org.zonda.app;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.zonda.model.quantize.QuantizationPlan;
import org.zonda.model.quantize.QuantizationReport;
import org.zonda.model.quantize.QuantizationReport.TensorResult;
import org.zonda.model.quantize.RoundingError;
import org.zonda.model.quantize.TensorPlan;
import org.zonda.model.tensor.Tensor;

/** What {@code zonda quantize} prints for people. */
final class QuantizationText {

  private final Output out;
  private final Style style;

  QuantizationText(Output out, Style style) {
    this.out = out;
    this.style = style;
  }

  /** What would be done. */
  void plan(QuantizationPlan plan) {
    heading(plan);
    int width = nameWidth(plan.tensors());
    plan.tensors().forEach(tensor -> out.print("  " + line(tensor, width) + "\n"));
    size(plan, plan.bytes());
    out.flush();
  }

  /** What was done. */
  void report(QuantizationReport report, Path target, boolean everyTensor) {
    heading(report.plan());
    if (everyTensor) {
      int width = nameWidth(report.plan().tensors());
      for (TensorResult tensor : report.tensors()) {
        RoundingError made = tensor.error();
        String error =
            tensor.plan().isCopy() ? "" : "  %9s  %s".formatted(relative(made), largest(made));
        out.print("  " + line(tensor.plan(), width) + error + "\n");
      }
    }
    size(report.plan(), report.fileBytes());
    line(
        "error",
        relative(report.error()) + " of the weights (RMS), largest " + largest(report.error()));
    line("time", Statistics.seconds(report.time()));
    line("file", Printable.line(target.toString()));
    out.flush();
  }

  /** Which formats were taken instead of which, for rows that do not divide into blocks. */
  static String fallbacks(QuantizationPlan plan) {
    Map<String, Integer> kinds = new TreeMap<>();
    for (TensorPlan tensor : plan.fallbacks()) {
      String kind = tensor.type() + " instead of " + tensor.wanted().orElseThrow();
      kinds.merge(kind, 1, Integer::sum);
    }
    return "rows that are no whole number of blocks: "
        + kinds.entrySet().stream()
            .map(kind -> kind.getKey() + " for " + tensors(kind.getValue()))
            .collect(Collectors.joining(", "));
  }

  private static String tensors(int count) {
    return count == 1 ? "1 tensor" : count + " tensors";
  }

  private void heading(QuantizationPlan plan) {
    String name = Printable.line(plan.source().label());
    out.println(style.bold(name + " as " + plan.type() + (plan.pure() ? ", pure" : "")));
  }

  private static int nameWidth(List<TensorPlan> plans) {
    return plans.stream().mapToInt(plan -> plan.source().name().length()).max().orElse(1);
  }

  private static String line(TensorPlan plan, int width) {
    Tensor tensor = plan.source();
    String formats = plan.isCopy() ? plan.type() + ", kept" : tensor.type() + " -> " + plan.type();
    String shape = tensor.shape().stream().map(String::valueOf).collect(Collectors.joining(" x "));
    return String.format(
        Locale.ROOT,
        "%-" + width + "s  %-16s  %-16s  %10s",
        Printable.line(tensor.name()),
        shape,
        formats,
        Quantity.bytes(plan.bytes()));
  }

  private void size(QuantizationPlan plan, long bytes) {
    line("size", Quantity.bytes(plan.sourceBytes()) + " -> " + Quantity.bytes(bytes));
    line(
        "weights",
        String.format(
            Locale.ROOT,
            "%s, %.2f -> %.2f bits each",
            Quantity.count(plan.elements()),
            plan.sourceBitsPerWeight(),
            plan.bitsPerWeight()));
  }

  private static String relative(RoundingError error) {
    return String.format(Locale.ROOT, "%.3f%%", 100 * error.relative());
  }

  private static String largest(RoundingError error) {
    return String.format(Locale.ROOT, "%.3g", error.largest());
  }

  private void line(String label, String value) {
    out.printf("  %-8s %s%n", label, value);
  }
}
