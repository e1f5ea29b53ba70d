package org.zonda.app;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.zonda.model.chat.ChatFormats;
import org.zonda.model.gguf.Metadata;
import org.zonda.model.gguf.MetadataValue;
import org.zonda.model.tensor.Tensor;
import org.zonda.model.tokenizer.Tokenizer;

/** What {@code zonda inspect --json} prints. Sizes are in bytes; unknown values are null. */
final class InspectionJson {

  private InspectionJson() {}

  static void write(
      Output out,
      Inspection model,
      Map<String, String> checksums,
      boolean metadata,
      boolean tensors) {
    Json.write(
        out,
        json -> {
          summary(json, model);
          if (!checksums.isEmpty()) {
            json.writeObjectFieldStart("sha256");
            for (Map.Entry<String, String> checksum : checksums.entrySet()) {
              json.writeStringField(checksum.getKey(), checksum.getValue());
            }
            json.writeEndObject();
          }
          if (metadata) {
            metadata(json, model.source().metadata());
          }
          if (tensors) {
            json.writeArrayFieldStart("tensors");
            for (Tensor tensor : model.source().tensors()) {
              json.writeStartObject();
              tensor(json, tensor);
              json.writeEndObject();
            }
            json.writeEndArray();
          }
        });
  }

  static void write(Output out, String model, Tensor tensor, TensorValues values) {
    Json.write(
        out,
        json -> {
          json.writeStringField("model", model);
          tensor(json, tensor);
          json.writeNumberField("min", values.min());
          json.writeNumberField("max", values.max());
          json.writeNumberField("mean", values.mean());
          json.writeNumberField("deviation", values.deviation());
          json.writeNumberField("not_finite", values.notFinite());
          json.writeNumberField("row", values.row());
          json.writeArrayFieldStart("values");
          for (float value : values.first()) {
            json.writeNumber(value);
          }
          json.writeEndArray();
        });
  }

  private static void summary(JsonGenerator json, Inspection model) throws IOException {
    json.writeStringField("model", model.source().label());
    text(json, "name", model.name());
    json.writeStringField("architecture", model.architecture());
    json.writeBooleanField("runs", model.runnable());
    json.writeArrayFieldStart("obstacles");
    for (String obstacle : model.obstacles()) {
      json.writeString(obstacle);
    }
    json.writeEndArray();
    json.writeNumberField("parameters", model.parameters());
    json.writeNumberField("context_length", model.contextLength());
    json.writeArrayFieldStart("formats");
    for (Inspection.Share share : model.mix()) {
      json.writeStartObject();
      json.writeStringField("format", share.type().name());
      json.writeNumberField("tensors", share.tensors());
      json.writeNumberField("elements", share.elements());
      json.writeNumberField("bytes", share.bytes());
      json.writeEndObject();
    }
    json.writeEndArray();
    memory(json, model.memory());
    text(json, "tokenizer", model.tokenizer().map(Tokenizer::description));
    text(json, "chat_format", model.chatFormat().map(choice -> choice.format().name()));
    text(json, "chat_format_reason", model.chatFormat().map(ChatFormats.Choice::reason));
    text(json, "licence", model.licence());
    text(json, "author", model.author());
    text(json, "source", model.origin());
    json.writeNumberField("gguf_version", model.version());
    json.writeNumberField("size", model.sizeBytes());
    json.writeArrayFieldStart("files");
    for (java.nio.file.Path path : model.files()) {
      json.writeString(path.toString());
    }
    json.writeEndArray();
  }

  private static void memory(JsonGenerator json, MemoryEstimate memory) throws IOException {
    json.writeObjectFieldStart("memory");
    json.writeNumberField("total", memory.total());
    json.writeNumberField("weights", memory.weights());
    number(json, "kv_cache", memory.cache());
    number(json, "activations", memory.activations());
    json.writeNumberField("context", memory.context());
    json.writeStringField("cache_type", memory.cacheType().name());
    json.writeEndObject();
  }

  private static void metadata(JsonGenerator json, Metadata metadata) throws IOException {
    json.writeObjectFieldStart("metadata");
    for (String key : metadata.keys()) {
      json.writeFieldName(key);
      value(json, metadata.find(key).orElseThrow());
    }
    json.writeEndObject();
  }

  private static void value(JsonGenerator json, MetadataValue value) throws IOException {
    switch (value) {
      case MetadataValue.StringValue text -> json.writeString(text.value());
      case MetadataValue.BooleanValue truth -> json.writeBoolean(truth.value());
      // As text they are the shortest numbers that read back the same, and unsigned.
      case MetadataValue.IntegerValue number -> json.writeNumber(number.toString());
      case MetadataValue.FloatValue number when Double.isFinite(number.value()) ->
          json.writeNumber(number.toString());
      case MetadataValue.FloatValue number -> json.writeString(number.toString());
      case MetadataValue.ArrayValue array -> {
        json.writeStartArray();
        for (MetadataValue element : array.values()) {
          value(json, element);
        }
        json.writeEndArray();
      }
    }
  }

  private static void tensor(JsonGenerator json, Tensor tensor) throws IOException {
    json.writeStringField("name", tensor.name());
    json.writeStringField("format", tensor.type().name());
    json.writeArrayFieldStart("shape");
    for (long size : tensor.shape()) {
      json.writeNumber(size);
    }
    json.writeEndArray();
    json.writeNumberField("bytes", tensor.data().byteSize());
  }

  private static void text(JsonGenerator json, String name, Optional<String> text)
      throws IOException {
    if (text.isPresent()) {
      json.writeStringField(name, text.get());
    } else {
      json.writeNullField(name);
    }
  }

  private static void number(JsonGenerator json, String name, OptionalLong number)
      throws IOException {
    if (number.isPresent()) {
      json.writeNumberField(name, number.getAsLong());
    } else {
      json.writeNullField(name);
    }
  }
}
