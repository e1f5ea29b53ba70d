package org.zonda.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The tutorial of the kernel lab, followed word for word in an empty folder: its files are written
 * and its commands run, and they print what it shows, but for numbers and the machine. What needs a
 * device is left out.
 */
class KernelLabIT {

  private static final Path TUTORIAL = Path.of("..", "docs", "kernel-lab.md");

  /** Words of a command; those in quotation marks are one. */
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

  /** What only some machines and checkouts have. */
  private static final Pattern OPTIONAL =
      Pattern.compile(", machine code \\([^)]*\\)|, commit [0-9a-f]+(-dirty)?|(?<=\\d thread)s");

  @TempDir private Path folder;

  @Test
  void everyCommandPrintsWhatTheTutorialShows() throws IOException {
    int commands = 0;
    List<String> lines = Files.readAllLines(TUTORIAL);
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).equals("```java")) {
        int end = end(lines, i);
        String file = lines.get(i + 1).substring("// ".length());
        Files.write(folder.resolve(file), lines.subList(i + 1, end));
        i = end;
      } else if (lines.get(i).equals("```console")) {
        int end = end(lines, i);
        commands += run(lines.subList(i + 1, end));
        i = end;
      } else if (lines.get(i).startsWith("```")) {
        i = end(lines, i);
      }
    }
    assertThat(commands).isEqualTo(11);
  }

  private static int end(List<String> lines, int begin) {
    int end = begin + 1;
    while (!lines.get(end).equals("```")) {
      end++;
    }
    return end;
  }

  private int run(List<String> block) throws IOException {
    int commands = 0;
    for (int i = 0; i < block.size(); ) {
      String command = block.get(i);
      assertThat(command).startsWith("$ zonda ");
      int end = i + 1;
      while (end < block.size() && !block.get(end).startsWith("$ ")) {
        end++;
      }
      assertThat(comparable(print(words(command.substring("$ zonda ".length())))))
          .as(command)
          .isEqualTo(comparable(block.subList(i + 1, end)));
      commands++;
      i = end;
    }
    return commands;
  }

  private static List<String> words(String command) {
    List<String> words = new ArrayList<>();
    for (Matcher matcher = WORD.matcher(command); matcher.find(); ) {
      words.add(matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
    }
    return words;
  }

  /** What a terminal would show, or nothing where that goes to a file. */
  private List<String> print(List<String> words) throws IOException {
    int redirection = words.indexOf(">");
    List<String> arguments = redirection < 0 ? words : words.subList(0, redirection);
    ZondaJar.Result result = ZondaJar.in(folder, arguments.toArray(String[]::new));
    if (redirection >= 0) {
      assertThat(result.code()).as(result.err()).isZero();
      Files.writeString(folder.resolve(words.get(redirection + 1)), result.out());
      return List.of();
    }
    return Stream.of(result.err(), result.out()).flatMap(String::lines).toList();
  }

  /**
   * Lines without numbers and what not every machine or checkout has; in no order, since there were
   * two streams.
   */
  private static List<String> comparable(List<String> lines) {
    return lines.stream()
        .filter(line -> !line.startsWith("roof int8: ") && !line.startsWith("roof bf16: "))
        .map(line -> line.startsWith("roof ") ? line.replaceAll("; above .*", "") : line)
        .map(line -> OPTIONAL.matcher(line).replaceAll(""))
        .map(line -> line.replaceAll("\\d[\\d.]*(e[+-]?\\d+)?", "#").strip())
        .filter(line -> !line.isEmpty())
        .sorted()
        .toList();
  }
}
