package org.zonda.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zonda.model.tensor.Tensor;
import org.zonda.model.tensor.TensorType;

class GgufWriterTest {
  private static final Metadata NONE = Metadata.builder().build("none");

  @TempDir Path folder;

  /** The bytes that the specification asks for, written by hand. */
  @Test
  void writesTheLayoutOfTheSpecification() {
    byte[] expected =
        RawGguf.header(3, 2, 3)
            .entry("general.architecture", "llama")
            .entry("n", MetadataType.UINT32, 4, 7)
            .key("ids", MetadataType.ARRAY)
            .array("ids", MetadataType.INT32, 2)
            .number("element", RawGguf.Kind.VALUE, 4, 1)
            .number("element", RawGguf.Kind.VALUE, 4, -1)
            .tensor("a", TensorType.I8.id(), 0, 3)
            .tensor("b", TensorType.F32.id(), 32, 2, 1)
            .pad(32)
            .bytes("a", RawGguf.Kind.DATA, new byte[] {0, 1, 2})
            .pad(32)
            .data(8)
            .pad(32)
            .toBytes();
    Metadata metadata =
        Metadata.builder()
            .putString("general.architecture", "llama")
            .putUint32("n", 7)
            .putInts("ids", 1, -1)
            .build("test");
    byte[] written =
        new GgufWriter(metadata)
            .tensor(tensor("a", TensorType.I8, List.of(3L)))
            .tensor(tensor("b", TensorType.F32, List.of(2L, 1L)))
            .toBytes();
    assertThat(written).containsExactly(expected);
  }

  @Test
  void tellsItsSizeBefore() {
    GgufWriter writer = new GgufWriter(NONE);
    assertThat(writer.size()).isEqualTo(writer.toBytes().length);
    writer.tensor(tensor("a", TensorType.I8, List.of(3L)));
    writer.tensor(tensor("b", TensorType.F32, List.of(2L, 1L)));
    assertThat(writer.size()).isEqualTo(writer.toBytes().length);
  }

  /** A device or a socket is not replaced, even where overwriting was asked for. */
  @Test
  void replacesFilesOnly() throws IOException {
    Path socket = folder.resolve("socket");
    try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.bind(UnixDomainSocketAddress.of(socket));
      assertThatThrownBy(() -> new GgufWriter(NONE).overwrite(socket))
          .isInstanceOf(GgufException.class)
          .hasMessage(socket + ": is no regular file; expected a file name to write to");
    }
    assertThat(Files.isRegularFile(socket)).isFalse();
  }

  /** Undecoded arrays are copied as they are, text that is no UTF-8 included. */
  @Test
  void copiesTheStructureByteForByte() {
    RawGguf sample = GgufSamples.everything(3);
    byte[] bytes = sample.toBytes();
    try (GgufFile file = open(bytes)) {
      GgufWriter writer = new GgufWriter(file.metadata());
      file.tensors().forEach(writer::tensor);
      byte[] copy = writer.toBytes();
      int structure = sample.fields().getLast().offset();
      assertThat(Arrays.copyOf(copy, structure)).isEqualTo(Arrays.copyOf(bytes, structure));
      try (GgufFile again = open(copy)) {
        for (Tensor tensor : file.tensors()) {
          assertThat(again.tensor(tensor.name()).data().mismatch(tensor.data())).isEqualTo(-1);
        }
      }
    }
  }

  @Test
  void writesAFileOfNothing() {
    byte[] expected = GgufSamples.empty().pad(32).toBytes();
    assertThat(new GgufWriter(NONE).toBytes()).isEqualTo(expected);
  }

  @Test
  void streamsDataThatIsMadeOnTheWay() throws IOException {
    Path target = folder.resolve("model.gguf");
    long rows = 3000;
    new GgufWriter(NONE)
        .tensor(
            "made",
            TensorType.I32,
            List.of(256L, rows),
            channel -> {
              for (int row = 0; row < rows; row++) {
                channel.write(ByteBuffer.allocate(1024).putInt(0, row));
              }
            })
        .tensor(tensor("after", TensorType.I8, List.of(5L)))
        .write(target);
    try (GgufFile file = GgufFile.open(target)) {
      assertThat(file.tensor("made").data().byteSize()).isEqualTo(rows * 1024);
      assertThat(file.tensor("made").data().asSlice(2999 * 1024, 4).toArray(ValueLayout.JAVA_BYTE))
          .containsExactly(0, 0, 2999 >>> 8, 2999 & 0xFF);
      assertThat(
              file.tensor("after")
                  .data()
                  .mismatch(tensor("after", TensorType.I8, List.of(5L)).data()))
          .isEqualTo(-1);
    }
    assertOnly("model.gguf");
  }

  @Test
  void copiesTensorsLargerThanItsBuffer() throws IOException {
    Path target = folder.resolve("model.gguf");
    Tensor large = tensor("large", TensorType.I8, List.of((1L << 20) * 2 + 12345));
    new GgufWriter(NONE).tensor(large).write(target);
    try (GgufFile file = GgufFile.open(target)) {
      assertThat(file.tensor("large").data().mismatch(large.data())).isEqualTo(-1);
    }
  }

  @Test
  void refusesToOverwriteUnlessTold() throws IOException {
    Path target = Files.writeString(folder.resolve("model.gguf"), "precious");
    assertThatThrownBy(() -> new GgufWriter(NONE).write(target))
        .isInstanceOf(GgufException.class)
        .hasMessage(target + ": exists already; name another file or ask to overwrite it");
    assertThat(target).hasContent("precious");
    new GgufWriter(NONE).overwrite(target);
    GgufFile.open(target).close();
    assertOnly("model.gguf");
  }

  @Test
  void overwritesTheFileThatItReads() throws IOException {
    Path target = Files.write(folder.resolve("model.gguf"), GgufSamples.model().toBytes());
    try (GgufFile file = GgufFile.open(target)) {
      GgufWriter writer =
          new GgufWriter(
              Metadata.builder().putAll(file.metadata()).putString("new", "x").build("test"));
      file.tensors().forEach(writer::tensor);
      writer.overwrite(target);
    }
    try (GgufFile file = GgufFile.open(target)) {
      assertThat(file.metadata().keys()).contains("general.architecture", "new");
      assertThat(file.tensors()).hasSize(2);
    }
  }

  @Test
  void leavesNothingBehindWhenTheDiskIsFull() throws IOException {
    Path target = Files.writeString(folder.resolve("model.gguf"), "precious");
    GgufWriter writer =
        new GgufWriter(NONE)
            .tensor(
                "t",
                TensorType.I8,
                List.of(1L << 20),
                channel -> {
                  channel.write(ByteBuffer.allocate(1000));
                  throw new IOException("No space left on device");
                });
    assertThatThrownBy(() -> writer.overwrite(target))
        .isInstanceOf(GgufException.class)
        .hasMessage(target + ": cannot be written: No space left on device");
    assertThat(target).hasContent("precious");
    assertOnly("model.gguf");
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 5})
  void refusesDataOfAnotherSize(int size) throws IOException {
    GgufWriter writer =
        new GgufWriter(NONE)
            .tensor(
                "t",
                TensorType.I8,
                List.of(4L),
                channel -> channel.write(ByteBuffer.allocate(size)));
    assertThatThrownBy(() -> writer.write(folder.resolve("model.gguf")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageMatching("tensor 't': (3|at least 5) bytes were written, expected 4");
    assertOnly();
  }

  @Test
  void namesFoldersThatAreNot() throws IOException {
    Path missing = folder.resolve("none/model.gguf");
    assertThatThrownBy(() -> new GgufWriter(NONE).write(missing))
        .isInstanceOf(GgufException.class)
        .hasMessage(missing + ": cannot be written: no such file or folder");
    assertThatThrownBy(() -> new GgufWriter(NONE).overwrite(folder))
        .isInstanceOf(GgufException.class)
        .hasMessageStartingWith(folder + ": is a directory");
    assertOnly();
  }

  @Test
  void refusesTensorsThatNoReaderTakes() {
    GgufWriter writer = new GgufWriter(NONE).tensor(tensor("t", TensorType.I8, List.of(1L)));
    assertRefused(writer, "t", List.of(1L), "is there twice");
    assertRefused(writer, "", List.of(1L), "is no tensor name");
    assertRefused(writer, "a\nb", List.of(1L), "is no tensor name");
    assertRefused(writer, "x".repeat(1025), List.of(1L), "is no tensor name");
    assertRefused(writer, "\ud800", List.of(1L), "is no tensor name");
    assertRefused(writer, "u", List.of(), "expected 1 to 4 dimensions");
    assertRefused(writer, "u", List.of(1L, 1L, 1L, 1L, 1L), "expected 1 to 4 dimensions");
    assertRefused(writer, "u", List.of(4L, 0L), "of at least 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.tensor("u", TensorType.Q4_0, List.of(48L, 2L), channel -> {}))
        .withMessageContaining("a multiple of 32");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4, 48, 1 << 21})
  void refusesAlignmentsThatNoReaderTakes(int alignment) {
    Metadata metadata = Metadata.builder().putUint32("general.alignment", alignment).build("test");
    assertThatIllegalArgumentException().isThrownBy(() -> new GgufWriter(metadata));
  }

  private static void assertRefused(
      GgufWriter writer, String name, List<Long> shape, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.tensor(name, TensorType.I8, shape, channel -> {}))
        .withMessageContaining(message);
  }

  private void assertOnly(String... names) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder(names);
    }
  }

  private static GgufFile open(byte[] bytes) {
    return GgufFile.open(MemorySegment.ofArray(bytes), "sample");
  }

  private static Tensor tensor(String name, TensorType type, List<Long> shape) {
    long elements = shape.stream().reduce(1L, Math::multiplyExact);
    byte[] data = new byte[(int) type.bytes(elements)];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) i;
    }
    return new Tensor(name, type, shape, MemorySegment.ofArray(data));
  }
}
