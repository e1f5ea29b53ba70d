package org.zonda.bench;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** Numbers that may be none, as JSON has them. */
public final class JsonNumbers {

  private JsonNumbers() {}

  /**
   * Writes a field: a finite number, or null, since JSON knows neither NaN nor infinity.
   *
   * @param json within an object
   * @param name of the field
   * @param value any
   * @throws IOException if it cannot be written
   */
  public static void write(JsonGenerator json, String name, double value) throws IOException {
    if (Double.isFinite(value)) {
      json.writeNumberField(name, value);
    } else {
      json.writeNullField(name);
    }
  }
}
