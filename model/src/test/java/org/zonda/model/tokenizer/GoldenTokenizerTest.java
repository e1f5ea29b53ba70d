package org.zonda.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.zonda.model.tokenizer.Tokenizer.Specials;

/** Equal to other implementations, token by token, on vocabularies of the project's own. */
class GoldenTokenizerTest {

  @TestFactory
  Stream<DynamicTest> llamaCppOnTheGoldenVocabulary() {
    Tokenizer tokenizer = Vocabularies.golden();
    return cases(Golden.resource("tokenizer.json"), 30)
        .map(
            golden ->
                named(
                    golden,
                    text -> {
                      assertThat(tokenizer.encode(text, Specials.PARSED))
                          .isEqualTo(Golden.ints(golden.get("ids")));
                      assertThat(tokenizer.encode(text, Specials.PLAIN))
                          .isEqualTo(Golden.ints(golden.get("ids_no_special_parsing")));
                      assertThat(tokenizer.encodePrompt(text, Specials.PLAIN))
                          .isEqualTo(Golden.ints(golden.get("ids_no_special_parsing_with_bos")));
                      int[] prompt = Golden.ints(golden.get("ids_with_bos"));
                      if (text.startsWith("<s>")) {
                        // llama.cpp warns of two BOS here, and has both.
                        prompt = Golden.ints(golden.get("ids"));
                      }
                      assertThat(tokenizer.encodePrompt(text, Specials.PARSED)).isEqualTo(prompt);
                    }));
  }

  @TestFactory
  Stream<DynamicContainer> sentencePiece() {
    return stream(Golden.resource("tokenizer/sentencepiece.json").get("tokenizers"))
        .map(
            golden -> {
              Tokenizer tokenizer =
                  Tokenizers.of(
                      MemoryModel.of(
                          metadata ->
                              metadata
                                  .putString("tokenizer.ggml.model", "llama")
                                  .putStrings(
                                      "tokenizer.ggml.tokens", Golden.strings(golden.get("tokens")))
                                  .putFloats(
                                      "tokenizer.ggml.scores", Golden.floats(golden.get("scores")))
                                  .putInts(
                                      "tokenizer.ggml.token_type", Golden.ints(golden.get("types")))
                                  .putBoolean(
                                      "tokenizer.ggml.add_space_prefix",
                                      golden.get("space_prefix").asBoolean())));
              return dynamicContainer(
                  golden.get("name").asText(), encodes(tokenizer, Specials.PLAIN, golden));
            });
  }

  @TestFactory
  Stream<DynamicContainer> huggingFaceByteLevelBpe() {
    return stream(Golden.resource("tokenizer/byte-level-bpe.json").get("tokenizers"))
        .map(
            golden ->
                dynamicContainer(
                    golden.get("pre").asText(),
                    encodes(
                        Tokenizers.of(Vocabularies.byteLevel(golden)), Specials.PARSED, golden)));
  }

  @TestFactory
  Stream<DynamicContainer> huggingFaceWordPiece() {
    return stream(Golden.resource("tokenizer/wordpiece.json").get("tokenizers"))
        .map(
            golden -> {
              Tokenizer tokenizer = Tokenizers.of(Vocabularies.wordPiece(golden));
              assertThat(tokenizer.description().contains("lower case"))
                  .isEqualTo(golden.get("lower_case").asBoolean());
              return dynamicContainer(
                  golden.get("name").asText(), encodes(tokenizer, Specials.PLAIN, golden));
            });
  }

  @TestFactory
  Stream<DynamicContainer> sentencePieceUnigram() {
    return stream(Golden.resource("tokenizer/unigram.json").get("tokenizers"))
        .map(
            golden ->
                dynamicContainer(
                    golden.get("name").asText(),
                    encodes(Tokenizers.of(Vocabularies.unigram(golden)), Specials.PLAIN, golden)));
  }

  private static Stream<DynamicTest> encodes(Tokenizer tokenizer, Specials specials, JsonNode set) {
    return cases(set, 10)
        .map(
            golden ->
                named(
                    golden,
                    text ->
                        assertThat(tokenizer.encode(text, specials))
                            .isEqualTo(Golden.ints(golden.get("ids")))));
  }

  private static Stream<JsonNode> cases(JsonNode set, int atLeast) {
    assertThat(set.get("cases")).hasSizeGreaterThanOrEqualTo(atLeast);
    return stream(set.get("cases"));
  }

  private static Stream<JsonNode> stream(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  private static DynamicTest named(JsonNode golden, Consumer<String> comparison) {
    String text = golden.get("text").asText();
    String name = Collections.singletonList(text).toString().replace("\n", "\\n");
    return dynamicTest(name, () -> comparison.accept(text));
  }
}
