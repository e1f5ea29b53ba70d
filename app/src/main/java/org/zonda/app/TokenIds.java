package org.zonda.app;

import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.zonda.model.ZondaException;
import org.zonda.model.tokenizer.Tokenizer;

/** Token ids as people write them: separated by commas or spaces, with or without brackets. */
final class TokenIds {

  private TokenIds() {}

  /** Reads ids; the text may be empty. */
  static int[] parse(String text) {
    List<Integer> ids = new ArrayList<>();
    StringTokenizer numbers = new StringTokenizer(text, ", \t\r\n[]");
    while (numbers.hasMoreTokens()) {
      String number = numbers.nextToken();
      try {
        ids.add(Integer.parseInt(number));
      } catch (NumberFormatException e) {
        throw new UsageException(
            "'" + number + "' is no token id; expected whole numbers such as 1,15043,29889");
      }
    }
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Checks that a vocabulary has the ids. */
  static void check(int[] ids, Tokenizer tokenizer, String model) {
    int size = tokenizer.vocabularySize();
    for (int id : ids) {
      if (id < 0 || id >= size) {
        throw new ZondaException(
            "%s: token id %d is not in the vocabulary; its ids go from 0 to %d"
                .formatted(model, id, size - 1));
      }
    }
  }

  static String join(int[] ids) {
    return IntStream.of(ids).mapToObj(Integer::toString).collect(Collectors.joining(","));
  }
}
