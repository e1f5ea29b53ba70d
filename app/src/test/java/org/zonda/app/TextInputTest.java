package org.zonda.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.zonda.app.Zonda.Result;

/** Texts reach the tokenizer whole; {@code tokenize --json} tells what arrived. */
class TextInputTest {

  @TempDir private Path directory;

  @Test
  void isTheArgument() {
    assertThat(arrived(Zonda.run(tokenize("a b")))).isEqualTo("a b");
  }

  @Test
  void isAllWordsWhereTheQuotesWereForgotten() {
    assertThat(arrived(Zonda.run(tokenize("a", "b", "@c")))).isEqualTo("a b @c");
  }

  @Test
  void mayBeginWithAHyphenAfterTwo() {
    assertThat(arrived(Zonda.run(tokenize("--", "-5 degrees")))).isEqualTo("-5 degrees");
  }

  @Test
  void mayBeEmpty() {
    assertThat(arrived(Zonda.run(tokenize("")))).isEmpty();
  }

  @Test
  void comesFromAPipe() {
    assertThat(arrived(Zonda.piped("piped\n").execute(tokenize()))).isEqualTo("piped");
    assertThat(arrived(Zonda.piped("piped\n").execute(tokenize("-")))).isEqualTo("piped");
    assertThat(arrived(Zonda.piped("piped\n").execute(tokenize("-f", "-")))).isEqualTo("piped");
  }

  @ParameterizedTest
  @CsvSource({"a,a", "'a\n',a", "'a\r\n',a", "'a\n\n','a\n'", "'',''", "'é🦙\n',é🦙"})
  void comesFromAFileWithoutItsLastLineBreak(String content, String text) throws IOException {
    Path file = Files.writeString(directory.resolve("text"), content);
    assertThat(arrived(Zonda.run(tokenize("-f", file.toString())))).isEqualTo(text);
  }

  @Test
  void mustBeUtf8() throws IOException {
    Path file = Files.write(directory.resolve("latin1"), new byte[] {'a', (byte) 0xE9});
    Result result = Zonda.run(tokenize("-f", file.toString()));
    assertThat(result.code()).isEqualTo(ExitCode.FAILED);
    assertThat(result.err()).isEqualTo("zonda: " + file + ": is not UTF-8 text\n");
  }

  @Test
  void mustBeThere() {
    Path file = directory.resolve("missing");
    Result result = Zonda.run(tokenize("-f", file.toString()));
    assertThat(result.code()).isEqualTo(ExitCode.FAILED);
    assertThat(result.err())
        .isEqualTo("zonda: " + file + ": cannot be read: no such file or directory\n");
    assertThat(Zonda.run(tokenize("-f", directory.toString())).err())
        .isEqualTo("zonda: " + directory + ": cannot be read: Is a directory\n");
  }

  @Test
  void isAskedForWhereAPersonGaveNone() {
    Console terminal =
        Console.of(
                InputStream.nullInputStream(),
                new ByteArrayOutputStream(),
                new ByteArrayOutputStream(),
                Map.of())
            .asTerminal();
    TextInput input = new TextInput();
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> input.read(null, "prompt", terminal))
        .withMessage(
            "no prompt: give it as an argument, with --file FILE, or pipe it to standard input");
  }

  private static String[] tokenize(String... arguments) {
    String[] all = new String[arguments.length + 4];
    System.arraycopy(arguments, 0, all, 4, arguments.length);
    System.arraycopy(
        new String[] {"tokenize", "--json", "-m", TestModels.golden().toString()}, 0, all, 0, 4);
    return all;
  }

  private static String arrived(Result result) {
    assertThat(result.err()).isEmpty();
    return JsonText.parse(result.out()).get("text").textValue();
  }
}
