package org.zonda.bench.peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code bench/peers.sh} leaves in a folder: {@code runs.tsv} with a line for each process
 * (round, model file, its bytes, engine, output, peak memory in bytes), the outputs, {@code
 * facts.tsv} (name, value), {@code first.tsv} with the seconds to the first token, and {@code
 * limits.json} of {@code zonda bench --limits}.
 */
final class PeerRuns {

  /** Zonda's own name among the engines. */
  static final String ZONDA = "zonda";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final List<PeerRow> rows = new ArrayList<>();
  private final Map<String, Long> fileBytes = new LinkedHashMap<>();
  private final Map<String, Long> cacheBytes = new LinkedHashMap<>();
  private final Map<String, String> engines = new LinkedHashMap<>();

  /** Reads a folder. */
  PeerRuns(Path folder) throws IOException {
    this.folder = folder;
    for (List<String> run : lines("runs.tsv")) {
      read(run);
    }
  }

  List<PeerRow> rows() {
    return rows;
  }

  /** Model files in the order of their first turn, with their sizes. */
  Map<String, Long> fileBytes() {
    return fileBytes;
  }

  /** Zonda's KV cache with each file. */
  Map<String, Long> cacheBytes() {
    return cacheBytes;
  }

  /** Engines in the order of their first turn, each with what it says of itself. */
  Map<String, String> engines() {
    return engines;
  }

  List<List<String>> facts() throws IOException {
    return lines("facts.tsv");
  }

  List<Double> firstTokenSeconds() throws IOException {
    return lines("first.tsv").stream().map(line -> Double.parseDouble(line.getFirst())).toList();
  }

  /** What the machine can do at most; empty if it was not measured. */
  Optional<JsonNode> limits() throws IOException {
    Path file = folder.resolve("limits.json");
    return Files.exists(file)
        ? Optional.of(JSON.readTree(file.toFile()).path("figures"))
        : Optional.empty();
  }

  /** The lines of a table; none if there is no such file. */
  private List<List<String>> lines(String name) throws IOException {
    Path file = folder.resolve(name);
    return Files.exists(file)
        ? Files.readAllLines(file).stream().map(line -> List.of(line.split("\t", -1))).toList()
        : List.of();
  }

  private void read(List<String> run) throws IOException {
    int round = Integer.parseInt(run.get(0));
    String file = run.get(1);
    String engine = run.get(3);
    fileBytes.putIfAbsent(file, Long.parseLong(run.get(2)));
    for (JsonNode result : results(folder.resolve(run.get(4)))) {
      if (engine.equals(ZONDA)) {
        zonda(round, file, result);
      } else {
        peer(round, file, engine, result);
      }
    }
    double megabytes = Long.parseLong(run.get(5)) / 1e6;
    rows.add(new PeerRow(round, file, engine, PeerRow.PEAK, PeerRow.PEAK, "MB", megabytes));
  }

  /** The objects of an output: a single one, several, or an array of them. */
  private static List<JsonNode> results(Path output) throws IOException {
    List<JsonNode> results = new ArrayList<>();
    try (MappingIterator<JsonNode> values =
        JSON.readerFor(JsonNode.class).readValues(output.toFile())) {
      values.forEachRemaining(results::add);
    }
    return results;
  }

  private void zonda(int round, String file, JsonNode result) {
    JsonNode run = result.path("runs").path(0);
    engines.putIfAbsent(
        ZONDA,
        "commit %s, %s, %s"
            .formatted(
                result.path("commit").asText("unknown"),
                run.path("backend").asText(),
                result.path("machine").path("java").asText()));
    cacheBytes.put(file, run.path("cache_bytes").asLong());
    for (JsonNode test : run.path("measurements")) {
      for (JsonNode speed : test.path("tokens_per_second")) {
        addSpeed(round, file, ZONDA, test.path("test").asText(), test.path("depth").asInt(), speed);
      }
    }
  }

  /** As llama-bench writes it: an object a test, with the speed of each repetition or the mean. */
  private void peer(int round, String file, String engine, JsonNode test) {
    String build = test.path("build_number").asText() + " " + test.path("build_commit").asText();
    engines.putIfAbsent(engine, build.isBlank() ? "" : "build " + build.strip());
    int prompt = test.path("n_prompt").asInt();
    String name = prompt > 0 ? "pp" + prompt : "tg" + test.path("n_gen").asInt();
    JsonNode samples = test.path("samples_ts");
    int depth = test.path("n_depth").asInt();
    if (samples.isEmpty()) {
      addSpeed(round, file, engine, name, depth, test.path("avg_ts"));
    }
    samples.forEach(speed -> addSpeed(round, file, engine, name, depth, speed));
  }

  private void addSpeed(
      int round, String file, String engine, String name, int depth, JsonNode speed) {
    String at = depth == 0 ? "" : " @ " + depth;
    rows.add(
        new PeerRow(
            round,
            file,
            engine,
            name + at,
            name.substring(0, 2) + at,
            PeerRow.SPEED,
            speed.asDouble()));
  }
}
