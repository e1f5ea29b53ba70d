package org.zonda.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.zonda.app.Zonda.Result;
import org.zonda.bench.BenchmarkOptions;
import org.zonda.runtime.GenerationOptions;

/** The command line as such: help, versions and what is refused before a model is opened. */
class CommandsTest {

  private static final int COLUMNS = 80;

  @Test
  void aloneItShowsTheHelp() {
    Result result = Zonda.run();
    assertThat(result.code()).isZero();
    assertThat(result.out())
        .contains("Usage: zonda COMMAND", "Examples:", "Exit codes:")
        .contains(
            "run ",
            "chat ",
            "inspect ",
            "tokenize ",
            "detokenize ",
            "logits ",
            "quantize ",
            "perplexity ",
            "bench ",
            "compare ",
            "lora ",
            "kernel ");
    assertThat(Zonda.run("--help").out()).isEqualTo(result.out());
    assertThat(result.err()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run",
        "chat",
        "inspect",
        "tokenize",
        "detokenize",
        "logits",
        "embed",
        "quantize",
        "perplexity",
        "render",
        "bench",
        "compare",
        "lora",
        "kernel"
      })
  void everyCommandHasHelpWithExamples(String command) {
    Result result = Zonda.run(command, "--help");
    assertThat(result.code()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .contains("Usage: zonda " + command, "Examples:\n", "  zonda " + command + " ");
    assertThat(result.out().lines()).allMatch(line -> line.length() <= COLUMNS);
  }

  /** They start with TornadoVM only for commands that can use it, and have to know each. */
  @Test
  void bothLaunchersKnowTheCommandsThatTakeABackend() throws IOException {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("zonda.cmd"))) {
      root = root.getParent();
    }
    String posix = listed(root.resolve("zonda"), "(\\w+(?: \\| \\w+)+ \\| doctor)\\) ;;");
    String windows = listed(root.resolve("zonda.cmd"), "in \\(([\\w ]+ doctor)\\)");
    List<String> runModels =
        Commands.names().stream()
            .filter(command -> Zonda.run(command, "--help").out().contains(" --backend"))
            // Of the kernel lab only `bench` runs on a device here; `check` starts processes for
            // it.
            .filter(command -> !command.equals("kernel"))
            .toList();
    assertThat(runModels).contains("run", "embed", "bench");
    assertThat(posix.split(" \\| ")).containsAll(runModels);
    assertThat(windows.split(" ")).containsAll(runModels);
    assertThat(root.resolve("zonda")).content().contains("kernel) [ \"${2-}\" = bench ]");
    assertThat(root.resolve("zonda.cmd")).content().contains("\"kernel bench\" set \"GPU=yes\"");
  }

  private static String listed(Path script, String pattern) throws IOException {
    Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(script));
    assertThat(matcher.find()).as(script + " lists commands").isTrue();
    return matcher.group(1);
  }

  @Test
  void helpIsACommandToo() {
    assertThat(Zonda.run("help", "run").out()).isEqualTo(Zonda.run("run", "--help").out());
  }

  @Test
  void theHelpTellsTheDefaultsThatHold() {
    String help = Zonda.run("run", "--help").out().replaceAll("\\s+", " ");
    GenerationOptions options = GenerationOptions.DEFAULT;
    assertThat(help)
        .contains("0: until the end (default: " + options.maxTokens() + ",")
        .contains("the likeliest token (default: " + options.temperature() + ")")
        .contains("0: all (default: " + options.topK() + ")")
        .contains("1: all (default: " + options.topP() + ")")
        .contains("0: none (default: " + options.minP() + ")")
        .contains("recent for the penalties (default: " + options.repetitionWindow() + ")");
    assertThat(options.repetitionPenalty()).isEqualTo(1);
    assertThat(options.frequencyPenalty()).isZero();
    assertThat(options.presencePenalty()).isZero();
    assertThat(Zonda.run("bench", "--help").out().replaceAll("\\s+", " "))
        .contains(
            "measure reading (default: "
                + BenchmarkOptions.DEFAULT.promptTokens().getFirst()
                + ")");
  }

  @Test
  void theVersionNamesTheJava() {
    Result result = Zonda.run("--version");
    assertThat(result.code()).isZero();
    assertThat(result.out())
        .startsWith("zonda ")
        .contains(System.getProperty("java.vm.version"), System.getProperty("os.name"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rnu hello|zonda: there is no command 'rnu'; did you mean run? (see zonda --help)",
        "xyzzy|zonda: there is no command 'xyzzy' (see zonda --help)",
        "--nonsense|zonda: unknown option: '--nonsense' (see zonda --help)",
        "run --tepm 0 x|zonda run: unknown option: '--tepm'; did you mean --temp? (see zonda run"
            + " --help)",
        "inspect -x|zonda inspect: unknown option: '-x' (see zonda inspect --help)",
        "run --temp|zonda run: missing required parameter for option '--temp' (T) (see zonda run"
            + " --help)",
        "run --temp hot x|zonda run: invalid value for option '--temp': 'hot' is not a float (see"
            + " zonda run --help)",
        "run --temp -1 x|zonda run: temperature is -1.0; it must be a number from 0.0 to 100.0 (see"
            + " zonda run --help)",
        "run --top-p 2 x|zonda run: top-p is 2.0; it must be a number from 0.0 to 1.0 (see zonda"
            + " run --help)",
        "run --logit-bias 5=much x|zonda run: --logit-bias 5=much: the bias is no number and not"
            + " -inf (see zonda run --help)",
        "run -f letter.txt x|zonda run: the prompt is given twice: as an argument and with --file"
            + " (see zonda run --help)",
        "logits --tokens 1,2 x|zonda logits: give either a text or --tokens, not both (see zonda"
            + " logits --help)",
        "logits --tokens 1,x|zonda logits: 'x' is no token id; expected whole numbers such as"
            + " 1,15043,29889 (see zonda logits --help)",
        "bench --save x.gguf|zonda bench: --save writes a synthetic model; name one with"
            + " --synthetic (see zonda bench --help)",
        "bench -p 0 -n 0|zonda bench: there is nothing to measure; ask for prompt tokens or"
            + " generated tokens, and a depth (see zonda bench --help)",
        "bench -t -1|zonda bench: number of threads is -1; it must be a number from 0 to 1024 (see"
            + " zonda bench --help)"
      })
  void whatIsWrongIsSaidInOneLine(String commandLine, String message) {
    Result result = Zonda.run(commandLine.split(" "));
    assertThat(result.code()).isEqualTo(ExitCode.USAGE);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).isEqualTo(message + "\n");
  }

  @Test
  void loadingOptionsAreChecked() {
    String model = TestModels.golden().toString();
    Result result = Zonda.run("run", "-m", model, "-t", "-1", "x");
    assertThat(result.code()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err())
        .contains("number of threads is -1; it must be a number from 0 to 1024");
  }

  @Test
  void verboseAddsTheStackTrace() {
    List<String> lines = Zonda.run("inspect", "--verbose", "missing.gguf").err().lines().toList();
    assertThat(lines.getFirst()).isEqualTo("zonda: missing.gguf: no such file");
    assertThat(lines).anyMatch(line -> line.startsWith("\tat org.zonda.app."));
  }

  @Test
  void coloursAreThereWhenAskedFor() {
    assertThat(Zonda.run("--color", "always", "--help").out()).contains("\u001b[");
    assertThat(Zonda.run("--color", "never", "--help").out()).doesNotContain("\u001b[");
    assertThat(Zonda.run("--color=ALWAYS", "inspect", "missing").err()).contains("\u001b[31m");
    assertThat(Zonda.run("--color", "pink").code()).isEqualTo(ExitCode.USAGE);
  }
}
