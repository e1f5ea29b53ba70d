package org.zonda.app.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.zonda.app.launch.Checkout.Result;

/** The script {@code zonda}, in a world of stand-ins for the JDK and for Maven. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "tests the script for POSIX shells")
class LauncherIT {

  @TempDir Path world;

  private Checkout checkout;

  @BeforeEach
  void prepare() throws IOException {
    checkout = new Checkout(world.toRealPath());
  }

  /** The links lead out of the temporary folder, of which JUnit would warn. */
  @AfterEach
  void removeLinks() throws IOException {
    checkout.removeTools();
  }

  private void withJdk() throws IOException {
    checkout.environment("JAVA_HOME", checkout.jdk(world.resolve("a jdk"), "25.0.1").toString());
  }

  // --- The JDK

  @Test
  void withoutJdkItSaysWhatToInstall() throws Exception {
    Result result = checkout.zonda("--version");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .startsWith("zonda: a JDK 25 or newer is needed, and none was found. Install one")
        .hasLineCount(1);
    assertThat(checkout.mavenCalls()).isEmpty();
  }

  @Test
  void whatWillNotDoIsNamedWithTheReason() throws Exception {
    Path jre = checkout.jdk(world.resolve("jre"), "25.0.1");
    Files.delete(jre.resolve("bin/javac"));
    checkout.environment("JAVA_HOME", jre.toString());
    Path old = checkout.jdk(world.resolve("old"), "1.8.0_402");
    checkout.onPath(old.resolve("bin"));
    checkout.jdk(checkout.home.resolve(".jdks/older"), "24.0.2");
    Result result = checkout.zonda();
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err())
        .contains("JAVA_HOME (" + jre + ") is a JRE (Java 25.0.1 without javac)")
        .contains("java on the PATH (" + old + "/bin/java) is Java 1.8.0_402")
        .contains(".jdks/older is Java 24.0.2")
        .hasLineCount(1);
  }

  @Test
  void anOldJavaHomeIsPassedOverForThePath() throws Exception {
    checkout.environment("JAVA_HOME", checkout.jdk(world.resolve("old"), "21.0.4").toString());
    Path jdk = checkout.jdk(world.resolve("jdk"), "26");
    Path links = Files.createDirectories(world.resolve("links"));
    Files.createSymbolicLink(links.resolve("java"), jdk.resolve("bin/java"));
    checkout.onPath(links);
    assertThat(checkout.zonda().out()).startsWith("java 26 ");
  }

  @Test
  void ofTheUsualFoldersTheLowestThatWillDoIsTaken() throws Exception {
    checkout.jdk(checkout.home.resolve(".jdks/a"), "27-ea");
    checkout.jdk(checkout.home.resolve(".jdks/b"), "24.0.1");
    checkout.jdk(checkout.home.resolve(".sdkman/candidates/java/c"), "25.0.2");
    checkout.jdk(checkout.home.resolve(".sdkman/candidates/java/d"), "26.0.1");
    assertThat(checkout.zonda().out()).startsWith("java 25.0.2 ");
  }

  // --- Handing over

  @ParameterizedTest
  @ValueSource(strings = {"sh", "dash", "bash", "busybox sh", "ksh"})
  void argumentsExitCodeAndProcessAreTheProgramsOwn(String shell) throws Exception {
    withJdk();
    checkout.environment("ZONDA_JAVA_OPTS", "-Da=b -Dc=*");
    List<String> command = List.of(shell.split(" "));
    assumeTrue(
        Files.exists(Path.of("/bin", command.getFirst())), "no " + command.getFirst() + " here");
    command =
        Checkout.concat(
            Checkout.concat(
                List.of("/bin/" + command.getFirst()), shell.endsWith(" sh") ? "sh" : "-u"),
            checkout.root + "/zonda",
            "run",
            "two words",
            "",
            "*",
            "$HOME");
    checkout.run(world, command);
    Result result = checkout.run(world, command);
    String start = checkout.root + "/app/target/start/";
    assertThat(result.code()).isEqualTo(7);
    assertThat(result.err()).isEmpty();
    assertThat(result.out().lines().toList())
        .startsWith("java 25.0.1 " + result.pid())
        .satisfies(lines -> assertThat(lines.get(2)).startsWith("<@" + start))
        .containsSubsequence("<-Da=b>", "<-Dc=*>")
        .endsWith(
            "<-jar>",
            "<" + checkout.root + "/app/target/zonda.jar>",
            "<run>",
            "<two words>",
            "<>",
            "<*>",
            "<$HOME>");
  }

  @ParameterizedTest
  @CsvSource({
    "LANG,,C.UTF-8",
    "LANG,C,C.UTF-8",
    "LC_CTYPE,POSIX,C.UTF-8",
    "LC_ALL,C,C.UTF-8",
    "LANG,de_DE.ISO-8859-1,",
    "LC_ALL,en_US.UTF-8,en_US.UTF-8"
  })
  void thePosixLocaleBecomesOneWithEveryCharacter(String name, String value, String locale)
      throws Exception {
    withJdk();
    checkout.zonda();
    Files.writeString(world.resolve("a jdk/bin/java"), "#!/bin/sh\necho \"${LC_ALL-}\"\n");
    if (value != null) {
      checkout.environment(name, value);
    }
    assertThat(checkout.zonda().out().strip()).isEqualTo(locale == null ? "" : locale);
  }

  @Test
  void itFindsItsCheckoutThroughLinksAndFromElsewhere() throws Exception {
    withJdk();
    Path links = Files.createDirectories(world.resolve("links"));
    Files.createSymbolicLink(links.resolve("one"), Path.of("..", "links", "two"));
    Files.createSymbolicLink(links.resolve("two"), checkout.root.resolve("zonda"));
    String jar = "<" + checkout.root + "/app/target/zonda.jar>";
    assertThat(checkout.run(links, List.of("./one")).out()).contains(jar);
    assertThat(checkout.run(links, List.of("../links/two")).out()).contains(jar);
    assertThat(checkout.run(checkout.root, List.of("sh", "zonda")).out()).contains(jar);
    assertThat(checkout.mavenCalls()).hasSize(1);
  }

  @Test
  void withoutPreparationItStartsThePlainWay() throws Exception {
    withJdk();
    checkout.zonda();
    try (var start = Files.newDirectoryStream(checkout.root.resolve("app/target/start"))) {
      Files.delete(start.iterator().next().resolve("zonda.aot"));
    }
    assertThat(checkout.zonda().out())
        .contains("<--add-modules=jdk.incubator.vector>")
        .doesNotContain("AOTCache");
  }

  // --- Building

  @Test
  void theFirstStartBuildsAndTheSecondTouchesNothing() throws Exception {
    withJdk();
    Result first = checkout.zonda();
    assertThat(first.code()).isEqualTo(7);
    assertThat(first.err()).contains("Building Zonda (first use");
    assertThat(checkout.mavenCalls()).containsExactly("-B package -Dmaven.test.skip=true");
    var before = checkout.everything();
    Result second = checkout.zonda();
    assertThat(second.code()).isEqualTo(7);
    assertThat(second.err()).isEmpty();
    assertThat(checkout.mavenCalls()).hasSize(1);
    assertThat(checkout.everything()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pom.xml",
        "model/pom.xml",
        "model/src/main/java/A.java",
        "model/inner/pom.xml",
        "model/inner/src/main/java/C.java"
      })
  void whatChangedIsBuiltAgain(String file) throws Exception {
    withJdk();
    checkout.zonda();
    checkout.touch(file);
    assertThat(checkout.zonda().err()).contains("Building Zonda (sources have changed)");
    assertThat(checkout.mavenCalls()).hasSize(2);
  }

  @Test
  void aSourceThatIsGoneIsSeen() throws Exception {
    withJdk();
    checkout.zonda();
    Files.delete(checkout.root.resolve("model/src/main/java/B.java"));
    checkout.touch("model/src/main/java");
    checkout.zonda();
    assertThat(checkout.mavenCalls()).hasSize(2);
  }

  @Test
  void aFullDiskIsOneLineAndLeavesNothingHalfBuilt() throws Exception {
    withJdk();
    checkout.maven(
        """
        mkdir -p app/target && echo half > app/target/zonda.jar
        echo '[ERROR] Error creating shaded jar: No space left on device'
        exit 1
        """);
    Result result = checkout.zonda();
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err().lines().toList())
        .hasSize(2)
        .last()
        .asString()
        .startsWith("zonda: cannot build: no space left on the disk of ");
    checkout.maven("echo whole > app/target/zonda.jar");
    assertThat(checkout.zonda().code()).isEqualTo(7);
    assertThat(checkout.root.resolve("app/target/zonda.jar")).hasContent("whole");
  }

  @Test
  void aMavenInPiecesIsForgotten() throws Exception {
    withJdk();
    Path other = checkout.home.resolve(".m2/wrapper/dists/apache-maven-2/cafe");
    Files.createDirectories(other);
    checkout.maven(
        """
        sleep 0.1 # nothing is fetched within a tick of the disk's clock
        mkdir -p "$HOME/.m2/wrapper/dists/apache-maven-1/beef"
        echo "mv: error writing 'maven.jar': No space left on device"
        exit 0
        """);
    assertThat(checkout.zonda().code()).isEqualTo(1);
    assertThat(checkout.home.resolve(".m2/wrapper/dists/apache-maven-1")).isEmptyDirectory();
    assertThat(other).exists();
  }

  @Test
  void otherFailuresGiveTheReasonInOneLine() throws Exception {
    withJdk();
    checkout.maven("echo 'wget: Failed to fetch https://example.org/maven.zip'; exit 1");
    assertThat(checkout.zonda().err()).contains("there is no connection: wget: Failed");
    checkout.maven(
        """
        echo '[ERROR] /x/A.java:[3,5] not a statement'
        echo '[ERROR] /x/A.java:[3,5] not a statement'
        echo '[ERROR] '
        exit 1
        """);
    Result result = checkout.zonda();
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err().lines().skip(1).toList())
        .containsExactly(
            "[ERROR] /x/A.java:[3,5] not a statement",
            "zonda: cannot build: the sources do not compile (the whole output is in "
                + checkout.root
                + "/target/build.log)");
    checkout.maven("echo all is well");
    assertThat(checkout.zonda().err()).contains("zonda: cannot build: all is well (");
  }

  @Test
  void buildingLeavesTheProgramsInputAlone() throws Exception {
    withJdk();
    checkout.maven("cat > eaten; mkdir -p app/target; echo jar > app/target/zonda.jar");
    String zonda = "'" + checkout.root + "/zonda'";
    Result result =
        checkout.run(world, List.of("sh", "-c", "echo prompt | { " + zonda + " >&2; cat; }"));
    assertThat(result.out()).isEqualTo("prompt\n");
    assertThat(checkout.root.resolve("eaten")).isEmptyFile();
  }

  @Test
  void twoFirstStartsBuildOnce() throws Exception {
    withJdk();
    checkout.maven("sleep 2; mkdir -p app/target; echo jar > app/target/zonda.jar");
    List<String> command = List.of(checkout.root + "/zonda");
    Process one = checkout.start(world, command);
    Process two = checkout.start(world, command);
    assertThat(one.waitFor()).isEqualTo(7);
    assertThat(two.waitFor()).isEqualTo(7);
    assertThat(checkout.mavenCalls()).hasSize(1);
    assertThat(checkout.output(one, "err") + checkout.output(two, "err"))
        .contains("Another start is building Zonda");
    assertThat(checkout.root.resolve("target/lock")).doesNotExist();
  }

  @Test
  void theLockOfAKilledStartIsTakenOver() throws Exception {
    withJdk();
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    Path lock = Files.createDirectories(checkout.root.resolve("target")).resolve("lock");
    Files.createSymbolicLink(lock, Path.of(Long.toString(gone.pid())));
    assertThat(checkout.zonda().code()).isEqualTo(7);
    assertThat(Files.isSymbolicLink(lock)).isFalse();
  }

  // --- zonda test

  @Test
  void testRunsTheSuiteAndPassesItsCodeOn() throws Exception {
    withJdk();
    checkout.maven("exit 3");
    Result result = checkout.zonda("test", "-Dtest=A B");
    assertThat(result.code()).isEqualTo(3);
    assertThat(checkout.mavenCalls()).containsExactly("-B -ntp verify -Dtest=A B");
    assertThat(result.out()).contains("<" + checkout.root + "/.mvn/TestSummary.java>");
    assertThat(checkout.root.resolve("target/lock")).doesNotExist();
  }

  @Test
  void whatTestBuiltNeedNotBeBuiltAgain() throws Exception {
    withJdk();
    checkout.maven("mkdir -p app/target; echo jar > app/target/zonda.jar");
    checkout.zonda("test");
    assertThat(checkout.zonda().code()).isEqualTo(7);
    assertThat(checkout.mavenCalls()).hasSize(1);
    checkout.maven("exit 0");
    checkout.zonda("test");
    checkout.zonda();
    assertThat(checkout.mavenCalls()).as("no jar was made").hasSize(3);
  }
}
