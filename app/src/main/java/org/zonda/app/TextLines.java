package org.zonda.app;

import java.util.List;

/** Several texts: the arguments, or the lines of a file or of standard input. */
final class TextLines {

  private TextLines() {}

  /**
   * Fetches the texts. An empty line is an empty text, so that the n-th line is the n-th text.
   *
   * @param words the arguments, a text each; or null
   * @param file a file's name, {@code -} for standard input, or null
   * @param console for standard input
   * @throws UsageException if there is none, or they are given twice
   */
  static List<String> read(List<String> words, String file, Console console) {
    boolean stdin = List.of(TextInput.STDIN).equals(words);
    if (words != null && !stdin && file == null) {
      return words;
    }
    String text = TextInput.read(words, file, "list of texts", console);
    if (text.isEmpty()) {
      throw new UsageException("there are no texts; give at least one");
    }
    return text.lines().toList();
  }
}
