package org.zonda.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.zonda.runtime.backend.ExecutorOptions;
import org.zonda.runtime.placement.DeviceInfo;
import org.zonda.runtime.placement.MemoryPlan;

/** The plan of a model's memory for people: what runs where, and a table of what it takes. */
final class PlanText {

  private static final int LABEL_WIDTH = 14;
  private static final int NUMBER_WIDTH = 12;

  private PlanText() {}

  static List<String> lines(MemoryPlan plan, Style style) {
    List<String> lines = new ArrayList<>();
    ExecutorOptions options = plan.options();
    plan.onCpu().ifPresent(part -> lines.add(line("CPU", part.describe(plan.layers()), style)));
    plan.onDevice()
        .ifPresent(part -> lines.add(line("device", part.describe(plan.layers()), style)));
    plan.device()
        .ifPresent(
            device -> {
              lines.add(line("", Printable.line(device.description()), style));
              lines.add(line("", memory(device), style));
            });
    lines.add(
        line(
            "context",
            "%d tokens, batches of %d".formatted(options.contextLength(), options.batchSize()),
            style));
    lines.add(
        line("memory", number("CPU") + (plan.device().isEmpty() ? "" : number("device")), style));
    for (MemoryPlan.Row row : plan.rows()) {
      lines.add(row(plan, "  " + row.kind().label(), row.cpuBytes(), row.deviceBytes(), style));
    }
    lines.add(row(plan, "  total", plan.cpuBytes(), plan.deviceBytes(), style));
    plan.notes().forEach(note -> lines.add(Printable.line(note)));
    return lines;
  }

  private static String memory(DeviceInfo device) {
    return "%s of memory, %s kept free, arrays of %s at most"
        .formatted(
            Quantity.bytes(device.memory()),
            Quantity.bytes(device.reserve()),
            Quantity.bytes(device.largestAllocation()));
  }

  private static String row(MemoryPlan plan, String label, long cpu, long device, Style style) {
    String numbers = number(Quantity.bytes(cpu));
    return line(
        label, plan.device().isEmpty() ? numbers : numbers + number(Quantity.bytes(device)), style);
  }

  private static String line(String label, String value, Style style) {
    String padded = String.format(Locale.ROOT, "%-" + LABEL_WIDTH + "s", label);
    return style.dim(padded) + value;
  }

  private static String number(String text) {
    return String.format(Locale.ROOT, "%" + NUMBER_WIDTH + "s", text);
  }
}
