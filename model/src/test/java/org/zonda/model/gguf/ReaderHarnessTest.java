package org.zonda.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.BufferUnderflowException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.zonda.model.gguf.ReaderHarness.Outcome;
import org.zonda.model.gguf.ReaderHarness.Reader;

/** The fuzz can fail: its harness notices each way in which a reader may be wrong. */
class ReaderHarnessTest {
  private static final byte[] FILE = GgufSamples.model().toBytes();

  @Test
  void acceptsAReaderThatIsRight() {
    ReaderHarness harness = harness(ReaderHarnessTest::open);
    assertThat(harness.check("none", FILE)).isEqualTo(Outcome.OPENED);
    assertThat(harness.check("cut", new byte[7])).isEqualTo(Outcome.REFUSED);
    assertThat(harness.count(Outcome.OPENED)).isEqualTo(1);
    assertThat(harness.kindsOfRefusal()).isEqualTo(1);
  }

  @Test
  void noticesOtherExceptions() {
    for (RuntimeException wrong :
        List.of(
            new IndexOutOfBoundsException("7"),
            new NegativeArraySizeException("-1"),
            new ArithmeticException("overflow"),
            new BufferUnderflowException(),
            new IllegalArgumentException("bad"))) {
      assertNoticed(
          bytes -> {
            throw wrong;
          },
          "threw " + wrong);
    }
  }

  @Test
  void noticesErrors() {
    assertNoticed(
        bytes -> {
          throw new OutOfMemoryError("Java heap space");
        },
        "threw java.lang.OutOfMemoryError");
    assertNoticed(
        bytes -> {
          throw new StackOverflowError();
        },
        "threw java.lang.StackOverflowError");
  }

  @Test
  void noticesPoorMessages() {
    for (String message :
        List.of("no label", "sample: two\nlines", "sample: " + "x".repeat(2000))) {
      assertNoticed(
          bytes -> {
            throw new GgufException(message);
          },
          "was refused by the message");
    }
  }

  @Test
  void noticesFilesThatOpenButCannotBeRead() {
    assertNoticed(
        bytes -> {
          try (Arena arena = Arena.ofConfined()) {
            MemorySegment segment = arena.allocate(bytes.length);
            segment.copyFrom(MemorySegment.ofArray(bytes));
            return GgufFile.open(segment, "sample");
          }
        },
        "threw java.lang.IllegalStateException");
  }

  @Test
  void noticesWasteOfMemory() {
    List<byte[]> waste = new ArrayList<>();
    assertNoticed(
        bytes -> {
          waste.add(new byte[17 << 20]);
          return open(bytes);
        },
        "bytes were allocated for a file of " + FILE.length);
    assertThat(waste).hasSize(1);
  }

  @Test
  void noticesWasteOfTime() {
    assertNoticed(
        bytes -> {
          long begin = cpuTime();
          while (cpuTime() - begin < 1_100_000_000L) {
            Thread.onSpinWait();
          }
          return open(bytes);
        },
        "took 1");
  }

  /** A reader without bounds checks, as a naive one would be: the fuzz's own files find it out. */
  @Test
  void noticesAReaderThatTrustsItsFile() {
    Map<String, byte[]> mutants = GgufMutations.structuralNumbers(GgufSamples.model());
    ReaderHarness harness =
        harness(
            bytes -> {
              MemorySegment segment = MemorySegment.ofArray(bytes);
              long entries = segment.get(ValueLayout.JAVA_LONG_UNALIGNED, 16);
              Object[] table = new Object[(int) entries];
              assertThat(table).isNotNull();
              return open(bytes);
            });
    assertThatThrownBy(() -> mutants.forEach(harness::check)).isInstanceOf(AssertionError.class);
  }

  private static long cpuTime() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static void assertNoticed(Reader reader, String message) {
    assertThatThrownBy(() -> harness(reader).check("change", FILE))
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("change: ")
        .hasMessageContaining(message);
  }

  private static ReaderHarness harness(Reader reader) {
    return new ReaderHarness("sample", reader);
  }

  private static GgufFile open(byte[] bytes) {
    return GgufFile.open(MemorySegment.ofArray(bytes), "sample");
  }
}
