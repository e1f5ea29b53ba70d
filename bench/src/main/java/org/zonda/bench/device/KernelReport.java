package org.zonda.bench.device;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.zonda.bench.Hardware;
import org.zonda.bench.Machine;
import org.zonda.bench.picture.Roofline;
import org.zonda.bench.picture.Roofs;

/**
 * How long kernels took by themselves, and what the machine would have allowed.
 *
 * @param time when it began
 * @param machine where it ran
 * @param commit of this program, where it was run from a checkout
 * @param device what ran the kernels
 * @param hardware what kind of thing that is
 * @param profile how kernels were cut; empty for the CPU's own
 * @param roofs what limits kernels; empty where there is no claim of speed
 * @param timings one for each kernel that ran
 * @param notes what failed or was left out
 */
public record KernelReport(
    Instant time,
    Machine machine,
    Optional<String> commit,
    String device,
    Hardware hardware,
    Optional<String> profile,
    List<Roofline.Roof> roofs,
    List<KernelTiming> timings,
    List<String> notes) {

  /** The families of products, by whose names formats stand. */
  private static final String MATVEC = "matvec.";

  private static final String MATMUL = "matmul.";

  /** Takes copies. */
  public KernelReport {
    roofs = List.copyOf(roofs);
    timings = List.copyOf(timings);
    notes = List.copyOf(notes);
  }

  /** The roof above a kernel, of those that there are. */
  Optional<Roofline.Roof> roof(KernelTiming timing) {
    String kernel = timing.kernel();
    boolean many = kernel.startsWith(MATMUL);
    String format =
        many || kernel.startsWith(MATVEC) ? kernel.substring(kernel.indexOf('.') + 1) : "F32";
    return Roofs.above(roofs, hardware, format, many ? Roofs.MANY_TOKENS : 1);
  }

  /** What the median of a kernel reached of the roof above it. */
  OptionalDouble share(KernelTiming timing) {
    return roof(timing).stream()
        .mapToDouble(
            roof ->
                timing.multiplyAdds() == 0
                    ? timing.bytesPerSecond() / roof.bytesPerSecond()
                    : timing.multiplyAddsPerSecond() / roof.at(timing.intensity()))
        .findFirst();
  }

  /** The kernels under a roof, where there are several roofs. */
  private String under(Roofline.Roof roof) {
    String kernels =
        timings.stream()
            .filter(timing -> roof(timing).equals(Optional.of(roof)))
            .map(KernelTiming::kernel)
            .distinct()
            .collect(Collectors.joining(", "));
    return roofs.size() < 2 || kernels.isEmpty() ? "" : "; above " + kernels;
  }

  /**
   * The report for people. Speeds are those of the median.
   *
   * @return a table in Markdown with a line before it, the last line ended too
   */
  public String toText() {
    StringBuilder text = new StringBuilder();
    text.append(device);
    profile.ifPresent(value -> text.append(", profile ").append(value));
    commit.ifPresent(value -> text.append(", commit ").append(value));
    hardware.caveat().ifPresent(caveat -> text.append("; ").append(caveat));
    text.append("\n\n");
    text.append("| kernel | shape | bytes | launch, µs (min to max) | on the device, µs |");
    text.append(" between launches, µs | GB/s | GMAC/s | of roof |\n");
    text.append("|---|---|---|---|---|---|---|---|---|\n");
    for (KernelTiming timing : timings) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %d | %.1f (%.1f to %.1f) | %s | %s | %.1f | %s | %s |%n",
              timing.kernel(),
              timing.shape(),
              timing.bytes(),
              timing.launchSeconds().median() * 1e6,
              timing.launchSeconds().min() * 1e6,
              timing.launchSeconds().max() * 1e6,
              number(timing.kernelSeconds(), 1e6, "%.1f"),
              number(timing.gapSeconds(), 1e6, "%.1f"),
              timing.bytesPerSecond() * 1e-9,
              timing.multiplyAdds() == 0
                  ? "-"
                  : String.format(Locale.ROOT, "%.1f", timing.multiplyAddsPerSecond() * 1e-9),
              number(share(timing), 100, "%.0f%%")));
    }
    for (Roofline.Roof roof : roofs) {
      text.append(
          String.format(
              Locale.ROOT, "%nroof %s: %.1f GB/s", roof.name(), roof.bytesPerSecond() * 1e-9));
      roof.multiplyAddsPerSecond()
          .ifPresent(peak -> text.append(String.format(Locale.ROOT, ", %.0f GMAC/s", peak * 1e-9)));
      text.append(under(roof));
    }
    text.append(roofs.isEmpty() ? "" : "\n");
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
      json.writeStringField("profile", profile.orElse(null));
      json.writeArrayFieldStart("roofs");
      for (Roofline.Roof roof : roofs) {
        json.writeStartObject();
        json.writeStringField("name", roof.name());
        json.writeNumberField("bytes_per_second", roof.bytesPerSecond());
        number(json, "multiply_adds_per_second", roof.multiplyAddsPerSecond());
        json.writeEndObject();
      }
      json.writeEndArray();
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
   * The report to look at: kernels below their roofs, and the speed at which each moved its bytes,
   * in one file that needs no other.
   *
   * @return an HTML page
   */
  public String toHtml() {
    return KernelPage.of(this);
  }

  private void kernel(JsonGenerator json, KernelTiming timing) throws IOException {
    json.writeStartObject();
    json.writeStringField("kernel", timing.kernel());
    json.writeStringField("shape", timing.shape());
    json.writeNumberField("bytes", timing.bytes());
    json.writeNumberField("multiply_adds", timing.multiplyAdds());
    json.writeNumberField("launches", timing.launches());
    json.writeArrayFieldStart("launch_seconds");
    for (double seconds : timing.launchSeconds().values()) {
      json.writeNumber(seconds);
    }
    json.writeEndArray();
    number(json, "kernel_seconds", timing.kernelSeconds());
    number(json, "gap_seconds", timing.gapSeconds());
    json.writeNumberField("bytes_per_second", timing.bytesPerSecond());
    json.writeNumberField("multiply_adds_per_second", timing.multiplyAddsPerSecond());
    json.writeStringField("roof", roof(timing).map(Roofline.Roof::name).orElse(null));
    number(json, "share_of_roof", share(timing));
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
