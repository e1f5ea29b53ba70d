package org.zonda.app;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.zonda.runtime.backend.Part;
import org.zonda.runtime.placement.DeviceInfo;
import org.zonda.runtime.placement.MemoryPlan;

/** The plan of a model's memory as JSON. Sizes are in bytes. */
final class PlanJson {

  private PlanJson() {}

  static void write(Output out, String model, MemoryPlan plan) {
    Json.write(
        out,
        json -> {
          json.writeStringField("model", model);
          fields(json, plan);
        });
  }

  private static void fields(JsonGenerator json, MemoryPlan plan) throws IOException {
    part(json, "cpu", plan.onCpu(), plan.layers());
    part(json, "device", plan.onDevice(), plan.layers());
    if (plan.device().isPresent()) {
      DeviceInfo device = plan.device().get();
      json.writeNumberField("device_number", device.number());
      json.writeStringField("device_name", device.description());
      json.writeNumberField("device_memory", device.memory());
      json.writeNumberField("device_reserve", device.reserve());
      json.writeNumberField("device_largest_array", device.largestAllocation());
    }
    json.writeNumberField("layers", plan.layers());
    json.writeNumberField("device_layers", plan.deviceLayers());
    json.writeNumberField("context", plan.options().contextLength());
    json.writeNumberField("cache_positions", plan.options().cachePositions());
    json.writeStringField("cache_type", plan.options().cacheType().name().toLowerCase(Locale.ROOT));
    json.writeNumberField("batch", plan.options().batchSize());
    json.writeArrayFieldStart("memory");
    for (MemoryPlan.Row row : plan.rows()) {
      json.writeStartObject();
      json.writeStringField("kind", row.kind().label());
      json.writeNumberField("cpu", row.cpuBytes());
      json.writeNumberField("device", row.deviceBytes());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeNumberField("cpu_total", plan.cpuBytes());
    json.writeNumberField("device_total", plan.deviceBytes());
    notes(json, plan.notes());
  }

  private static void part(JsonGenerator json, String name, Optional<Part> part, int layers)
      throws IOException {
    if (part.isPresent()) {
      json.writeStringField(name, part.get().describe(layers));
    } else {
      json.writeNullField(name);
    }
  }

  /** Why a model does not run as it might, as an array of lines. */
  static void notes(JsonGenerator json, List<String> notes) throws IOException {
    json.writeArrayFieldStart("notes");
    for (String note : notes) {
      json.writeString(note);
    }
    json.writeEndArray();
  }
}
