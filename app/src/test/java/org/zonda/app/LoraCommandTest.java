package org.zonda.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zonda.app.Zonda.Result;
import org.zonda.model.gguf.GgufFile;
import org.zonda.model.gguf.GgufWriter;
import org.zonda.model.gguf.Metadata;
import org.zonda.model.tensor.FloatMatrix;
import org.zonda.model.tensor.Tensor;

/** {@code --lora}, {@code zonda lora show} and {@code zonda lora merge}, as users call them. */
class LoraCommandTest {

  private static final String MODEL = TestModels.golden().toString();
  private static final String TOKENS = "1,300,45,270,99,340,7,261";

  @TempDir private Path folder;

  private String adapter;

  @BeforeEach
  void writeAnAdapter() {
    adapter = adapter(TestModels.golden(), folder.resolve("a.gguf"), 1).toString();
  }

  /** An adapter for attention's queries and the logits. */
  private static Path adapter(Path model, Path file, double size) {
    SplittableRandom random = new SplittableRandom(9);
    try (GgufFile base = GgufFile.open(model);
        Arena arena = Arena.ofConfined()) {
      GgufWriter writer =
          new GgufWriter(
              Metadata.builder()
                  .putString("general.type", "adapter")
                  .putString("general.architecture", "llama")
                  .putString("general.base_model.0.name", "Golden")
                  .putString("adapter.type", "lora")
                  .putFloat32("adapter.lora.alpha", 8)
                  .build("adapter"));
      for (Tensor tensor : base.tensors()) {
        if (tensor.name().endsWith("attn_q.weight") || tensor.name().equals("output.weight")) {
          long columns = tensor.dimension(0);
          long rows = tensor.dimension(1);
          writer.tensor(matrix(tensor.name() + ".lora_a", columns, 4, size, random, arena));
          writer.tensor(matrix(tensor.name() + ".lora_b", 4, rows, size, random, arena));
        }
      }
      writer.write(file);
    }
    return file;
  }

  private static Tensor matrix(
      String name, long columns, long rows, double size, SplittableRandom random, Arena arena) {
    FloatMatrix matrix = new FloatMatrix(name, columns, rows, arena);
    for (long r = 0; r < rows; r++) {
      float[] row = new float[(int) columns];
      for (int i = 0; i < row.length; i++) {
        row[i] = (float) (random.nextDouble(-1, 1) * size / 4);
      }
      matrix.put(r, 0, row);
    }
    return matrix.tensor();
  }

  private static Result merge(String... arguments) {
    String[] all = new String[arguments.length + 4];
    System.arraycopy(new String[] {"lora", "merge", "-m", MODEL}, 0, all, 0, 4);
    System.arraycopy(arguments, 0, all, 4, arguments.length);
    return Zonda.run(all);
  }

  private static JsonNode logits(String... options) {
    String[] fixed = "logits --json -t 1 --cache-type f32 --backend cpu".split(" ");
    String[] all = new String[fixed.length + options.length + 2];
    System.arraycopy(fixed, 0, all, 0, fixed.length);
    System.arraycopy(options, 0, all, fixed.length, options.length);
    all[all.length - 2] = "--tokens";
    all[all.length - 1] = TOKENS;
    Result result = Zonda.run(all);
    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isZero();
    return JsonText.parse(result.out());
  }

  private static void refused(Result result, int code, String... words) {
    assertThat(result.code()).isEqualTo(code);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).startsWith("zonda").contains(words);
    assertThat(result.err().lines()).hasSize(1);
  }

  @Test
  void modelsAreMeasuredWithIt() {
    String[] sizes = {"-p", "2", "-n", "1", "-r", "1", "-m", MODEL, "--lora", adapter + ":0.5"};

    Result bench = Zonda.run(all("bench", sizes, "--json"));
    assertThat(bench.code()).as(bench.err()).isZero();
    assertThat(JsonText.parse(bench.out()).at("/runs/0/model").textValue()).contains("a.gguf");

    Result compare = Zonda.run(all("compare", sizes));
    assertThat(compare.code()).as(compare.err()).isZero();
    assertThat(compare.out()).contains("a.gguf");

    Result unfit = Zonda.run(all("bench", sizes, "--lora", MODEL));
    assertThat(unfit.code()).isEqualTo(ExitCode.FAILED);
    assertThat(unfit.err()).hasLineCount(1).startsWith("zonda: ").contains(MODEL);
  }

  private static String[] all(String command, String[] some, String... more) {
    return Stream.of(Stream.of(command), Stream.of(some), Stream.of(more))
        .flatMap(words -> words)
        .toArray(String[]::new);
  }

  @Test
  void theModelWithItsAdapterIsTheMergedModel() {
    String merged = folder.resolve("merged.gguf").toString();
    Result result = merge("--lora", adapter + ":0.5", merged);
    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isZero();
    assertThat(result.out())
        .contains("merged.gguf: 3 tensors changed, ", "; they are stored without a loss");
    JsonNode expected = logits("-m", merged);
    assertThat(close(logits("-m", MODEL, "--lora", adapter + ":0.5"), expected)).isTrue();
    assertThat(close(logits("-m", MODEL), expected)).isFalse();
    assertThat(close(logits("-m", MODEL, "--lora", adapter), expected)).isFalse();
    assertThat(
            close(
                logits("-m", MODEL, "--lora", adapter + ":2", "--lora", adapter + ":-1.5"),
                expected))
        .isTrue();
  }

  /** Whether all logits are nearly the same. */
  private static boolean close(JsonNode left, JsonNode right) {
    assertThat(right.get("logits")).hasSize(8);
    boolean close = true;
    for (int position = 0; position < 8; position++) {
      for (int i = 0; i < TestModels.VOCABULARY; i++) {
        double difference =
            left.at("/logits/" + position + "/" + i).doubleValue()
                - right.at("/logits/" + position + "/" + i).doubleValue();
        close &= Math.abs(difference) < 1e-3;
      }
    }
    return close;
  }

  @Test
  void runTellsWhatIsApplied() {
    Result result =
        Zonda.run("run", "-m", MODEL, "--lora", adapter + ":0.5", "-t", "1", "-n", "3", "the rain");
    assertThat(result.code()).isZero();
    assertThat(result.err()).startsWith("model.gguf + a.gguf:0.5 | CPU, ");
    Result plan = Zonda.run("run", "-m", MODEL, "--lora", adapter, "--plan");
    assertThat(plan.code()).isZero();
    assertThat(plan.out()).startsWith("model.gguf");
  }

  @Test
  void perplexityIsThatOfTheMergedModel() {
    String merged = folder.resolve("merged.gguf").toString();
    assertThat(merge("--lora", adapter, merged).code()).isZero();
    double expected = perplexity("-m", merged).at("/perplexity").doubleValue();
    assertThat(perplexity("-m", MODEL, "--lora", adapter).at("/perplexity").doubleValue())
        .isCloseTo(expected, within(1e-3 * expected));
    JsonNode compared = perplexity("-m", MODEL, "--lora", adapter, "--compare", MODEL);
    assertThat(compared.at("/perplexity").doubleValue())
        .isCloseTo(expected, within(1e-3 * expected));
    assertThat(compared.at("/kl_divergence/mean").doubleValue()).isGreaterThan(1e-3);
  }

  private static JsonNode perplexity(String... options) {
    String[] fixed = "perplexity --json -t 1 --cache-type f32 --backend cpu -c 16".split(" ");
    String[] all = new String[fixed.length + options.length + 1];
    System.arraycopy(fixed, 0, all, 0, fixed.length);
    System.arraycopy(options, 0, all, fixed.length, options.length);
    all[all.length - 1] = "the rain in the plain falls on the train that came in vain";
    Result result = Zonda.run(all);
    assertThat(result.code()).as(result.err()).isZero();
    return JsonText.parse(result.out());
  }

  @Test
  void showSaysWhatChanges() {
    Result result = Zonda.run("lora", "show", "-m", MODEL, adapter, "--tensors");
    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isZero();
    assertThat(result.out().lines())
        .containsExactly(
            adapter,
            "  kind      GGUF adapter",
            "  made for  Golden",
            "  rank      4",
            "  scale     2",
            "  tensors   3",
            "  output.weight  rank 4, scale 2",
            "  blk.0.attn_q.weight  rank 4, scale 2",
            "  blk.1.attn_q.weight  rank 4, scale 2");
  }

  @Test
  void theTypeOfWhatChangesCanBeChosen() {
    Path merged = folder.resolve("merged.gguf");
    Result result = merge("--lora", adapter, "--type", "q8_0", merged.toString());
    assertThat(result.code()).isZero();
    try (GgufFile file = GgufFile.open(merged)) {
      assertThat(file.tensor("blk.0.attn_q.weight").type().name()).isEqualTo("Q8_0");
      assertThat(file.tensor("blk.0.attn_k.weight").type().name()).isEqualTo("F32");
    }
    Path faint = adapter(TestModels.golden(), folder.resolve("faint.gguf"), 1e-3);
    Result lost = merge("--lora", faint.toString(), "--type", "q4_0", "--force", merged.toString());
    assertThat(lost.code()).isZero();
    assertThat(lost.err()).contains("changes them more than the adapters do; --type f16 keeps");
  }

  @Test
  void nothingIsReplacedUnasked() {
    Path merged = folder.resolve("merged.gguf");
    write(merged, "precious");
    refused(
        merge("--lora", adapter, merged.toString()),
        ExitCode.FAILED,
        "merged.gguf: exists already; --force replaces it");
    assertThat(merged).hasContent("precious");
    assertThat(merge("--lora", adapter, "--force", merged.toString()).code()).isZero();
    assertThat(merged.toFile()).hasSize(TestModels.golden().toFile().length());
    refused(
        merge("--lora", adapter, "--force", adapter),
        ExitCode.FAILED,
        "a.gguf: is one of the inputs; name another file for the merged model");
    Result onto =
        Zonda.run(
            "lora",
            "merge",
            "-m",
            merged.toString(),
            "--lora",
            adapter,
            "--force",
            folder.resolve(".").resolve("merged.gguf").toString());
    refused(onto, ExitCode.FAILED, "merged.gguf: is one of the inputs");
  }

  @Test
  void theFilesOfAPeftFolderAreInputs() throws IOException {
    Path peft = Files.createDirectory(folder.resolve("peft"));
    int rows;
    int columns;
    try (GgufFile base = GgufFile.open(TestModels.golden())) {
      columns = (int) base.tensor("output.weight").dimension(0);
      rows = (int) base.tensor("output.weight").dimension(1);
    }
    write(peft.resolve("adapter_config.json"), "{\"peft_type\":\"LORA\",\"r\":1,\"lora_alpha\":1}");
    int data = 4 * (columns + rows);
    byte[] header =
        """
        {"base_model.model.lm_head.lora_A.weight":
        {"dtype":"F32","shape":[1,%d],"data_offsets":[0,%d]},
        "base_model.model.lm_head.lora_B.weight":
        {"dtype":"F32","shape":[%d,1],"data_offsets":[%d,%d]}}"""
            .formatted(columns, 4 * columns, rows, 4 * columns, data)
            .getBytes(StandardCharsets.UTF_8);
    Files.write(
        peft.resolve("adapter_model.safetensors"),
        ByteBuffer.allocate(8 + header.length + data)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length)
            .put(header)
            .array());
    for (String name : List.of("adapter_config.json", "adapter_model.safetensors")) {
      byte[] before = Files.readAllBytes(peft.resolve(name));
      refused(
          merge("--lora", peft.toString(), "--force", peft.resolve(name).toString()),
          ExitCode.FAILED,
          name + ": is one of the inputs; name another file for the merged model");
      assertThat(peft.resolve(name)).hasBinaryContent(before);
    }
    String other = peft.resolve("merged.gguf").toString();
    assertThat(merge("--lora", peft.toString(), "--force", other).code()).isZero();
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void wrongUseIsSaidInOneLine() {
    refused(merge("out.gguf"), ExitCode.USAGE, "missing required option: '--lora=PATH[:SCALE]'");
    refused(merge("--lora", adapter), ExitCode.USAGE, "missing required parameter: 'OUTPUT'");
    refused(
        merge("--lora", adapter, "--type", "q9", "out.gguf"),
        ExitCode.USAGE,
        "there is no type 'q9'; known: F32, F16");
    refused(merge("--lora", ":0.5", "out.gguf"), ExitCode.USAGE, "names no adapter");
    refused(
        merge("--lora", "none.gguf", folder.resolve("out.gguf").toString()),
        ExitCode.FAILED,
        "none.gguf: no such file");
    refused(
        Zonda.run("run", "-m", MODEL, "--lora", MODEL, "x"),
        ExitCode.FAILED,
        "expected adapter: it is no adapter but a model");
    refused(
        Zonda.run("run", "-m", adapter, "x"),
        ExitCode.FAILED,
        "a.gguf: is an adapter, which needs the model that it was made for");
    refused(Zonda.run("run", "-m", MODEL, "--lora", "", "x"), ExitCode.USAGE, "names no adapter");
  }

  @Test
  void aloneItShowsItsHelp() {
    Result result = Zonda.run("lora");
    assertThat(result.code()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).contains("Usage: zonda lora COMMAND", "show ", "merge ");
    assertThat(Zonda.run("lora", "--help").out()).isEqualTo(result.out());
    for (String command : new String[] {"show", "merge"}) {
      Result help = Zonda.run("lora", command, "--help");
      assertThat(help.code()).isZero();
      assertThat(help.out()).contains("Usage: zonda lora " + command, "Examples:\n");
      assertThat(help.out().lines()).allMatch(line -> line.length() <= 80);
    }
  }
}
