package org.zonda.tornado.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task2;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task3;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;
import uk.ac.manchester.tornado.api.exceptions.TornadoTaskRuntimeException;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.Int8Array;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.utils.QuantizationUtils;

class LackingOperationTest {
  private static final int EVERY = DataTransferMode.EVERY_EXECUTION;
  private static final TornadoVMBackendType OPENCL = TornadoVMBackendType.OPENCL;
  private static final TornadoVMBackendType PTX = TornadoVMBackendType.PTX;
  private static final TornadoVMBackendType CUDA = TornadoVMBackendType.CUDA;

  static int started;

  static void floatAtomic(KernelContext c, FloatArray y) {
    c.atomicAdd(y, 0, 1f);
  }

  static void simdSum(KernelContext c, FloatArray y) {
    y.set(c.globalIdx, c.simdSum(1f));
  }

  static void shuffle(KernelContext c, FloatArray y) {
    y.set(c.globalIdx, c.simdShuffleDown(1f, 1));
  }

  static void broadcast(KernelContext c, FloatArray y) {
    y.set(c.globalIdx, c.simdBroadcastFirst(1f));
  }

  static void packedDot(KernelContext c, FloatArray y) {
    y.set(c.globalIdx, QuantizationUtils.dp4a_packed(0x01020304, 0x01010101, 0));
  }

  static void intBits(KernelContext c, FloatArray y) {
    y.set(c.globalIdx, Float.intBitsToFloat(0x3f800000));
  }

  static void halfBits(KernelContext c, FloatArray y) {
    y.set(c.globalIdx, Float.float16ToFloat((short) 0x3c00));
  }

  static void makesObject(KernelContext c, FloatArray y) {
    y.set(c.globalIdx, new StringBuilder().length());
  }

  static void makesArrays(KernelContext c, FloatArray y) {
    y.set(c.globalIdx, new float[2][2].length);
  }

  static void unknownSize(KernelContext c, FloatArray y) {
    float[] own = new float[c.localIdx + 1];
    own[0] = 1f;
    y.set(c.globalIdx, own[0]);
  }

  static void throwing(KernelContext c, FloatArray y) {
    if (y.getSize() == 0) {
      throw null;
    }
    y.set(c.globalIdx, 1f);
  }

  static int factorial(int n) {
    return n == 0 ? 1 : n * factorial(n - 1);
  }

  static void recursive(KernelContext c, FloatArray y) {
    y.set(c.globalIdx, factorial(3));
  }

  static void lambda(KernelContext c, FloatArray y) {
    Supplier<Float> one = () -> 1f;
    y.set(c.globalIdx, one.get());
  }

  static void staticField(KernelContext c, FloatArray y) {
    y.set(c.globalIdx, started);
  }

  static void fill(KernelContext c, float[] part) {
    part[c.localIdx] = 1f;
  }

  static void handsOver(KernelContext c, FloatArray y) {
    float[] part = c.allocateFloatLocalArray(64);
    fill(c, part);
    y.set(c.globalIdx, part[c.localIdx]);
  }

  static void boxes(KernelContext c, FloatArray y) {
    if (c.localIdx == c.globalIdx) {
      y.set(c.globalIdx, 1f);
    }
  }

  static void mix(KernelContext c, FloatArray y) {
    y.set(c.globalIdx, 1f);
  }

  static void hostMethod(KernelContext c, FloatArray y) {
    y.init(1f);
  }

  static void otherClass(KernelContext c, FloatArray y) {
    y.set(c.globalIdx, Integer.parseInt("1"));
  }

  static float inHelper(float x) {
    return Math.fma(x, x, x);
  }

  static void helper(KernelContext c, FloatArray y) {
    y.set(c.globalIdx, inHelper(1f));
  }

  static void mma(KernelContext c, FloatArray y) {
    y.set(c.globalIdx, 1f);
    if (c.globalIdx > 1000) {
      c.mmaStore(c.mmaFragment(0f), y, 0, 0, 8);
    }
  }

  static void bits(KernelContext c, FloatArray y) {
    y.set(c.globalIdx, new HalfFloat(1f).getHalfFloatValue());
  }

  private static Arguments of(
      String name,
      Task2<KernelContext, FloatArray> kernel,
      String text,
      TornadoVMBackendType... backends) {
    return Arguments.of(name, kernel, text, List.of(backends));
  }

  static Stream<Arguments> lacking() {
    return Stream.of(
        of("floatAtomic", LackingOperationTest::floatAtomic, "atomicAdd on floats", OPENCL),
        of("simdSum", LackingOperationTest::simdSum, "uses simdSum", OPENCL),
        of("shuffle", LackingOperationTest::shuffle, "uses simdShuffleDown", OPENCL),
        of("broadcast", LackingOperationTest::broadcast, "uses simdBroadcastFirst", OPENCL),
        of("packedDot", LackingOperationTest::packedDot, "uses dp4a_packed", OPENCL),
        of("intBits", LackingOperationTest::intBits, "Float.intBitsToFloat", OPENCL, PTX, CUDA),
        of("halfBits", LackingOperationTest::halfBits, "Float.float16ToFloat", OPENCL, PTX, CUDA),
        of(
            "makesObject",
            LackingOperationTest::makesObject,
            "an object of StringBuilder",
            OPENCL,
            PTX,
            CUDA),
        of(
            "makesArrays",
            LackingOperationTest::makesArrays,
            "an array of arrays",
            OPENCL,
            PTX,
            CUDA),
        of(
            "unknownSize",
            LackingOperationTest::unknownSize,
            "size is not a constant",
            OPENCL,
            PTX,
            CUDA),
        of("throwing", LackingOperationTest::throwing, "throws an exception", OPENCL, PTX, CUDA),
        of(
            "factorial",
            LackingOperationTest::recursive,
            "factorial calls itself",
            OPENCL,
            PTX,
            CUDA),
        of("lambda", LackingOperationTest::lambda, "uses a lambda", OPENCL, PTX, CUDA),
        of(
            "staticField",
            LackingOperationTest::staticField,
            "field LackingOperationTest.started",
            OPENCL,
            PTX,
            CUDA),
        of(
            "handsOver",
            LackingOperationTest::handsOver,
            "hands a local array to",
            OPENCL,
            PTX,
            CUDA),
        of("mix", LackingOperationTest::mix, "is called like a function", OPENCL),
        of("boxes", LackingOperationTest::boxes, "compares references", OPENCL, PTX, CUDA),
        of(
            "hostMethod",
            LackingOperationTest::hostMethod,
            "calls FloatArray.init",
            OPENCL,
            PTX,
            CUDA),
        of("otherClass", LackingOperationTest::otherClass, "Integer.parseInt", OPENCL, PTX, CUDA),
        of("inHelper", LackingOperationTest::helper, "Math.fma", OPENCL, PTX, CUDA),
        of("bits", LackingOperationTest::bits, "the bits of a HalfFloat", OPENCL),
        of("mma", LackingOperationTest::mma, "mmaFragment", OPENCL));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("lacking")
  void isReportedBeforeAnythingRuns(
      String method,
      Task2<KernelContext, FloatArray> kernel,
      String text,
      List<TornadoVMBackendType> backends) {
    for (TornadoVMBackendType backend : List.of(OPENCL, PTX, CUDA)) {
      FloatArray y = new FloatArray(64);
      TaskGraph graph =
          new TaskGraph("g")
              .transferToDevice(EVERY, y)
              .task("t", kernel, new KernelContext(), y)
              .transferToHost(EVERY, y);

      KernelFault fault = Run.fault(backend, graph, 64, 64);

      if (backends.contains(backend)) {
        assertThat(fault).as("%s", backend).isNotNull();
        assertThat(fault.kind()).isEqualTo(FaultKind.LACKING_OPERATION);
        assertThat(fault)
            .hasMessageContaining("g.t: LackingOperationTest." + method)
            .hasMessageContaining(text);
        assertThat(y.toHeapArray()).containsOnly(0f);
      } else {
        assertThat(fault).as("%s", backend).isNull();
        assertThat(y.get(0)).isNotZero();
      }
    }
  }

  static float scaled(float x, float by) {
    return x * by;
  }

  static void allowed(KernelContext c, FloatArray y, int size, float by) {
    float[] own = new float[size * 2];
    for (int i = 0; i < size * 2; i++) {
      own[i] = new HalfFloat(0.5f).getFloat32();
    }
    float value = TornadoMath.max(scaled(own[size], by), (float) Math.sqrt(4f));
    y.set(c.globalIdx, value + Integer.bitCount(7) + y.getSize());
  }

  @Test
  void whatTheBackendsHaveIsNotReported() {
    for (TornadoVMBackendType backend : List.of(OPENCL, PTX, CUDA)) {
      FloatArray y = new FloatArray(2);
      TaskGraph graph =
          new TaskGraph("g")
              .transferToDevice(EVERY, y)
              .task("t", LackingOperationTest::allowed, new KernelContext(), y, 2, 8f)
              .transferToHost(EVERY, y);

      assertThat(Run.fault(backend, graph, 2, 1)).isNull();
      assertThat(y.toHeapArray()).containsOnly(9f);
    }
  }

  static void bytes(KernelContext c, ByteArray x, IntArray y) {
    byte[] own = new byte[1];
    own[0] = x.get(0);
    int low = own[0] & 15;
    int high = (x.get(0) >> 4 & 15) - 8;
    float all = (float) (x.get(0) & 255) - 128f;
    y.set(0, low * 1000000 + high * 1000 + (int) all);
  }

  static void subtracted(KernelContext c, ByteArray x, IntArray y) {
    int b = x.get(0) & 255;
    y.set(0, (b >> 4) - 8);
  }

  static void negated(KernelContext c, ByteArray x, IntArray y) {
    y.set(0, -(x.get(0) & 0xff));
  }

  static void extended(KernelContext c, ByteArray x, IntArray y) {
    byte[] own = new byte[1];
    own[0] = x.get(0);
    y.set(0, (255 & own[0]) << 24 >> 24);
  }

  private static KernelFault bytes(Task3<KernelContext, ByteArray, IntArray> kernel, IntArray y) {
    ByteArray x = ByteArray.fromElements((byte) 0xf3);
    return Run.fault(
        new TaskGraph("g")
            .transferToDevice(EVERY, x)
            .task("t", kernel, new KernelContext(), x, y)
            .transferToHost(EVERY, y),
        1,
        1);
  }

  @Test
  void bytesThatTurnUnsignedAreReported() {
    IntArray y = new IntArray(1);

    assertThat(bytes(LackingOperationTest::bytes, y)).isNull();
    assertThat(y.get(0)).isEqualTo(3007115);
    assertThat(bytes(LackingOperationTest::subtracted, y))
        .hasMessageContaining("LackingOperationTest.subtracted:")
        .hasMessageContaining("byte & 255");
    assertThat(bytes(LackingOperationTest::negated, y)).hasMessageContaining("byte & 255");
    assertThat(bytes(LackingOperationTest::extended, y)).hasMessageContaining("byte & 255");
  }

  static void shifts(KernelContext c, IntArray x, IntArray y, int way) {
    int value = x.get(c.globalIdx);
    int result = 0;
    if (way == 0) {
      result = value >>> 4;
    } else if (way == 1) {
      result = value >>> 4 & 15;
    } else if (way == 2) {
      result = (int) ((long) value >>> 4);
    } else {
      result = value / 2;
    }
    y.set(c.globalIdx, result);
  }

  private static KernelFault shifts(int value, IntArray y, int way) {
    IntArray x = IntArray.fromElements(value);
    return Run.fault(
        new TaskGraph("g")
            .transferToDevice(EVERY, x)
            .task("t", LackingOperationTest::shifts, new KernelContext(), x, y, way)
            .transferToHost(EVERY, y),
        1,
        1);
  }

  @Test
  void arithmeticThatIsCompiledWronglyIsReportedWhereItMatters() {
    IntArray y = new IntArray(1);

    assertThat(shifts(-1, y, 0).kind()).isEqualTo(FaultKind.LACKING_OPERATION);
    assertThat(shifts(-1, y, 0)).hasMessageContaining(">>> of the negative integer -1");
    assertThat(shifts(255, y, 0)).isNull();
    assertThat(y.get(0)).isEqualTo(15);
    assertThat(shifts(-1, y, 1)).isNull();
    assertThat(y.get(0)).isEqualTo(15);
    assertThat(shifts(-1, y, 2)).hasMessageContaining(">>>");
    assertThat(shifts(-5, y, 3)).hasMessageContaining("division of the negative integer -5");
    assertThat(shifts(5, y, 3)).isNull();
    assertThat(y.get(0)).isEqualTo(2);
  }

  static void unpacked(KernelContext c, Int8Array a, IntArray y) {
    byte[] part = c.allocateByteLocalArray(4);
    part[c.localIdx] = (byte) (c.localIdx + 1);
    c.localBarrier();
    y.set(
        c.localIdx,
        QuantizationUtils.dp4a(a, 0, part, 0, 1) + QuantizationUtils.dp4a(a, 0, a, 4, 0));
  }

  @Test
  void integerDotProductsAreComputed() {
    Int8Array a =
        Int8Array.fromElements(
            (byte) -1, (byte) 2, (byte) -3, (byte) 4, (byte) 5, (byte) 6, (byte) 7, (byte) -128);
    IntArray y = new IntArray(4);

    KernelFault fault =
        Run.fault(
            CUDA,
            new TaskGraph("g")
                .transferToDevice(EVERY, a)
                .task("t", LackingOperationTest::unpacked, new KernelContext(), a, y)
                .transferToHost(EVERY, y),
            4,
            4);

    assertThat(fault).isNull();
    assertThat(y.toHeapArray()).containsOnly(1 + (-1 + 4 - 9 + 16) + (-5 + 12 - 21 - 512));
  }

  static void divides(KernelContext c, IntArray y, int by) {
    y.set(c.globalIdx, 4 / by);
  }

  @Test
  void aJavaExceptionInAKernelIsReportedWithItsPlace() {
    IntArray y = new IntArray(1);

    KernelFault fault =
        Run.fault(
            new TaskGraph("g")
                .task("t", LackingOperationTest::divides, new KernelContext(), y, 0)
                .transferToHost(EVERY, y),
            1,
            1);

    assertThat(fault.kind()).isEqualTo(FaultKind.EXCEPTION);
    assertThat(fault)
        .hasMessageContaining("LackingOperationTest.divides:")
        .hasMessageContaining("/ by zero");
  }

  @Test
  void capturedVariablesAreRefused() {
    FloatArray y = new FloatArray(1);
    float captured = y.getSize();
    TaskGraph graph =
        new TaskGraph("g")
            .task(
                "t",
                (KernelContext c, FloatArray out) -> out.set(c.globalIdx, captured),
                new KernelContext(),
                y)
            .transferToHost(EVERY, y);

    assertThatThrownBy(() -> Run.once(graph, 1, 1))
        .isInstanceOf(TornadoTaskRuntimeException.class)
        .hasMessageContaining("must not use variables from around it");
  }

  @Test
  @SuppressWarnings("unchecked")
  void aKernelCompiledWithoutVariableTablesIsRefused(@TempDir Path folder) throws Exception {
    Path source = folder.resolve("Bare.java");
    Files.writeString(
        source,
        """
        import uk.ac.manchester.tornado.api.KernelContext;
        import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task2;
        import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
        public class Bare {
          public static final Task2<KernelContext, FloatArray> TASK = Bare::kernel;
          static void kernel(KernelContext c, FloatArray y) {
            y.set(c.globalIdx, 1f);
          }
        }
        """);
    for (String debug : List.of("-g:none", "-g")) {
      int status =
          ToolProvider.getSystemJavaCompiler()
              .run(
                  null,
                  null,
                  null,
                  debug,
                  "-cp",
                  Path.of(
                          KernelContext.class
                              .getProtectionDomain()
                              .getCodeSource()
                              .getLocation()
                              .toURI())
                      .toString(),
                  "-d",
                  folder.toString(),
                  source.toString());
      assertThat(status).isZero();
      FloatArray y = new FloatArray(1);
      try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
        Task2<KernelContext, FloatArray> task =
            (Task2<KernelContext, FloatArray>) loader.loadClass("Bare").getField("TASK").get(null);
        KernelFault fault =
            Run.fault(
                new TaskGraph("g").task("t", task, new KernelContext(), y).transferToHost(EVERY, y),
                1,
                1);
        if (debug.equals("-g")) {
          assertThat(fault).isNull();
        } else {
          assertThat(fault).hasMessageContaining("Bare.kernel:0").hasMessageContaining("-g");
        }
      }
    }
  }
}
