package org.zonda.app;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import org.zonda.model.ZondaException;

/** JSON that users give, as maps, lists, strings, numbers, booleans and null. */
final class JsonInput {

  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private JsonInput() {}

  /**
   * Reads a file.
   *
   * @param file its name; - is standard input
   */
  static Object read(String file, Console console) {
    if (file.equals(TextInput.STDIN)) {
      return parse(console.in(), "standard input");
    }
    try (InputStream in = Files.newInputStream(UserPath.of(file))) {
      return parse(in, file);
    } catch (IOException e) {
      throw new ZondaException(file + ": cannot be read: " + UserPath.reason(e), e);
    }
  }

  private static Object parse(InputStream in, String origin) {
    try {
      return MAPPER.readValue(in.readAllBytes(), Object.class);
    } catch (JsonProcessingException e) {
      throw noJson(origin, e);
    } catch (IOException e) {
      throw new ZondaException(origin + ": cannot be read: " + UserPath.reason(e), e);
    }
  }

  /**
   * Reads a text.
   *
   * @param origin what it is called in messages
   */
  static Object parse(String text, String origin) {
    try {
      return MAPPER.readValue(text, Object.class);
    } catch (JsonProcessingException e) {
      throw noJson(origin, e);
    }
  }

  private static ZondaException noJson(String origin, JacksonException e) {
    JsonLocation place = e.getLocation();
    String where =
        place == null
            ? ""
            : ", line %d, column %d".formatted(place.getLineNr(), place.getColumnNr());
    return new ZondaException(origin + where + ": is no JSON: " + e.getOriginalMessage(), e);
  }
}
