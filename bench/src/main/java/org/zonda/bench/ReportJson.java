package org.zonda.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** Writes a report for programs. */
final class ReportJson {

  private ReportJson() {}

  static String of(BenchmarkReport report) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("time", report.time().toString());
      json.writeStringField("model", report.model());
      json.writeNumberField("parameters", report.parameters());
      json.writeNumberField("weight_bytes", report.weightBytes());
      json.writeArrayFieldStart("formats");
      for (String format : report.formats()) {
        json.writeString(format);
      }
      json.writeEndArray();
      json.writeStringField("backend", report.backend());
      json.writeNumberField("batch_size", report.options().batchSize());
      json.writeStringField("cache_type", report.options().cacheType().name());
      json.writeStringField("commit", report.commit().orElse(null));
      machine(json, report.machine());
      json.writeNumberField("load", report.load().toNanos() * 1e-9);
      json.writeNumberField("cache_bytes", report.cacheBytes());
      if (report.peakResidentBytes().isPresent()) {
        json.writeNumberField("peak_resident_bytes", report.peakResidentBytes().getAsLong());
      } else {
        json.writeNullField("peak_resident_bytes");
      }
      json.writeArrayFieldStart("measurements");
      for (Measurement measurement : report.measurements()) {
        measurement(json, measurement);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a StringWriter has none
    }
    return text.toString();
  }

  private static void machine(JsonGenerator json, Machine machine) throws IOException {
    json.writeObjectFieldStart("machine");
    json.writeStringField("cpu", machine.cpu());
    json.writeNumberField("cores", machine.cores());
    json.writeNumberField("memory_bytes", machine.memoryBytes());
    json.writeStringField("system", machine.system());
    json.writeStringField("java", machine.java());
    json.writeEndObject();
  }

  private static void measurement(JsonGenerator json, Measurement measurement) throws IOException {
    json.writeStartObject();
    json.writeStringField("test", measurement.test());
    json.writeNumberField("depth", measurement.depth());
    json.writeNumberField("median", measurement.median());
    json.writeNumberField("min", measurement.min());
    json.writeNumberField("max", measurement.max());
    json.writeArrayFieldStart("tokens_per_second");
    for (double speed : measurement.tokensPerSecond()) {
      json.writeNumber(speed);
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
