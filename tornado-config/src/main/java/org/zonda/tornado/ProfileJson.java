package org.zonda.tornado;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A profile as JSON: an object with the fields of {@link DeviceProfile}, any of which may be left
 * out in a user's file, and {@code match}, the devices that it is for. {@code match} has for {@code
 * backend}, {@code vendor}, {@code name} and {@code type} a list of words; a device matches if of
 * each list that is there one word is within what the device says, in whatever case.
 */
final class ProfileJson {

  private static final String MATCH = "match";
  private static final List<String> TRAITS = List.of("backend", "vendor", "name", "type");
  private static final List<String> FIELDS =
      Arrays.stream(DeviceProfile.class.getRecordComponents())
          .map(RecordComponent::getName)
          .toList();

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(JsonParser.Feature.ALLOW_COMMENTS)
          .enable(com.fasterxml.jackson.databind.DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final String label;
  private final ObjectNode fields;

  private ProfileJson(String label, ObjectNode fields) {
    this.label = label;
    this.fields = fields;
  }

  /**
   * Reads a profile and checks what does not need the other fields.
   *
   * @param label what to call the file
   * @param json its bytes
   * @return the profile
   * @throws TornadoException if it is no JSON object, or has a field of another name or type
   */
  static ProfileJson read(String label, byte[] json) {
    JsonNode root;
    try {
      root = MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new TornadoException(
          "%s: no valid JSON at line %d: %s"
              .formatted(label, e.getLocation().getLineNr(), firstLine(e.getOriginalMessage())),
          e);
    } catch (IOException e) {
      throw new TornadoException("%s: cannot be read: %s".formatted(label, e.getMessage()), e);
    }
    if (!(root instanceof ObjectNode fields)) {
      throw new TornadoException(
          "%s: is %s; expected a JSON object such as {\"lanes\": 32}".formatted(label, kind(root)));
    }
    ProfileJson profile = new ProfileJson(label, fields);
    profile.check();
    return profile;
  }

  /** Whether it is for a device. */
  boolean matches(DeviceIdentity device) {
    JsonNode match = fields.path(MATCH);
    return matches(match.path("backend"), device.backend())
        && matches(match.path("vendor"), device.vendor())
        && matches(match.path("name"), device.name())
        && matches(match.path("type"), device.type());
  }

  private static boolean matches(JsonNode words, String said) {
    if (words.isMissingNode()) {
      return true;
    }
    String lower = said.toLowerCase(Locale.ROOT);
    for (JsonNode word : words) {
      if (lower.contains(word.textValue().toLowerCase(Locale.ROOT))) {
        return true;
      }
    }
    return false;
  }

  /** These fields, and those of another profile where they are missing. */
  ProfileJson over(ProfileJson base) {
    ObjectNode merged = base.fields.deepCopy();
    merged.setAll(fields);
    if (!fields.has("name")) {
      merged.put("name", base.fields.path("name").asText() + ", changed by " + label);
    }
    return new ProfileJson(label, merged);
  }

  /**
   * The profile.
   *
   * @throws TornadoException if a field is missing or out of its range
   */
  DeviceProfile profile() {
    try {
      return new DeviceProfile(
          text("name"),
          text("description"),
          number("lanes"),
          number("rowsPerGroup"),
          number("normGroup"),
          number("attentionGroup"),
          number("attentionSplits"),
          number("elementGroup"),
          number("matmulTile"),
          number("layersPerGraph"),
          choice("captureGraphs"),
          choice("int8Inputs"),
          choice("tensorCores"));
    } catch (TornadoException e) {
      throw new TornadoException(label + ": " + e.getMessage(), e);
    }
  }

  private String text(String field) {
    return fields.path(field).textValue();
  }

  private int number(String field) {
    return fields.path(field).intValue();
  }

  private boolean choice(String field) {
    return fields.path(field).booleanValue();
  }

  private void check() {
    for (Map.Entry<String, JsonNode> field : fields.properties()) {
      String name = field.getKey();
      JsonNode value = field.getValue();
      switch (name) {
        case MATCH -> checkMatch(value);
        case "name", "description" -> expect(value.isTextual(), name, value, "a text");
        case "captureGraphs", "int8Inputs", "tensorCores" ->
            expect(value.isBoolean(), name, value, "true or false");
        default -> {
          if (!FIELDS.contains(name)) {
            List<String> known = new ArrayList<>(FIELDS);
            known.add(MATCH);
            throw new TornadoException(
                "%s: there is no field '%s'; the fields are %s"
                    .formatted(label, name, String.join(", ", known)));
          }
          expect(value.isInt(), name, value, "a whole number");
        }
      }
    }
  }

  private void checkMatch(JsonNode match) {
    expect(match.isObject(), MATCH, match, "an object such as {\"vendor\": [\"nvidia\"]}");
    for (Map.Entry<String, JsonNode> trait : match.properties()) {
      String name = MATCH + "." + trait.getKey();
      if (!TRAITS.contains(trait.getKey())) {
        throw new TornadoException(
            "%s: there is no field '%s'; expected %s"
                .formatted(label, name, String.join(", ", TRAITS)));
      }
      expect(trait.getValue().isArray(), name, trait.getValue(), "a list of words");
      for (JsonNode word : trait.getValue()) {
        expect(word.isTextual(), name, word, "words");
      }
    }
  }

  private void expect(boolean holds, String field, JsonNode value, String expected) {
    if (!holds) {
      throw new TornadoException(
          "%s: field '%s' is %s; expected %s".formatted(label, field, value, expected));
    }
  }

  private static String kind(JsonNode root) {
    return root == null || root.isMissingNode()
        ? "empty"
        : "a JSON " + root.getNodeType().name().toLowerCase(Locale.ROOT);
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("");
  }
}
