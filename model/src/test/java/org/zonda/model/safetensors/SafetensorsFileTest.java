package org.zonda.model.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.zonda.model.ZondaException;
import org.zonda.model.tensor.Tensor;

class SafetensorsFileTest {

  @TempDir private Path folder;

  private Path file(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("x.safetensors"), bytes);
  }

  private void refused(byte[] bytes, String... words) throws IOException {
    Path file = file(bytes);
    assertThatThrownBy(() -> SafetensorsFile.open(file))
        .isExactlyInstanceOf(ZondaException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContainingAll(words)
        .hasMessageNotContaining("\n");
  }

  @Test
  void readsMatricesOfEveryPlainType() {
    float[][] rows = {{1, -2.5f, 0.125f}, {0, 4, -0.0078125f}};
    Path file =
        new SafetensorsSample()
            .entry("\"__metadata__\":{\"format\":\"pt\"}")
            .matrix("b", "F16", rows)
            .matrix("a", "F32", rows)
            .matrix("c", "BF16", rows)
            .write(folder.resolve("x.safetensors"));
    try (SafetensorsFile read = SafetensorsFile.open(file)) {
      assertThat(read.tensors()).extracting(Tensor::name).containsExactly("b", "a", "c");
      for (Tensor tensor : read.tensors()) {
        assertThat(tensor.shape()).containsExactly(3L, 2L);
        assertThat(tensor.toFloats()).containsExactly(1, -2.5f, 0.125f, 0, 4, -0.0078125f);
      }
      assertThat(read.findTensor("a").orElseThrow().type().name()).isEqualTo("F32");
      assertThat(read.findTensor("d")).isEmpty();
    }
  }

  @Test
  void aSingleNumberIsAVectorOfOne() throws IOException {
    String header = "{\"s\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}   ";
    try (SafetensorsFile read =
        SafetensorsFile.open(file(SafetensorsSample.bytes(header, new byte[4])))) {
      assertThat(read.tensors().iterator().next().shape()).isEqualTo(List.of(1L));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 100, 100_000_001, Long.MAX_VALUE, -1, Long.MIN_VALUE})
  void impossibleHeaderLengthsAreRefused(long length) throws IOException {
    byte[] bytes = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();
    refused(bytes, Long.toUnsignedString(length) + " bytes; expected 2 to 32");
  }

  @Test
  void headersOfMoreThanAnyHasAreRefused() throws IOException {
    String most = "{}" + " ".repeat((16 << 20) - 2);
    SafetensorsFile.open(file(SafetensorsSample.bytes(most, new byte[0]))).close();
    refused(
        SafetensorsSample.bytes(most + " ", new byte[0]),
        "its header has 16777217 bytes; at most 16777216 are supported");
  }

  @Test
  void filesWithoutAHeaderAreRefused() throws IOException {
    refused(new byte[0], "has 0 bytes");
    refused(new byte[7], "has 7 bytes");
    assertThatThrownBy(() -> SafetensorsFile.open(folder))
        .isInstanceOf(ZondaException.class)
        .hasMessageContaining("is no regular file");
    assertThatThrownBy(() -> SafetensorsFile.open(folder.resolve("none")))
        .isInstanceOf(ZondaException.class)
        .hasMessageContaining("none: cannot be read: no such file");
  }

  /** One tensor of eight bytes, and what is wrong with it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "F32|[2]|[0,12]|'data_offsets' is [0, 12]; expected a begin and an end from 0 to 8",
        "F32|[2]|[-8,0]|a begin and an end",
        "F32|[2]|[8,0]|a begin and an end",
        "F32|[2]|[0,8,8]|a begin and an end",
        "F32|[2]|[0]|a begin and an end",
        "F32|[2]|[0,9223372036854775808]|an array of whole numbers",
        "F32|[2]|[0.0,8.0]|an array of whole numbers",
        "F32|[3]|[0,8]|expected 3 elements of F32 as 'shape' says, not 8 bytes",
        "F32|[1]|[0,8]|1 elements of F32",
        "F16|[2]|[0,8]|2 elements of F16",
        "F32|[-2]|[0,8]|'shape' is [-2]; expected sizes whose product",
        "F32|[4294967296,4294967296,2]|[0,8]|expected sizes whose product",
        "F32|[3037000500,3037000500]|[0,8]|expected sizes whose product",
        "F32|[1,1,1,1,2]|[0,8]|at most 4 dimensions",
        "F32|2|[0,8]|'shape' is 2; expected an array of whole numbers",
        "I64|[1]|[0,8]|'dtype' is \"I64\"; expected F32 or F16 or BF16",
        "Q8_0|[1]|[0,8]|'dtype' is \"Q8_0\"",
        "F32|[1]|[0,4]|holds 8 bytes behind its header, but 't' ends at 4",
        "F32|[1]|[4,8]|tensor 't' begins at 4, but the header ends at 0"
      })
  void contradictionsAreNamed(String type, String shape, String offsets, String message)
      throws IOException {
    String header =
        "{\"t\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}}"
            .formatted(type, shape, offsets);
    refused(SafetensorsSample.bytes(header, new byte[8]), message);
  }

  @Test
  void overlapsAndDuplicatesAreRefused() throws IOException {
    String entry = "{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[%d,%d]}";
    refused(
        SafetensorsSample.bytes(
            "{\"a\":%s,\"b\":%s}".formatted(entry.formatted(0, 4), entry.formatted(2, 6)),
            new byte[6]),
        "tensor 'b' begins at 2, but 'a' ends at 4; expected neither gap nor overlap");
    refused(
        SafetensorsSample.bytes(
            "{\"a\":%s,\"a\":%s}".formatted(entry.formatted(0, 4), entry.formatted(4, 8)),
            new byte[8]),
        "the name 'a' a second time");
    refused(SafetensorsSample.bytes("{\"a\":{}}", new byte[0]), "'data_offsets' is missing");
    refused(SafetensorsSample.bytes("{\"a\":null}", new byte[0]), "'a' is null");
    refused(SafetensorsSample.bytes("{\"a\":" + "[".repeat(100_000), new byte[0]), "nesting");
    refused(SafetensorsSample.bytes("{\"\u00e9\"", new byte[0]), "no ':' where one was expected");
  }

  @Test
  void aHeaderThatIsNoTextIsRefused() throws IOException {
    byte[] bytes = SafetensorsSample.bytes("{\"abc\":3}", new byte[0]);
    bytes[11] = (byte) 0xFF;
    refused(bytes, "its header is no UTF-8");
  }

  /** Whatever a byte is changed to, the file opens whole or is refused by name. */
  @Test
  void damagedFilesNeverDoMoreThanBeRefused() throws IOException {
    byte[] whole =
        new SafetensorsSample()
            .matrix("first", "F32", new float[3][5])
            .matrix("second", "F16", new float[4][2])
            .bytes();
    SplittableRandom random = new SplittableRandom(4);
    int refused = 0;
    for (int round = 0; round < 500; round++) {
      byte[] bytes = whole.clone();
      for (int i = random.nextInt(1, 4); i > 0; i--) {
        bytes[random.nextInt(whole.length - 76)] = (byte) random.nextInt();
      }
      if (round % 10 == 0) {
        bytes = Arrays.copyOf(bytes, random.nextInt(whole.length));
      }
      try (SafetensorsFile file = SafetensorsFile.open(file(bytes))) {
        file.tensors().forEach(Tensor::toFloats);
      } catch (ZondaException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(300);
  }
}
