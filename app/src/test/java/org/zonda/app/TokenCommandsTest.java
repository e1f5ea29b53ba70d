package org.zonda.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.zonda.app.Zonda.Result;

/** {@code zonda tokenize} and {@code zonda detokenize}. */
class TokenCommandsTest {

  private static final String MODEL = TestModels.golden().toString();

  @Test
  void tokenizeListsIdsAndPieces() {
    Result result = Zonda.run("tokenize", "-m", MODEL, "the");
    assertThat(result.code()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).isEqualTo("  1  <s>\n261  ▁the  ' the'\n2 tokens\n");
  }

  @Test
  void tokenizeCanLeaveOutTheBos() {
    assertThat(Zonda.run("tokenize", "-m", MODEL, "--no-bos", "the").out())
        .isEqualTo("261  ▁the  ' the'\n1 token\n");
  }

  @Test
  void tokenizeReadsSpecialTokensUnlessToldNotTo() {
    assertThat(Zonda.run("tokenize", "-m", MODEL, "--ids", "--no-bos", "</s>").out())
        .isEqualTo("2\n");
    assertThat(
            Zonda.run("tokenize", "-m", MODEL, "--ids", "--no-bos", "--no-special", "</s>").out())
        .isNotEqualTo("2\n")
        .contains(",");
  }

  @Test
  void tokenizeAsJson() {
    JsonNode json = JsonText.parse(Zonda.run("tokenize", "-m", MODEL, "--json", "the").out());
    assertThat(json.toString())
        .isEqualTo(
            "{\"text\":\"the\",\"count\":2,\"tokens\":[1,261],\"pieces\":[\"<s>\",\"▁the\"]}");
  }

  @Test
  void detokenizeUndoesIt() {
    String text = "The quiet river — über 🦙\n and on";
    Result ids = Zonda.piped(text).execute("tokenize", "-m", MODEL, "--ids");
    Result back = Zonda.piped(ids.out()).execute("detokenize", "-m", MODEL);
    assertThat(back.code()).isZero();
    assertThat(back.out()).isEqualTo(text + "\n");
    Result listed =
        Zonda.run("detokenize", "-m", MODEL, "[" + ids.out().strip().replace(",", ", ") + "]");
    assertThat(listed.out()).isEqualTo(text + "\n");
  }

  @Test
  void detokenizeAsJson() {
    JsonNode json = JsonText.parse(Zonda.run("detokenize", "-m", MODEL, "--json", "1,261").out());
    assertThat(json.get("text").textValue()).isEqualTo("the");
    assertThat(json.get("pieces").get(1).textValue()).isEqualTo("▁the");
  }

  @Test
  void detokenizeKnowsTheVocabulary() {
    Result result = Zonda.run("detokenize", "-m", MODEL, "359,360");
    assertThat(result.code()).isEqualTo(ExitCode.FAILED);
    assertThat(result.err())
        .isEqualTo(
            "zonda: model.gguf: token id 360 is not in the vocabulary; its ids go from 0 to"
                + " 359\n");
    assertThat(Zonda.run("detokenize", "-m", MODEL, "--", "-1").err())
        .contains("token id -1 is not in the vocabulary");
    assertThat(Zonda.run("detokenize", "-m", MODEL, "the").code()).isEqualTo(ExitCode.USAGE);
  }
}
