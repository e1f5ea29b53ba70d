package org.zonda.model.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.zonda.model.ZondaException;

/** Documents and fields; another parser judges what is a document. */
class JsonObjectTest {

  private static JsonObject parse(String text) {
    return JsonObject.parse(text, "file.json");
  }

  @Test
  void valuesOfEveryKind() {
    JsonObject json =
        parse(
            """
             {"text": "a\\n\\u00e9\\"\\/", "yes": true, "no": false, "nothing": null,
              "numbers": [1, -2, 9007199254740993], "pi": -3.25e-1, "empty": {}, "none": [],
              "inner": {"r": 8}} \t\r
            """);
    assertThat(json.string("text")).isEqualTo("a\né\"/");
    assertThat(json.flag("yes")).isTrue();
    assertThat(json.flag("no")).isFalse();
    assertThat(json.flag("absent")).isFalse();
    assertThat(json.has("nothing")).isFalse();
    assertThat(json.findString("nothing")).isEmpty();
    assertThat(json.longs("numbers")).containsExactly(1, -2, 9007199254740993L);
    assertThat(json.number("pi")).isEqualTo(-0.325);
    assertThat(json.object("inner").number("r")).isEqualTo(8);
    assertThat(json.objectOrEmpty("absent").names()).isEmpty();
    assertThat(json.hasElements("numbers")).isTrue();
    assertThat(json.hasElements("empty")).isFalse();
    assertThat(json.hasElements("none")).isFalse();
    assertThat(json.names()).startsWith("text", "yes").hasSize(9);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":1,}|no name where one was expected",
        "{\"a\":1,\"a\":2}|the name 'a' a second time",
        "{\"a\" 1}|no ':' where one was expected",
        "{\"a\":[1,]}|no value where one was expected",
        "{\"a\":01}|no '}' where one was expected",
        "{\"a\":1.}|a number that ends too early",
        "{\"a\":1e}|a number that ends too early",
        "{\"a\":-}|no value where one was expected",
        "{\"a\":nul}|no value where one was expected",
        "{\"a\":\"\\x\"}|an unknown escape inside a string",
        "{\"a\":\"\\u12g4\"}|a \\u without four hexadecimal digits",
        "{\"a\":\"|an end in the middle of the document",
        "{} x|text after the end of the document",
        "{/* */}|no name where one was expected",
        "[]|holds []; expected a JSON object",
        "3|holds 3; expected a JSON object"
      })
  void brokenDocumentsAreRefused(String text, String message) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(ZondaException.class)
        .hasMessageStartingWith("file.json: ")
        .hasMessageContaining(message);
  }

  @Test
  void depthIsBounded() {
    assertThatThrownBy(() -> parse("{\"a\":" + "[".repeat(1_000_000)))
        .isInstanceOf(ZondaException.class)
        .hasMessageContaining("nesting deeper than 32 levels");
  }

  @Test
  void longNumbersAreRefused() {
    assertThatThrownBy(() -> parse("{\"a\":" + "1".repeat(100_000) + "}"))
        .isInstanceOf(ZondaException.class)
        .hasMessageContaining("a number of 100000 characters");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "list", "absent"})
  void wrongKindsAreNamed(String field) {
    JsonObject json = parse("{\"text\":\"x\",\"list\":[1,\"a\"]}");
    assertThatThrownBy(() -> json.number(field))
        .isInstanceOf(ZondaException.class)
        .hasMessageContainingAll("file.json: '" + field + "' is ", "; expected a number");
    assertThatThrownBy(() -> json.longs(field))
        .isInstanceOf(ZondaException.class)
        .hasMessageEndingWith("; expected an array of whole numbers");
    assertThatThrownBy(() -> json.object(field)).isInstanceOf(ZondaException.class);
  }

  @Property(tries = 300)
  void readsWhatAnotherWrites(
      @ForAll Map<String, String> texts, @ForAll List<Long> numbers, @ForAll double number)
      throws Exception {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode node = mapper.createObjectNode();
    ObjectNode fields = node.putObject("fields");
    texts.forEach(fields::put);
    ArrayNode list = node.putArray("numbers");
    numbers.forEach(list::add);
    node.put("number", number);
    JsonObject json = parse(mapper.writeValueAsString(node));
    assertThat(json.object("fields").names()).isEqualTo(texts.keySet());
    texts.forEach((name, text) -> assertThat(json.object("fields").string(name)).isEqualTo(text));
    assertThat(json.longs("numbers"))
        .containsExactly(numbers.stream().mapToLong(Long::longValue).toArray());
    assertThat(json.number("number")).isEqualTo(number);
  }

  /** ASCII only, as the other takes some characters beyond it for hexadecimal digits. */
  @Property(tries = 500)
  void acceptsOnlyWhatAnotherAccepts(
      @ForAll @CharRange(from = 0, to = 127) String noise, @ForAll int at) {
    String valid = "{\"a\":[1,2.5e3,{\"b\":\"\\u0041\"}],\"c\":null}";
    int cut = Math.floorMod(at, valid.length());
    String text = valid.substring(0, cut) + noise + valid.substring(cut + 1);
    assertThat(accepts(text)).isEqualTo(anotherAccepts(text));
  }

  private static boolean accepts(String text) {
    try {
      parse(text);
      return true;
    } catch (ZondaException e) {
      return false;
    }
  }

  private static boolean anotherAccepts(String text) {
    try {
      return new ObjectMapper()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .readTree(text)
          .isObject();
    } catch (JacksonException e) {
      return false;
    }
  }
}
