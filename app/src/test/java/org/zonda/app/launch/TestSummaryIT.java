package org.zonda.app.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code zonda test} prints last. */
class TestSummaryIT {

  @TempDir Path root;

  private Path begun;

  @BeforeEach
  void aRun() throws IOException {
    begun = Files.createFile(root.resolve("begun"));
    report(
        "model/target/surefire-reports/TEST-a.xml",
        """
        <testsuite tests="5" failures="0" errors="0" skipped="2">
          <testcase><skipped message="Assumption failed: no vocabularies"/></testcase>
          <testcase><skipped type="x.TestAbortedException"><![CDATA[x.y.TestAbortedException: \n\
        no vocabularies\n\tat x.y.Z(Z.java:1)]]></skipped></testcase>
        </testsuite>
        """);
    Path old = report("app/target/surefire-reports/TEST-old.xml", suite(100, 100, 0));
    Files.setLastModifiedTime(old, FileTime.fromMillis(0));
  }

  private static String suite(int tests, int failures, int errors) {
    return "<testsuite tests='%d' failures='%d' errors='%d' skipped='0'/>"
        .formatted(tests, failures, errors);
  }

  private Path report(String file, String text) throws IOException {
    Files.createDirectories(root.resolve(file).getParent());
    return Files.writeString(root.resolve(file), text);
  }

  private List<String> summary(int status) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                Checkout.repository().resolve(".mvn/TestSummary.java").toString(),
                root.toString(),
                begun.toString(),
                Integer.toString(status))
            .redirectErrorStream(true)
            .start();
    List<String> lines = process.inputReader().lines().toList();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    return lines;
  }

  @Test
  void totalsComeLastAndReasonsBefore() throws Exception {
    assertThat(summary(0))
        .endsWith("Skipped 2: no vocabularies", "Tests: 3 passed, 0 failed, 2 skipped");
  }

  @Test
  void failuresAndErrorsCountInEveryModule() throws Exception {
    report("app/target/failsafe-reports/TEST-b.xml", suite(4, 1, 2));
    assertThat(summary(1)).endsWith("Tests: 4 passed, 3 failed, 2 skipped");
  }

  @Test
  void aModuleWithinARoomCountsToo() throws Exception {
    report("tornado-config/simulator/target/surefire-reports/TEST-c.xml", suite(7, 0, 0));
    assertThat(summary(0)).endsWith("Tests: 10 passed, 0 failed, 2 skipped");
  }

  @Test
  void aBuildThatFailedOtherwiseDoesNotLookLikeSuccess() throws Exception {
    assertThat(summary(1).getLast())
        .startsWith("Tests: 3 passed, 0 failed, 2 skipped; the build FAILED");
  }
}
