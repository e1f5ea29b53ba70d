package org.zonda.runtime.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.zonda.kernels.Touch;
import org.zonda.model.ZondaException;
import org.zonda.runtime.backend.CacheType;
import org.zonda.runtime.backend.ExecutorOptions;
import org.zonda.runtime.backend.OperationRecorder;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** What stays on the device, and what a failure says. */
class DeviceProgramTest {

  private static final PassSize ONE = new PassSize(1, 1);

  private final DeviceProgram program =
      new DeviceProgram(
          TestDevice.DEVICE, new OperationRecorder(new ExecutorOptions(1, 1, 1, CacheType.F32)));
  private final IntArray pass = new IntArray(1);

  /** Adds the pass's number to a sum that stays on the device. */
  static void addPass(KernelContext c, IntArray pass, IntArray sum) {
    if (c.globalIdx == 0) {
      sum.set(0, sum.get(0) + pass.get(0));
    }
  }

  static void double0(KernelContext c, IntArray sum) {
    if (c.globalIdx == 0) {
      sum.set(0, 2 * sum.get(0));
    }
  }

  static void beyond(KernelContext c, IntArray sum) {
    sum.set(c.globalIdx + 1000, 1);
  }

  private DeviceGraph step(IntArray sink) {
    TaskList tasks = new TaskList();
    tasks.add(
        "pass",
        Grid.single(),
        (g, n) -> g.task(n, Touch::readInts, program.context, pass, pass, pass, pass, sink));
    return program.step(tasks, pass);
  }

  @Test
  void arraysStayWhicheverGraphsFollowEachOther() {
    IntArray sum = program.upload(IntArray.fromElements(100));
    IntArray sink = program.allocate(new IntArray(1));
    DeviceGraph step = step(sink);
    TaskList adds = new TaskList();
    adds.add(
        "add",
        Grid.single(),
        (g, n) -> g.task(n, DeviceProgramTest::addPass, program.context, pass, sum));
    DeviceGraph add = program.graph("add", adds, List.of(), false);
    TaskList doubles = new TaskList();
    doubles.add(
        "double",
        Grid.single(),
        (g, n) -> g.task(n, DeviceProgramTest::double0, program.context, sum));
    DeviceGraph twice = program.graph("double", doubles, List.of(), false);
    try (program) {
      program.start();
      int expected = 100;
      for (int i = 1; i < 4; i++) {
        pass.set(0, i);
        program.run(step, ONE);
        if (i % 2 == 0) {
          program.run(twice, ONE);
          expected *= 2;
        }
        program.run(add, ONE);
        program.run(add, ONE);
        program.run(twice, ONE);
        expected = 2 * (expected + 2 * i);
        // What the host has is older, until it is fetched.
        program.fetch(sum, 1);
        assertThat(sum.get(0)).isEqualTo(expected);
      }
    }
  }

  @Test
  void aFailureNamesKernelDeviceAndWayOut() {
    assumeTrue(TestDevice.SIMULATED, "a device does not say when a kernel writes elsewhere");
    IntArray sum = program.allocate(new IntArray(1));
    DeviceGraph step = step(sum);
    TaskList tasks = new TaskList();
    tasks.add(
        "bad", Grid.single(), (g, n) -> g.task(n, DeviceProgramTest::beyond, program.context, sum));
    DeviceGraph graph = program.graph("layers", tasks, List.of(), false);
    try (program) {
      program.start();
      program.run(step, ONE);
      assertThatThrownBy(() -> program.run(graph, ONE))
          .isInstanceOf(ZondaException.class)
          .hasMessageStartingWith(
              "kernel 'layers.bad_0' on " + DeviceFailures.name(TestDevice.DEVICE) + " failed: ")
          .hasMessageEndingWith("; use --backend cpu")
          .message()
          .doesNotContain("\n");
    }
  }
}
