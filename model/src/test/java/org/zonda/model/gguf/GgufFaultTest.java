package org.zonda.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.zonda.model.gguf.GgufSamples.ascii;
import static org.zonda.model.gguf.RawGguf.Kind.COUNT;
import static org.zonda.model.gguf.RawGguf.Kind.LENGTH;
import static org.zonda.model.gguf.RawGguf.Kind.TYPE;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.zonda.model.tensor.TensorType;

/** Each fault has its own message: file, field, value found, and what was expected. */
class GgufFaultTest {
  private static final int F32 = TensorType.F32.id();
  private static final int Q4_0 = TensorType.Q4_0.id();

  static Stream<Arguments> foreignFiles() {
    return Stream.of(
        arguments("PK\3\4....", "a ZIP archive, such as a PyTorch checkpoint"),
        arguments("\u0080\2}q\0.", "a Python pickle"),
        arguments("<!DOCTYPE html><html>", "an HTML page"),
        arguments("<html lang=en>", "an HTML page"),
        arguments("version https://git-lfs.github.com/spec/v1\noid", "a Git LFS pointer"),
        arguments("\u0040\0\0\0\0\0\0\0{\"__metadata__\"", "a safetensors file"),
        arguments("tjgg\3\0\0\0", "the GGJT format from before GGUF"),
        arguments("\u001f\u008b\10\0", "gzip-compressed data"),
        arguments("{\"a\": 1}", "JSON text"),
        arguments("FUGG\0\0\0\3", "'FUGG': a GGUF file in big-endian byte order"),
        arguments("GGU", "the bytes 47 47 55"),
        arguments("\0\1\2\3\4\5\6\7\10\11", "the bytes 00 01 02 03 04 05 06 07"));
  }

  @ParameterizedTest
  @MethodSource("foreignFiles")
  void saysWhatAForeignFileIs(String begin, String description) {
    assertThat(fault(ascii(begin)))
        .startsWith(
            "sample: is not a GGUF file: expected it to begin with 'GGUF', found " + description);
  }

  static Stream<Arguments> versions() {
    return Stream.of(
        arguments(0, "is GGUF version 0; expected 2 or 3"),
        arguments(1, "is GGUF version 1; expected 2 or 3, convert the model again"),
        arguments(4, "is GGUF version 4; expected 2 or 3"),
        arguments(-1, "is GGUF version 4294967295; expected 2 or 3"),
        arguments(3 << 24, "is GGUF version 3 in big-endian byte order; expected little-endian"));
  }

  @ParameterizedTest
  @MethodSource("versions")
  void namesOtherVersions(int version, String message) {
    assertThat(fault(RawGguf.header(version, 0, 0).toBytes())).startsWith("sample: " + message);
  }

  @Test
  void namesAFileThatEndsInTheHeader() {
    byte[] bytes = Arrays.copyOf(GgufSamples.empty().toBytes(), 23);
    assertThat(fault(bytes)).isEqualTo("sample: is cut short: 23 bytes, a header takes 24");
  }

  static Stream<Arguments> metadataFaults() {
    return Stream.of(
        arguments(
            RawGguf.header(3, 0, -1),
            "header: number of metadata entries is 18446744073709551615, but the 0 bytes left in"
                + " the file hold at most 0"),
        arguments(
            RawGguf.header(3, 1L << 62, 0),
            "header: number of tensors is 4611686018427387904, but the 8 bytes left in the file"
                + " hold at most 0"),
        arguments(
            entries(2).entry("k", "v").entry("k", "w"),
            "metadata entry 2 of 2 'k': the key is there twice"),
        arguments(
            entries(1).string("key", "").u64("value", COUNT, 0),
            "metadata entry 1 of 1: key at byte 24 has 0 bytes; expected 1 to 65535"),
        arguments(
            entries(1).string("key", new byte[] {'a', (byte) 0xFF}).data(8),
            "metadata entry 1 of 1: key at byte 24 is not valid UTF-8"),
        arguments(
            entries(1).string("key", "a\nb").data(8),
            "metadata entry 1 of 1: key at byte 24, 'a\uFFFDb', holds a control character"),
        arguments(
            entries(1).string("key", "\u00f1").data(8),
            "metadata entry 1 of 1 '\u00f1': the key is not ASCII"),
        arguments(
            entries(1).u64("key length", LENGTH, Long.MAX_VALUE).data(9),
            "metadata entry 1 of 1: key at byte 24 has length 9223372036854775807, but 9 bytes"
                + " are left in the file"),
        arguments(
            entries(1).string("key", "k").u32("type", TYPE, 13).data(8),
            "metadata entry 1 of 1 'k': value type at byte 33 is 13; expected 0 to 12 (uint8,"),
        arguments(
            entries(1).entry("k", MetadataType.BOOL, 1, 2),
            "metadata entry 1 of 1 'k': bool at byte 37 is 2; expected 0 or 1"),
        arguments(
            entries(1).entry("k", MetadataType.UINT64, 7, 0),
            "metadata entry 1 of 1 'k': value at byte 37 takes 8 bytes, but 7 are left; the file"
                + " is cut short or damaged"),
        arguments(
            entries(1).entry("k", MetadataType.UINT64, 4, 0),
            "metadata entry 1 of 1 'k': value at byte 37 takes 8 bytes, but 4 are left; the file"
                + " is cut short or damaged"),
        arguments(
            entries(1)
                .key("k", MetadataType.ARRAY)
                .array("k", MetadataType.STRING, 2)
                .string("element", "abc")
                .u64("length", LENGTH, 99),
            "metadata entry 1 of 1 'k': string 1 of the array at byte 60 has length 99, but 0"
                + " bytes are left in the file"),
        arguments(
            entries(1).key("k", MetadataType.ARRAY).array("k", MetadataType.UINT8, 9).data(8),
            "metadata entry 1 of 1 'k': array length is 9, but the 8 bytes left in the file hold"
                + " at most 8"),
        arguments(nested(5), "metadata entry 1 of 1 'k': arrays are nested deeper than 4 levels"),
        arguments(
            entries(1).entry("general.alignment", MetadataType.UINT32, 4, 48),
            "metadata 'general.alignment' is 48, expected a power of two from 8 to 1048576"),
        arguments(
            entries(1).entry("general.alignment", MetadataType.UINT32, 4, 0),
            "metadata 'general.alignment' is 0, expected"),
        arguments(
            entries(1).entry("general.alignment", MetadataType.UINT32, 4, 4),
            "metadata 'general.alignment' is 4, expected"),
        arguments(
            entries(1).entry("general.alignment", MetadataType.UINT32, 4, 1L << 31),
            "metadata 'general.alignment' is 2147483648, expected"),
        arguments(
            entries(1).entry("general.alignment", "32"),
            "metadata 'general.alignment' is the string '32', expected an integer"));
  }

  @ParameterizedTest
  @MethodSource("metadataFaults")
  void namesFaultsOfMetadata(RawGguf file, String message) {
    assertThat(fault(file.toBytes())).startsWith("sample: " + message);
  }

  @Test
  void readsArraysNestedToTheLimit() {
    GgufFile.open(MemorySegment.ofArray(nested(4).toBytes()), "sample").close();
  }

  static Stream<Arguments> tensorFaults() {
    String first = "tensor 1 of 1 't': ";
    return Stream.of(
        arguments(
            tensors(2).tensor("t", F32, 0, 1).tensor("t", F32, 32, 1).pad(32).data(64),
            "tensor 2 of 2 't': the name is there twice"),
        arguments(
            tensors(1).tensor("", F32, 0, 1, 1).pad(32).data(32),
            "tensor 1 of 1: name at byte 24 has 0 bytes; expected 1 to 1024"),
        arguments(
            tensors(1).tensor("t", F32, 0).pad(32).data(32),
            first + "number of dimensions is 0; expected 1 to 4"),
        arguments(
            tensors(1).tensor("t", F32, 0, 1, 1, 1, 1, 1).pad(32).data(32),
            first + "number of dimensions is 5; expected 1 to 4"),
        arguments(
            tensors(1).tensor("t", F32, 0, 4, 0).pad(32).data(32),
            first + "dimension 1 is 0; expected 1 to 2^63 - 1"),
        arguments(
            tensors(1).tensor("t", F32, 0, -1, 1).pad(32).data(32),
            first + "dimension 0 is 18446744073709551615; expected 1 to 2^63 - 1"),
        arguments(
            tensors(1).tensor("t", F32, 0, 1L << 32, 1L << 31, 1).pad(32).data(32),
            first + "dimensions [4294967296, 2147483648] multiply to more than 2^63 - 1 elements"),
        arguments(
            tensors(1).tensor("t", F32, 0, 1L << 32, 1L << 30).pad(32).data(32),
            first + "shape [4294967296, 1073741824] of F32 takes more than the file's 128 bytes"),
        arguments(
            tensors(1).tensor("t", 99, 0, 1).pad(32).data(32),
            first + "type is 99, which is not known; expected one of 0 F32, 1 F16, 2 Q4_0"),
        arguments(
            tensors(1).tensor("t", 4, 0, 32).pad(32).data(32),
            first + "type is 4, which is not known"),
        arguments(
            tensors(1).tensor("t", Q4_0, 0, 48, 2).pad(32).data(64),
            first + "a row of 48 elements is no whole number of Q4_0 blocks of 32"),
        arguments(
            tensors(1).tensor("t", F32, 16, 1).pad(32).data(64),
            first + "data offset is 16; expected a multiple of the alignment 32"),
        arguments(
            tensors(1).tensor("t", F32, -32, 1).pad(32).data(64),
            first + "data offset is 18446744073709551584; expected a multiple of the alignment 32"),
        arguments(
            tensors(1).tensor("t", F32, 32, 9).pad(32).data(64),
            "tensor 't': its 36 bytes at offset 32 end beyond the 64 bytes of tensor data"),
        arguments(
            tensors(1).tensor("t", F32, Long.MAX_VALUE - 31, 1).pad(32).data(64),
            "tensor 't': its 4 bytes at offset 9223372036854775776 end beyond the 64 bytes"),
        arguments(
            tensors(1).tensor("t", F32, 0, 1),
            "tensor 't': its 4 bytes at offset 0 end beyond the 0 bytes of tensor data"),
        arguments(
            tensors(2).tensor("b", F32, 32, 1).tensor("a", F32, 0, 9).pad(32).data(64),
            "tensors 'a' and 'b' overlap: 36 bytes at offset 0 reach beyond offset 32"));
  }

  @ParameterizedTest
  @MethodSource("tensorFaults")
  void namesFaultsOfTensors(RawGguf file, String message) {
    assertThat(fault(file.toBytes())).startsWith("sample: " + message);
  }

  /** Padding between and after tensors may be anything that fits. */
  @Test
  void acceptsGapsAndAnyOrder() {
    byte[] bytes =
        tensors(2).tensor("b", F32, 96, 1).tensor("a", F32, 0, 8).pad(32).data(100).toBytes();
    try (GgufFile file = GgufFile.open(MemorySegment.ofArray(bytes), "sample")) {
      assertThat(file.tensors()).hasSize(2);
    }
  }

  @Test
  void messagesStayInOneLineAndShort() {
    String hostile = "x\r\n\u2028\u0007" + "y".repeat(500);
    byte[] bytes = entries(1).entry("general.alignment", hostile).toBytes();
    assertThat(fault(bytes)).doesNotContain("\n", "\r", "\u2028", "\u0007").hasSizeLessThan(200);
  }

  private static RawGguf entries(int count) {
    return RawGguf.header(3, 0, count);
  }

  private static RawGguf tensors(int count) {
    return RawGguf.header(3, count, 0);
  }

  private static RawGguf nested(int depth) {
    RawGguf file = entries(1).key("k", MetadataType.ARRAY);
    for (int i = 1; i < depth; i++) {
      file.array("k", MetadataType.ARRAY, 1);
    }
    return file.array("k", MetadataType.UINT8, 1).number("element", RawGguf.Kind.VALUE, 1, 7);
  }

  private static String fault(byte[] bytes) {
    List<Throwable> thrown = new ArrayList<>();
    assertThatThrownBy(() -> GgufFile.open(MemorySegment.ofArray(bytes), "sample"))
        .isInstanceOf(GgufException.class)
        .satisfies(thrown::add);
    return thrown.getFirst().getMessage();
  }
}
