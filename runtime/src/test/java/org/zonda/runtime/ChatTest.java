package org.zonda.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.zonda.model.ZondaException;
import org.zonda.model.chat.ChatMessage;
import org.zonda.model.chat.SpecialNames;
import org.zonda.model.chat.TemplateFormat;
import org.zonda.model.template.Template;
import org.zonda.model.tokenizer.Tokenizer.Specials;
import org.zonda.runtime.fake.FakeChatFormat;
import org.zonda.runtime.fake.FakeExecutor.Pass;
import org.zonda.runtime.fake.FakeTokenizer;

class ChatTest {

  private static final GenerationOptions SHORT =
      GenerationOptions.builder()
          .temperature(0)
          .maxTokens(6)
          .logitBias(Map.of(FakeTokenizer.EOS, Float.NEGATIVE_INFINITY, ']' + 2, -100f))
          .build();

  @Test
  void readsOnlyWhatIsNew() {
    try (FakeModel fake = FakeModel.hashed(900, 64);
        Chat chat = fake.model.chat(SHORT.toBuilder().logitBias(ascii()).build())) {
      GenerationResult first = chat.send("Hello");
      int before = fake.executor().passes().size();
      GenerationResult second = chat.send("And?");
      // Of the first turn, all but the last sampled token is in the cache.
      int cached = first.promptTokens() + first.tokens().size() - 1;
      assertThat(fake.executor().passes().get(before))
          .isEqualTo(new Pass(0, cached, second.promptTokens() - cached, 1));
      assertThat(second.timings().prefillTokens()).isEqualTo(second.promptTokens() - cached);
      assertThat(chat.messages())
          .containsExactly(
              ChatMessage.user("Hello"),
              ChatMessage.assistant(first.text()),
              ChatMessage.user("And?"),
              ChatMessage.assistant(second.text()));
      try (Chat fresh = fake.model.chat(chat.options())) {
        assertThat(fresh.send("Hello").tokens()).isEqualTo(first.tokens());
      }
      String whole = new FakeChatFormat().render(chat.messages().subList(0, 3), true);
      assertThat(fake.model.generate(whole, chat.options()).tokens()).isEqualTo(second.tokens());
    }
  }

  /** As templates of reasoning models do, this one drops what earlier answers thought. */
  private static final String REWRITING =
      "{% for m in messages %}[{{ m.role }}:{{ m.content if m.role == 'user' or loop.last else"
          + " m.content|length }}]{% endfor %}{% if add_generation_prompt %}[assistant:{% endif %}";

  @Test
  void whatATemplateRewritesIsReadAgain() {
    try (FakeModel fake = FakeModel.hashed(900, 64);
        Chat chat = fake.model.chat(SHORT.toBuilder().logitBias(ascii()).build())) {
      Template template = Template.parse("rewriting", REWRITING);
      chat.format(new TemplateFormat(template, SpecialNames.NONE, Clock.systemUTC(), List.of()));
      chat.send("Hello");
      GenerationResult second = chat.send("And?");
      String prompt = "[user:Hello][assistant:6][user:And?][assistant:";
      int same = fake.tokenizer.encodePrompt("[user:Hello][assistant:", Specials.PLAIN).length;
      assertThat(second.promptTokens())
          .isEqualTo(fake.tokenizer.encodePrompt(prompt, Specials.PLAIN).length);
      assertThat(second.timings().prefillTokens()).isEqualTo(second.promptTokens() - same);
      assertThat(fake.model.generate(prompt, chat.options()).tokens()).isEqualTo(second.tokens());
      chat.send("a</s>b");
      assertThat(fake.executor().history(0)).doesNotContain(FakeTokenizer.EOS);
    }
  }

  /** Lets the model say printable characters only, so that its text has the same tokens again. */
  private static Map<Integer, Float> ascii() {
    Map<Integer, Float> bias = new HashMap<>();
    for (int token = 0; token < 258; token++) {
      int character = token - 2;
      if (character < 'a' || character > 'z') {
        bias.put(token, Float.NEGATIVE_INFINITY);
      }
    }
    return bias;
  }

  @Test
  void theUserCannotWriteSpecialTokens() {
    try (FakeModel fake = FakeModel.hashed(900, 64);
        Chat chat = fake.model.chat(SHORT)) {
      chat.send("a</s>b");
      assertThat(fake.executor().history(0)).doesNotContain(FakeTokenizer.EOS);
    }
  }

  @Test
  void theFormatsStopEndsTheAnswer() {
    String prompt = "[user:Hi][assistant:";
    try (FakeModel fake = FakeModel.saying(new FakeTokenizer(), prompt, "Hello you] and more");
        Chat chat = fake.model.chat(SHORT.toBuilder().maxTokens(0).logitBias(Map.of()).build())) {
      GenerationResult result = chat.send("Hi");
      assertThat(result.text()).isEqualTo("Hello you");
      assertThat(result.finishReason()).isEqualTo(FinishReason.STOP_STRING);
      assertThat(chat.messages().getLast()).isEqualTo(ChatMessage.assistant("Hello you"));
    }
  }

  @Test
  void aCancelledAnswerStaysAsFarAsItCame() {
    String prompt = "[user:Hi][assistant:";
    try (FakeModel fake = FakeModel.saying(new FakeTokenizer(), prompt, "Hello you");
        Chat chat = fake.model.chat(SHORT)) {
      Cancellation cancellation = new Cancellation();
      GenerationResult result =
          chat.send(
              "Hi",
              piece -> {
                if (piece.equals("e")) {
                  cancellation.cancel();
                }
              },
              cancellation);
      assertThat(result.finishReason()).isEqualTo(FinishReason.CANCELLED);
      assertThat(chat.messages())
          .containsExactly(ChatMessage.user("Hi"), ChatMessage.assistant("He"));
    }
  }

  @Test
  void aFaultLeavesTheConversationAsItWas() {
    try (FakeModel fake = FakeModel.hashed(100, 64);
        Chat chat = fake.model.chat(SHORT)) {
      GenerationResult first = chat.send("Hello");
      List<ChatMessage> before = chat.messages();
      assertThatThrownBy(
              () ->
                  chat.send(
                      "More",
                      piece -> {
                        throw new IllegalStateException("broken");
                      },
                      Cancellation.never()))
          .hasMessage("broken");
      assertThatThrownBy(() -> chat.send("x".repeat(200)))
          .isInstanceOf(ZondaException.class)
          .hasMessageContainingAll("the conversation has", "100", "ContextPolicy.SHIFT");
      assertThat(chat.messages()).isEqualTo(before);
      chat.reset();
      assertThat(fake.executor().length(0)).isZero();
      assertThat(chat.send("Hello").tokens()).isEqualTo(first.tokens());
    }
  }

  @Test
  void regeneratesTheLastAnswer() {
    try (FakeModel fake = FakeModel.hashed(900, 64);
        Chat chat = fake.model.chat(SHORT)) {
      assertThatThrownBy(() -> chat.regenerate(piece -> {}, Cancellation.never()))
          .isInstanceOf(ZondaException.class)
          .hasMessageContaining("no answer yet");
      chat.system("Be brief.");
      assertThatThrownBy(() -> chat.regenerate(piece -> {}, Cancellation.never()))
          .isInstanceOf(ZondaException.class)
          .hasMessageContaining("no answer yet");
      chat.system("");
      GenerationResult first = chat.send("Hello");
      GenerationResult again = chat.regenerate(piece -> {}, Cancellation.never());
      assertThat(again.tokens()).isEqualTo(first.tokens());
      assertThat(again.timings().prefillTokens()).as("all was read already").isEqualTo(1);
      chat.options(SHORT.toBuilder().temperature(5).topK(0).topP(1).minP(0).seed(1).build());
      GenerationResult other = chat.regenerate(piece -> {}, Cancellation.never());
      assertThat(other.text()).isNotEqualTo(first.text());
      assertThat(chat.messages())
          .containsExactly(ChatMessage.user("Hello"), ChatMessage.assistant(other.text()));
    }
  }

  @Test
  void theSystemMessageIsFirstAndOne() {
    try (FakeModel fake = FakeModel.hashed(900, 64);
        Chat chat = fake.model.chat(SHORT)) {
      chat.send("Hello");
      chat.system("Be brief.");
      chat.system("Be kind.");
      assertThat(chat.messages()).hasSize(3).startsWith(ChatMessage.system("Be kind."));
      chat.reset();
      assertThat(chat.messages()).containsExactly(ChatMessage.system("Be kind."));
      chat.system("");
      assertThat(chat.messages()).isEmpty();
    }
  }

  @Test
  void aLongConversationForgetsItsOldestTurns() {
    GenerationOptions shifting =
        SHORT.toBuilder().contextPolicy(ContextPolicy.SHIFT).logitBias(ascii()).build();
    try (FakeModel fake = FakeModel.hashed(120, 64);
        Chat chat = fake.model.chat(shifting)) {
      chat.system("Rule");
      int forgotten = 0;
      for (int turn = 0; turn < 12; turn++) {
        String said = "turn " + turn + " " + "x".repeat(turn * 7 % 40);
        GenerationResult result = chat.send(said);
        assertThat(result.finishReason()).isEqualTo(FinishReason.MAX_TOKENS);
        forgotten += result.forgottenMessages();
        assertThat(chat.messages().getFirst()).isEqualTo(ChatMessage.system("Rule"));
        assertThat(chat.messages().get(1).role()).isEqualTo("user");
        assertThat(chat.messages()).hasSize(1 + 2 * (turn + 1) - forgotten);
        assertThat(chat.messages()).contains(ChatMessage.user(said));
        assertThat(result.promptTokens()).isLessThanOrEqualTo(120 - 6);
        assertThat(fake.executor().length(0)).isLessThanOrEqualTo(120);
      }
      assertThat(forgotten).isPositive().isEven();
      assertThatThrownBy(() -> chat.send("x".repeat(120)))
          .as("the last message alone is too long")
          .isInstanceOf(ZondaException.class);
    }
  }

  @Test
  void withoutForgettingALongConversationIsRefused() {
    try (FakeModel fake = FakeModel.hashed(60, 64);
        Chat chat = fake.model.chat(SHORT)) {
      chat.send("turn 1");
      assertThatThrownBy(() -> chat.send("turn 2"))
          .isInstanceOf(ZondaException.class)
          .hasMessageContaining("the conversation has");
    }
  }

  @Test
  void aClosedChatSaysSo() {
    try (FakeModel fake = FakeModel.hashed(60, 64)) {
      Chat chat = fake.model.chat(SHORT);
      chat.close();
      chat.close();
      assertThatThrownBy(() -> chat.send("Hello"))
          .isInstanceOf(ZondaException.class)
          .hasMessageContaining("chat is closed");
      try (Chat other = fake.model.chat(SHORT)) {
        other.send("Hello");
        chat.close();
        assertThat(fake.executor().length(0)).as("the other keeps its tokens").isPositive();
        try (Chat third = fake.model.chat(SHORT)) {
          third.send("Hello");
          assertThat(fake.executor().length(1)).as("and its sequence").isPositive();
        }
      }
    }
  }

  @Test
  void anotherFormatIsForAllTurns() {
    try (FakeModel fake = FakeModel.hashed(900, 64);
        Chat chat = fake.model.chat(SHORT)) {
      assertThat(chat.format()).isSameAs(fake.model.chatFormat());
      FakeChatFormat other = new FakeChatFormat();
      chat.format(other);
      assertThat(chat.format()).isSameAs(other);
    }
  }
}
