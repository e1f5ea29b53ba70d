package org.zonda.app;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.zonda.model.ZondaException;
import picocli.CommandLine.Option;

/** A text as an argument, from a file or from standard input. */
final class TextInput {

  /** What stands for standard input. */
  static final String STDIN = "-";

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      order = 0,
      description =
          "Read the text from a file, or from standard input where FILE is -. One line break at"
              + " its end is dropped.")
  private String file;

  /**
   * Fetches the text.
   *
   * @param words the arguments, joined with spaces where the quotes were forgotten; or null
   * @param what what it is called, such as {@code prompt}
   * @param console for standard input, which is read where nothing else is named and it is piped
   */
  String read(List<String> words, String what, Console console) {
    return read(words, file, what, console);
  }

  /** Fetches the text, as {@link #read(List, String, Console)} does, of a command's own option. */
  static String read(List<String> words, String file, String what, Console console) {
    boolean named = words != null && !words.isEmpty();
    if (named && file != null) {
      throw new UsageException("the " + what + " is given twice: as an argument and with --file");
    }
    if (named && !words.equals(List.of(STDIN))) {
      return String.join(" ", words);
    }
    if (file != null && !file.equals(STDIN)) {
      return readFile(UserPath.of(file));
    }
    if (!named && file == null && console.inIsTerminal()) {
      throw new UsageException(
          "no %s: give it as an argument, with --file FILE, or pipe it to standard input"
              .formatted(what));
    }
    return readStream(console.in());
  }

  private static String readFile(Path path) {
    try {
      return decode(Files.readAllBytes(path), path.toString());
    } catch (IOException e) {
      throw new ZondaException(path + ": cannot be read: " + UserPath.reason(e), e);
    }
  }

  private static String readStream(InputStream in) {
    try {
      return decode(in.readAllBytes(), "standard input");
    } catch (IOException e) {
      throw new ZondaException("standard input cannot be read: " + e.getMessage(), e);
    }
  }

  private static String decode(byte[] bytes, String origin) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new ZondaException(origin + ": is not UTF-8 text", e);
    }
    if (text.endsWith("\r\n")) {
      return text.substring(0, text.length() - 2);
    }
    return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
  }
}
