package org.zonda.bench;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** Writes {@link MachineFigures} for programs: bytes and multiply-adds per second. */
public final class MachineFiguresJson {

  private MachineFiguresJson() {}

  /**
   * Writes an object.
   *
   * @param json where to
   * @param figures what
   * @throws IOException as the generator's
   */
  public static void write(JsonGenerator json, MachineFigures figures) throws IOException {
    json.writeStartObject();
    json.writeNumberField("threads", figures.threads());
    json.writeFieldName("read");
    switch (figures.read()) {
      case ReadSpeed.Measured read -> measured(json, read.how(), read.bytesPerSecond());
      case ReadSpeed.Unknown unknown -> unknown(json, unknown.reason());
    }
    compute(json, "multiply_add_float32", figures.float32());
    compute(json, "multiply_add_int8", figures.int8());
    compute(json, "multiply_add_bf16", figures.bf16());
    json.writeEndObject();
  }

  private static void compute(JsonGenerator json, String name, ComputeSpeed speed)
      throws IOException {
    json.writeFieldName(name);
    switch (speed) {
      case ComputeSpeed.Measured found ->
          measured(json, found.how(), found.multiplyAddsPerSecond());
      case ComputeSpeed.Unknown unknown -> unknown(json, unknown.reason());
    }
  }

  private static void measured(JsonGenerator json, String how, Spread perSecond)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("how", how);
    json.writeArrayFieldStart("per_second");
    for (double value : perSecond.values()) {
      json.writeNumber(value);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void unknown(JsonGenerator json, String reason) throws IOException {
    json.writeStartObject();
    json.writeStringField("unknown", reason);
    json.writeEndObject();
  }
}
