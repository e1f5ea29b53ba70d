package org.zonda.model.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.zonda.model.ZondaException;
import org.zonda.model.gguf.GgufFile;
import org.zonda.model.gguf.GgufWriter;
import org.zonda.model.gguf.Metadata;
import org.zonda.model.tensor.Codecs;
import org.zonda.model.tensor.Tensor;
import org.zonda.model.tensor.TensorType;

/** Merged files, against sums that the test computes itself. */
class MergeTest {

  private static final int ROWS = 9;
  private static final int COLUMNS = 256;
  private static final int RANK = 2;
  private static final float SCALE = 0.25f;
  private static final String TARGET = "blk.0.ffn_up.weight";
  private static final String OTHER = "blk.0.ffn_gate.weight";

  @TempDir private Path folder;

  private static Tensor stored(String name, TensorType type, float[][] rows) {
    Tensor plain = Samples.tensor(name, rows);
    MemorySegment data = Arena.ofAuto().allocate(type.bytes(plain.elements()));
    float[] all = plain.toFloats();
    Codecs.of(type, name).encode(all, 0, data, 0, all.length);
    return new Tensor(name, type, plain.shape(), data);
  }

  private static GgufFile base(TensorType type) {
    GgufWriter writer =
        new GgufWriter(
            Metadata.builder()
                .putString("general.architecture", "llama")
                .putString("general.name", "a base")
                .putStrings("tokenizer.ggml.tokens", List.of("a", "b"))
                .putUint32("split.count", 1)
                .build("base"));
    writer.tensor(Samples.tensor("token_embd.weight", Samples.matrix(3, 2, 8)));
    writer.tensor(stored(TARGET, type, Samples.matrix(ROWS, COLUMNS, 5)));
    writer.tensor(stored(OTHER, type, Samples.matrix(ROWS, COLUMNS, 6)));
    return GgufFile.open(MemorySegment.ofArray(writer.toBytes()), "base.gguf");
  }

  private Path adapter() {
    return Samples.gguf(
        folder.resolve("a.gguf"),
        Samples.adapterMetadata("llama", 0).build("adapter"),
        Samples.ggufPair(TARGET, Samples.matrix(RANK, COLUMNS, 1), Samples.matrix(ROWS, RANK, 2)));
  }

  private AdaptedModel adapted(GgufFile base, float scale) {
    return AdaptedModel.of(
        base, Samples.transformer(base), List.of(new AdapterChoice(adapter(), scale)));
  }

  private static float[] sums(Tensor tensor) {
    double[][] change =
        Samples.product(SCALE, Samples.matrix(ROWS, RANK, 2), Samples.matrix(RANK, COLUMNS, 1));
    float[] sums = tensor.toFloats();
    for (int i = 0; i < sums.length; i++) {
      sums[i] = (float) (sums[i] + change[i / COLUMNS][i % COLUMNS]);
    }
    return sums;
  }

  private static double distance(float[] values, float[] expected) {
    double difference = 0;
    double size = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += Math.pow((double) values[i] - expected[i], 2);
      size += Math.pow(expected[i], 2);
    }
    return Math.sqrt(difference / size);
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_K", "Q6_K", "IQ4_XS"})
  void changedTensorsAreStoredAsTheyWere(TensorType type) {
    Path target = folder.resolve("merged.gguf");
    List<Long> progress = new ArrayList<>();
    try (GgufFile base = base(type);
        AdaptedModel model = adapted(base, SCALE)) {
      Merge.Result result =
          new Merge(model, Optional.empty())
              .write(
                  target,
                  false,
                  (done, total) -> {
                    progress.add(done);
                    assertThat(done).isLessThanOrEqualTo(total);
                  });
      float[] expected = sums(base.tensor(TARGET));
      try (GgufFile merged = GgufFile.open(target)) {
        assertThat(merged.metadata().keys())
            .containsExactly("general.architecture", "general.name", "tokenizer.ggml.tokens");
        assertThat(merged.metadata().getStrings("tokenizer.ggml.tokens")).containsExactly("a", "b");
        assertThat(merged.tensors())
            .extracting(Tensor::name)
            .containsExactly("token_embd.weight", TARGET, OTHER);
        for (String name : List.of("token_embd.weight", OTHER)) {
          assertThat(merged.tensor(name).data().mismatch(base.tensor(name).data())).isEqualTo(-1);
        }
        Tensor changed = merged.tensor(TARGET);
        assertThat(changed.type()).isEqualTo(type);
        // Exactly what the codec makes of the sums, and the error that it says.
        MemorySegment bytes = Arena.ofAuto().allocate(type.bytes(expected.length));
        Codecs.of(type, "x").encode(expected, 0, bytes, 0, expected.length);
        assertThat(changed.data().mismatch(bytes)).isEqualTo(-1);
        double error = distance(changed.toFloats(), expected);
        assertThat(result.error()).isCloseTo(error, within(1e-9));
        assertThat(result.worstError()).isEqualTo(result.error());
        assertThat(result.worst()).isEqualTo(TARGET);
        assertThat(result.error() == 0).isEqualTo(type == TensorType.F32);
      }
      assertThat(result.changed()).isEqualTo(1);
      assertThat(result.copied()).isEqualTo(2);
      assertThat(result.change())
          .isCloseTo(distance(base.tensor(TARGET).toFloats(), expected), within(1e-6));
      assertThat(progress).isSorted();
      assertThat(progress.getLast())
          .isEqualTo(base.tensors().stream().mapToLong(t -> t.data().byteSize()).sum());
    }
  }

  @Test
  void changedTensorsCanBeStoredOtherwise() {
    Path target = folder.resolve("merged.gguf");
    try (GgufFile base = base(TensorType.Q4_0);
        AdaptedModel model = adapted(base, SCALE)) {
      Merge.Result result =
          new Merge(model, Optional.of(TensorType.F32)).write(target, false, (done, total) -> {});
      assertThat(result.error()).isZero();
      try (GgufFile merged = GgufFile.open(target)) {
        assertThat(merged.tensor(TARGET).toFloats()).isEqualTo(sums(base.tensor(TARGET)));
        assertThat(merged.tensor(OTHER).type()).isEqualTo(TensorType.Q4_0);
      }
    }
  }

  @Test
  void whatExistsIsKeptUnlessToldOtherwise() throws IOException {
    Path target = Files.writeString(folder.resolve("merged.gguf"), "precious");
    try (GgufFile base = base(TensorType.F32);
        AdaptedModel model = adapted(base, SCALE)) {
      Merge merge = new Merge(model, Optional.empty());
      assertThatThrownBy(() -> merge.write(target, false, (done, total) -> {}))
          .isInstanceOf(ZondaException.class)
          .hasMessageContaining("exists already");
      assertThat(target).hasContent("precious");
      merge.write(target, true, (done, total) -> {});
      try (GgufFile merged = GgufFile.open(target)) {
        assertThat(merged.tensor(TARGET).toFloats()).isEqualTo(sums(base.tensor(TARGET)));
      }
    }
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("a.gguf", "merged.gguf");
    }
  }

  @Test
  void whatCannotBeStoredIsRefused() {
    Map<String, int[]> shapes =
        Map.of(TARGET, new int[] {ROWS, 64}, "token_embd.weight", new int[] {3, 2});
    Path narrow =
        Samples.gguf(
            folder.resolve("narrow.gguf"),
            Samples.adapterMetadata("llama", 0).build("adapter"),
            Samples.ggufPair(TARGET, Samples.matrix(RANK, 64, 1), Samples.matrix(ROWS, RANK, 2)));
    try (GgufFile base = Samples.base("llama", 4, shapes);
        AdaptedModel model =
            AdaptedModel.of(
                base, Samples.transformer(base), List.of(new AdapterChoice(narrow, 1)))) {
      assertThatThrownBy(() -> new Merge(model, Optional.of(TensorType.Q4_K)))
          .isInstanceOf(ZondaException.class)
          .hasMessageContainingAll(TARGET, "rows of 64, which Q4_K cannot store in its blocks of");
    }
    try (GgufFile base = base(TensorType.F32);
        AdaptedModel model = adapted(base, 1e6f)) {
      Path target = folder.resolve("merged.gguf");
      Merge merge = new Merge(model, Optional.of(TensorType.F16));
      assertThatThrownBy(() -> merge.write(target, false, (done, total) -> {}))
          .isInstanceOf(ZondaException.class)
          .hasMessageContainingAll("base.gguf: tensor '" + TARGET + "', row ", "F16");
      assertThat(target).doesNotExist();
    }
    try (GgufFile base = base(TensorType.F32);
        AdaptedModel model = adapted(base, 0)) {
      assertThatThrownBy(() -> new Merge(model, Optional.empty()))
          .isInstanceOf(ZondaException.class)
          .hasMessageContaining("there is nothing to merge");
    }
  }

  /** A tensor whose rows are in pieces, and a piece that ends amid them. */
  @Test
  void largeTensorsAreWrittenInPieces() {
    int rows = 3000;
    int columns = 1024;
    Map<String, int[]> shapes =
        Map.of(TARGET, new int[] {rows, columns}, "token_embd.weight", new int[] {3, 2});
    float[][] a = Samples.matrix(1, columns, 1);
    float[][] b = Samples.matrix(rows, 1, 2);
    Path adapter =
        Samples.gguf(
            folder.resolve("b.gguf"),
            Samples.adapterMetadata("llama", 0).build("adapter"),
            Samples.ggufPair(TARGET, a, b));
    Path target = folder.resolve("merged.gguf");
    try (GgufFile base = Samples.base("llama", 4, shapes);
        AdaptedModel model =
            AdaptedModel.of(
                base, Samples.transformer(base), List.of(new AdapterChoice(adapter, 1)))) {
      new Merge(model, Optional.empty()).write(target, false, (done, total) -> {});
      float[] weights = base.tensor(TARGET).toFloats();
      try (GgufFile merged = GgufFile.open(target)) {
        float[] found = merged.tensor(TARGET).toFloats();
        for (int i = 0; i < found.length; i++) {
          float expected = weights[i] + b[i / columns][0] * a[0][i % columns];
          if (found[i] != expected) {
            assertThat(found[i]).as("element " + i).isEqualTo(expected);
          }
        }
      }
    }
  }
}
