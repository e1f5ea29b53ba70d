package org.zonda.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.zonda.model.gguf.RawGguf.Kind;
import org.zonda.model.gguf.ReaderHarness.Outcome;

/**
 * Broken files of every kind end in a clean refusal or in a file that can be read, within the
 * harness's bounds of time and memory. Deterministic; {@link ReaderHarnessTest} proves that it can
 * fail.
 */
@Timeout(120) // a reader that hangs
class GgufFuzzTest {
  private static final int RANDOM_MUTANTS = 10_000;

  enum Sample {
    EMPTY(GgufSamples.empty()),
    MODEL(GgufSamples.model()),
    EVERYTHING_V2(GgufSamples.everything(2)),
    EVERYTHING_V3(GgufSamples.everything(3));

    private final RawGguf file;

    Sample(RawGguf file) {
      this.file = file;
    }
  }

  @TempDir Path folder;

  private final ReaderHarness harness =
      new ReaderHarness("sample", bytes -> GgufFile.open(MemorySegment.ofArray(bytes), "sample"));

  @ParameterizedTest
  @EnumSource
  void theSamplesThemselvesOpen(Sample sample) {
    assertThat(harness.check("nothing", sample.file.toBytes())).isEqualTo(Outcome.OPENED);
  }

  /** A file that was cut anywhere is refused: nothing after the cut can be made up. */
  @ParameterizedTest
  @EnumSource
  void refusesEveryCut(Sample sample) {
    Map<String, byte[]> mutants = GgufMutations.cutsEverywhere(sample.file);
    mutants.putAll(GgufMutations.cutsAtBorders(sample.file));
    mutants.forEach(harness::check);
    assertThat(harness.count(Outcome.REFUSED)).isEqualTo(sample.file.toBytes().length);
  }

  @ParameterizedTest
  @EnumSource
  void survivesAbsurdNumbers(Sample sample) {
    Map<String, byte[]> mutants = GgufMutations.structuralNumbers(sample.file);
    mutants.forEach(harness::check);
    assertThat(harness.count(Outcome.REFUSED)).isGreaterThan(mutants.size() * 3 / 4);
  }

  @ParameterizedTest
  @EnumSource
  void survivesEveryByteOfTheStructureChanged(Sample sample) {
    byte[] bytes = sample.file.toBytes();
    int structure =
        sample.file.fields().stream()
            .filter(field -> field.kind() == Kind.DATA)
            .mapToInt(RawGguf.Field::offset)
            .findFirst()
            .orElse(bytes.length);
    for (int i = 0; i < structure; i++) {
      for (int bit = 0; bit < 8; bit++) {
        int flipped = bytes[i] ^ 1 << bit;
        harness.check(
            "byte %d ^ %d".formatted(i, 1 << bit), GgufMutations.withByte(bytes, i, flipped));
      }
      for (int value : new int[] {0, 0x7F, 0x80, 0xFF, ~bytes[i]}) {
        harness.check("byte %d = %d".formatted(i, value), GgufMutations.withByte(bytes, i, value));
      }
    }
    assertThat(harness.count(Outcome.REFUSED)).isPositive();
    if (sample != Sample.EMPTY) {
      assertThat(harness.count(Outcome.OPENED)).as("changed texts and values").isPositive();
    }
  }

  @ParameterizedTest
  @EnumSource
  void survivesRandomChanges(Sample sample) {
    SplittableRandom random = new SplittableRandom(20260101);
    for (int i = 0; i < RANDOM_MUTANTS; i++) {
      harness.check("random mutant " + i, GgufMutations.random(sample.file, random));
    }
    assertThat(harness.count(Outcome.REFUSED)).isGreaterThan(RANDOM_MUTANTS / 4);
    if (sample != Sample.EMPTY) {
      assertThat(harness.count(Outcome.OPENED)).isGreaterThan(RANDOM_MUTANTS / 100);
      assertThat(harness.kindsOfRefusal()).as("many checks were reached").isGreaterThan(15);
    }
  }

  @Test
  void survivesRandomBytes() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < RANDOM_MUTANTS; i++) {
      byte[] bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      harness.check("random bytes " + i, bytes);
      byte[] headed = GgufSamples.empty().bytes("rest", Kind.DATA, bytes).toBytes();
      headed[8] = (byte) random.nextInt(3);
      headed[16] = (byte) random.nextInt(3);
      harness.check("random structure " + i, headed);
    }
  }

  /** Mapped files: a part of a split model, with its sibling intact beside it. */
  @Test
  void survivesBrokenPartsOfSplitModels() throws IOException {
    Path first = folder.resolve("sample-00001-of-00002.gguf");
    Path second = folder.resolve("sample-00002-of-00002.gguf");
    for (int broken = 0; broken < 2; broken++) {
      Files.write(first, GgufSamples.part(0, 2).toBytes());
      Files.write(second, GgufSamples.part(1, 2).toBytes());
      Path changed = broken == 0 ? first : second;
      ReaderHarness mapped =
          new ReaderHarness(
              "sample-0000",
              bytes -> {
                try {
                  Files.write(changed, bytes);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
                return GgufFile.open(first);
              });
      RawGguf part = GgufSamples.part(broken, 2);
      assertThat(mapped.check("nothing", part.toBytes())).isEqualTo(Outcome.OPENED);
      GgufMutations.structuralNumbers(part).forEach(mapped::check);
      GgufMutations.cutsAtBorders(part).forEach(mapped::check);
      byte[] bytes = part.toBytes();
      for (int i = 0; i < bytes.length; i++) {
        mapped.check("byte " + i + " = 0xFF", GgufMutations.withByte(bytes, i, 0xFF));
        mapped.check("byte " + i + " + 1", GgufMutations.withByte(bytes, i, bytes[i] + 1));
      }
      assertThat(mapped.count(Outcome.REFUSED)).isPositive();
      assertThat(mapped.kindsOfRefusal()).isGreaterThan(15);
    }
  }
}
