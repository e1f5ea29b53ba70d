package org.zonda.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.zonda.bench.BenchmarkProgress;
import org.zonda.kernels.Q8_0Kernels;
import org.zonda.model.ZondaException;
import org.zonda.runtime.tornado.Devices;
import uk.ac.manchester.tornado.api.KernelContext;

class KernelCatalogueTest {

  static List<KernelEntry> everywhere() {
    return KernelCatalogue.all().stream().filter(KernelEntry::everywhere).toList();
  }

  static List<KernelEntry> all() {
    return KernelCatalogue.all();
  }

  /** Each on the simulator, on all its data, without a fault and as its oracle says. */
  @ParameterizedTest
  @MethodSource("everywhere")
  void eachKernelIsRight(KernelEntry entry) {
    CaseRunner runner = new CaseRunner(Optional.of(Devices.numbered(0).handle()));
    Object task = KernelTask.of(entry.method());
    assertThat(entry.cases()).isNotEmpty();
    for (CheckCase check : entry.cases()) {
      CaseResult result = runner.run(check, task);
      assertThat(result.outcome())
          .as("%s, %s: %s", entry.id(), check.name(), result.message())
          .isEqualTo(CaseResult.Outcome.RIGHT);
      assertThat(result.place()).as("something was compared").isNotEmpty();
    }
  }

  static List<KernelEntry> forNvidia() {
    return KernelCatalogue.all().stream().filter(entry -> !entry.everywhere()).toList();
  }

  /** The same for those that need CUDA's rules, which a process of its own has. */
  @ParameterizedTest
  @MethodSource("forNvidia")
  void eachKernelForNvidiaIsRight(KernelEntry entry) {
    CheckOptions options =
        new CheckOptions(true, false, CheckOptions.DEFAULT.timeout(), Optional.empty());
    try (KernelCheck check = new KernelCheck(options, BenchmarkProgress.none())) {
      CheckReport report = check.run(entry);
      assertThat(report.passed()).as("%s", report).isTrue();
      PlaceResult place = report.places().getFirst();
      assertThat(place.place()).isEqualTo("simulator (CUDA rules)");
      assertThat(place.right()).isEqualTo(entry.cases().size());
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void eachKernelHasWhatIsShown(KernelEntry entry) {
    assertThat(entry.source())
        .contains("/**", "public static void " + entry.method().getName() + "(")
        .endsWith("}\n");
    assertThat(entry.oracleSource()).contains("// kernels/src/main/java/", "/**", "{\n");
    assertThat(entry.summary()).isNotBlank().doesNotContain("\n");
    assertThat(entry.shapes()).isNotBlank();
    assertThat(entry.backends()).contains("CUDA");
    assertThat(entry.parameters()).hasSize(entry.method().getParameterCount());
    assertThat(entry.parameters())
        .allSatisfy(
            parameter -> assertThat(parameter.meaning()).isNotBlank().doesNotContain("{@", "<"));
  }

  /** The names of ids are those that users type, and each is there once. */
  @Test
  void idsAreDistinct() {
    assertThat(all().stream().map(KernelEntry::id))
        .doesNotHaveDuplicates()
        .allMatch(id -> id.matches("[a-z0-9_]+\\.[a-z0-9_]+"))
        .contains("matvec.q8_0", "gated.q4_k", "matmul.f16", "attention.decode", "norm.rms");
  }

  /** Whoever writes a new kernel has to enter it. */
  @Test
  void noKernelIsMissing() throws Exception {
    Set<String> known =
        all().stream()
            .map(entry -> entry.method().getDeclaringClass().getSimpleName() + "." + name(entry))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> there = new TreeSet<>();
    for (Class<?> type : kernelClasses()) {
      for (Method method : type.getMethods()) {
        if (Modifier.isStatic(method.getModifiers())
            && method.getReturnType() == void.class
            && method.getParameterCount() > 0
            && method.getParameterTypes()[0] == KernelContext.class) {
          there.add(type.getSimpleName() + "." + method.getName());
        }
      }
    }
    assertThat(known).isEqualTo(there);
  }

  private static String name(KernelEntry entry) {
    return entry.method().getName();
  }

  private static List<Class<?>> kernelClasses()
      throws IOException, URISyntaxException, ClassNotFoundException {
    Path place =
        Path.of(Q8_0Kernels.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    if (Files.isDirectory(place)) {
      return kernelClasses(place);
    }
    try (FileSystem jar = FileSystems.newFileSystem(place)) {
      return kernelClasses(jar.getPath("/"));
    }
  }

  private static List<Class<?>> kernelClasses(Path root)
      throws IOException, ClassNotFoundException {
    List<Class<?>> classes = new ArrayList<>();
    try (Stream<Path> files = Files.list(root.resolve("org/zonda/kernels"))) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = file.getFileName().toString();
        if (name.endsWith(".class") && !name.contains("$") && !name.startsWith("package-")) {
          classes.add(Class.forName("org.zonda.kernels." + name.replace(".class", "")));
        }
      }
    }
    return classes;
  }

  @Test
  void anUnknownIdIsRefusedWithThoseOfItsFamily() {
    assertThat(KernelCatalogue.get("MATVEC.Q8_0").id()).isEqualTo("matvec.q8_0");
    assertThatThrownBy(() -> KernelCatalogue.get("attention.encode"))
        .isInstanceOf(ZondaException.class)
        .hasMessage(
            "there is no kernel 'attention.encode'; there are attention.decode,"
                + " attention.combine, attention.prefill (zonda kernel list has all)");
    assertThatThrownBy(() -> KernelCatalogue.get("banana"))
        .hasMessageContaining("the families are matvec, gated, matmul, embed,");
  }
}
