package org.zonda.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zonda.app.Zonda.Result;
import org.zonda.model.ZondaException;

/** {@code zonda embed}, on a decoder; encoders are the runtime's matter. */
class EmbedCommandTest {

  private static final String MODEL = TestModels.golden().toString();

  @TempDir private Path directory;

  /** A .npy file as NumPy's documentation describes it, read without {@link Npy}. */
  private static float[][] readNpy(byte[] file) {
    assertThat(file[0] & 0xFF).isEqualTo(0x93);
    assertThat(new String(file, 1, 5, StandardCharsets.US_ASCII)).isEqualTo("NUMPY");
    assertThat(file[6]).isEqualTo((byte) 1);
    assertThat(file[7]).isEqualTo((byte) 0);
    int length = (file[8] & 0xFF) | (file[9] & 0xFF) << 8;
    assertThat((10 + length) % 64).isZero();
    String header = new String(file, 10, length, StandardCharsets.US_ASCII);
    Matcher shape =
        Pattern.compile(
                "\\{'descr': '<f4', 'fortran_order': False, 'shape': \\((\\d+), (\\d+)\\), } *\n")
            .matcher(header);
    assertThat(shape.matches()).as(header).isTrue();
    int rows = Integer.parseInt(shape.group(1));
    int columns = Integer.parseInt(shape.group(2));
    assertThat(file).hasSize(10 + length + 4 * rows * columns);
    ByteBuffer numbers = ByteBuffer.wrap(file, 10 + length, 4 * rows * columns);
    numbers.order(ByteOrder.LITTLE_ENDIAN);
    float[][] matrix = new float[rows][columns];
    for (float[] row : matrix) {
      for (int i = 0; i < columns; i++) {
        row[i] = numbers.getFloat();
      }
    }
    return matrix;
  }

  private static float[] vector(JsonNode array) {
    float[] vector = new float[array.size()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) array.get(i).asDouble();
    }
    return vector;
  }

  @Test
  void jsonSaysWhatWasDone() {
    Result result = Zonda.run("embed", "-m", MODEL, "the wind", "a river", "the wind");
    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isZero();
    JsonNode json = JsonText.parse(result.out());
    assertThat(json.get("model").textValue()).isEqualTo("model.gguf");
    assertThat(json.get("pooling").textValue()).isEqualTo("last");
    assertThat(json.get("normalised").booleanValue()).isTrue();
    JsonNode all = json.get("embeddings");
    assertThat(all).hasSize(3);
    for (int i = 0; i < 3; i++) {
      assertThat(all.get(i).get("index").intValue()).isEqualTo(i);
      assertThat(all.get(i).get("truncated").booleanValue()).isFalse();
      assertThat(all.get(i).get("tokens").intValue()).isGreaterThan(1);
      float[] vector = vector(all.get(i).get("embedding"));
      assertThat(vector).hasSize(json.get("width").intValue());
      double squares = 0;
      for (float value : vector) {
        squares += value * value;
      }
      assertThat(squares).isCloseTo(1, within(1e-5));
    }
    assertThat(vector(all.get(0).get("embedding")))
        .containsExactly(vector(all.get(2).get("embedding")), within(1e-5f));
    assertThat(vector(all.get(0).get("embedding")))
        .isNotEqualTo(vector(all.get(1).get("embedding")));
  }

  @Test
  void npyHoldsTheSameNumbersAsJson() throws IOException {
    Path lines = Files.writeString(directory.resolve("lines.txt"), "the wind\n\na river\r\n");
    Path npy = directory.resolve("out.npy");
    Path json = directory.resolve("out.JSON");
    for (Path target : new Path[] {npy, json}) {
      Result result =
          Zonda.run("embed", "-m", MODEL, "-f", lines.toString(), "--output", target.toString());
      assertThat(result.code()).isZero();
      assertThat(result.out()).isEmpty();
    }
    float[][] rows = readNpy(Files.readAllBytes(npy));
    JsonNode embeddings = JsonText.parse(Files.readString(json)).get("embeddings");
    assertThat(rows.length).isEqualTo(3);
    for (int i = 0; i < rows.length; i++) {
      assertThat(rows[i]).isEqualTo(vector(embeddings.get(i).get("embedding")));
    }
    if (Files.getFileStore(npy).supportsFileAttributeView("posix")) {
      assertThat(Files.getPosixFilePermissions(npy)) // as any file that the user makes
          .isEqualTo(Files.getPosixFilePermissions(lines));
    }
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).hasSize(3); // no temporary file is left
    }
  }

  @Test
  void npyOnStandardOutputIsTheFile() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayInputStream in = new ByteArrayInputStream("one\ntwo\n".getBytes());
    Console console = Console.of(in, out, new ByteArrayOutputStream(), Map.of());
    assertThat(Commands.execute(console, "embed", "-m", MODEL, "-f", "-", "-o", "npy")).isZero();
    assertThat(readNpy(out.toByteArray()).length).isEqualTo(2);
  }

  @Test
  void poolingAndNormalisationCanBeChosen() {
    String[] poolings = {"mean", "CLS", "last"};
    float[][] vectors = new float[3][];
    for (int i = 0; i < 3; i++) {
      Result result =
          Zonda.run(
              "embed", "-m", MODEL, "--pooling", poolings[i], "--no-normalise", "the wind blows");
      JsonNode json = JsonText.parse(result.out());
      assertThat(json.get("pooling").textValue()).isEqualToIgnoringCase(poolings[i]);
      assertThat(json.get("normalised").booleanValue()).isFalse();
      vectors[i] = vector(json.get("embeddings").get(0).get("embedding"));
    }
    JsonNode each =
        JsonText.parse(
                Zonda.run(
                        "embed",
                        "-m",
                        MODEL,
                        "--pooling",
                        "none",
                        "--no-normalise",
                        "the wind blows")
                    .out())
            .get("embeddings")
            .get(0);
    JsonNode rows = each.get("embedding");
    assertThat(rows).hasSize(each.get("tokens").intValue());
    assertThat(each.get("ids").get(0).intValue()).isEqualTo(1);
    assertThat(each.get("pieces").get(0).textValue()).isEqualTo("<s>");
    assertThat(vectors[1]).containsExactly(vector(rows.get(0)), within(1e-5f));
    assertThat(vectors[2]).containsExactly(vector(rows.get(rows.size() - 1)), within(1e-5f));
    for (int i = 0; i < vectors[0].length; i++) {
      double sum = 0;
      for (JsonNode row : rows) {
        sum += row.get(i).asDouble();
      }
      assertThat((double) vectors[0][i]).isCloseTo(sum / rows.size(), within(1e-5));
    }
  }

  @Test
  void manyTextsShowHowFarItIsWherePeopleWait() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    ByteArrayInputStream in = new ByteArrayInputStream("a text\n".repeat(70).getBytes());
    Console console = Console.of(in, new ByteArrayOutputStream(), err, Map.of()).asTerminal();
    String target = directory.resolve("many.npy").toString();
    assertThat(Commands.execute(console, "embed", "-m", MODEL, "-f", "-", "-o", target)).isZero();
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("embedding texts: 32 of 70", "embedding texts: 64 of 70");
    assertThat(Commands.execute(console, "embed", "-m", MODEL, "-o", "npy", "a"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains(".npy is no text for a terminal");
  }

  @Test
  void aFileIsReplacedOnlyWhereThatIsSaid() throws IOException {
    Path target = Files.writeString(directory.resolve("out.npy"), "precious");
    Result refused = Zonda.run("embed", "-m", MODEL, "-o", target.toString(), "a");
    assertThat(refused.code()).isEqualTo(ExitCode.FAILED);
    assertThat(refused.err())
        .isEqualTo("zonda: " + target + ": exists already; --force replaces it\n");
    assertThat(target).hasContent("precious");
    assertThat(Zonda.run("embed", "-m", MODEL, "--force", "-o", target.toString(), "a").code())
        .isZero();
    assertThat(readNpy(Files.readAllBytes(target)).length).isEqualTo(1);
  }

  /** The check is before the work: a file may come to be until its end. */
  @Test
  void aFileThatCameToBeMeanwhileStays() throws IOException {
    Path target = directory.resolve("out.json");
    EmbeddingOutput output = EmbeddingOutput.of(target.toString());
    Console console =
        Console.of(
            new ByteArrayInputStream(new byte[0]),
            new ByteArrayOutputStream(),
            new ByteArrayOutputStream(),
            Map.of());
    output.check(false, console);
    Files.writeString(target, "precious");
    assertThatThrownBy(() -> output.write(new byte[] {'1'}, false, console))
        .isInstanceOf(ZondaException.class)
        .hasMessage(target + ": exists already; --force replaces it");
    assertThat(target).hasContent("precious");
    assertThat(directory).isDirectoryNotContaining("glob:**.part");
    output.write(new byte[] {'2'}, true, console);
    assertThat(target).hasContent("2");
    assertThat(directory).isDirectoryNotContaining("glob:**.part");
  }

  @Test
  void aTemporaryFileOfAnotherStays() throws IOException {
    Path target = directory.resolve("out.json");
    Path foreign = Files.writeString(directory.resolve(".out.json.part"), "foreign");
    assertThatThrownBy(() -> EmbeddingOutput.write(new byte[] {'1'}, foreign, target, true))
        .isInstanceOf(ZondaException.class)
        .hasMessage(
            target + ": cannot be written: the temporary file " + foreign + " exists already");
    assertThat(foreign).hasContent("foreign");
    assertThat(target).doesNotExist();
  }

  @Test
  void badInputIsNamed() throws IOException {
    fails(ExitCode.USAGE, "--output is 'out.txt'; expected json, npy", "-o", "out.txt", "a");
    fails(ExitCode.USAGE, "there are no texts", "-f", "-");
    fails(ExitCode.USAGE, "given twice", "-f", "x", "a");
    fails(ExitCode.FAILED, "no-such-file: cannot be read: no such file", "-f", "no-such-file");
    fails(
        ExitCode.FAILED,
        "there is no directory",
        "-o",
        directory.resolve("nowhere").resolve("x.npy").toString(),
        "a");
    fails(ExitCode.FAILED, "is a directory", "-o", directory(".npy"), "a");
    fails(
        ExitCode.USAGE,
        ".npy could not tell 2 texts apart",
        "-o",
        "npy",
        "--pooling",
        "none",
        "a",
        "b");
    fails(ExitCode.USAGE, "--pooling", "--pooling", "best", "a");
    String tooLong = "wind ".repeat(2000);
    fails(ExitCode.FAILED, "text 2 has ", "a", tooLong);
    fails(
        ExitCode.FAILED,
        "but the context holds 128; shorten it, or have it cut (--truncate)",
        tooLong);
    JsonNode cut =
        JsonText.parse(Zonda.run("embed", "-m", MODEL, "--truncate", tooLong).out())
            .get("embeddings")
            .get(0);
    assertThat(cut.get("truncated").booleanValue()).isTrue();
    assertThat(cut.get("tokens").intValue()).isEqualTo(TestModels.CONTEXT);
  }

  private String directory(String name) throws IOException {
    return Files.createDirectory(directory.resolve(name)).toString();
  }

  private static void fails(int code, String part, String... arguments) {
    String[] all =
        Stream.concat(Stream.of("embed", "-m", MODEL), Stream.of(arguments)).toArray(String[]::new);
    Result result = Zonda.run(all);
    assertThat(result.code()).as(result.err()).isEqualTo(code);
    assertThat(result.err()).startsWith("zonda").contains(part).containsOnlyOnce("\n");
    assertThat(result.out()).isEmpty();
  }
}
