import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes the report of {@code bench/gpu.sh} from the outputs of its steps, whichever of them are
 * there: {@code java -cp app/target/zonda.jar bench/gpu/Report.java FOLDER}.
 */
final class Report {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern TEST =
      Pattern.compile("(.*) :: (SUCCESSFUL|FAILED|SKIPPED|ABORTED)\\b.*");
  private static final List<String> ENGINES = List.of("zonda", "llama.cpp", "gpullama3");
  private static final List<String> OPTIONS =
      List.of("captureGraphs", "int8Inputs", "tensorCores");

  /** Repetitions of a test, in tokens per second. */
  private record Speed(double median, double min, double max) {

    static Speed of(JsonNode values, JsonNode otherwise) {
      List<Double> sorted = new ArrayList<>();
      values.forEach(value -> sorted.add(value.asDouble()));
      if (sorted.isEmpty()) {
        sorted.add(otherwise.asDouble());
      }
      sorted.sort(null);
      int middle = sorted.size() / 2;
      double median =
          sorted.size() % 2 == 1
              ? sorted.get(middle)
              : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
      return new Speed(median, sorted.getFirst(), sorted.getLast());
    }

    @Override
    public String toString() {
      return "%.1f (%.1f to %.1f)".formatted(median, min, max);
    }
  }

  private final Path folder;
  private final StringBuilder text = new StringBuilder();

  private Report(Path folder) {
    this.folder = folder;
  }

  public static void main(String[] arguments) throws IOException {
    Locale.setDefault(Locale.ROOT);
    System.out.print(new Report(Path.of(arguments[0])).write());
  }

  private String write() throws IOException {
    JsonNode device = json("devices.out").path("devices").path(0);
    boolean cpu = device.path("type").asText().equals("CPU");
    boolean pocl = device.path("pocl").asBoolean();
    line("# The GPU path on %s", device.path("name").asText("no device"));
    line("");
    if (cpu) {
      line(
          "**%s: the device is the processor. This shows that everything runs and is correct there;"
              + " no speed is claimed.**",
          pocl ? "PoCL" : "A CPU device of OpenCL");
      line("");
    }
    for (String fact : lines("environment.txt")) {
      line("- %s", fact);
    }
    if (!device.isMissingNode()) {
      line(
          "- device: %s, %s, %.1f GB",
          device.path("name").asText(),
          device.path("backend").asText(),
          device.path("memory").asLong() * 1e-9);
    }
    for (String output : lines("doctor.out")) {
      Matcher version = Pattern.compile("SDK .*(TornadoVM \\S+).*").matcher(output);
      if (version.matches()) {
        line("- %s", version.group(1));
      }
    }
    facts();
    steps();
    correctness();
    kernels();
    models();
    options();
    return text.toString();
  }

  /** What Zonda says of itself in its first measurement. */
  private void facts() throws IOException {
    for (Path file : measurements("zonda")) {
      JsonNode json = read(file);
      line(
          "- Zonda: commit %s, %s; %s",
          json.path("commit").asText("unknown"),
          json.path("runs").path(0).path("backend").asText(),
          json.path("machine").path("java").asText());
      break;
    }
    for (Path file : measurements("llama.cpp")) {
      JsonNode json = read(file).path(0);
      line(
          "- llama.cpp: build %s %s, %s",
          json.path("build_number").asText(),
          json.path("build_commit").asText(),
          json.path("backends").asText());
      break;
    }
    line("");
  }

  private void steps() throws IOException {
    line("## Steps");
    line("");
    line("| step | how it ended | seconds |");
    line("|---|---|---|");
    for (String step : lines("steps.tsv")) {
      line("| %s |", String.join(" | ", step.split("\t")));
    }
    line("");
  }

  private void correctness() throws IOException {
    line("## Correctness on the device");
    line("");
    for (String name : List.of("kernels-correct", "goldens-correct")) {
      // One line a test as it ends, so that something remains of a run that was stopped.
      Map<String, Integer> counts = new TreeMap<>();
      List<String> failed = new ArrayList<>();
      boolean ended = false;
      for (String output : lines(name + ".out")) {
        Matcher test = TEST.matcher(output);
        if (test.matches()) {
          counts.merge(test.group(2).toLowerCase(), 1, Integer::sum);
          if (test.group(2).equals("FAILED")) {
            failed.add(test.group(1));
          }
        }
        ended |= output.contains(" tests found ");
      }
      line("- %s: %s%s", name, counts(counts), ended ? "" : "; not run to the end");
      failed.forEach(test -> line("  - failed: %s", test));
    }
    line("");
  }

  private static String counts(Map<String, Integer> counts) {
    return counts.isEmpty()
        ? "no test ended"
        : counts.entrySet().stream()
            .map(count -> count.getValue() + " " + count.getKey())
            .collect(Collectors.joining(", "));
  }

  private void kernels() throws IOException {
    JsonNode report = json("kernels.out");
    line("## Kernels by themselves");
    line("");
    if (report.isMissingNode()) {
      line("Not measured.");
      line("");
      return;
    }
    line(
        "Each launch has other memory before it; `read` only reads, and is the measure of the"
            + " share. Profile `%s`.",
        report.path("profile").asText());
    line("");
    line("| kernel | shape | MB | launch, µs | on the device, µs | between launches, µs | GB/s | of read |");
    line("|---|---|---|---|---|---|---|---|");
    for (JsonNode kernel : report.path("kernels")) {
      Speed launch = Speed.of(kernel.path("launch_seconds"), kernel.path("launch_seconds"));
      line(
          "| %s | %s | %.1f | %.1f (%.1f to %.1f) | %s | %s | %.1f | %s |",
          kernel.path("kernel").asText(),
          kernel.path("shape").asText(),
          kernel.path("bytes").asDouble() * 1e-6,
          launch.median() * 1e6,
          launch.min() * 1e6,
          launch.max() * 1e6,
          number(kernel.path("kernel_seconds"), 1e6, "%.1f"),
          number(kernel.path("gap_seconds"), 1e6, "%.1f"),
          kernel.path("bytes_per_second").asDouble() * 1e-9,
          number(kernel.path("share_of_read"), 100, "%.0f%%"));
    }
    for (JsonNode note : report.path("notes")) {
      line("");
      line("- %s", note.asText());
    }
    line("");
  }

  private static String number(JsonNode value, double factor, String format) {
    return value.isNumber() ? format.formatted(value.asDouble() * factor) : "-";
  }

  private void models() throws IOException {
    line("## Models");
    line("");
    line("Tokens per second, median (smallest to largest); ratios are Zonda's median to the peer's.");
    Set<String> models = new LinkedHashSet<>();
    for (String engine : ENGINES) {
      for (Path file : measurements(engine)) {
        models.add(model(file));
      }
    }
    for (String model : models) {
      Map<String, Map<String, Speed>> tests = new TreeMap<>();
      for (String engine : ENGINES) {
        Path file = folder.resolve(model + "--" + engine + ".out");
        if (Files.exists(file)) {
          speeds(engine, read(file))
              .forEach(
                  (test, speed) ->
                      tests.computeIfAbsent(test, t -> new LinkedHashMap<>()).put(engine, speed));
        }
      }
      line("");
      line("### %s", model);
      line("");
      line("| test | Zonda | llama.cpp | ratio | GPULlama3.java | ratio |");
      line("|---|---|---|---|---|---|");
      tests.forEach(
          (test, speed) ->
              line(
                  "| %s | %s | %s | %s | %s | %s |",
                  test,
                  shown(speed.get("zonda")),
                  shown(speed.get("llama.cpp")),
                  ratio(speed.get("zonda"), speed.get("llama.cpp")),
                  shown(speed.get("gpullama3")),
                  ratio(speed.get("zonda"), speed.get("gpullama3"))));
    }
    if (models.isEmpty()) {
      line("");
      line("None was measured.");
    }
  }

  /** What a device profile can switch on, beside the same without it. */
  private void options() throws IOException {
    boolean any = false;
    for (String option : OPTIONS) {
      for (Path file : measurements("zonda-" + option)) {
        if (!any) {
          line("");
          line("## Options that are off");
          line("");
          line("| model | test | option | with it | without | ratio |");
          line("|---|---|---|---|---|---|");
          any = true;
        }
        Path plain = folder.resolve(model(file) + "--zonda.out");
        Map<String, Speed> without =
            Files.exists(plain) ? speeds("zonda", read(plain)) : Map.of();
        speeds("zonda", read(file))
            .forEach(
                (test, speed) ->
                    line(
                        "| %s | %s | %s | %s | %s | %s |",
                        model(file),
                        test,
                        option,
                        speed,
                        shown(without.get(test)),
                        ratio(speed, without.get(test))));
      }
    }
  }

  private static String shown(Speed speed) {
    return speed == null ? "-" : speed.toString();
  }

  private static String ratio(Speed zonda, Speed peer) {
    return zonda == null || peer == null ? "-" : "%.2f".formatted(zonda.median() / peer.median());
  }

  /** Speeds by test; both peers write what llama-bench writes. */
  private static Map<String, Speed> speeds(String engine, JsonNode json) {
    Map<String, Speed> speeds = new TreeMap<>();
    if (engine.equals("zonda")) {
      for (JsonNode test : json.path("runs").path(0).path("measurements")) {
        speeds.put(
            name(test.path("test").asText(), test.path("depth").asInt()),
            Speed.of(test.path("tokens_per_second"), test.path("median")));
      }
      return speeds;
    }
    for (JsonNode test : json) {
      int prompt = test.path("n_prompt").asInt();
      String kind = prompt > 0 ? "pp" + prompt : "tg" + test.path("n_gen").asInt();
      speeds.put(
          name(kind, test.path("n_depth").asInt()),
          Speed.of(test.path("samples_ts"), test.path("avg_ts")));
    }
    return speeds;
  }

  private static String name(String test, int depth) {
    return depth == 0 ? test : test + " @ " + depth;
  }

  // --- Files ---------------------------------------------------------------------------------

  /** The outputs of an engine that hold JSON. */
  private List<Path> measurements(String engine) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith("--" + engine + ".out"))
          .filter(file -> !read(file).isMissingNode())
          .sorted()
          .toList();
    }
  }

  private static String model(Path file) {
    String name = file.getFileName().toString();
    return name.substring(0, name.indexOf("--"));
  }

  private JsonNode json(String name) {
    return read(folder.resolve(name));
  }

  /** The JSON in an output, which may have other lines before it; missing if there is none. */
  private static JsonNode read(Path file) {
    try {
      String text = Files.exists(file) ? Files.readString(file) : "";
      Matcher start = Pattern.compile("^[\\[{]", Pattern.MULTILINE).matcher(text);
      while (start.find()) {
        try {
          JsonNode json = JSON.readTree(text.substring(start.start()));
          if (json.isContainerNode() && !json.isEmpty()) {
            return json;
          }
        } catch (IOException e) {
          // a line that only looks like it
        }
      }
    } catch (IOException e) {
      System.err.println(file + " cannot be read: " + e.getMessage());
    }
    return JSON.missingNode();
  }

  private List<String> lines(String name) throws IOException {
    Path file = folder.resolve(name);
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  private void line(String format, Object... arguments) {
    text.append(arguments.length == 0 ? format : format.formatted(arguments)).append('\n');
  }
}
