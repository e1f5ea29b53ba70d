package org.zonda.model.gguf;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Models in several files. Each part is a whole GGUF file named {@code name-00001-of-00003.gguf}
 * whose metadata hold {@code split.no} (from 0) and {@code split.count}; the first has the model's
 * metadata, and {@code split.tensors.count} counts the tensors of all.
 */
final class SplitModel {
  private static final String NUMBER = "split.no";
  private static final String COUNT = "split.count";
  private static final String TENSORS = "split.tensors.count";
  private static final int MAX_PARTS = 99_999;

  private SplitModel() {}

  /**
   * The files of the model that a file belongs to.
   *
   * @return the path alone, or all parts in order with the path itself among them
   * @throws GgufException if a part is missing or the file has no place in a split model
   */
  static List<Path> paths(Path path, Metadata metadata, String label) {
    int count = count(metadata, label);
    if (count == 1) {
      return List.of(path);
    }
    int number = metadata.getInt(NUMBER);
    if (number < 0 || number >= count) {
      throw new GgufException(
          "%s: metadata '%s' is %d; expected 0 to %d as '%s' is %d"
              .formatted(label, NUMBER, number, count - 1, COUNT, count));
    }
    String suffix = suffix(number, count);
    if (!label.endsWith(suffix)) {
      throw new GgufException(
          "%s: is part %d of %d of a split model; expected its name to end with '%s'"
              .formatted(label, number + 1, count, suffix));
    }
    String name = label.substring(0, label.length() - suffix.length());
    List<Path> paths = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Path part = i == number ? path : path.resolveSibling(name + suffix(i, count));
      if (Files.notExists(part)) {
        throw new GgufException(
            "%s: part %d of %d of the model is missing; expected it at %s"
                .formatted(label, i + 1, count, part));
      }
      paths.add(part);
    }
    return paths;
  }

  /** Refuses a part where its siblings cannot be found. */
  static void refusePart(Metadata metadata, String label) {
    int count = count(metadata, label);
    if (count != 1) {
      throw new GgufException(
          "%s: is one of %d parts of a split model; expected a whole model in memory"
              .formatted(label, count));
    }
  }

  /** Checks that a part says of itself what its name says. */
  static void checkPart(Metadata metadata, String label, int index, int count) {
    if (count == 1) {
      return;
    }
    int foundCount = count(metadata, label);
    int foundNumber = metadata.getInt(NUMBER);
    if (foundCount != count || foundNumber != index) {
      throw new GgufException(
          "%s: metadata say part %d of %d; expected part %d of %d as its name says"
              .formatted(label, foundNumber + 1, foundCount, index + 1, count));
    }
  }

  /** Checks the number of tensors in all parts together. */
  static void checkTensorCount(Metadata metadata, int tensors, String label) {
    if (count(metadata, label) == 1) {
      return;
    }
    int expected = metadata.getInt(TENSORS, tensors);
    if (expected != tensors) {
      throw new GgufException(
          "%s: all parts together hold %d tensors; expected %d as metadata '%s' says"
              .formatted(label, tensors, expected, TENSORS));
    }
  }

  private static int count(Metadata metadata, String label) {
    int count = metadata.getInt(COUNT, 1);
    // Converters write 0 into files that are not split.
    if (count < 0 || count > MAX_PARTS) {
      throw new GgufException(
          "%s: metadata '%s' is %d; expected 1 to %d".formatted(label, COUNT, count, MAX_PARTS));
    }
    return Math.max(1, count);
  }

  private static String suffix(int index, int count) {
    return "-%05d-of-%05d.gguf".formatted(index + 1, count);
  }
}
