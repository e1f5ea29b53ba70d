package org.zonda.model.gguf;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.zonda.model.gguf.RawGguf.Field;

/** Ways to break a valid file, each with a name for messages. */
final class GgufMutations {
  private static final long[] ABSURD = {
    0,
    1,
    -1,
    2,
    13,
    0x7F,
    0xFF,
    0xFFFF,
    1L << 31,
    (1L << 31) - 1,
    (1L << 32) - 1,
    1L << 32,
    1L << 40,
    (1L << 61) + 1, // times 8 it wraps to a small number
    1L << 62,
    (1L << 62) + 1,
    Long.MAX_VALUE,
    Long.MAX_VALUE - 31, // a multiple of the alignment
    Long.MIN_VALUE,
    Long.MIN_VALUE + 1
  };

  private GgufMutations() {}

  /** The file cut at the beginning and end of each field, and one byte beside. */
  static Map<String, byte[]> cutsAtBorders(RawGguf file) {
    byte[] bytes = file.toBytes();
    Map<String, byte[]> mutants = new LinkedHashMap<>();
    for (Field field : file.fields()) {
      for (int length : new int[] {field.offset() - 1, field.offset(), field.offset() + 1}) {
        cut(mutants, bytes, length);
      }
      cut(mutants, bytes, field.end() - 1);
      cut(mutants, bytes, field.end());
    }
    return mutants;
  }

  /** The file cut at every byte. */
  static Map<String, byte[]> cutsEverywhere(RawGguf file) {
    byte[] bytes = file.toBytes();
    Map<String, byte[]> mutants = new LinkedHashMap<>();
    for (int length = 0; length < bytes.length; length++) {
      cut(mutants, bytes, length);
    }
    return mutants;
  }

  private static void cut(Map<String, byte[]> mutants, byte[] bytes, int length) {
    if (length >= 0 && length < bytes.length) {
      mutants.put("cut at byte " + length, Arrays.copyOf(bytes, length));
    }
  }

  /** Every count, length, type, dimension and offset replaced by absurd and by near numbers. */
  static Map<String, byte[]> structuralNumbers(RawGguf file) {
    byte[] bytes = file.toBytes();
    Map<String, byte[]> mutants = new LinkedHashMap<>();
    for (Field field : file.fields()) {
      if (field.isStructural()) {
        long found = get(bytes, field);
        for (long value : ABSURD) {
          put(mutants, bytes, field, value);
        }
        long left = bytes.length - field.end();
        for (long value :
            new long[] {found - 1, found + 1, found + 32, found * 2, left - 1, left, left + 1}) {
          put(mutants, bytes, field, value);
        }
      }
    }
    return mutants;
  }

  private static void put(Map<String, byte[]> mutants, byte[] bytes, Field field, long value) {
    byte[] mutant = bytes.clone();
    for (int i = 0; i < field.width(); i++) {
      mutant[field.offset() + i] = (byte) (value >>> (8 * i));
    }
    mutants.put("%s at byte %d = %d".formatted(field.name(), field.offset(), value), mutant);
  }

  private static long get(byte[] bytes, Field field) {
    long value = 0;
    for (int i = 0; i < field.width(); i++) {
      value |= (bytes[field.offset() + i] & 0xFFL) << (8 * i);
    }
    return value;
  }

  /** A file with one byte changed. */
  static byte[] withByte(byte[] bytes, int position, int value) {
    byte[] mutant = bytes.clone();
    mutant[position] = (byte) value;
    return mutant;
  }

  /** A file with a few changes of any kind: bytes, runs, numbers, moved and repeated pieces. */
  static byte[] random(RawGguf file, SplittableRandom random) {
    byte[] mutant = file.toBytes();
    int changes = random.nextInt(1, 6);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(mutant.length);
      int length = random.nextInt(1, Math.min(17, mutant.length - at + 1));
      switch (random.nextInt(6)) {
        case 0 -> mutant[at] = (byte) random.nextInt();
        case 1 -> mutant[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> Arrays.fill(mutant, at, at + length, (byte) (random.nextBoolean() ? 0 : -1));
        case 3 -> {
          Field field = file.fields().get(random.nextInt(file.fields().size()));
          long value = ABSURD[random.nextInt(ABSURD.length)];
          for (int b = 0; b < Math.min(8, field.width()); b++) {
            if (field.offset() + b < mutant.length) {
              mutant[field.offset() + b] = (byte) (value >>> (8 * b));
            }
          }
        }
        case 4 -> {
          int from = random.nextInt(mutant.length - length + 1);
          System.arraycopy(mutant, from, mutant, at, length);
        }
        default -> {
          byte[] spliced = new byte[mutant.length + length];
          System.arraycopy(mutant, 0, spliced, 0, at);
          System.arraycopy(mutant, at, spliced, at + length, mutant.length - at);
          mutant = spliced;
        }
      }
    }
    return mutant;
  }
}
