package org.zonda.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zonda.app.Zonda.Result;
import org.zonda.model.chat.ChatFormats;

/** {@code zonda chat} from a pipe, with a model whose answers mean nothing. */
class ChatCommandTest {

  @TempDir private Path directory;

  @Test
  void answersEachLineAndTellsHowLongItTook() throws IOException {
    Path saved = directory.resolve("chat.json");
    Result result = chat("the rain\nthe mill\n/save " + saved + "\n");
    assertThat(result.code()).isZero();
    assertThat(result.err())
        .startsWith("model.gguf | CPU, ")
        .contains("\nchat format: the model has no chat template; using plain")
        .contains("\n4 messages are in " + saved + "\n");
    assertThat(result.err().lines().toList().getLast())
        .matches("load .* \\| first token .* \\| prefill .* \\| decode 6 tokens, .*");
    JsonNode messages = JsonText.parse(Files.readString(saved)).get("messages");
    assertThat(messages.findValuesAsText("role"))
        .containsExactly("user", "assistant", "user", "assistant");
    assertThat(messages.get(2).get("content").textValue()).isEqualTo("the mill");
  }

  @Test
  void messagesOfSeveralLines() throws IOException {
    JsonNode messages = saved("one\\\ntwo\n\"\"\"\na\n\nb\n\"\"\"\n//slash\n");
    assertThat(messages.get(0).get("content").textValue()).isEqualTo("one\ntwo");
    assertThat(messages.get(2).get("content").textValue()).isEqualTo("a\n\nb");
    assertThat(messages.get(4).get("content").textValue()).isEqualTo("/slash");
  }

  @Test
  void emptyLinesAreNoMessages() throws IOException {
    assertThat(saved("\n  \nthe\n\n")).hasSize(2);
  }

  @Test
  void theSystemMessageComesFirstAndOutlivesAReset() throws IOException {
    JsonNode messages = saved("the\n/system Be brief.\n/reset\nmill\n");
    assertThat(messages.findValuesAsText("role")).containsExactly("system", "user", "assistant");
    assertThat(messages.get(0).get("content").textValue()).isEqualTo("Be brief.");
  }

  @Test
  void retryGivesAnotherAnswerToTheSameMessage() throws IOException {
    JsonNode messages = saved("the\n/retry\n");
    assertThat(messages.findValuesAsText("role")).containsExactly("user", "assistant");
  }

  @Test
  void setChangesTheAnswers() {
    Result result = chat("/set tokens=2 top_k=1\nthe\n/stats\n/set\n");
    assertThat(result.code()).isZero();
    assertThat(result.err())
        .contains("tokens=2 temp=0.0 top-k=1 ")
        .contains("cut after 2 tokens; /set tokens=N allows more\n")
        .contains(" | decode 1 tokens, ");
  }

  @Test
  void helpListsEveryCommandAndExitLeaves() {
    Result result = chat("/help\n/exit\nthe\n");
    assertThat(result.out()).contains(ChatAction.words());
    assertThat(result.out().lines()).allMatch(line -> line.length() <= 100);
    assertThat(result.err()).doesNotContain("decode");
    assertThat(result.code()).isZero();
  }

  @Test
  void whatFailsIsSaidAndTheChatGoesOn() {
    Result result =
        chat(
            "/hlep\n/dance\n/retry\n/save\n/save "
                + directory.resolve("no/such/place")
                + "\n/set temp=hot\nthe\n");
    assertThat(result.err())
        .contains("there is no command /hlep; did you mean /help? /help lists all\n")
        .contains("there is no command /dance; a message that begins with / is written with //\n")
        .contains("there is no answer yet")
        .contains("/save needs the name of a file\n")
        .contains("no/such/place: cannot be written: no such file or directory\n")
        .contains("'hot' is not a float\n")
        .contains(" | decode 3 tokens, ");
    assertThat(result.code()).isEqualTo(ExitCode.FAILED);
  }

  @Test
  void aSavedChatIsBroughtUpToDateAndOtherFilesAreKept() throws IOException {
    Path own = directory.resolve("own.txt");
    Path other = Files.writeString(directory.resolve("other.txt"), "mine");
    Result result = chat("the\n/save " + own + "\nmill\n/save " + own + "\n/save " + other + "\n");
    assertThat(own).content().startsWith("user: the\n\nassistant: ").contains("\nuser: mill\n");
    assertThat(other).content().isEqualTo("mine");
    assertThat(result.err())
        .contains("other.txt: cannot be written: it exists already\n")
        .contains("4 messages are in " + own);
  }

  @Test
  void theFormatCanBeChosen() {
    assertThat(chat("", "--chat-format", "chatml").err())
        .contains("chat format: chatml, as asked for\n");
    assertThat(chat("", "--format", "mistral").err())
        .contains("chat format: mistral-v1, as asked for\n");
    Result unknown = chat("", "--chat-format", "morse");
    assertThat(unknown.code()).isEqualTo(ExitCode.FAILED);
    assertThat(unknown.err().lines().toList().getLast())
        .contains("'morse'", "chatml", "llama3", "plain");
  }

  @Test
  void theFormatsCanBeListed() {
    Result result = chat("the\n", "--chat-format", "list");
    assertThat(result.code()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .contains(ChatFormats.names())
        .contains("\nvicuna             Vicuna v1.1 and later\n", "\ntemplate ");
  }

  @Test
  void aTemplateCanTakeThePlaceOfTheModels() throws IOException {
    Path template = Files.writeString(directory.resolve("f.jinja"), "{{ messages[-1].content }}");
    Result result = chat("the\n", "--chat-template", template.toString());
    assertThat(result.code()).isZero();
    assertThat(result.err())
        .contains("chat format: " + template + ", as asked for\n", "decode 3 tokens");
    Path refusing = Files.writeString(template, "{{ raise_exception('No, thanks') }}");
    assertThat(chat("the\n", "--chat-template", refusing.toString()).err())
        .contains("f.jinja, line 1: No, thanks\n");
    Files.writeString(template, "{{ 1 +");
    Result broken = chat("the\n", "--chat-template", template.toString());
    assertThat(broken.code()).isEqualTo(ExitCode.FAILED);
    assertThat(broken.err()).contains("f.jinja, line 1, column 1: this tag has no end");
    assertThat(chat("", "--chat-template", "x", "--format", "chatml").code())
        .isEqualTo(ExitCode.USAGE);
    assertThat(chat("", "--chat-format", "template").err())
        .contains("the model has no chat template");
  }

  private JsonNode saved(String lines) throws IOException {
    Path saved = directory.resolve("chat.json");
    Result result = chat(lines + "/save " + saved + "\n");
    assertThat(result.code()).as(result.err()).isZero();
    return JsonText.parse(Files.readString(saved)).get("messages");
  }

  private static Result chat(String lines, String... options) {
    String[] fixed = {"chat", "-m", TestModels.golden().toString(), "--temp", "0", "-n", "4"};
    String[] all = Arrays.copyOf(fixed, fixed.length + options.length);
    System.arraycopy(options, 0, all, fixed.length, options.length);
    return Zonda.piped(lines).execute(all);
  }
}
