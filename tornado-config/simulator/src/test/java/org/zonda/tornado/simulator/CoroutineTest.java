package org.zonda.tornado.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoRuntimeException;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

class CoroutineTest {

  @Test
  void eachGoesOnWhereItStopped() {
    List<String> steps = new ArrayList<>();
    List<Coroutine> coroutines = new ArrayList<>();
    for (String name : List.of("a", "b")) {
      coroutines.add(
          new Coroutine(
              () -> {
                for (int i = 0; i < 3; i++) {
                  steps.add(name + i);
                  Coroutine.pause();
                }
              }));
    }

    for (int i = 0; i < 3; i++) {
      coroutines.forEach(Coroutine::resume);
    }

    assertThat(steps).containsExactly("a0", "b0", "a1", "b1", "a2", "b2");
  }

  static void waits(KernelContext c, FloatArray y) {
    c.localBarrier();
    y.set(c.globalIdx, 1f);
  }

  /** Runs a kernel with a barrier and prints what comes of it. */
  static final class Program {
    private Program() {}

    public static void main(String[] args) {
      FloatArray y = new FloatArray(2);
      try {
        Run.once(
            new TaskGraph("g")
                .task("t", CoroutineTest::waits, new KernelContext(), y)
                .transferToHost(DataTransferMode.EVERY_EXECUTION, y),
            2,
            2);
        System.out.println("ran " + y.get(1));
      } catch (TornadoRuntimeException e) {
        System.out.println("refused: " + e.getMessage());
      }
    }
  }

  private static String program(String... flags) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(flags));
    command.addAll(
        List.of(
            "-Xshare:auto", "-cp", System.getProperty("java.class.path"), Program.class.getName()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  @Test
  void theMissingFlagIsNamed() throws Exception {
    assertThat(program())
        .startsWith("refused: the simulator runs kernels with barriers only where")
        .contains("--add-exports java.base/jdk.internal.vm=ALL-UNNAMED");
    assertThat(program("--add-exports", "java.base/jdk.internal.vm=ALL-UNNAMED"))
        .startsWith("ran 1.0");
  }
}
