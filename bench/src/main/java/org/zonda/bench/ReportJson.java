package org.zonda.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Writes a report for programs. */
final class ReportJson {

  private final BenchmarkReport report;
  private final JsonGenerator json;

  private ReportJson(BenchmarkReport report, JsonGenerator json) {
    this.report = report;
    this.json = json;
  }

  static String of(BenchmarkReport report) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      new ReportJson(report, json).write();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a StringWriter has none
    }
    return text.toString();
  }

  private void write() throws IOException {
    json.writeStartObject();
    json.writeStringField("time", report.time().toString());
    json.writeStringField("commit", report.commit().orElse(null));
    machine(report.machine());
    json.writeArrayFieldStart("figures");
    for (MachineFigures figures : report.figures()) {
      MachineFiguresJson.write(json, figures);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("runs");
    for (BenchmarkRun run : report.runs()) {
      run(run);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("notes");
    for (String note : report.notes()) {
      json.writeString(note);
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

  private void run(BenchmarkRun run) throws IOException {
    json.writeStartObject();
    json.writeStringField("model", run.model());
    json.writeNumberField("parameters", run.parameters());
    json.writeNumberField("weight_bytes", run.weightBytes());
    json.writeArrayFieldStart("formats");
    for (String format : run.formats()) {
      json.writeString(format);
    }
    json.writeEndArray();
    json.writeStringField("backend", run.backend());
    json.writeNumberField("threads", run.threads());
    json.writeNumberField("batch_size", run.options().batchSize());
    json.writeStringField("cache_type", run.options().cacheType().name());
    json.writeNumberField("load", run.load().toNanos() * 1e-9);
    json.writeNumberField("cache_bytes", run.cacheBytes());
    number("peak_resident_bytes", run.peakResidentBytes());
    json.writeArrayFieldStart("measurements");
    for (Measurement measurement : run.measurements()) {
      measurement(run, measurement);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void measurement(BenchmarkRun run, Measurement measurement) throws IOException {
    json.writeStartObject();
    json.writeStringField("test", measurement.test().name());
    json.writeNumberField("tokens", measurement.test().tokens());
    json.writeNumberField("depth", measurement.test().depth());
    json.writeNumberField("sequences", measurement.test().sequences());
    json.writeNumberField("median", measurement.median());
    json.writeNumberField("min", measurement.min());
    json.writeNumberField("max", measurement.max());
    json.writeArrayFieldStart("tokens_per_second");
    for (double speed : measurement.tokensPerSecond()) {
      json.writeNumber(speed);
    }
    json.writeEndArray();
    json.writeNumberField("cache_bytes", measurement.cacheBytes());
    number("step_bytes", measurement.stepBytes());
    OptionalDouble share = report.shareOfReading(run, measurement);
    if (share.isPresent()) {
      json.writeNumberField("share_of_reading", share.getAsDouble());
    } else {
      json.writeNullField("share_of_reading");
    }
    json.writeEndObject();
  }

  private void number(String name, OptionalLong value) throws IOException {
    if (value.isPresent()) {
      json.writeNumberField(name, value.getAsLong());
    } else {
      json.writeNullField(name);
    }
  }
}
