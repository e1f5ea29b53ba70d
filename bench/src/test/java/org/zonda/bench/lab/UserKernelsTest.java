package org.zonda.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zonda.model.ZondaException;

/** What users' kernels are kept from doing to the process that loads them. */
class UserKernelsTest {

  private static final String LIMIT = "zonda.simulator.timeout";

  @TempDir private Path folder;

  private Path kernel() throws IOException {
    return Files.writeString(
        folder.resolve("Reset.java"),
        """
        import org.zonda.kernels.Kernel;
        import uk.ac.manchester.tornado.api.KernelContext;
        import uk.ac.manchester.tornado.api.types.arrays.IntArray;

        public final class Reset {
          @Kernel("cursor.reset")
          public static void reset(KernelContext c, IntArray cursor) {
            cursor.set(0, 0);
          }
        }
        """);
  }

  @Test
  void theSimulatorHasALimitWhereTheyAreLoaded() throws IOException {
    String before = System.getProperty(LIMIT);
    try {
      System.clearProperty(LIMIT);
      UserKernels.load(kernel());
      assertThat(System.getProperty(LIMIT)).isEqualTo("60");
      System.setProperty(LIMIT, "600");
      UserKernels.load(kernel());
      assertThat(System.getProperty(LIMIT)).isEqualTo("600");
    } finally {
      if (before == null) {
        System.clearProperty(LIMIT);
      } else {
        System.setProperty(LIMIT, before);
      }
    }
  }

  @Test
  void aKernelHasTheClassesOfItsFile() throws IOException {
    UserKernel kernel = UserKernels.load(kernel()).get("cursor.reset");
    assertThat(kernel.classes()).containsOnlyKeys("Reset");
  }

  @Test
  void twoFilesMayNotHaveDifferentClassesOfAName() {
    ClaimedClasses claimed = new ClaimedClasses();
    Map<String, byte[]> one = Map.of("My", new byte[] {1, 2});
    assertThat(claimed.claim(Path.of("v1/My.java"), one)).containsOnlyKeys("My");
    assertThat(claimed.claim(Path.of("v2/My.java"), Map.of("My", new byte[] {1, 2}))).isEmpty();
    Map<String, byte[]> other = Map.of("Your", new byte[0], "My", new byte[] {1, 3});
    assertThatThrownBy(() -> claimed.claim(Path.of("v2/My.java"), other))
        .isInstanceOf(ZondaException.class)
        .hasMessage(
            "v1/My.java and v2/My.java have different classes of the name My, of which TornadoVM would see the first only; rename one");
    assertThat(claimed.claim(Path.of("v3/Your.java"), Map.of("Your", new byte[] {9})))
        .containsOnlyKeys("Your");
  }

  /** Whatever goes wrong in the process is a line in its file, and no stack trace. */
  @Test
  void theProcessReportsWhateverFails() throws IOException {
    Path found = folder.resolve("found.json");
    CheckProcess.main(new String[] {found.toString(), "CHECK", "rows.copy", "", "no number"});
    assertThat(found)
        .content()
        .isEqualTo("{\"failed\":\"For input string: \\\"no number\\\"\"}\n{\"done\":true}\n");
  }
}
