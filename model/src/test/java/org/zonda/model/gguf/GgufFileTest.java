package org.zonda.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zonda.model.ZondaException;
import org.zonda.model.gguf.MetadataValue.ArrayValue;
import org.zonda.model.gguf.MetadataValue.BooleanValue;
import org.zonda.model.gguf.MetadataValue.FloatValue;
import org.zonda.model.gguf.MetadataValue.IntegerValue;
import org.zonda.model.gguf.MetadataValue.StringValue;
import org.zonda.model.tensor.Tensor;
import org.zonda.model.tensor.TensorType;

/** Valid files, and files as the operating system gives them. */
class GgufFileTest {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void readsEveryValueType(int version) {
    try (GgufFile file = open(GgufSamples.everything(version))) {
      assertThat(file.version()).isEqualTo(version);
      Metadata metadata = file.metadata();
      assertThat(metadata.keys()).hasSize(26).startsWith("a.uint8", "a.int8");
      assertThat(metadata.find("a.uint8")).contains(new IntegerValue(MetadataType.UINT8, 255));
      assertThat(metadata.find("a.int8")).contains(new IntegerValue(MetadataType.INT8, -128));
      assertThat(metadata.find("a.uint16")).contains(new IntegerValue(MetadataType.UINT16, 65535));
      assertThat(metadata.find("a.int16")).contains(new IntegerValue(MetadataType.INT16, -32768));
      assertThat(metadata.find("a.uint32"))
          .contains(new IntegerValue(MetadataType.UINT32, 4294967295L));
      assertThat(metadata.find("a.int32"))
          .contains(new IntegerValue(MetadataType.INT32, Integer.MIN_VALUE));
      assertThat(metadata.find("a.uint64")).contains(new IntegerValue(MetadataType.UINT64, -1));
      assertThat(metadata.find("a.uint64")).map(Object::toString).contains("18446744073709551615");
      assertThat(metadata.find("a.int64"))
          .contains(new IntegerValue(MetadataType.INT64, Long.MIN_VALUE));
      assertThat(metadata.find("a.float32")).contains(new FloatValue(MetadataType.FLOAT32, 1e-5f));
      assertThat(metadata.find("a.float64")).contains(new FloatValue(MetadataType.FLOAT64, -0.1));
      assertThat(metadata.find("a.bool")).contains(new BooleanValue(true));
      assertThat(metadata.find("a.string")).contains(new StringValue("ma\u00f1ana \ud83e\udd99\n"));
      assertThat(metadata.find("a.absent")).isEmpty();
    }
  }

  @Test
  void readsArraysOfEveryType() {
    try (GgufFile file = open(GgufSamples.everything(3))) {
      for (MetadataType type : MetadataType.values()) {
        if (type.isInteger()) {
          assertThat(array(file, "array." + type).values())
              .containsExactly(new IntegerValue(type, 1), new IntegerValue(type, 0));
          assertThat(file.metadata().getInts("array." + type)).containsExactly(1, 0);
        }
      }
      assertThat(array(file, "array.bool").values())
          .containsExactly(new BooleanValue(true), new BooleanValue(false));
      assertThat(file.metadata().getFloats("array.float32"))
          .containsExactly(Float.intBitsToFloat(1), 0);
      assertThat(array(file, "array.float64").values())
          .containsExactly(
              new FloatValue(MetadataType.FLOAT64, Double.MIN_VALUE),
              new FloatValue(MetadataType.FLOAT64, 0));
      assertThat(file.metadata().getStrings("array.string"))
          .containsExactly("", "\u2581the", "x\ufffd");
      ArrayValue nested = array(file, "array.nested");
      assertThat(nested).hasToString("array[2]");
      assertThat(nested.values())
          .containsExactly(
              ArrayValue.of(
                  MetadataType.UINT8,
                  List.of(
                      new IntegerValue(MetadataType.UINT8, 1),
                      new IntegerValue(MetadataType.UINT8, 2))),
              ArrayValue.of(MetadataType.ARRAY, List.of(ArrayValue.ofStrings(List.of("deep")))));
      assertThat(nested.values(1)).hasSize(1);
    }
  }

  @Test
  void tensorsLieWhereTheTableSays() {
    try (GgufFile file = open(GgufSamples.everything(3))) {
      assertThat(file.tensors())
          .extracting(Tensor::name)
          .containsExactly("f32", "f16", "bf16", "q8_0", "q4_0");
      Tensor f16 = file.tensor("f16");
      assertThat(f16.type()).isEqualTo(TensorType.F16);
      assertThat(f16.shape()).containsExactly(4L, 1L, 2L, 2L);
      assertThat(f16.data().byteSize()).isEqualTo(32);
      assertThat(f16.data().get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 64);
      Tensor q4 = file.tensor("q4_0");
      assertThat(q4.data().byteSize()).isEqualTo(36);
      assertThat(q4.data().get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) (320 & 0xFF));
      assertThat(file.findTensor("none")).isEmpty();
      assertThatThrownBy(() -> file.tensor("none"))
          .isInstanceOf(ZondaException.class)
          .hasMessageStartingWith("sample: tensor 'none' is missing");
    }
  }

  @Test
  void tensorsAreReadOnly() {
    try (GgufFile file = open(GgufSamples.model())) {
      assertThat(file.tensor("token_embd.weight").data().isReadOnly()).isTrue();
    }
  }

  @Test
  void mapsAFile() throws IOException {
    Path path = write("model.gguf", GgufSamples.model().toBytes());
    try (GgufFile file = GgufFile.open(path)) {
      assertThat(file.label()).isEqualTo("model.gguf");
      assertThat(file.paths()).containsExactly(path);
      assertThat(file.sizeBytes()).isEqualTo(Files.size(path));
      assertThat(file.metadata().getString("general.architecture")).isEqualTo("llama");
      Tensor tensor = file.tensor("output_norm.weight");
      assertThat(tensor.data().isMapped()).isTrue();
      assertThat(tensor.data().isReadOnly()).isTrue();
      assertThat(tensor.data().get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 32);
    }
  }

  @Test
  void readsAFileThatMayNotBeWritten() throws IOException {
    Path path = write("model.gguf", GgufSamples.model().toBytes());
    assertThat(path.toFile().setReadOnly()).isTrue();
    try (GgufFile file = GgufFile.open(path)) {
      assertThat(file.tensors()).hasSize(2);
    }
  }

  @Test
  void readsTensorsBeyondTwoGibibytes() throws IOException {
    long far = (1L << 31) + 64;
    byte[] structure =
        RawGguf.header(3, 2, 0)
            .tensor("large", TensorType.I8.id(), 0, 1 << 16, (far - 32) >> 16, 1)
            .tensor("far", TensorType.F32.id(), far, 1)
            .pad(32)
            .toBytes();
    Path path = write("large.gguf", structure);
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      // A hole: takes no room on the disk.
      channel.write(ByteBuffer.wrap(new byte[] {0, 0, 0x28, 0x42}), structure.length + far);
    }
    try (GgufFile file = GgufFile.open(path)) {
      assertThat(file.sizeBytes()).isGreaterThan(1L << 31);
      assertThat(file.tensor("far").toFloats()).containsExactly(42);
      assertThat(file.tensor("large").data().byteSize()).isEqualTo(1L << 31);
    }
  }

  @Test
  void throwsClearlyAfterClosing() throws IOException {
    GgufFile file = GgufFile.open(write("model.gguf", GgufSamples.model().toBytes()));
    Tensor tensor = file.tensor("output_norm.weight");
    Metadata metadata = file.metadata();
    file.close();
    file.close();
    assertThatThrownBy(tensor::toFloats)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> metadata.getStrings("tokenizer.ggml.tokens"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    assertThat(metadata.getInt("llama.block_count")).as("single values stay").isEqualTo(1);
  }

  @Test
  void readsMemoryOfAnyKind() {
    byte[] bytes = GgufSamples.model().toBytes();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment direct = arena.allocate(bytes.length + 1).asSlice(1);
      direct.copyFrom(MemorySegment.ofArray(bytes));
      GgufFile file = GgufFile.open(direct, "native");
      assertThat(file.label()).isEqualTo("native");
      assertThat(file.paths()).isEmpty();
      assertThat(file.sizeBytes()).isEqualTo(bytes.length);
      assertThat(file.metadata().getStrings("tokenizer.ggml.tokens")).containsExactly("<s>", "a");
      file.close();
    }
  }

  @Test
  void namesAMissingFile() {
    assertRefused(folder.resolve("none.gguf"), "no such file; expected a GGUF file");
  }

  @Test
  void namesADirectory() {
    assertRefused(folder, "is a directory; expected a GGUF file");
  }

  @Test
  void namesADevice() {
    Path device = Path.of("/dev/null");
    assumeTrue(Files.exists(device), "there is no /dev/null");
    assertRefused(device, "is no regular file");
  }

  @Test
  void namesAnEmptyFile() throws IOException {
    Path path = write("empty.gguf", new byte[0]);
    assertThatThrownBy(() -> GgufFile.open(path))
        .isInstanceOf(GgufException.class)
        .hasMessage("empty.gguf: is empty; expected a GGUF file");
  }

  @Test
  void leavesNothingMappedWhenItRefuses() throws IOException {
    Path maps = Path.of("/proc/self/maps");
    assumeTrue(Files.exists(maps), "only Linux lists a process's mappings");
    byte[] bytes = GgufSamples.model().toBytes();
    Path good = write("good.gguf", bytes);
    Path bad = write("bad.gguf", Arrays.copyOf(bytes, bytes.length - 1));
    try (GgufFile file = GgufFile.open(good)) {
      assertThat(file.tensors()).hasSize(2);
      assertThat(Files.readString(maps)).contains(good.toString());
      assertThatThrownBy(() -> GgufFile.open(bad)).isInstanceOf(GgufException.class);
      assertThat(Files.readString(maps)).doesNotContain(bad.toString());
    }
    assertThat(Files.readString(maps)).doesNotContain(good.toString());
  }

  private static void assertRefused(Path path, String message) {
    assertThatThrownBy(() -> GgufFile.open(path))
        .isInstanceOf(GgufException.class)
        .hasMessageStartingWith(path + ": " + message);
  }

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private static ArrayValue array(GgufFile file, String key) {
    return (ArrayValue) file.metadata().find(key).orElseThrow();
  }

  private static GgufFile open(RawGguf raw) {
    return GgufFile.open(MemorySegment.ofArray(raw.toBytes()), "sample");
  }
}
