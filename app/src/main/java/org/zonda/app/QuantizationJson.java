package org.zonda.app;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Path;
import org.zonda.model.quantize.QuantizationPlan;
import org.zonda.model.quantize.QuantizationReport;
import org.zonda.model.quantize.QuantizationReport.TensorResult;
import org.zonda.model.quantize.RoundingError;
import org.zonda.model.quantize.TensorPlan;

/**
 * What {@code zonda quantize --json} prints. Sizes are in bytes, times in seconds; {@code
 * relative_rms_error} is the root mean square of the errors by that of the weights.
 */
final class QuantizationJson {

  private QuantizationJson() {}

  static void write(Output out, QuantizationPlan plan) {
    Json.write(
        out,
        json -> {
          summary(json, plan);
          json.writeArrayFieldStart("tensors");
          for (TensorPlan tensor : plan.tensors()) {
            json.writeStartObject();
            tensor(json, tensor);
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  static void write(Output out, QuantizationReport report, Path target) {
    Json.write(
        out,
        json -> {
          json.writeStringField("output", target.toString());
          json.writeNumberField("file_bytes", report.fileBytes());
          json.writeNumberField("time", Json.seconds(report.time()));
          error(json, report.error());
          summary(json, report.plan());
          json.writeArrayFieldStart("tensors");
          for (TensorResult tensor : report.tensors()) {
            json.writeStartObject();
            tensor(json, tensor.plan());
            if (!tensor.plan().isCopy()) {
              error(json, tensor.error());
            }
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  private static void summary(JsonGenerator json, QuantizationPlan plan) throws IOException {
    json.writeStringField("input", plan.source().label());
    json.writeStringField("type", plan.type().name());
    json.writeBooleanField("pure", plan.pure());
    json.writeBooleanField("requantised", plan.isRequantised());
    json.writeNumberField("weights", plan.elements());
    json.writeNumberField("bytes_before", plan.sourceBytes());
    json.writeNumberField("bytes", plan.bytes());
    json.writeNumberField("bits_per_weight_before", plan.sourceBitsPerWeight());
    json.writeNumberField("bits_per_weight", plan.bitsPerWeight());
  }

  private static void tensor(JsonGenerator json, TensorPlan plan) throws IOException {
    json.writeStringField("name", plan.source().name());
    json.writeArrayFieldStart("shape");
    for (long size : plan.source().shape()) {
      json.writeNumber(size);
    }
    json.writeEndArray();
    json.writeStringField("from", plan.source().type().name());
    json.writeStringField("to", plan.type().name());
    json.writeNumberField("bytes", plan.bytes());
  }

  private static void error(JsonGenerator json, RoundingError error) throws IOException {
    json.writeNumberField("relative_rms_error", error.relative());
    json.writeNumberField("largest_error", error.largest());
  }
}
