package org.zonda.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zonda.model.tensor.Tensor;
import org.zonda.model.tensor.TensorType;

class SplitModelTest {
  private static final int PARTS = 3;

  @TempDir Path folder;
  private final List<Path> paths = new ArrayList<>();

  @BeforeEach
  void writeParts() throws IOException {
    for (int i = 0; i < PARTS; i++) {
      paths.add(write(i, GgufSamples.part(i, PARTS)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void anyPartOpensAll(int opened) throws IOException {
    try (GgufFile file = GgufFile.open(paths.get(opened))) {
      assertThat(file.paths()).containsExactlyElementsOf(paths);
      assertThat(file.label()).isEqualTo(paths.get(opened).getFileName().toString());
      assertThat(file.metadata().getString("general.name")).isEqualTo("in parts");
      assertThat(file.tensors())
          .extracting(Tensor::name)
          .containsExactly("part0", "part1", "part2");
      long size = 0;
      for (Path path : paths) {
        size += Files.size(path);
      }
      assertThat(file.sizeBytes()).isEqualTo(size);
    }
  }

  @Test
  void closingUnmapsAllParts() {
    GgufFile file = GgufFile.open(paths.get(1));
    Tensor tensor = file.tensor("part2");
    file.close();
    assertThatThrownBy(tensor::toFloats).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void namesAMissingPart() throws IOException {
    Files.delete(paths.get(1));
    assertFault(
        paths.get(0),
        "model-00001-of-00003.gguf: part 2 of 3 of the model is missing; expected it at "
            + paths.get(1));
  }

  @Test
  void namesABrokenPart() throws IOException {
    Files.write(paths.get(2), new byte[] {1, 2, 3});
    assertFault(paths.get(0), "model-00003-of-00003.gguf: is not a GGUF file");
  }

  @Test
  void namesARenamedPart() throws IOException {
    Path renamed = Files.move(paths.get(1), folder.resolve("model.gguf"));
    assertFault(
        renamed,
        "model.gguf: is part 2 of 3 of a split model; expected its name to end with"
            + " '-00002-of-00003.gguf'");
  }

  @Test
  void namesAPartThatIsAnother() throws IOException {
    write(1, GgufSamples.part(2, PARTS));
    assertFault(
        paths.get(0),
        "model-00002-of-00003.gguf: metadata say part 3 of 3; expected part 2 of 3 as its name"
            + " says");
  }

  @Test
  void namesAPartOfAnotherModel() throws IOException {
    write(1, GgufSamples.part(1, 4));
    assertFault(paths.get(0), "model-00002-of-00003.gguf: metadata say part 2 of 4; expected");
  }

  @Test
  void namesAPartThatIsNoPart() throws IOException {
    write(1, GgufSamples.model());
    assertFault(
        paths.get(0),
        "model-00002-of-00003.gguf: metadata 'split.no' is missing, expected an integer");
  }

  @Test
  void namesATensorThatIsThereTwice() throws IOException {
    RawGguf part = split(1, 3, 3).tensor("part0", TensorType.F32.id(), 0, 2).pad(32).data(8);
    write(1, part);
    assertFault(paths.get(0), "model-00001-of-00003.gguf: tensor 'part0' is in two parts");
  }

  @Test
  void namesAWrongNumberOfTensors() throws IOException {
    write(0, split(0, 3, 17).tensor("part0", TensorType.F32.id(), 0, 2).pad(32).data(8));
    assertFault(
        paths.get(2),
        "model-00003-of-00003.gguf: all parts together hold 3 tensors; expected 17 as metadata"
            + " 'split.tensors.count' says");
  }

  @Test
  void namesANumberOutOfRange() throws IOException {
    Path path = write(0, split(7, 3, 3).tensor("t", TensorType.F32.id(), 0, 2).pad(32).data(8));
    assertFault(path, "model-00001-of-00003.gguf: metadata 'split.no' is 7; expected 0 to 2");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void oneOfOneIsAWholeModel(int count) throws IOException {
    RawGguf file = split(0, count, 1).tensor("t", TensorType.F32.id(), 0, 2).pad(32).data(8);
    Path path = Files.write(folder.resolve("any.gguf"), file.toBytes());
    try (GgufFile opened = GgufFile.open(path)) {
      assertThat(opened.paths()).containsExactly(path);
    }
  }

  @Test
  void aNameAloneMakesNoPart() throws IOException {
    Path path = Files.write(folder.resolve("x-00001-of-00009.gguf"), GgufSamples.model().toBytes());
    try (GgufFile opened = GgufFile.open(path)) {
      assertThat(opened.paths()).containsExactly(path);
    }
  }

  @Test
  void refusesAPartInMemory() {
    MemorySegment bytes = MemorySegment.ofArray(GgufSamples.part(0, 3).toBytes());
    assertThatThrownBy(() -> GgufFile.open(bytes, "jar"))
        .isInstanceOf(GgufException.class)
        .hasMessageStartingWith("jar: is one of 3 parts of a split model");
  }

  private static RawGguf split(int index, int count, int tensors) {
    return RawGguf.header(3, 1, 3)
        .entry("split.no", MetadataType.UINT16, 2, index)
        .entry("split.count", MetadataType.UINT16, 2, count)
        .entry("split.tensors.count", MetadataType.INT32, 4, tensors);
  }

  private Path write(int index, RawGguf part) throws IOException {
    String name = "model-%05d-of-%05d.gguf".formatted(index + 1, PARTS);
    return Files.write(folder.resolve(name), part.toBytes());
  }

  private static void assertFault(Path path, String message) {
    assertThatThrownBy(() -> GgufFile.open(path))
        .isInstanceOf(GgufException.class)
        .hasMessageStartingWith(message);
  }
}
