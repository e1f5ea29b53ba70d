package org.zonda.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table in docs/formats.md is what the code says and does. */
class FormatsDocumentTest {
  private static final String HEAD =
      """
      | Format | Bits per weight | Elements a block | Bytes a block | Error, normal | Error, outliers |
      |---|---:|---:|---:|---:|---:|
      """;

  @Test
  void theTableIsTrue() throws IOException {
    String table =
        Codecs.all().stream()
            .map(FormatsDocumentTest::row)
            .collect(Collectors.joining("", HEAD, ""));
    Path document =
        Stream.iterate(Path.of("").toAbsolutePath(), path -> path != null, Path::getParent)
            .map(directory -> directory.resolve("docs/formats.md"))
            .filter(Files::exists)
            .findFirst()
            .orElseThrow();
    assertThat(Files.readString(document).replace("\r\n", "\n"))
        .as("docs/formats.md must contain this table:%n%s", table)
        .contains("\n\n" + table + "\n");
  }

  private static String row(Codec codec) {
    TensorType type = codec.type();
    return String.format(
        Locale.ROOT,
        "| %s | %s | %d | %d | %s | %s |\n",
        type,
        Double.toString(type.bitsPerWeight()).replaceAll("\\.0$", ""),
        type.blockElements(),
        type.blockBytes(),
        error(type, SampleNumbers.GAUSSIAN),
        error(type, SampleNumbers.OUTLIERS));
  }

  private static String error(TensorType type, SampleNumbers sample) {
    float[] numbers = sample.numbers(1 << 16);
    float[] decoded = RoundTrip.of(type, numbers);
    double error = 0;
    double norm = 0;
    for (int i = 0; i < numbers.length; i++) {
      error += Math.pow(decoded[i] - (double) numbers[i], 2);
      norm += Math.pow(numbers[i], 2);
    }
    double part = Math.sqrt(error / norm);
    return part == 0 ? "0" : String.format(Locale.ROOT, "%.2g %%", 100 * part);
  }
}
