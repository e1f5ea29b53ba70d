package org.zonda.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.zonda.bench.lab.SwapComparison.Rows;

class SwapComparisonTest {

  private static JsonNode json(SwapComparison comparison) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartObject();
      comparison.write(json);
      json.writeEndObject();
    }
    return new ObjectMapper().readTree(text.toString());
  }

  @Test
  void whatIsNoNumberIsNullInJson() throws IOException {
    float[][] own = {{1, 2}};
    SwapComparison comparison =
        SwapComparison.of(
            List.of(), new Rows(own, own), new Rows(new float[][] {{1, Float.NaN}}, own));
    JsonNode atOnce = json(comparison).get("at_once");
    assertThat(atOnce.get("relative_l2").isNull()).isTrue();
    assertThat(atOnce.get("largest").isNull()).isTrue();
    JsonNode oneByOne = json(comparison).get("one_by_one");
    assertThat(oneByOne.get("relative_l2").doubleValue()).isZero();
    assertThat(oneByOne.get("largest").isNumber()).isTrue();
  }
}
