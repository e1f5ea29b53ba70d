package org.zonda.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.zonda.model.ZondaException;
import org.zonda.model.architecture.Pooling;
import org.zonda.model.gguf.GgufFile;
import org.zonda.model.tokenizer.Tokenizer.Specials;

/** Texts to vectors through the public API, against an independent implementation. */
class EmbeddingModelTest {

  private static final double STRICT = 5e-5;

  private static final EmbeddingOptions AS_IT_IS = EmbeddingOptions.DEFAULT.withNormalised(false);

  private static final List<String> TEXTS =
      List.of(
          "Once upon a time",
          "",
          "The quick brown fox jumps over the lazy dog.",
          "a",
          "Once upon a time",
          "wind and dust");

  private static Path file(String name) {
    try {
      return Path.of(
          EmbeddingModelTest.class.getResource("/golden/" + name + "/model.gguf").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode golden(String name) {
    try (InputStream json =
        EmbeddingModelTest.class.getResourceAsStream("/golden/" + name + "/golden.json")) {
      return new ObjectMapper().readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static EmbeddingModel open(String name, LoadOptions options) {
    return EmbeddingModel.open(file(name), options);
  }

  private static EmbeddingModel open(String name) {
    return open(name, FakeModel.options(0, 16).withBackend(BackendChoice.CPU));
  }

  private static int[] tokens(JsonNode golden) {
    return IntStream.range(0, golden.get("tokens").size())
        .map(i -> golden.get("tokens").get(i).asInt())
        .toArray();
  }

  private static double[] row(JsonNode array) {
    return IntStream.range(0, array.size()).mapToDouble(i -> array.get(i).asDouble()).toArray();
  }

  private static double distance(float[] actual, double[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    double difference = 0;
    double size = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += Math.pow(actual[i] - expected[i], 2);
      size += expected[i] * expected[i];
    }
    return Math.sqrt(difference / size);
  }

  private static double length(float[] vector) {
    double squares = 0;
    for (float value : vector) {
      squares += (double) value * value;
    }
    return Math.sqrt(squares);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert", "roberta"})
  void encodersEqualTheReference(String name) {
    JsonNode golden = golden(name);
    try (EmbeddingModel model = open(name)) {
      float[][] rows = model.tokenEmbeddings(tokens(golden));
      assertThat(rows).hasDimensions(golden.get("tokens").size(), model.width());
      for (int i = 0; i < rows.length; i++) {
        assertThat(distance(rows[i], row(golden.get("token_embeddings").get(i))))
            .as("token %d", i)
            .isLessThan(STRICT);
      }
      assertThat(model.pooling(EmbeddingOptions.DEFAULT)).isEqualTo(Pooling.MEAN);
      Embedding mean = model.embed(tokens(golden), AS_IT_IS);
      assertThat(mean.tokens()).isEqualTo(rows.length);
      assertThat(distance(mean.vector(), row(golden.get("embedding")))).isLessThan(STRICT);
    }
  }

  /** A decoder's hidden states, multiplied by its output matrix, are its logits. */
  @ParameterizedTest
  @CsvSource({"llama-gqa, 64", "llama-gqa, 5", "gpt2, 64", "gemma, 64"})
  void decodersGiveWhatTheirLogitsAreMadeOf(String name, int batchSize) {
    JsonNode golden = golden(name);
    try (EmbeddingModel model = open(name, FakeModel.options(0, batchSize))) {
      float[][] rows = model.tokenEmbeddings(tokens(golden));
      String matrix =
          model.source().findTensor("output.weight").isPresent()
              ? "output.weight"
              : "token_embd.weight";
      float[] weights = floats(model, matrix);
      for (int i = 0; i < rows.length; i++) {
        float[] logits = new float[weights.length / model.width()];
        for (int j = 0; j < logits.length; j++) {
          double sum = 0;
          for (int k = 0; k < model.width(); k++) {
            sum += (double) weights[j * model.width() + k] * rows[i][k];
          }
          logits[j] = (float) sum;
        }
        assertThat(distance(logits, row(golden.get("logits").get(i)))).isLessThan(STRICT);
      }
      assertThat(model.pooling(EmbeddingOptions.DEFAULT)).isEqualTo(Pooling.LAST);
    }
  }

  private static float[] floats(EmbeddingModel model, String tensor) {
    var data = model.source().tensor(tensor).data();
    return data.toArray(java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED);
  }

  @ParameterizedTest
  @CsvSource({"bert, MEAN", "bert, CLS", "bert, LAST", "llama-gqa, MEAN", "llama-gqa, LAST"})
  void poolingIsWhatItsNameSays(String name, Pooling pooling) {
    JsonNode golden = golden(name);
    try (EmbeddingModel model = open(name)) {
      float[][] rows = model.tokenEmbeddings(tokens(golden));
      double[] expected = new double[model.width()];
      switch (pooling) {
        case CLS -> Arrays.setAll(expected, i -> rows[0][i]);
        case LAST -> Arrays.setAll(expected, i -> rows[rows.length - 1][i]);
        case MEAN ->
            Arrays.setAll(
                expected, i -> Arrays.stream(rows).mapToDouble(row -> row[i]).average().orElse(0));
      }
      EmbeddingOptions options = AS_IT_IS.withPooling(pooling);
      float[] vector = model.embed(tokens(golden), options).vector();
      assertThat(distance(vector, expected)).isLessThan(1e-6);
      float[] unit = model.embed(tokens(golden), options.withNormalised(true)).vector();
      assertThat(length(unit)).isCloseTo(1, within(1e-6));
      double scale = length(vector);
      assertThat(distance(unit, Arrays.stream(expected).map(x -> x / scale).toArray()))
          .isLessThan(1e-6);
    }
  }

  /** Texts share passes; where a pass ends must not show. */
  @ParameterizedTest
  @CsvSource({
    "bert, 1, 1",
    "bert, 8, 512",
    "bert, 3, 30",
    "llama-gqa, 1, 1",
    "llama-gqa, 8, 512",
    "llama-gqa, 3, 7",
    "llama-gqa, 2, 5"
  })
  void textsTogetherEqualEachAlone(String name, int sequences, int batchSize) {
    LoadOptions options = FakeModel.options(0, batchSize).withSequences(sequences);
    try (EmbeddingModel alone = open(name);
        EmbeddingModel model = open(name, options)) {
      for (Pooling pooling : Pooling.values()) {
        List<Integer> done = new ArrayList<>();
        EmbeddingOptions pooled = EmbeddingOptions.DEFAULT.withPooling(pooling);
        List<Embedding> together = model.embed(TEXTS, pooled, done::add);
        assertThat(done).containsExactly(1, 2, 3, 4, 5, 6);
        for (int i = 0; i < TEXTS.size(); i++) {
          int[] tokens = alone.tokenizer().encodePrompt(TEXTS.get(i), Specials.PLAIN);
          assertThat(together.get(i).vector())
              .containsExactly(alone.embed(tokens, pooled).vector(), within(1e-5f));
          assertThat(together.get(i).tokens()).isEqualTo(tokens.length);
        }
      }
      List<TokenEmbeddings> each = model.tokenEmbeddings(TEXTS, AS_IT_IS, count -> {});
      for (TokenEmbeddings text : each) {
        float[][] rows = alone.tokenEmbeddings(text.tokens());
        assertThat(text.vectors().length).isEqualTo(rows.length);
        for (int i = 0; i < rows.length; i++) {
          assertThat(text.vectors()[i]).containsExactly(rows[i], within(1e-5f));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert", "llama-gqa"})
  void aTextThatIsTooLongIsRefusedOrCut(String name) {
    String text = "wind ".repeat(100);
    try (EmbeddingModel model = open(name, FakeModel.options(20, 16))) {
      int all = model.tokenizer().encodePrompt(text, Specials.PLAIN).length;
      assertThatThrownBy(() -> model.embed(text))
          .isInstanceOf(ZondaException.class)
          .hasMessage(
              "model.gguf: the text has %d tokens, but the context holds 20; shorten it, or have"
                  + " it cut (--truncate)",
              all);
      assertThatThrownBy(
              () -> model.embed(List.of("a", text), EmbeddingOptions.DEFAULT, count -> {}))
          .hasMessageContaining("text 2 has " + all + " tokens");
      Embedding cut =
          model.embed(List.of(text), EmbeddingOptions.DEFAULT.withTruncated(true), c -> {}).get(0);
      assertThat(cut.tokens()).isEqualTo(20);
      assertThat(cut.truncated()).isTrue();
      int[] first = Arrays.copyOf(model.tokenizer().encodePrompt(text, Specials.PLAIN), 20);
      assertThat(cut.vector())
          .containsExactly(model.embed(first, EmbeddingOptions.DEFAULT).vector(), within(1e-6f));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert", "llama-gqa"})
  void thePlanBeforeIsThePlanAfter(String name) {
    LoadOptions options = FakeModel.options(0, 8).withBackend(BackendChoice.CPU);
    try (EmbeddingModel model = open(name, options);
        GgufFile file = GgufFile.open(file(name))) {
      assertThat(EmbeddingModel.plan(file, options)).isEqualTo(model.plan());
    }
  }

  @Test
  void whatHearsOfFinishedTextsCannotUseTheModel() {
    try (EmbeddingModel model = open("llama-gqa")) {
      float[] before = model.embed("a");
      assertThatThrownBy(
              () -> model.embed(TEXTS, EmbeddingOptions.DEFAULT, count -> model.embed("a")))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("cannot use or close the model");
      assertThatThrownBy(
              () -> model.embed(TEXTS, EmbeddingOptions.DEFAULT, count -> model.tokenEmbeddings(1)))
          .isInstanceOf(IllegalStateException.class);
      assertThat(model.embed("a")).containsExactly(before, within(1e-6f));
    }
  }

  @Test
  void aFailureLeavesNothingBehind() {
    try (EmbeddingModel model = open("bert")) {
      float[] before = model.embed("a");
      assertThatThrownBy(() -> model.embed(new int[] {5, 99999}, EmbeddingOptions.DEFAULT))
          .isInstanceOf(ZondaException.class)
          .hasMessageContaining("token 99999");
      assertThatThrownBy(() -> model.embed(new int[0], EmbeddingOptions.DEFAULT))
          .isInstanceOf(ZondaException.class)
          .hasMessageContaining("the text has no tokens");
      assertThatThrownBy(
              () ->
                  model.embed(
                      TEXTS,
                      EmbeddingOptions.DEFAULT,
                      count -> {
                        throw new IllegalStateException("stop");
                      }))
          .hasMessage("stop");
      assertThat(model.embed("a")).containsExactly(before, within(1e-6f));
      model.close();
      assertThatThrownBy(() -> model.embed("a"))
          .isInstanceOf(ZondaException.class)
          .hasMessageContaining("the model is closed");
    }
  }

  @Test
  void anEncoderWritesNoText() {
    assertThatThrownBy(() -> LanguageModel.open(file("bert")))
        .isInstanceOf(ZondaException.class)
        .hasMessage(
            "model.gguf: bert is an encoder and writes no text; 'zonda embed' (or EmbeddingModel)"
                + " computes its embeddings");
  }
}
