package org.zonda.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.zonda.model.architecture.Architecture;
import org.zonda.model.architecture.Architectures;
import org.zonda.model.architecture.Family;
import org.zonda.model.chat.ChatFormats;
import org.zonda.model.tensor.Codec;
import org.zonda.model.tensor.Codecs;
import org.zonda.runtime.cpu.GoldenModel;
import org.zonda.runtime.cpu.TestedOnCpu;
import org.zonda.runtime.tornado.TestedOnDevice;

/**
 * docs/models.md is what the registries say and what the tests run. With {@code
 * -Dzonda.docs.write=true} this writes the file instead of comparing it.
 */
class ModelTableTest {

  private static final String REGENERATE =
      "./mvnw -pl runtime -am test -Dtest=ModelTableTest"
          + " -Dsurefire.failIfNoSpecifiedTests=false -Dzonda.docs.write=true";

  private static final String HEAD =
      """
      # Models

      What runs, and what that was tested against. This page is written by `ModelTableTest` from the
      registries of architectures, formats and chat formats and from the lists of models that the tests
      run; the test fails where the page says otherwise. To write it anew:

          %s

      ## Architectures

      An architecture is what `general.architecture` of a GGUF file says (`zonda inspect` shows it). Behind
      a family stands the chat format of its tuned members, for files without a chat template of their
      own. The last two columns name the test models of the next section that run there; a device is the
      simulator, unless the tests were started with a TornadoVM SDK. Nothing else is claimed: the families'
      published files have not been run.

      A file is refused by name if a tensor is missing or of another shape than the metadata says, and also
      if it says more than its architecture knows, such as a bias that nothing would add or a scale that
      nothing would multiply by: it would run, as another model. Left out is only what cannot change the
      text, such as a vision part.

      | architecture | families | on the CPU | on a device |
      |---|---|---|---|
      """
          .formatted(REGENERATE);

  private static final String TESTED =
      """

      ## What they were tested against

      Each test model is small, has random weights, and comes with outputs of an independent
      implementation in float64. On the CPU they are equal within %s (relative L2 of all outputs, KV
      cache of F32) and within %s with a cache of F16: in one batch, in chunks, token by token, in two
      sequences at once, and greedily continued; an encoder's token embeddings and their mean. The last
      columns say how far the reference itself is from a fork of llama.cpp, with the same activation
      function, and what had to be known or mended for that comparison.

      | test model | architecture | formats | reference to llama.cpp | note |
      |---|---|---|---|---|
      """
          .formatted(number(TestedOnCpu.STRICT), number(TestedOnCpu.HALF_CACHE));

  private static final String FORMATS =
      """

      ## Formats

      Every architecture runs with every format; one file may have several. What has no kernel of its own
      on the CPU is decoded first, which is slower and gives the same result. What a device refuses runs on
      the CPU, unless a device was asked for.

      | format | on the CPU | on a device |
      |---|---|---|
      """;

  @Test
  void theTableIsTrue() throws IOException {
    Path file = docs().resolve("models.md");
    String page = page();
    if (Boolean.getBoolean("zonda.docs.write")) {
      Files.writeString(file, page);
    }
    assertThat(Files.exists(file) ? Files.readString(file).replace("\r\n", "\n") : "")
        .as("docs/models.md is not what the code says; write it anew by: " + REGENERATE)
        .isEqualTo(page);
  }

  /** The page would be true but useless with empty cells. */
  @Test
  void everyArchitectureHasFamiliesAndTests() {
    assertThat(variantsOf(TestedOnCpu.models()).keySet())
        .containsExactlyInAnyOrderElementsOf(
            Architectures.all().stream().flatMap(known -> known.names().stream()).toList());
    assertThat(Architectures.all()).allMatch(known -> !known.families().isEmpty());
  }

  private static Path docs() {
    return Stream.iterate(Path.of("").toAbsolutePath(), path -> path != null, Path::getParent)
        .map(directory -> directory.resolve("docs"))
        .filter(Files::isDirectory)
        .findFirst()
        .orElseThrow();
  }

  private static String page() {
    StringBuilder page = new StringBuilder(HEAD);
    Map<String, List<String>> onCpu = variantsOf(TestedOnCpu.models());
    Map<String, List<String>> onDevice = variantsOf(TestedOnDevice.models());
    for (Architecture architecture : Architectures.all()) {
      for (String name : architecture.names()) {
        page.append(
            row(
                name,
                architecture.families().stream()
                    .map(ModelTableTest::family)
                    .collect(Collectors.joining(", ")),
                variants(onCpu, name),
                variants(onDevice, name)));
      }
    }
    page.append(TESTED);
    for (String model : TestedOnCpu.models()) {
      page.append(tested(model));
    }
    page.append(FORMATS);
    for (Codec codec : Codecs.all()) {
      page.append(
          row(
              codec.type().name(),
              TestedOnCpu.hasKernel(codec) ? "own kernel" : "decoded",
              TestedOnDevice.hasKernel(codec) ? "own kernel" : "refused by name"));
    }
    return page.toString();
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.0e", value).replace("e-0", "e-");
  }

  private static String row(String... cells) {
    return "| " + String.join(" | ", cells) + " |\n";
  }

  private static String family(Family family) {
    return family.name()
        + family
            .chatFormat()
            .map(
                format ->
                    ChatFormats.names().contains(format)
                        ? " (`" + format + "`)"
                        : " (`" + format + "`, which is not known yet)")
            .orElse("");
  }

  private static String variants(Map<String, List<String>> tested, String architecture) {
    return tested.containsKey(architecture)
        ? String.join(", ", tested.get(architecture))
        : "not tested";
  }

  /** Golden models by their architecture. */
  private static Map<String, List<String>> variantsOf(List<String> models) {
    Map<String, List<String>> variants = new TreeMap<>();
    for (String name : models) {
      try (GoldenModel model = GoldenModel.open(name)) {
        variants.computeIfAbsent(architecture(model), key -> new ArrayList<>()).add(name);
      }
    }
    return variants;
  }

  private static String architecture(GoldenModel model) {
    return model.file.metadata().getString("general.architecture");
  }

  private static String tested(String name) {
    try (GoldenModel model = GoldenModel.open(name)) {
      Set<String> formats = new TreeSet<>();
      model.file.tensors().forEach(tensor -> formats.add(tensor.type().name()));
      return row(
          name,
          architecture(model),
          String.join(", ", formats),
          distance(model.json),
          model.json.path("fork_note").asText());
    }
  }

  /** How far the reference is from the fork that it was compared with, as its file says. */
  private static String distance(JsonNode json) {
    for (String field :
        List.of(
            "/same_gelu_rel_l2_vs_llama_cpp_fork",
            "/rel_l2_vs_llama_cpp_fork",
            "/fork_on_dequantised_f32/rel_l2",
            "/phi2_twin_fork/rel_l2")) {
      if (json.at(field).isNumber()) {
        return number(json.at(field).asDouble());
      }
    }
    return "not compared";
  }
}
