package org.zonda.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zonda.app.Zonda.Result;
import org.zonda.model.gguf.GgufWriter;
import org.zonda.model.gguf.Metadata;

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

  /** A file whose pre-tokenizer nobody knows. */
  private static String unknownPreTokenizer(Path directory) {
    Path file = directory.resolve("zonda-9.gguf");
    new GgufWriter(
            Metadata.builder()
                .putString("general.architecture", "gpt2")
                .putString("tokenizer.ggml.model", "gpt2")
                .putString("tokenizer.ggml.pre", "zonda-9")
                .putStrings("tokenizer.ggml.tokens", List.of("1", "2", "12"))
                .putStrings("tokenizer.ggml.merges", List.of("1 2"))
                .build(file.toString()))
        .write(file);
    return file.toString();
  }

  @Test
  void anotherPreTokenizerIsAChoiceThatIsShown(@TempDir Path directory) {
    String file = unknownPreTokenizer(directory);
    Result refused = Zonda.run("tokenize", "-m", file, "--ids", "12");
    assertThat(refused.code()).isEqualTo(ExitCode.FAILED);
    assertThat(refused.err())
        .startsWith("zonda: zonda-9.gguf: tokenizer.ggml.pre 'zonda-9' is not supported; known: ")
        .contains("--pre-tokenizer default");
    Result chosen = Zonda.run("tokenize", "-m", file, "--ids", "--pre-tokenizer", "default", "12");
    assertThat(chosen.code()).isZero();
    assertThat(chosen.out()).isEqualTo("2\n");
    assertThat(chosen.err())
        .isEqualTo("tokenizer: byte-level BPE (gpt2, pre default instead of zonda-9)\n");
    assertThat(Zonda.run("detokenize", "-m", file, "--pre-tokenizer", "qwen2", "0,1").out())
        .isEqualTo("12\n");
    assertThat(Zonda.run("inspect", "-m", file, "--pre-tokenizer", "qwen2").out())
        .contains("pre qwen2 instead of zonda-9");
    assertThat(Zonda.run("tokenize", "-m", file, "--pre-tokenizer", "zonda-8", "12").err())
        .startsWith("zonda: pre-tokenizer 'zonda-8' was asked for; known: default, ");
    assertThat(Zonda.run("tokenize", "-m", MODEL, "--pre-tokenizer", "default", "12").err())
        .contains("tokenizer.ggml.model is 'llama'; only gpt2 (byte-level BPE) has one");
    assertThat(Zonda.run("run", "-m", MODEL, "--pre-tokenizer", "default", "12").err())
        .contains("tokenizer.ggml.model is 'llama'");
    assertThat(Zonda.run("bench", "-m", MODEL, "--pre-tokenizer", "default").err())
        .contains("no text is read here; leave out --pre-tokenizer");
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
