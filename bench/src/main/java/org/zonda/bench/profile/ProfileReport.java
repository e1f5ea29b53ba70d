package org.zonda.bench.profile;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.zonda.bench.HostMemory;
import org.zonda.bench.ReadSpeed;
import org.zonda.bench.device.KernelBenchmark;
import org.zonda.bench.picture.Table;
import org.zonda.runtime.backend.OperationListener.Phase;
import org.zonda.runtime.placement.DeviceInfo;
import org.zonda.runtime.placement.MemoryPlan;
import org.zonda.runtime.profile.PhaseProfile;
import org.zonda.runtime.profile.PhaseProfile.LayerTotals;
import org.zonda.runtime.profile.PhaseProfile.OperationTotals;
import org.zonda.runtime.profile.Profiler;
import org.zonda.runtime.profile.Totals;
import org.zonda.runtime.tornado.Devices;

/**
 * Where a generation's time went, beside the speed of the memory that it read from.
 *
 * @param prefill reading the prompt
 * @param decode writing
 * @param readSpeed of the memory in which the weights lie
 */
public record ProfileReport(PhaseProfile prefill, PhaseProfile decode, ReadSpeed readSpeed) {

  /**
   * Takes what a profiler heard, and measures the memory, which takes about a second.
   *
   * @param profiler heard a generation that has ended
   * @param plan by which the model was loaded
   * @param threads that computed; 0 for one a core
   * @return the report
   */
  public static ProfileReport of(Profiler profiler, Optional<MemoryPlan> plan, int threads) {
    return new ProfileReport(
        profiler.profile(Phase.PREFILL), profiler.profile(Phase.DECODE), measure(plan, threads));
  }

  private static ReadSpeed measure(Optional<MemoryPlan> plan, int threads) {
    Optional<DeviceInfo> device = plan.flatMap(MemoryPlan::device);
    if (device.isEmpty()) {
      return HostMemory.measure(threads > 0 ? threads : Runtime.getRuntime().availableProcessors());
    }
    if (plan.get().onCpu().isPresent()) {
      return new ReadSpeed.Unknown("the weights lie in two memories");
    }
    return switch (device.get().kind()) {
      case SIMULATOR -> new ReadSpeed.Unknown("the simulator claims no speed");
      case CPU, GPU -> KernelBenchmark.readSpeed(Devices.numbered(device.get().number()));
    };
  }

  /**
   * The report for people.
   *
   * @return tables of each phase in which tokens were computed, the last line ended too
   */
  public String toText() {
    StringBuilder text = new StringBuilder();
    phase(text, "prefill", prefill);
    phase(text, "decode", decode);
    text.append(
        switch (readSpeed) {
          case ReadSpeed.Measured measured ->
              String.format(
                  Locale.ROOT,
                  "of read: the share of %.1f GB/s, as %s%n",
                  measured.bytesPerSecond().max() * 1e-9,
                  measured.how());
          case ReadSpeed.Unknown unknown ->
              "of read: not known, since %s%n".formatted(unknown.reason());
        });
    return text.toString();
  }

  private void phase(StringBuilder text, String name, PhaseProfile phase) {
    if (phase.tokens() > 0) {
      String head =
          String.format(
              Locale.ROOT,
              "%s: %d %s in %.1f ms",
              name,
              phase.tokens(),
              phase.tokens() == 1 ? "token" : "tokens",
              phase.nanos() * 1e-6);
      text.append(TextTable.of(operations(head, phase), 3)).append('\n');
      text.append(TextTable.of(layers(name + ", by layer", phase), 1)).append('\n');
    }
  }

  private Table operations(String caption, PhaseProfile phase) {
    List<List<String>> rows = new ArrayList<>();
    for (OperationTotals line : phase.operations()) {
      rows.add(row(phase, line.totals(), line.operation(), line.weight(), line.format()));
    }
    ends(phase, rows, "", "");
    return new Table(
        caption,
        List.of(
            "operation",
            "weight",
            "format",
            "calls",
            "ms",
            "share",
            "MB",
            "GB/s",
            "of read",
            "GMAC/s"),
        rows);
  }

  private Table layers(String caption, PhaseProfile phase) {
    List<List<String>> rows = new ArrayList<>();
    for (LayerTotals line : phase.layers()) {
      rows.add(row(phase, line.totals(), line.layer()));
    }
    ends(phase, rows);
    return new Table(
        caption, List.of("layer", "calls", "ms", "share", "MB", "GB/s", "of read", "GMAC/s"), rows);
  }

  /** What is no operation, and the sum. */
  private void ends(PhaseProfile phase, List<List<String>> rows, String... empty) {
    rows.add(row(phase, time(phase.samplingNanos()), first("sampling", empty)));
    rows.add(row(phase, time(phase.hostNanos()), first("host gaps", empty)));
    Totals computed = phase.computed();
    Totals all =
        new Totals(computed.calls(), phase.nanos(), computed.bytes(), computed.multiplyAdds());
    rows.add(row(phase, all, first("all", empty)));
  }

  private static Totals time(long nanos) {
    return new Totals(0, nanos, 0, 0);
  }

  private static String[] first(String name, String... empty) {
    List<String> cells = new ArrayList<>(List.of(name));
    cells.addAll(List.of(empty));
    return cells.toArray(String[]::new);
  }

  private List<String> row(PhaseProfile phase, Totals totals, String... names) {
    List<String> cells = new ArrayList<>(List.of(names));
    cells.add(totals.calls() == 0 ? "" : Long.toString(totals.calls()));
    cells.add(number("%.2f", totals.nanos() * 1e-6));
    cells.add(number("%.1f%%", 100 * share(phase, totals)));
    cells.add(unlessZero("%.2f", totals.bytes() * 1e-6));
    cells.add(unlessZero("%.1f", totals.bytesPerSecond() * 1e-9));
    OptionalDouble ofRead = ofRead(totals);
    cells.add(ofRead.isPresent() ? unlessZero("%.0f%%", 100 * ofRead.getAsDouble()) : "");
    cells.add(unlessZero("%.1f", totals.multiplyAddsPerSecond() * 1e-9));
    return cells;
  }

  private static double share(PhaseProfile phase, Totals totals) {
    return phase.nanos() == 0 ? 0 : (double) totals.nanos() / phase.nanos();
  }

  private OptionalDouble ofRead(Totals totals) {
    OptionalDouble best = readSpeed.best();
    return best.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(totals.bytesPerSecond() / best.getAsDouble());
  }

  private static String unlessZero(String format, double value) {
    return value == 0 ? "" : number(format, value);
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  /**
   * Writes the fields {@code read_bytes_per_second}, {@code prefill} and {@code decode}.
   *
   * @param json within an object
   * @throws IOException if it cannot be written
   */
  public void write(JsonGenerator json) throws IOException {
    OptionalDouble best = readSpeed.best();
    if (best.isPresent()) {
      json.writeNumberField("read_bytes_per_second", best.getAsDouble());
    } else {
      json.writeNullField("read_bytes_per_second");
    }
    write(json, "prefill", prefill);
    write(json, "decode", decode);
  }

  private void write(JsonGenerator json, String name, PhaseProfile phase) throws IOException {
    json.writeObjectFieldStart(name);
    json.writeNumberField("tokens", phase.tokens());
    json.writeNumberField("seconds", phase.nanos() * 1e-9);
    json.writeNumberField("sampling_seconds", phase.samplingNanos() * 1e-9);
    json.writeNumberField("host_seconds", phase.hostNanos() * 1e-9);
    json.writeArrayFieldStart("operations");
    for (OperationTotals line : phase.operations()) {
      json.writeStartObject();
      json.writeStringField("operation", line.operation());
      json.writeStringField("weight", line.weight());
      json.writeStringField("format", line.format());
      totals(json, phase, line.totals());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("layers");
    for (LayerTotals line : phase.layers()) {
      json.writeStartObject();
      json.writeStringField("layer", line.layer());
      totals(json, phase, line.totals());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void totals(JsonGenerator json, PhaseProfile phase, Totals totals) throws IOException {
    json.writeNumberField("calls", totals.calls());
    json.writeNumberField("seconds", totals.nanos() * 1e-9);
    json.writeNumberField("share", share(phase, totals));
    json.writeNumberField("bytes", totals.bytes());
    json.writeNumberField("bytes_per_second", totals.bytesPerSecond());
    OptionalDouble ofRead = ofRead(totals);
    if (ofRead.isPresent()) {
      json.writeNumberField("share_of_read", ofRead.getAsDouble());
    }
    json.writeNumberField("multiply_adds", totals.multiplyAdds());
    json.writeNumberField("multiply_adds_per_second", totals.multiplyAddsPerSecond());
  }
}
