package org.zonda.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.zonda.app.Zonda.Result;

class LogitsCommandTest {

  private static final String MODEL = TestModels.golden().toString();

  /** The reference says of an F16 KV cache: 1e-3; with F32, a float engine reaches 1e-6. */
  private static final double TOLERANCE = 5e-5;

  @Test
  void areThoseOfTheReference() {
    JsonNode reference = TestModels.goldenReference();
    JsonNode json = json(ids(reference.get("tokens")), "--cache-type", "f32");
    assertThat(json.get("tokens")).isEqualTo(reference.get("tokens"));
    assertThat(json.get("logits")).hasSameSizeAs(reference.get("logits"));
    double difference = 0;
    double norm = 0;
    for (int row = 0; row < reference.get("logits").size(); row++) {
      JsonNode expected = reference.get("logits").get(row);
      JsonNode actual = json.get("logits").get(row);
      assertThat(actual).hasSize(TestModels.VOCABULARY);
      for (int i = 0; i < expected.size(); i++) {
        double e = expected.get(i).doubleValue();
        difference += Math.pow(actual.get(i).doubleValue() - e, 2);
        norm += e * e;
      }
    }
    assertThat(Math.sqrt(difference / norm)).isLessThan(TOLERANCE);
  }

  @Test
  void theLikeliestComesFirst() {
    JsonNode reference = TestModels.goldenReference();
    Result result =
        Zonda.run("logits", "-m", MODEL, "--top", "1", "--tokens", ids(reference.get("tokens")));
    assertThat(result.code()).isZero();
    String[] lines = result.out().split("\n");
    assertThat(lines).hasSize(2 * reference.get("tokens").size());
    // The last position's likeliest is the first token that greedy decoding appends.
    assertThat(lines[lines.length - 1])
        .matches(" +[0-9.]+% +-?[0-9.]+  " + reference.get("greedy").get(0) + " .*");
  }

  @Test
  void ofATextAreThoseOfItsTokens() {
    Result text = Zonda.run("logits", "-m", MODEL, "the");
    Result tokens = Zonda.run("logits", "-m", MODEL, "--tokens", "1,261");
    assertThat(text.out()).isEqualTo(tokens.out()).startsWith("0: 1 <s>\n");
  }

  @Test
  void probabilitiesOfAllTokensSumToOne() {
    String all = Zonda.run("logits", "-m", MODEL, "--top", "360", "--tokens", "1").out();
    double sum =
        all.lines()
            .skip(1)
            .mapToDouble(line -> Double.parseDouble(line.substring(0, line.indexOf('%'))))
            .sum();
    // Each is rounded to a hundredth of a percent.
    assertThat(sum).isBetween(98.0, 102.0);
  }

  @Test
  void tokensMustBeInTheVocabulary() {
    Result result = Zonda.run("logits", "-m", MODEL, "--tokens", "1,360");
    assertThat(result.code()).isEqualTo(ExitCode.FAILED);
    assertThat(result.err()).contains("token id 360 is not in the vocabulary");
    assertThat(Zonda.run("logits", "-m", MODEL, "--tokens", "").code()).isEqualTo(ExitCode.USAGE);
    assertThat(Zonda.run("logits", "-m", MODEL, "--top", "0", "x").code())
        .isEqualTo(ExitCode.USAGE);
  }

  private static JsonNode json(String ids, String... more) {
    String[] fixed = {"logits", "-m", MODEL, "--json", "--tokens", ids};
    String[] all = Arrays.copyOf(fixed, fixed.length + more.length);
    System.arraycopy(more, 0, all, fixed.length, more.length);
    Result result = Zonda.run(all);
    assertThat(result.err()).isEmpty();
    return JsonText.parse(result.out());
  }

  private static String ids(JsonNode tokens) {
    return tokens.toString();
  }
}
