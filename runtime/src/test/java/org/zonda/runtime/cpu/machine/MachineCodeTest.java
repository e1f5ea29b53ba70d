package org.zonda.runtime.cpu.machine;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.zonda.runtime.cpu.machine.Op.*;
import static org.zonda.runtime.cpu.machine.Registers.*;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.zonda.runtime.cpu.machine.Operand.Label;

final class MachineCodeTest {

  private static void assumeMachineCode() {
    assumeTrue(
        MachineCode.instructionSet() != InstructionSet.OFF,
        () -> MachineCode.reason().orElseThrow());
  }

  /** Adds the ints of a Java array: arguments, heap memory, labels, and a result. */
  @Test
  void runs() throws Throwable {
    assumeMachineCode();
    Assembler a = new Assembler();
    Label loop = a.label();
    a.emit(XOR, EAX, EAX);
    a.bind(loop);
    a.emit(ADD, EAX, mem(RDI, RSI, 4, -4));
    a.emit(DEC, RSI).emit(JNE, loop);
    a.emit(RET);
    MethodHandle sum =
        MachineCode.link("sum", a, FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG))
            .orElseThrow();
    int[] numbers = {3, 5, -100, 1000};
    assertThat((int) sum.invokeExact(MemorySegment.ofArray(numbers), 4L)).isEqualTo(908);
  }

  /** What Linux says of the pages: none is writable and executable. */
  @Test
  void codeIsNotWritable() throws Throwable {
    assumeMachineCode();
    CodeMemory.Pages pages = new CodeMemory.LinuxPages();
    MemorySegment code =
        CodeMemory.install(pages, new Assembler().emit(MOV, EAX, 7).emit(RET).code());
    assertThat(permissions(code.address())).isEqualTo("r-xp");
    pages.release(code);
    assertThat(permissions(code.address())).isNotEqualTo("r-xp");
  }

  private static String permissions(long address) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
      String[] parts = line.split("[- ]");
      if (Long.parseUnsignedLong(parts[0], 16) <= address
          && address < Long.parseUnsignedLong(parts[1], 16)) {
        return line.split(" ")[1];
      }
    }
    return "";
  }

  @Test
  void aRefusalOfTheSystemIsToldAndItsPagesGivenBack() throws Throwable {
    assumeMachineCode();
    CodeMemory.Pages linux = new CodeMemory.LinuxPages();
    List<MemorySegment> released = new ArrayList<>();
    CodeMemory.Pages refusing =
        new CodeMemory.Pages() {
          @Override
          public MemorySegment reserve(long bytes) throws CodeMemory.RefusedException {
            return linux.reserve(bytes);
          }

          @Override
          public void makeExecutable(MemorySegment pages) throws CodeMemory.RefusedException {
            // What is not mapped cannot be made executable: the system's own refusal.
            linux.makeExecutable(MemorySegment.ofAddress(4096).reinterpret(4096));
          }

          @Override
          public void release(MemorySegment pages) throws CodeMemory.RefusedException {
            linux.release(pages);
            released.add(pages);
          }
        };
    assertThatThrownBy(() -> CodeMemory.install(refusing, new byte[] {(byte) 0xC3}))
        .isInstanceOf(CodeMemory.RefusedException.class)
        .hasMessage("the system refused mprotect to make code executable (errno 12)");
    assertThat(released).hasSize(1);
    assertThatThrownBy(() -> linux.reserve(1L << 62))
        .isInstanceOf(CodeMemory.RefusedException.class)
        .hasMessage("the system refused mmap of 4611686018427387904 bytes (errno 12)");
  }

  @Test
  void isSwitchedOffByItsSetting() throws Exception {
    assertThat(inFreshJvm("-Dzonda.machine=off"))
        .isEqualTo("OFF machine code is not used: it is switched off by zonda.machine=off");
    assertThat(inFreshJvm("-Dzonda.machine=avx3"))
        .isEqualTo(
            "system property zonda.machine is 'avx3'; expected one of off, avx2, avxvnni, avx512");
  }

  @Test
  void otherSystemsAreToldSo() throws Exception {
    assertThat(inFreshJvm("-Dos.arch=aarch64"))
        .isEqualTo(
            "OFF machine code is not used: it is written for Linux on x86-64, which this is not");
  }

  @Test
  void refusedNativeAccessIsToldAndWarnsOfNothing() throws Exception {
    assumeMachineCode();
    assertThat(inFreshJvm("--illegal-native-access=deny"))
        .isEqualTo(
            "OFF machine code is not used: native access is refused: start Java with"
                + " --enable-native-access=ALL-UNNAMED");
    assertThat(inFreshJvm("--enable-native-access=ALL-UNNAMED"))
        .isEqualTo(CpuFeatures.detected().best(InstructionSet.AVX512) + " ");
  }

  /** Prints what {@link MachineCode} says, since a process asks only once. */
  static final class Ask {
    private Ask() {}

    public static void main(String[] arguments) {
      try {
        System.out.print(MachineCode.instructionSet() + " " + MachineCode.reason().orElse(""));
      } catch (org.zonda.model.ZondaException e) {
        System.out.print(e.getMessage());
      }
    }
  }

  private static String inFreshJvm(String flag) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                flag,
                "-cp",
                System.getProperty("java.class.path"),
                Ask.class.getName())
            .redirectErrorStream(true)
            .start();
    try {
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } finally {
      process.destroyForcibly();
    }
  }
}
