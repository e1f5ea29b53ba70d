package org.zonda.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.zonda.app.Zonda.Result;

/** A row of the table in docs/quality.md is made again, where the model is there. */
@Timeout(300)
class QualityTableTest {

  @TempDir Path folder;

  private static Path root() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.exists(at.resolve("docs").resolve("quality.md"))) {
      at = at.getParent();
    }
    return at;
  }

  private static Path model() {
    String property = System.getProperty("zonda.shared");
    Path shared = property == null ? root().resolveSibling("shared") : Path.of(property);
    return shared.resolve("models").resolve("stories260K.gguf");
  }

  /** The numbers of a row, without units and what they may be off by. */
  private static double[] row(String type) throws IOException {
    List<String> rows =
        Files.readAllLines(root().resolve("docs").resolve("quality.md")).stream()
            .filter(line -> line.startsWith("| " + type + " |"))
            .toList();
    assertThat(rows).hasSize(1);
    String[] cells = rows.getFirst().split("\\|");
    return Arrays.stream(cells)
        .skip(2)
        .mapToDouble(cell -> Double.parseDouble(cell.strip().split(" ")[0]))
        .toArray();
  }

  @Test
  void theNumbersAreStillTrue() throws IOException {
    Path model = model();
    assumeTrue(Files.exists(model), () -> model + " is not there");
    String small = folder.resolve("q4_0.gguf").toString();
    JsonNode made = json("quantize", model.toString(), small, "--type", "Q4_0", "--json");
    String text = root().resolve("docs").resolve("quality-text.txt").toString();
    JsonNode measured =
        json("perplexity", "-m", model.toString(), "--compare", small, "-f", text, "--json");
    double[] row = row("Q4_0");
    assertThat(made.get("bits_per_weight").asDouble()).isCloseTo(row[0], within(0.006));
    assertThat(100 * made.get("relative_rms_error").asDouble()).isCloseTo(row[1], within(0.06));
    // Sums in another order, as vectors of another width have them, change the last digits.
    assertThat(measured.get("compared").get("perplexity").asDouble())
        .isCloseTo(row[2], within(0.003));
    assertThat(measured.get("perplexity_ratio").asDouble()).isCloseTo(row[3], within(0.001));
    JsonNode divergence = measured.get("kl_divergence");
    assertThat(divergence.get("mean").asDouble()).isCloseTo(row[4], within(0.001));
    assertThat(divergence.get("percentile_99").asDouble()).isCloseTo(row[5], within(0.02));
    assertThat(100 * measured.get("same_top").asDouble()).isCloseTo(row[6], within(0.3));
  }

  private static JsonNode json(String... arguments) {
    Result result = Zonda.run(arguments);
    assertThat(result.code()).as(result.err()).isZero();
    return JsonText.parse(result.out());
  }
}
