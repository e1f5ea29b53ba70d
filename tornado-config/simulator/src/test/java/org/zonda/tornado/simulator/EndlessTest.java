package org.zonda.tornado.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task2;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Kernels that go round a loop for ever, and such that take memory without measure. */
@Tag("simulator")
@Timeout(30)
class EndlessTest {

  static void whileLoop(KernelContext c, IntArray x) {
    int i = 0;
    while (x.get(0) == 0) {
      i++;
    }
    x.set(1, i);
  }

  static void doLoop(KernelContext c, IntArray x) {
    int i = 0;
    do {
      i++;
    } while (x.get(0) == 0);
    x.set(1, i);
  }

  static void emptyLoop(KernelContext c, IntArray x) {
    x.set(1, 0);
    while (true) {}
  }

  static void barriers(KernelContext c, IntArray x) {
    while (x.get(0) == 0) {
      c.localBarrier();
    }
    x.set(1 + c.localIdx, 0);
  }

  static void choice(KernelContext c, IntArray x) {
    int i = 0;
    while (true) {
      switch (x.get(0)) {
        case 0:
          continue;
        case 1:
          i++;
          break;
        default:
          x.set(1, i);
          return;
      }
    }
  }

  static void inAHelper(KernelContext c, IntArray x) {
    x.set(1, turns(x.get(0)));
  }

  private static int turns(int step) {
    int n = 0;
    for (int i = 0; i < 10; i = i + step) {
      n++;
    }
    return n;
  }

  enum Loop {
    WHILE(EndlessTest::whileLoop, "EndlessTest.whileLoop:24"),
    DO(EndlessTest::doLoop, "EndlessTest.doLoop:33"),
    EMPTY(EndlessTest::emptyLoop, "EndlessTest.emptyLoop:39"),
    BARRIERS(EndlessTest::barriers, "EndlessTest.barriers:44"),
    CHOICE(EndlessTest::choice, "EndlessTest.choice:5"),
    HELPER(EndlessTest::inAHelper, "EndlessTest.turns:7");

    private final Task2<KernelContext, IntArray> kernel;
    private final String where;

    Loop(Task2<KernelContext, IntArray> kernel, String where) {
      this.kernel = kernel;
      this.where = where;
    }
  }

  private static TaskGraph graph(Task2<KernelContext, IntArray> kernel) {
    IntArray x = new IntArray(64);
    x.init(0);
    return new TaskGraph("g")
        .transferToDevice(DataTransferMode.EVERY_EXECUTION, x)
        .task("t", kernel, new KernelContext(), x)
        .transferToHost(DataTransferMode.EVERY_EXECUTION, x);
  }

  @ParameterizedTest
  @EnumSource
  void aLoopWithoutEndIsStopped(Loop loop) {
    KernelFault fault = Run.fault(graph(loop.kernel), 32, 32);
    assertThat(fault.kind()).isEqualTo(FaultKind.ENDLESS);
    assertThat(fault)
        .hasMessageStartingWith("kernel that does not end: g.t (" + loop.where)
        .hasMessageContaining("work-item (")
        .hasMessageEndingWith("still goes round a loop here after 1 s, which is its limit");
  }

  static void many(KernelContext c, IntArray x) {
    int sum = 0;
    for (int i = 0; i < 100_000; i++) {
      sum = sum + i % 3;
    }
    x.set(c.globalIdx, sum);
  }

  @Test
  void aLoopThatEndsIsNot() {
    assertThat(Run.fault(graph(EndlessTest::many), 64, 32)).isNull();
  }

  static void large(KernelContext c, IntArray x) {
    int[] mine = new int[1_000_000_000];
    mine[0] = 1;
    x.set(1, mine[0]);
  }

  @Test
  void aPrivateArrayBeyondMeasureIsRefusedBeforeItIsMade() {
    KernelFault fault = Run.fault(graph(EndlessTest::large), 1, 1);
    assertThat(fault.kind()).isEqualTo(FaultKind.REFUSED_LAUNCH);
    assertThat(fault)
        .hasMessageContaining("(EndlessTest.large:")
        .hasMessageContaining(
            "a private array of 1000000000 elements; a work-item may have 65536 at most");
  }

  static void largeLocal(KernelContext c, IntArray x) {
    int[] ours = c.allocateIntLocalArray(1_000_000_000);
    ours[0] = 1;
    x.set(1, ours[0]);
  }

  @Test
  void soIsALocalOne() {
    assertThat(Run.fault(graph(EndlessTest::largeLocal), 1, 1))
        .hasMessageContaining("4000000000 bytes of local memory; a group has 49152");
  }
}
