package org.zonda.model.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.zonda.model.ZondaException;
import org.zonda.model.gguf.GgufFile;
import org.zonda.model.gguf.GgufWriter;
import org.zonda.model.gguf.Metadata;
import org.zonda.model.tensor.Codec;
import org.zonda.model.tensor.Codecs;
import org.zonda.model.tensor.Tensor;
import org.zonda.model.tensor.TensorType;

/** The conversion: the codec's bytes, their error, and files that are whole or not there. */
class QuantizerTest {

  /** More than one chunk, and the last one short. */
  private static final int ROWS = 2 * TensorChunk.ELEMENTS / 256 + 3;

  private static final Quantizer.Listener QUIET = (done, total) -> {};

  @TempDir Path folder;

  private Path target() {
    return folder.resolve("out.gguf");
  }

  private QuantizationReport quantise(Models models, FileType type) {
    try (GgufFile model = models.open()) {
      return quantise(QuantizationPlan.of(model, type, false, false));
    }
  }

  private QuantizationReport quantise(QuantizationPlan plan) {
    return Quantizer.write(plan, List.of(), target(), false, 2, QUIET, () -> false);
  }

  private static byte[] encoded(Tensor tensor, TensorType type) {
    float[] values = tensor.toFloats();
    byte[] bytes = new byte[(int) type.bytes(values.length)];
    Codecs.of(type, "").encode(values, 0, MemorySegment.ofArray(bytes), 0, values.length);
    return bytes;
  }

  private void assertNothingIsLeft(Path... expected) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactlyInAnyOrder(expected);
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyTypesBytesAreTheCodecs(FileType type) throws IOException {
    Models models = Models.llama(1, 256).add("output.weight", 256, 2);
    QuantizationReport report = quantise(models, type);
    assertNothingIsLeft(target());
    assertThat(Files.size(target())).isEqualTo(report.fileBytes());
    try (GgufFile source = models.open();
        GgufFile written = GgufFile.open(target())) {
      QuantizationPlan plan = QuantizationPlan.of(source, type, false, false);
      assertThat(written.metadata().getInt("general.file_type")).isEqualTo(type.id());
      assertThat(written.tensors()).hasSameSizeAs(plan.tensors());
      for (TensorPlan expected : plan.tensors()) {
        Tensor tensor = written.tensor(expected.source().name());
        assertThat(tensor.type()).isEqualTo(expected.type());
        assertThat(tensor.shape()).isEqualTo(expected.source().shape());
        assertThat(tensor.data().toArray(java.lang.foreign.ValueLayout.JAVA_BYTE))
            .isEqualTo(encoded(expected.source(), expected.type()));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "5"})
  void aTensorOfSeveralChunksIsOne(int threads) {
    Models models = new Models().add("blk.0.ffn_up.weight", 256, ROWS);
    List<Long> progress = new ArrayList<>();
    try (GgufFile source = models.open()) {
      QuantizationPlan plan = QuantizationPlan.of(source, FileType.Q4_0, false, false);
      Quantizer.write(
          plan,
          List.of(),
          target(),
          false,
          threads,
          (done, total) -> {
            assertThat(total).isEqualTo(4L * 256 * ROWS);
            progress.add(done);
          },
          () -> false);
      try (GgufFile written = GgufFile.open(target())) {
        assertThat(
                written
                    .tensor("blk.0.ffn_up.weight")
                    .data()
                    .toArray(java.lang.foreign.ValueLayout.JAVA_BYTE))
            .isEqualTo(encoded(source.tensor("blk.0.ffn_up.weight"), TensorType.Q4_0));
      }
    }
    assertThat(progress).hasSize(3).isSorted().endsWith(4L * 256 * ROWS);
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, 0, Quantizer.MAX_THREADS + 1, Integer.MAX_VALUE})
  void numbersOfThreadsThatCannotBeAreRefused(int threads) throws IOException {
    try (GgufFile source = Models.llama(1, 256).open()) {
      QuantizationPlan plan = QuantizationPlan.of(source, FileType.Q4_0, false, false);
      assertThatThrownBy(
              () -> Quantizer.write(plan, List.of(), target(), false, threads, QUIET, () -> false))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("number of threads is " + threads + "; expected 1 to 1024");
    }
    assertNothingIsLeft();
  }

  /** By the definition, over the whole tensors at once. */
  @Test
  void theErrorIsTheDistanceOfTheNumbers() {
    Models models = new Models().add("blk.0.ffn_up.weight", 256, ROWS);
    models.add("blk.0.ffn_down.weight", 256, 3).add("output_norm.weight", 256);
    QuantizationReport report = quantise(models, FileType.Q4_0);
    double allSquares = 0;
    double allErrors = 0;
    double largestOfAll = 0;
    try (GgufFile source = models.open();
        GgufFile written = GgufFile.open(target())) {
      for (int t = 0; t < 2; t++) {
        String name = report.tensors().get(t).plan().source().name();
        float[] before = source.tensor(name).toFloats();
        float[] after = written.tensor(name).toFloats();
        double squares = 0;
        double errors = 0;
        double largest = 0;
        for (int i = 0; i < before.length; i++) {
          squares += Math.pow(before[i], 2);
          errors += Math.pow((double) before[i] - after[i], 2);
          largest = Math.max(largest, Math.abs((double) before[i] - after[i]));
        }
        RoundingError error = report.tensors().get(t).error();
        assertThat(error.relative()).isCloseTo(Math.sqrt(errors / squares), within(1e-12));
        assertThat(error.largest()).isEqualTo(largest);
        allSquares += squares;
        allErrors += errors;
        largestOfAll = Math.max(largestOfAll, largest);
      }
    }
    assertThat(report.tensors().get(2).error()).as("a copy").isEqualTo(RoundingError.NONE);
    assertThat(report.error().relative())
        .isCloseTo(Math.sqrt(allErrors / allSquares), within(1e-12))
        .isBetween(0.05, 0.15);
    assertThat(report.error().largest()).isEqualTo(largestOfAll);
  }

  @Test
  void zerosHaveNoError() {
    Models models = new Models();
    models.add("blk.0.ffn_up.weight", TensorType.F32, List.of(32L, 2L), new float[64]);
    assertThat(quantise(models, FileType.Q8_0).error().relative()).isZero();
  }

  @Test
  void aSplitModelBecomesOneFile() throws IOException {
    Models models = Models.llama(2, 256);
    try (GgufFile whole = models.open()) {
      List<Tensor> tensors = List.copyOf(whole.tensors());
      Path[] parts = new Path[2];
      for (int i = 0; i < 2; i++) {
        Metadata metadata =
            Metadata.builder()
                .putAll(i == 0 ? whole.metadata() : Metadata.builder().build("part"))
                .putUint32("split.no", i)
                .putUint32("split.count", 2)
                .putUint32("split.tensors.count", tensors.size())
                .build("part");
        GgufWriter writer = new GgufWriter(metadata);
        tensors.subList(i == 0 ? 0 : 7, i == 0 ? 7 : tensors.size()).forEach(writer::tensor);
        parts[i] = folder.resolve("model-0000%d-of-00002.gguf".formatted(i + 1));
        writer.write(parts[i]);
      }
      try (GgufFile split = GgufFile.open(parts[1])) {
        quantise(QuantizationPlan.of(split, FileType.Q8_0, false, false));
        QuantizationPlan plan = QuantizationPlan.of(split, FileType.Q8_0, false, false);
        for (Path part : parts) {
          assertThatThrownBy(
                  () -> Quantizer.write(plan, split.paths(), part, true, 1, QUIET, () -> false))
              .hasMessageContaining("is the file that is read");
        }
      }
      try (GgufFile written = GgufFile.open(target())) {
        assertThat(written.tensors().stream().map(Tensor::name))
            .containsExactlyElementsOf(tensors.stream().map(Tensor::name).toList());
        assertThat(written.metadata().contains("split.count")).isFalse();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"NaN, NaN", "Infinity, Infinity", "-Infinity, -Infinity"})
  void numbersThatAreNoneAreNamed(float number, String shown) throws IOException {
    float[] values = new float[256 * ROWS];
    int at = TensorChunk.ELEMENTS + 256 + 17;
    values[at] = number;
    Models models = new Models();
    models.add("blk.0.ffn_up.weight", TensorType.F32, List.of(256L, (long) ROWS), values);
    String position =
        "test.gguf: tensor 'blk.0.ffn_up.weight' holds %s at element %d (row %d, column 17)"
            .formatted(shown, at, at / 256);
    for (FileType type : List.of(FileType.Q4_0, FileType.BF16, FileType.F32)) {
      assertThatThrownBy(() -> quantise(models, type))
          .isInstanceOf(ZondaException.class)
          .hasMessageStartingWith(position);
    }
    assertNothingIsLeft();
  }

  @ParameterizedTest
  @CsvSource({"F16, 70000", "Q4_0, 70000", "Q6_K, -70000", "BF16, 3.4028235E38"})
  void numbersThatAreTooLargeAreNamed(FileType type, float number) throws IOException {
    float[] values = new float[512];
    values[300] = number;
    Models models = new Models();
    models.add("blk.0.ffn_up.weight", TensorType.F32, List.of(256L, 2L), values);
    assertThatThrownBy(() -> quantise(models, type))
        .isInstanceOf(ZondaException.class)
        .hasMessageContaining("holds " + number + " at element 300 (row 1, column 44)")
        .hasMessageContaining("too large for " + type);
    assertNothingIsLeft();
  }

  @Test
  void whatIsThereIsNotOverwrittenUnasked() throws IOException {
    Files.writeString(target(), "mine");
    Models models = Models.llama(1, 256);
    assertThatThrownBy(() -> quantise(models, FileType.Q8_0))
        .hasMessageContaining("exists already");
    assertThat(target()).hasContent("mine");
    assertNothingIsLeft(target());
    try (GgufFile model = models.open()) {
      QuantizationPlan plan = QuantizationPlan.of(model, FileType.Q8_0, false, false);
      Quantizer.write(plan, List.of(), target(), true, 1, QUIET, () -> false);
    }
    GgufFile.open(target()).close();
    assertNothingIsLeft(target());
  }

  /** Through a link too. */
  @Test
  void theInputIsNeverTheOutput() throws IOException {
    Path input = folder.resolve("in.gguf");
    Models.llama(1, 256).writer().write(input);
    Path link = Files.createSymbolicLink(folder.resolve("link.gguf"), input);
    byte[] before = Files.readAllBytes(input);
    try (GgufFile model = GgufFile.open(input)) {
      QuantizationPlan plan = QuantizationPlan.of(model, FileType.Q8_0, false, false);
      for (Path target : List.of(input, link)) {
        assertThatThrownBy(
                () -> Quantizer.write(plan, model.paths(), target, true, 1, QUIET, () -> false))
            .hasMessage(target + ": is the file that is read; name another one to write to");
      }
    }
    assertThat(input).hasBinaryContent(before);
    assertNothingIsLeft(input, link);
  }

  @Test
  void placesThatCannotBeWrittenTo() {
    try (GgufFile model = Models.llama(1, 256).open()) {
      QuantizationPlan plan = QuantizationPlan.of(model, FileType.Q8_0, false, false);
      Path nowhere = folder.resolve("none").resolve("out.gguf");
      assertThatThrownBy(
              () -> Quantizer.write(plan, List.of(), nowhere, false, 1, QUIET, () -> false))
          .hasMessageContaining("there is no directory " + folder.resolve("none"));
      assertThatThrownBy(
              () -> Quantizer.write(plan, List.of(), folder, true, 1, QUIET, () -> false))
          .hasMessageContaining("is a directory");
    }
  }

  @Test
  void aDiskThatIsTooSmall() {
    Quantizer.requireSpace(target(), 100, 100);
    assertThatThrownBy(() -> Quantizer.requireSpace(target(), 101, 100))
        .isInstanceOf(ZondaException.class)
        .hasMessage(
            target()
                + ": takes 101 bytes, but only 100 are free on its disk; free some or write"
                + " elsewhere");
  }

  @Test
  void cancellingLeavesNothing() throws IOException {
    Models models = new Models().add("blk.0.ffn_up.weight", 256, ROWS);
    AtomicInteger asked = new AtomicInteger();
    try (GgufFile model = models.open()) {
      QuantizationPlan plan = QuantizationPlan.of(model, FileType.Q8_0, false, false);
      assertThatThrownBy(
              () ->
                  Quantizer.write(
                      plan, List.of(), target(), false, 2, QUIET, () -> asked.addAndGet(1) == 2))
          .isInstanceOf(CancellationException.class);
    }
    assertThat(asked).hasValue(2);
    assertNothingIsLeft();
  }

  /** Every format that has a codec can be reached by some type, as the help says. */
  @Test
  void everyCodecIsATarget() {
    List<TensorType> bases = Stream.of(FileType.values()).map(FileType::base).distinct().toList();
    assertThat(bases)
        .containsExactlyInAnyOrderElementsOf(Codecs.all().stream().map(Codec::type).toList());
  }
}
