package org.zonda.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.zonda.model.gguf.GgufFile;
import org.zonda.model.tokenizer.Tokenizer.Specials;

/**
 * Equal to the tokenizers of published models on llama.cpp's test inputs: each line of {@code .out}
 * is one input of {@code .inp}, encoded without BOS and without parsing special tokens.
 */
class PublishedVocabularyTest {

  private static final String SEPARATOR = "\n__ggml_vocab_test__\n";

  @TestFactory
  Stream<DynamicTest> llama() {
    return Golden.withShared("vocabs", folder -> lines(folder, "llama-spm"));
  }

  @TestFactory
  Stream<DynamicTest> gpt2() {
    return Golden.withShared("vocabs", folder -> lines(folder, "gpt-2"));
  }

  @TestFactory
  Stream<DynamicTest> deepSeekCoder() {
    return Golden.withShared("vocabs", folder -> lines(folder, "deepseek-coder"));
  }

  /**
   * What BERT cleans away does not come back; what it decodes to encodes alike, but for unknowns.
   */
  @TestFactory
  Stream<DynamicTest> bert() {
    return Golden.withShared(
        "vocabs",
        folder ->
            lines(
                folder,
                "bert-bge",
                (tokenizer, text, ids) -> {
                  int[] known = Arrays.stream(ids).filter(id -> !tokenizer.isControl(id)).toArray();
                  assertThat(tokenizer.encode(tokenizer.decode(ids), Specials.PLAIN))
                      .isEqualTo(known);
                }));
  }

  private interface Decoding {
    void check(Tokenizer tokenizer, String text, int[] ids);
  }

  private static Stream<DynamicTest> lines(Path folder, String name) {
    return lines(
        folder, name, (tokenizer, text, ids) -> assertThat(tokenizer.decode(ids)).isEqualTo(text));
  }

  private static Stream<DynamicTest> lines(Path folder, String name, Decoding decoding) {
    Path file = folder.resolve("ggml-vocab-" + name + ".gguf");
    Tokenizer tokenizer;
    try (GgufFile model = GgufFile.open(file)) {
      tokenizer = Tokenizers.of(model);
    }
    // Each input is followed by a separator, so that the last piece is empty and no input.
    List<String> inputs = List.of(Golden.text(Path.of(file + ".inp")).split(SEPARATOR, -1));
    List<String> outputs = List.of(Golden.text(Path.of(file + ".out")).split("\n", -1));
    assertThat(inputs).hasSize(47).hasSameSizeAs(outputs).endsWith("");
    return IntStream.range(0, 46)
        .mapToObj(
            i ->
                dynamicTest(
                    name + " " + i,
                    () -> {
                      int[] expected =
                          Arrays.stream(outputs.get(i).split(" "))
                              .filter(id -> !id.isEmpty())
                              .mapToInt(Integer::parseInt)
                              .toArray();
                      String text = inputs.get(i);
                      assertThat(tokenizer.encode(text, Specials.PLAIN)).isEqualTo(expected);
                      decoding.check(tokenizer, text, expected);
                    }));
  }
}
