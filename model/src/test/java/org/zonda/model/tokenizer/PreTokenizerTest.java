package org.zonda.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.zonda.model.UnsupportedModelException;

class PreTokenizerTest {

  private static List<String> words(String pre, String text) {
    IntList ends = PreTokenizer.of(pre, "test.gguf").split(text);
    List<String> words = new ArrayList<>();
    int start = 0;
    for (int end : ends.toArray()) {
      words.add(text.substring(start, end));
      start = end;
    }
    return words;
  }

  @TestFactory
  Stream<DynamicTest> cutsAsThePublishedTokenizersDo() {
    JsonNode golden = Golden.resource("tokenizer/pretokenizers.json");
    List<String> texts = Golden.strings(golden.get("texts"));
    List<DynamicTest> tests = new ArrayList<>();
    golden
        .get("words")
        .properties()
        .forEach(
            entry ->
                tests.add(
                    dynamicTest(
                        entry.getKey(),
                        () -> {
                          assertThat(texts).hasSizeGreaterThan(80);
                          for (int i = 0; i < texts.size(); i++) {
                            assertThat(words(entry.getKey(), texts.get(i)))
                                .as("'%s'", texts.get(i))
                                .isEqualTo(Golden.strings(entry.getValue().get(i)));
                          }
                        })));
    assertThat(tests).hasSize(12);
    return tests.stream();
  }

  @Test
  void separatesWhatTheModelsSeparateDifferently() {
    String text = "It's 12345 o'clock\n\nHI";
    assertThat(words("gpt-2", text))
        .containsExactly("It", "'s", " 12345", " o", "'", "clock", "\n", "\n", "HI");
    assertThat(words("llama-bpe", text))
        .containsExactly("It", "'s", " ", "123", "45", " o", "'clock", "\n\n", "HI");
    assertThat(words("qwen2", text))
        .containsExactly("It", "'s", " ", "1", "2", "3", "4", "5", " o", "'clock", "\n\n", "HI");
    assertThat(words("default", text))
        .containsExactly("It", "'", "s", " ", "123", "45", " o", "'", "clock", "\n", "\n", "HI");
  }

  @Property(tries = 300)
  void wordsTogetherAreTheText(@ForAll @StringLength(max = 60) String text) {
    String wellFormed = text.replaceAll("\\p{Cs}", "?");
    for (String name : PreTokenizer.names()) {
      assertThat(String.join("", words(name, wellFormed))).isEqualTo(wellFormed);
      assertThat(words(name, wellFormed)).doesNotContain("");
    }
  }

  /** Quadratic time would take hours, recursion would overflow the stack. */
  @TestFactory
  Stream<DynamicTest> isLinearOnAMillionCharactersOfOneKind() {
    Set<List<String>> seen = new HashSet<>();
    String[] units = {
      "a",
      "A",
      "aA",
      " ",
      "\n",
      "\r\n",
      " \n",
      "1",
      "a1",
      "!",
      "'",
      "'s",
      "/",
      "<",
      "\u4E2D",
      "\u0301",
      "\u0905\u0902",
      "\u01C5",
      "\uD83D\uDE80",
      " a",
      "a\t",
      " \u4E2D",
      "\u00E9"
    };
    return PreTokenizer.names().stream()
        .map(name -> PreTokenizer.of(name, "test.gguf"))
        .filter(pre -> seen.add(pre.expressions().stream().map(Object::toString).toList()))
        .map(
            pre ->
                dynamicTest(
                    pre.name(),
                    () -> {
                      for (String unit : units) {
                        String text = unit.repeat(1_000_000 / unit.length()) + " x";
                        assertTimeoutPreemptively(
                            Duration.ofSeconds(60),
                            () -> {
                              IntList ends = pre.split(text);
                              assertThat(ends.get(ends.size() - 1)).isEqualTo(text.length());
                            },
                            () -> pre.name() + " on '" + unit + "'");
                      }
                    }));
  }

  @Test
  void anUnknownNameIsRefusedWithTheKnownOnes() {
    assertThatThrownBy(() -> PreTokenizer.of("zonda-9", "test.gguf"))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageStartingWith("test.gguf: tokenizer.ggml.pre 'zonda-9' is not supported; known: ")
        .hasMessageContainingAll("gpt-2", "llama-bpe", "qwen2", "deepseek-coder")
        .hasMessageEndingWith(
            "; --pre-tokenizer default (or another of these) goes on with that one instead");
  }
}
