package org.zonda.bench.compare;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.zonda.bench.Machine;
import org.zonda.bench.Measurement;
import org.zonda.bench.ReadSpeed;
import org.zonda.bench.Spread;
import org.zonda.bench.compare.ComparisonRow.Reads;

/** Writes a comparison for programs. */
final class ComparisonJson {

  private final ComparisonReport report;
  private final JsonGenerator json;

  private ComparisonJson(ComparisonReport report, JsonGenerator json) {
    this.report = report;
    this.json = json;
  }

  static String of(ComparisonReport report) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      new ComparisonJson(report, json).write();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a StringWriter has none
    }
    return text.toString();
  }

  private void write() throws IOException {
    json.writeStartObject();
    json.writeStringField("model", report.model());
    json.writeNumberField("parameters", report.parameters());
    json.writeNumberField("weight_bytes", report.weightBytes());
    strings("formats", report.formats());
    json.writeFieldName("host_read_speed");
    speed(report.hostReadSpeed());
    json.writeArrayFieldStart("rows");
    for (ComparisonRow row : report.rows()) {
      row(row);
    }
    json.writeEndArray();
    strings("notes", report.notes());
    json.writeEndObject();
  }

  private void row(ComparisonRow row) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", row.name());
    json.writeStringField("backend", row.backend());
    json.writeStringField("caveat", row.hardware().caveat().orElse(null));
    json.writeStringField("time", report.time().toString());
    json.writeStringField("model", report.model());
    json.writeStringField("commit", report.commit().orElse(null));
    json.writeStringField("tornadovm", report.tornado().orElse(null));
    machine(report.machine());
    json.writeNumberField("batch_size", report.options().batchSize());
    json.writeStringField("cache_type", report.options().cacheType().name());
    spread("load", row.load());
    spread("first_token", row.firstToken());
    number("host_bytes", row.hostBytes());
    number("device_bytes", row.deviceBytes());
    json.writeNumberField("cache_bytes", row.cacheBytes());
    json.writeFieldName("device_read_speed");
    speed(row.deviceReadSpeed());
    json.writeArrayFieldStart("measurements");
    for (Measurement measurement : row.measurements()) {
      json.writeStartObject();
      json.writeStringField("test", measurement.test().name());
      json.writeNumberField("depth", measurement.test().depth());
      spread("tokens_per_second", measurement.speed());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("reads");
    for (Reads reads : row.reads()) {
      json.writeStartObject();
      json.writeNumberField("depth", reads.depth());
      json.writeNumberField("host_bytes", reads.host());
      json.writeNumberField("device_bytes", reads.device());
      number("share_of_bandwidth", reads.share());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void machine(Machine machine) throws IOException {
    json.writeObjectFieldStart("machine");
    json.writeStringField("cpu", machine.cpu());
    json.writeNumberField("cores", machine.cores());
    json.writeNumberField("memory_bytes", machine.memoryBytes());
    json.writeStringField("system", machine.system());
    json.writeStringField("java", machine.java());
    json.writeEndObject();
  }

  private void speed(ReadSpeed speed) throws IOException {
    json.writeStartObject();
    switch (speed) {
      case ReadSpeed.Measured measured -> {
        json.writeStringField("how", measured.how());
        spread("bytes_per_second", measured.bytesPerSecond());
      }
      case ReadSpeed.Unknown unknown -> json.writeStringField("unknown", unknown.reason());
    }
    json.writeEndObject();
  }

  private void spread(String name, Spread spread) throws IOException {
    json.writeObjectFieldStart(name);
    json.writeNumberField("median", spread.median());
    json.writeNumberField("min", spread.min());
    json.writeNumberField("max", spread.max());
    json.writeArrayFieldStart("values");
    for (double value : spread.values()) {
      json.writeNumber(value);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void number(String name, OptionalLong value) throws IOException {
    if (value.isPresent()) {
      json.writeNumberField(name, value.getAsLong());
    } else {
      json.writeNullField(name);
    }
  }

  private void number(String name, OptionalDouble value) throws IOException {
    if (value.isPresent()) {
      json.writeNumberField(name, value.getAsDouble());
    } else {
      json.writeNullField(name);
    }
  }

  private void strings(String name, Iterable<String> values) throws IOException {
    json.writeArrayFieldStart(name);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }
}
