package org.zonda.model.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.zonda.model.UnsupportedModelException;
import org.zonda.model.ZondaException;
import org.zonda.model.architecture.Architectures;
import org.zonda.model.gguf.GgufFile;
import org.zonda.model.tensor.Codecs;
import org.zonda.model.tensor.Tensor;
import org.zonda.model.tensor.TensorType;

class SyntheticModelTest {

  private static final String TINY = "llama-15m:q8_0";

  /** The parameters that the models' makers publish. */
  @ParameterizedTest
  @CsvSource({
    "llama-1b, 1235814400",
    "llama-3b, 3212749824",
    "llama-8b, 8030261248",
    "tinyllama-1.1b, 1100048384"
  })
  void hasAsManyParametersAsTheRealModel(String shape, long parameters) {
    long elements =
        Recipe.of(shape + ":f32", 1).entries().stream()
            .mapToLong(entry -> entry.bytes() / Float.BYTES)
            .sum();

    assertThat(elements).isEqualTo(parameters);
  }

  static Stream<String> formats() {
    return Codecs.all().stream().map(codec -> codec.type().name());
  }

  @ParameterizedTest
  @MethodSource("formats")
  void isARunnableModelInEveryFormat(String format) {
    try (SyntheticModel model = SyntheticModel.create("LLAMA-15M:" + format, 7)) {
      assertThat(Architectures.describe(model).layers()).hasSize(8);

      Tensor embedding = model.tensor("token_embd.weight");
      assertThat(embedding.type().name()).isEqualTo(format);
      assertThat(embedding.data().isReadOnly()).isTrue();
      float[] row = new float[256];
      double squares = 0;
      for (int i = 0; i < 1000; i++) {
        embedding.decodeRow(i, row);
        for (float value : row) {
          squares += value * value;
        }
      }
      // 256 columns; 5% for what the coarsest formats add.
      assertThat(Math.sqrt(squares / 256_000)).isCloseTo(1 / 16.0, within(0.05 / 16));
      Tensor norm = model.tensor("blk.7.ffn_norm.weight");
      assertThat(norm.type()).isEqualTo(TensorType.F32);
      for (float value : norm.toFloats()) {
        assertThat(value).isBetween(0.4f, 1.6f);
      }
    }
  }

  @Test
  void sameSeedSameModel() {
    try (SyntheticModel first = SyntheticModel.create(TINY, 1);
        SyntheticModel again = SyntheticModel.create(TINY, 1);
        SyntheticModel other = SyntheticModel.create(TINY, 2)) {
      for (Tensor tensor : first.tensors()) {
        assertThat(again.tensor(tensor.name()).data().mismatch(tensor.data())).isEqualTo(-1);
        assertThat(other.tensor(tensor.name()).data().mismatch(tensor.data())).isNotEqualTo(-1);
      }
      Tensor gate = first.tensor("blk.0.ffn_gate.weight");
      Tensor up = first.tensor("blk.0.ffn_up.weight");
      assertThat(gate.data().mismatch(up.data())).isNotEqualTo(-1);
    }
  }

  @Test
  void isTheSameFromAFile(@TempDir Path folder) throws Exception {
    Path fromMemory = folder.resolve("memory.gguf");
    Path streamed = folder.resolve("streamed.gguf");
    try (SyntheticModel model = SyntheticModel.create(TINY, 3)) {
      model.writeTo(fromMemory);
      SyntheticModel.write(TINY, 3, streamed);

      assertThat(streamed).hasSameBinaryContentAs(fromMemory);
      try (GgufFile file = GgufFile.open(fromMemory)) {
        assertThat(file.metadata().keys()).isEqualTo(model.metadata().keys());
        for (String key : model.metadata().keys()) {
          assertThat(file.metadata().find(key)).isEqualTo(model.metadata().find(key));
        }
        assertThat(file.tensors()).hasSameSizeAs(model.tensors());
        for (Tensor tensor : model.tensors()) {
          Tensor read = file.tensor(tensor.name());
          assertThat(read.type()).isEqualTo(tensor.type());
          assertThat(read.shape()).isEqualTo(tensor.shape());
          assertThat(read.data().mismatch(tensor.data())).isEqualTo(-1);
        }
      }
      assertThatThrownBy(() -> model.writeTo(fromMemory))
          .isInstanceOf(ZondaException.class)
          .hasMessageContaining("exists already");
    }
  }

  /** As llama3.java and tools for Llama 3 expect them. */
  @Test
  void hasTheSpecialTokensOfLlama3WhereTheyBelong() {
    List<String> tokens =
        Recipe.of("llama-1b:q8_0", 1).metadata().getStrings("tokenizer.ggml.tokens");

    assertThat(tokens).hasSize(128_256);
    assertThat(new HashSet<>(tokens)).hasSize(128_256);
    assertThat(tokens.get(128_000)).isEqualTo("<|begin_of_text|>");
    assertThat(tokens.get(128_001)).isEqualTo("<|end_of_text|>");
    assertThat(tokens.get(128_006)).isEqualTo("<|start_header_id|>");
    assertThat(tokens.get(128_007)).isEqualTo("<|end_header_id|>");
    assertThat(tokens.get(128_009)).isEqualTo("<|eot_id|>");
  }

  @Test
  void everyMergeYieldsAToken() {
    var metadata = Recipe.of(TINY, 1).metadata();
    List<String> tokens = metadata.getStrings("tokenizer.ggml.tokens");

    for (String merge : metadata.getStrings("tokenizer.ggml.merges")) {
      assertThat(tokens).contains(merge.split(" ")).contains(merge.replace(" ", ""));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "llama-1b, expected SHAPE:FORMAT",
    "llama-1b:q8_0:x, expected SHAPE:FORMAT",
    "llama-2b:q8_0, shape 'llama-2b' is unknown",
    "llama-1b:q9_9, format 'q9_9' is unknown"
  })
  void listsWhatIsKnown(String name, String complaint) {
    assertThatThrownBy(() -> SyntheticModel.create(name, 1))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("synthetic model '" + name + "': " + complaint)
        .hasMessageContaining("llama-15m, tinyllama-1.1b, llama-1b, llama-3b, llama-8b")
        .hasMessageContaining(Codecs.known());
  }

  @Test
  void canBeClosedTwice() {
    SyntheticModel model = SyntheticModel.create(TINY, 1);
    Tensor tensor = model.tensor("output_norm.weight");

    model.close();
    model.close();

    assertThatThrownBy(tensor::toFloats).isInstanceOf(IllegalStateException.class);
  }
}
