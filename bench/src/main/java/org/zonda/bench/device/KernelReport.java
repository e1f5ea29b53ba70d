package org.zonda.bench.device;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.zonda.bench.Hardware;
import org.zonda.bench.Machine;
import org.zonda.bench.Spread;
import org.zonda.bench.picture.BarChart;
import org.zonda.bench.picture.BarChart.Bar;
import org.zonda.bench.picture.BarChart.Group;
import org.zonda.bench.picture.Report;

/**
 * What {@link KernelBenchmark} found.
 *
 * @param time when it began
 * @param machine where it ran
 * @param commit of this program, where it was run from a checkout
 * @param device what ran the kernels
 * @param hardware what kind of thing that is
 * @param profile how kernels were cut
 * @param timings one for each kernel that ran
 * @param notes what failed or was left out
 */
public record KernelReport(
    Instant time,
    Machine machine,
    Optional<String> commit,
    String device,
    Hardware hardware,
    String profile,
    List<KernelTiming> timings,
    List<String> notes) {

  /** Takes copies. */
  public KernelReport {
    timings = List.copyOf(timings);
    notes = List.copyOf(notes);
  }

  /** The speed of the kernel that only reads; empty if it failed. */
  private OptionalDouble readSpeed() {
    return timings.stream()
        .filter(timing -> timing.kernel().equals("read"))
        .mapToDouble(KernelTiming::bytesPerSecond)
        .findFirst();
  }

  private OptionalDouble share(KernelTiming timing) {
    OptionalDouble speed = readSpeed();
    // The processor's kernels do not read memory as those of a GPU do: no measure for one another.
    return hardware != Hardware.ACCELERATOR || speed.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(timing.bytesPerSecond() / speed.getAsDouble());
  }

  /**
   * The report for people.
   *
   * @return a table in Markdown with a line before it, the last line ended too
   */
  public String toText() {
    StringBuilder text = new StringBuilder();
    text.append(device).append(", profile ").append(profile);
    commit.ifPresent(value -> text.append(", commit ").append(value));
    hardware.caveat().ifPresent(caveat -> text.append("; ").append(caveat));
    text.append("\n\n");
    text.append("| kernel | shape | bytes | launch, µs (min to max) | on the device, µs |");
    text.append(" between launches, µs | GB/s | of read |\n|---|---|---|---|---|---|---|---|\n");
    for (KernelTiming timing : timings) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %d | %.1f (%.1f to %.1f) | %s | %s | %.1f | %s |%n",
              timing.kernel(),
              timing.shape(),
              timing.bytes(),
              timing.launchSeconds().median() * 1e6,
              timing.launchSeconds().min() * 1e6,
              timing.launchSeconds().max() * 1e6,
              number(timing.kernelSeconds(), 1e6, "%.1f"),
              number(timing.gapSeconds(), 1e6, "%.1f"),
              timing.bytesPerSecond() * 1e-9,
              number(share(timing), 100, "%.0f%%")));
    }
    notes.forEach(note -> text.append("\n- ").append(note).append('\n'));
    return text.toString();
  }

  private static String number(OptionalDouble value, double factor, String format) {
    return value.isEmpty() ? "-" : String.format(Locale.ROOT, format, value.getAsDouble() * factor);
  }

  /**
   * The report for programs: times in seconds, sizes in bytes.
   *
   * @return one JSON object in one line, without its end
   */
  public String toJson() {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("time", time.toString());
      json.writeStringField("cpu", machine.cpu());
      json.writeStringField("system", machine.system());
      json.writeStringField("java", machine.java());
      json.writeStringField("commit", commit.orElse(null));
      json.writeStringField("device", device);
      json.writeStringField("caveat", hardware.caveat().orElse(null));
      json.writeStringField("profile", profile);
      json.writeArrayFieldStart("kernels");
      for (KernelTiming timing : timings) {
        kernel(json, timing);
      }
      json.writeEndArray();
      json.writeArrayFieldStart("notes");
      for (String note : notes) {
        json.writeString(note);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a StringWriter has none
    }
    return text.toString();
  }

  /**
   * The report to look at: the speed at which each kernel moved its bytes, in one file that needs
   * no other.
   *
   * @return an HTML page
   */
  public String toHtml() {
    Map<String, List<Bar>> groups = new LinkedHashMap<>();
    for (KernelTiming timing : timings) {
      Spread gigabytes =
          new Spread(timing.speed().values().stream().map(speed -> speed * 1e-9).toList());
      OptionalDouble share = share(timing);
      String label = share.isEmpty() ? "" : number(share, 100, ", %.0f%% of read");
      groups
          .computeIfAbsent(timing.kernel(), name -> new ArrayList<>())
          .add(
              new Bar(
                  timing.shape() + label,
                  Optional.of(gigabytes),
                  hardware.caveat().orElse(""),
                  hardware.claimsSpeed()));
    }
    Report page = new Report("Kernels on " + device);
    hardware.caveat().ifPresent(page::text);
    page.fact("device", device).fact("profile", profile).measuredOn(machine, commit, time);
    page.picture(
        new BarChart(
            "What kernels move, GB/s",
            BarChart.MORE,
            groups.entrySet().stream()
                .map(entry -> new Group(entry.getKey(), entry.getValue()))
                .toList()));
    return page.list(notes).rows(toJson()).toHtml();
  }

  private void kernel(JsonGenerator json, KernelTiming timing) throws IOException {
    json.writeStartObject();
    json.writeStringField("kernel", timing.kernel());
    json.writeStringField("shape", timing.shape());
    json.writeNumberField("bytes", timing.bytes());
    json.writeNumberField("launches", timing.launches());
    json.writeArrayFieldStart("launch_seconds");
    for (double seconds : timing.launchSeconds().values()) {
      json.writeNumber(seconds);
    }
    json.writeEndArray();
    number(json, "kernel_seconds", timing.kernelSeconds());
    number(json, "gap_seconds", timing.gapSeconds());
    json.writeNumberField("bytes_per_second", timing.bytesPerSecond());
    number(json, "share_of_read", share(timing));
    json.writeEndObject();
  }

  private static void number(JsonGenerator json, String name, OptionalDouble value)
      throws IOException {
    if (value.isPresent()) {
      json.writeNumberField(name, value.getAsDouble());
    } else {
      json.writeNullField(name);
    }
  }
}
