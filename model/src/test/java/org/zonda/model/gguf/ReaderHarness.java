package org.zonda.model.gguf;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.zonda.model.gguf.MetadataValue.ArrayValue;
import org.zonda.model.tensor.Codecs;
import org.zonda.model.tensor.Tensor;

/**
 * What every file must do to the reader, however broken: open and be readable to its last value, or
 * be refused by a {@link GgufException} of one line that names the file; both soon, and with memory
 * that its size justifies.
 */
final class ReaderHarness {
  /** How a file is opened; the harness's own tests put faulty readers here. */
  @FunctionalInterface
  interface Reader {
    GgufFile open(byte[] bytes);
  }

  enum Outcome {
    OPENED,
    REFUSED
  }

  /** Decoding turns a byte of metadata into an object, and 2 bytes of Q4_0 into 4 floats. */
  private static final long ALLOCATED_PER_BYTE = 256;

  /** The JVM counts a thread's allocation buffer, of up to some megabytes, as a whole. */
  private static final long ALLOCATED_ALWAYS = 16 << 20;

  /** Of processor time: other programs on the machine must not fail a test. */
  private static final Duration LIMIT = Duration.ofSeconds(1);

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final String label;
  private final Reader reader;
  private final Map<Outcome, Integer> outcomes = new HashMap<>();
  private final Map<String, Integer> refusals = new HashMap<>();

  /**
   * A harness for one reader.
   *
   * @param label what its messages must begin with
   */
  ReaderHarness(String label, Reader reader) {
    this.label = label;
    this.reader = reader;
  }

  /**
   * Opens a file and reads all of it.
   *
   * @param change what was done to the file, for the failure's message
   * @throws AssertionError if the reader did anything but open or refuse it properly
   */
  Outcome check(String change, byte[] bytes) {
    long memory = THREADS.getCurrentThreadAllocatedBytes();
    long start = THREADS.getCurrentThreadCpuTime();
    Outcome outcome = read(change, bytes);
    long nanos = THREADS.getCurrentThreadCpuTime() - start;
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - memory;
    if (nanos > LIMIT.toNanos()) {
      throw new AssertionError(
          "%s: took %d ms of processor time".formatted(change, nanos / 1_000_000));
    }
    if (allocated > ALLOCATED_ALWAYS + ALLOCATED_PER_BYTE * bytes.length) {
      throw new AssertionError(
          "%s: %d bytes were allocated for a file of %d"
              .formatted(change, allocated, bytes.length));
    }
    outcomes.merge(outcome, 1, Integer::sum);
    return outcome;
  }

  int count(Outcome outcome) {
    return outcomes.getOrDefault(outcome, 0);
  }

  /** How many messages there were, numbers and names left out. */
  int kindsOfRefusal() {
    return refusals.size();
  }

  private Outcome read(String change, byte[] bytes) {
    try (GgufFile file = reader.open(bytes)) {
      readAll(file);
      return Outcome.OPENED;
    } catch (GgufException e) {
      checkMessage(change, e.getMessage());
      return Outcome.REFUSED;
    } catch (Throwable e) {
      throw new AssertionError(change + ": threw " + e, e);
    }
  }

  private static void readAll(GgufFile file) {
    for (String key : file.metadata().keys()) {
      MetadataValue value = file.metadata().find(key).orElseThrow();
      if (value instanceof ArrayValue array) {
        array.values().forEach(Object::hashCode);
        if (array.elementType() == MetadataType.STRING) {
          array.strings();
        }
      }
    }
    for (Tensor tensor : file.tensors()) {
      if (Codecs.find(tensor.type()).isPresent()) {
        tensor.toFloats();
      }
      tensor.data().asByteBuffer().hashCode();
    }
  }

  private void checkMessage(String change, String message) {
    boolean oneLine = message.chars().noneMatch(Character::isISOControl);
    if (!message.startsWith(label) || !oneLine || message.length() > 1200) {
      throw new AssertionError(change + ": was refused by the message '" + message + "'");
    }
    refusals.merge(message.replaceAll("'[^']*'|[0-9]+", ""), 1, Integer::sum);
  }
}
