package org.zonda.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.zonda.app.Zonda.Result;
import org.zonda.bench.lab.KernelCatalogue;
import org.zonda.tornado.Settings;

/** The kernel lab by its commands, on the simulator. */
class KernelCommandTest {

  @TempDir private Path folder;

  private static Path source(String name) {
    try {
      URI uri = KernelCommandTest.class.getResource("/kernels/" + name + ".java").toURI();
      return Path.of(uri);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Result check(Object file, String... more) {
    return Zonda.run(
        Stream.concat(
                Stream.of("kernel", "check", file.toString(), "--on", "simulator"), Stream.of(more))
            .toArray(String[]::new));
  }

  @Test
  void theListHasEveryKernelWithWhatItComputes() {
    Result result = Zonda.run("kernel", "list");
    assertThat(result.code()).isZero();
    assertThat(result.out().lines()).hasSameSizeAs(KernelCatalogue.all());
    assertThat(result.out())
        .contains("matvec.q8_0         product of Q8_0 weights with single rows")
        .contains("on tensor cores [CUDA, PTX]\n");
    assertThat(Zonda.run("kernel", "list", "NORM").out().lines()).hasSize(2);
    assertThat(Zonda.run("kernel", "list", "banana").err())
        .isEqualTo("zonda: no kernel's id contains 'banana'; zonda kernel list has all\n");
  }

  @Test
  void theListAsJson() throws IOException {
    JsonNode kernels =
        new ObjectMapper().readTree(Zonda.run("kernel", "list", "--json").out()).get("kernels");
    assertThat(kernels).hasSameSizeAs(KernelCatalogue.all());
    JsonNode first = kernels.get(0);
    assertThat(first.get("id").asText()).isEqualTo("matvec.f32");
    assertThat(first.get("oracle").asText()).isEqualTo("MatrixOracle.matvec");
    assertThat(first.get("parameters").get(0).get("type").asText()).isEqualTo("KernelContext");
    assertThat(first.get("backends")).hasSize(4);
  }

  @Test
  void aKernelIsShownWithItsDefinition() {
    Result result = Zonda.run("kernel", "show", "norm.rms", "--part", "parameters,java,oracle");
    assertThat(result.code()).isZero();
    assertThat(result.out())
        .contains("norm.rms  RMSNorm of rows or heads")
        .contains("  float epsilon             added to the mean square\n")
        .contains("--- Java (kernels/src/main/java/org/zonda/kernels/NormKernels.java)\n")
        .contains("  public static void rms(\n      KernelContext c,\n")
        .contains("--- Oracle (NormOracle.rms)\n")
        .contains("public static double[] rms(float[] x, float[] weight, double epsilon) {")
        .doesNotContain("layer(");
  }

  /** What the template says compiles; it computes nothing, which is noticed. */
  @Test
  void theTemplateIsAKernelToBeginWith() throws IOException {
    Result template = Zonda.run("kernel", "show", "matvec.q8_0", "--template");
    assertThat(template.out().lines()).allMatch(line -> line.length() <= 100);
    Path file = folder.resolve("MyMatvec.java");
    Files.writeString(file, template.out());
    Result result = check(file);
    assertThat(result.code()).isEqualTo(ExitCode.FAILED);
    assertThat(result.out())
        .startsWith("matvec.q8_0  MyMatvec.matvec  WRONG\n  simulator (OpenCL rules): 1 of 17")
        .contains("wrong result: y[0] is -7.25, the oracle says ");
  }

  @Test
  void aKernelOfZondasIsRight() {
    Result result = check("rows.gather");
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .startsWith("rows.gather  Rows.gather  right\n")
        .contains("  simulator (OpenCL rules): 4 of 4 cases right, ");
    assertThat(result.code()).isZero();
  }

  /** Of instructions that OpenCL lacks the simulator tells, whoever asks for OpenCL's rules. */
  @Test
  void theRulesAreThoseThatAKernelNeedsOrAnothers() {
    assertThat(check("matvec_int8.q8_0").out()).contains("(CUDA rules): 6 of 6 cases right");
    Result result = check("matvec_int8.q8_0", "--rules", "opencl");
    assertThat(result.code()).isEqualTo(ExitCode.FAILED);
    assertThat(result.out()).contains("uses dp4a_packed, which OPENCL lacks");
  }

  @Test
  void anotherKernelMayBeRight() {
    Result result = check(source("Right"));
    assertThat(result.out())
        .startsWith("rows.copy  Right.copy  right\n  simulator (OpenCL rules): 3 of 3 cases right");
    assertThat(result.code()).isZero();
  }

  /** In a package, and with what Zonda's own kernels use. */
  @Test
  void aKernelMayBeInAPackageAndUseWhatZondasUse() {
    Result result = check(source("Packaged"));
    assertThat(result.out()).startsWith("element.activate  my.kernels.Packaged.squared  WRONG\n");
    assertThat(result.out()).contains(": 24 of 30 cases right");
    assertThat(result.out()).contains("    wrong result: ", "activation 3");
  }

  /** Each is reported by name and line, and the process survives. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Wrong|wrong result: y[0] is 3.123162, the oracle says 1.561581 [width 1, 1 rows]",
        "WritesTooMuch|wrong result: y[1] is -0.6081826, the oracle says -7.25 [width 1, 1 rows]",
        "Races|race within a group: (Races.copy:13): work-item (1, 0, 0), local id (1, 0, 0) of"
            + " group (0, 0, 0): write of y[0] after a write by local id (0, 0, 0) with no barrier"
            + " in between [width 100, 3 rows]",
        "RacesBetweenGroups|race between groups: (RacesBetweenGroups.copy:13): work-item",
        "WritesOutside|access out of bounds: (WritesOutside.copy:11): work-item (2, 0, 0), local id"
            + " (2, 0, 0) of group (0, 0, 0): write of y[2], which has 2 elements",
        "ReadsUnwritten|read of unwritten memory: (ReadsUnwritten.copy:14): work-item (0, 0, 0),"
            + " local id (0, 0, 0) of group (0, 0, 0): read of local array shared",
        "Diverges|divergent barrier: (Diverges.copy): group (0, 0, 0): work-item (0, 0, 0), local id (0, 0, 0) of"
            + " group (0, 0, 0) waits at localBarrier at Diverges.copy:12, but work-item (1, 0, 0),",
        "NeverEnds|kernel that does not end: (NeverEnds.copy:12): work-item (0, 0, 0), local id (0,"
            + " 0, 0) of group (0, 0, 0): still goes round a loop here after 2 s, which is its"
            + " limit",
        "Throws|operation that the backend lacks: Throws.copy:12 makes an object of"
            + " IllegalStateException;",
        "DividesByZero|exception in a kernel: (DividesByZero.copy:11): work-item (0, 0, 0), local id"
            + " (0, 0, 0) of group (0, 0, 0): java.lang.ArithmeticException: / by zero",
        "Allocates|refused launch: (Allocates.copy:11): work-item (0, 0, 0), local id (0, 0, 0) of"
            + " group (0, 0, 0): a private array of 500000000 elements; a work-item may have 65536"
            + " at most",
        "AllocatesForEver|kernel that does not end: (AllocatesForEver.copy:1",
        "Exits|operation that the backend lacks: Exits.copy:11 calls System.exit, which TornadoVM"
            + " does not compile rightly",
        "Unsupported|operation that the backend lacks: Unsupported.copy:11 calls"
            + " Float.intBitsToFloat, which"
      })
  void aBadKernelIsReportedByItsLine(String name, String message) {
    Result result = check(source(name), "--timeout", "2");
    assertThat(result.out())
        .startsWith("rows.copy  " + name + ".copy  WRONG\n  simulator (OpenCL rules): ")
        .contains("\n    " + message);
    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isEqualTo(ExitCode.FAILED);
  }

  /** What is no kernel is said in one line, before anything runs. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DoesNotCompile|:11: incompatible types: java.lang.String cannot be converted to int: 'int"
            + " wrong = \"text\";' (and 1 more)",
        "NoAnnotation|' has no kernel: no method of NoAnnotation has the annotation @Kernel(\"ID\")"
            + " (org.zonda.kernels.Kernel)'",
        "InInterface|:8: InInterface.reset is in an interface; put it into a public class",
        "NotPublic|:8: NotPublic.reset: its class is not public",
        "NotStatic|:8: NotStatic.reset is not public static",
        "TakenPackage|:9: TakenPackage.reset is in a package of org.zonda.*, whose own classes would"
            + " be taken; put it into another",
        "TwoForOne|: TwoForOne.one and TwoForOne.other both stand for cursor.reset; a file has one"
            + " kernel for each",
        "UnknownId|:8: UnknownId.reset: there is no kernel 'cursor.restart'; there are"
            + " cursor.advance, cursor.reset (zonda kernel list has all)",
        "WrongSignature|:8: WrongSignature.reset has not the parameters of cursor.reset: it has"
            + " (KernelContext c, IntArray cursor, int layer) and must have (KernelContext c,"
            + " IntArray cursor)"
      })
  void whatIsNoKernelIsRefusedInOneLine(String name, String message) {
    Path file = source(name);
    Result result = check(file);
    assertThat(result.err()).isEqualTo("zonda: " + file + message + "\n");
    assertThat(result.out()).isEmpty();
    assertThat(result.code()).isEqualTo(ExitCode.FAILED);
  }

  /** Two classes, two kernels, a helper that is not public. */
  @Test
  void aFileMayHaveSeveralKernels() throws IOException {
    Result result = check(source("TwoKernels"), "--json");
    assertThat(result.code()).isZero();
    JsonNode kernels = new ObjectMapper().readTree(result.out()).get("kernels");
    assertThat(kernels).hasSize(2);
    for (JsonNode kernel : kernels) {
      assertThat(kernel.get("passed").asBoolean()).isTrue();
      assertThat(kernel.get("places").get(0).get("cases").get(0).get("outcome").asText())
          .isEqualTo("right");
    }
    assertThat(kernels.findValuesAsText("id"))
        .containsExactlyInAnyOrder("cursor.reset", "cursor.advance");
  }

  private Path compiled(String... names) throws IOException {
    Path classes = Files.createDirectories(folder.resolve("classes"));
    List<String> arguments =
        Stream.concat(
                Stream.of("-g", "-cp", Settings.ofProcess().classPath(), "-d", classes.toString()),
                Stream.of(names).map(name -> source(name).toString()))
            .toList();
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, arguments.toArray(String[]::new)))
        .isZero();
    return classes;
  }

  private Path jar(String name, byte[] bytes) throws IOException {
    Path jar = folder.resolve("kernels.jar");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      zip.putNextEntry(new ZipEntry(name));
      zip.write(bytes);
      zip.closeEntry();
    }
    return jar;
  }

  @Test
  void aJarWithManyKernels() throws IOException {
    Path classes = compiled("TwoKernels", "Right", "NoAnnotation");
    Path jar = folder.resolve("many.jar");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.list(classes)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        zip.putNextEntry(new ZipEntry(file.getFileName().toString()));
        zip.write(Files.readAllBytes(file));
        zip.closeEntry();
      }
    }
    Result result = check(jar);
    assertThat(result.out())
        .contains("rows.copy  Right.copy  right\n")
        .contains("cursor.reset  TwoKernels.reset  right\n")
        .contains("cursor.advance  TwoKernels.advance  right\n");
    assertThat(result.code()).isZero();
  }

  @Test
  void aClassOfANewerJava() throws IOException {
    byte[] bytes = Files.readAllBytes(compiled("Right").resolve("Right.class"));
    bytes[7] += 2;
    Path jar = jar("Right.class", bytes);
    int here = Runtime.version().feature();
    assertThat(check(jar).err())
        .isEqualTo(
            "zonda: %s: the class Right was compiled for Java %d and this is Java %d; compile it with --release %d\n"
                .formatted(jar, bytes[7] - 44, here, here));
  }

  @Test
  void aClassInTheWrongFolder() throws IOException {
    byte[] bytes = Files.readAllBytes(compiled("Right").resolve("Right.class"));
    Path jar = jar("my/Right.class", bytes);
    assertThat(check(jar).err())
        .isEqualTo(
            "zonda: %s: the class Right lies at my/Right.class; a class lies in the folder of its package\n"
                .formatted(jar));
  }

  @Test
  void whatIsNoJar() throws IOException {
    Path jar = Files.writeString(folder.resolve("text.jar"), "no jar");
    assertThat(check(jar).err())
        .startsWith("zonda: " + jar + " is neither a .java file nor a jar that can be read: ")
        .endsWith("\n")
        .hasLineCount(1);
    Path damaged = jar("Bad.class", new byte[] {(byte) 0xCA, (byte) 0xFE, 1, 2, 3, 4, 5, 6, 7});
    assertThat(check(damaged).err()).isEqualTo("zonda: " + damaged + ": Bad is no class file\n");
    Path empty = jar("readme.txt", new byte[0]);
    assertThat(check(empty).err()).isEqualTo("zonda: " + empty + " has no class files in it\n");
    assertThat(check(folder.resolve("missing.jar")).err()).endsWith("missing.jar: no such file\n");
    assertThat(check(folder.resolve("Missing.java")).err())
        .endsWith("Missing.java: no such file\n");
  }

  /**
   * Where there is an SDK: a kernel that never ends is stopped there too, by ending its process.
   */
  @Test
  @EnabledIfEnvironmentVariable(named = Settings.HOME, matches = ".+")
  void onADevice() {
    Result right = Zonda.run("kernel", "check", source("Right").toString(), "--on", "devices");
    assertThat(right.out()).contains("\n  device 0: ", ": 3 of 3 cases right");
    assertThat(right.code()).isZero();
    Result endless =
        Zonda.run(
            "kernel", "check", source("NeverEnds").toString(), "--on", "devices", "--timeout", "1");
    assertThat(endless.out())
        .contains("0 of 1 cases right")
        .contains(
            "\n    kernel that does not end: it still ran after 11 s, compiling included, and");
    assertThat(endless.code()).isEqualTo(ExitCode.FAILED);
    Result shown = Zonda.run("kernel", "show", source("Right").toString());
    assertThat(shown.out()).contains("Right.copy  stands for rows.copy", "--- Generated ", "copy(");
  }

  @Test
  void whatIsWrongWithTheCommandLine() {
    assertThat(check("rows.copies").err())
        .isEqualTo(
            "zonda: there is no kernel 'rows.copies'; there are rows.gather, rows.copy (zonda kernel"
                + " list has all)\n");
    Result result = Zonda.run("kernel", "check", "rows.copy", "--timeout", "0");
    assertThat(result.code()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains("the time limit is 0 s; it must be 1 to 3599");
    assertThat(Zonda.run("kernel", "check").code()).isEqualTo(ExitCode.USAGE);
    assertThat(Zonda.run("kernel").out()).contains("Usage: zonda kernel COMMAND", "check ");
  }
}
