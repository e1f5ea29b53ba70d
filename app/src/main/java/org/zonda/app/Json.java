package org.zonda.app;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;

/** Writes one JSON object as one line. */
final class Json {

  /** Writes the fields of the object. */
  interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  private Json() {}

  static void write(Output out, Fields fields) {
    try {
      JsonGenerator json = new JsonFactory().createGenerator(out);
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
      json.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // Output turns its own failures into other exceptions
    }
    out.println("");
  }

  static double seconds(Duration duration) {
    return duration.toNanos() * 1e-9;
  }
}
