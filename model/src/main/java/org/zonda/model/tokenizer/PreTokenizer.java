package org.zonda.model.tokenizer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.zonda.model.UnsupportedModelException;

/**
 * Cuts a text into the words within which byte-level BPE merges, by the regular expressions that
 * the models' authors published in their {@code tokenizer.json}; {@code tokenizer.ggml.pre} names
 * them. Each expression cuts what the one before left: matches and the gaps between them are pieces
 * alike. Adding a pre-tokenizer is one entry.
 *
 * <p>In the expressions {@code \s} is Unicode's White_Space and {@code \p{L}} and its like are the
 * general categories. None of them repeats a group or lets two neighbouring repetitions compete for
 * more than one run of text, so that time stays linear and the stack flat on any input.
 *
 * @param name the value of {@code tokenizer.ggml.pre}
 * @param expressions applied one after another
 * @param ignoresMerges whether a word that is a token is that token, whatever the merges say
 * @param addsBos whether prompts begin with BOS where the metadata says nothing
 */
record PreTokenizer(
    String name, List<Pattern> expressions, boolean ignoresMerges, boolean addsBos) {

  private static final String CONTRACTIONS = "'s|'t|'re|'ve|'m|'ll|'d";

  private static final String GPT2 =
      CONTRACTIONS + "| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

  private static final String LINES_AND_SPACES = "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  /** GPT-4's words, which Llama 3, Qwen and others use with numbers of their own. */
  private static final String GPT4_WORDS =
      "(?i:" + CONTRACTIONS + ")|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|";

  private static final String GPT4_SIGNS = "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*" + LINES_AND_SPACES;

  private static final String LLAMA3 = GPT4_WORDS + "\\p{N}{1,3}" + GPT4_SIGNS;

  private static final String QWEN2 = GPT4_WORDS + "\\p{N}" + GPT4_SIGNS;

  private static final String UPPER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";

  private static final String LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";

  /** GPT-4o's words, cut where lower case turns to upper case. */
  private static String caseWords(String suffix) {
    String before = "[^\\r\\n\\p{L}\\p{N}]?";
    return before + UPPER + "*" + LOWER + "+" + suffix + "|" + before + UPPER + "+" + LOWER + "*"
        + suffix;
  }

  private static final String TEKKEN =
      caseWords("") + "|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*" + LINES_AND_SPACES;

  private static final String GPT4O =
      caseWords("(?i:" + CONTRACTIONS + ")?")
          + "|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*"
          + LINES_AND_SPACES;

  private static final String DEEPSEEK3 =
      "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+"
          + "|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
          + "| ?[\\p{P}\\p{S}]+[\\r\\n]*"
          + LINES_AND_SPACES;

  private static final String BLOOM = " ?[^(\\s|.,!?\u2026\u3002\uFF0C\u3001\u0964\u06D4\u060C)]+";

  private static final Map<String, PreTokenizer> ALL = new LinkedHashMap<>();

  static {
    // What llama.cpp falls back to, and what files without tokenizer.ggml.pre were made for.
    add(List.of("default"), "[\\p{P}$+<=>^~|]+", GPT2, "\\p{N}+", "[0-9][0-9][0-9]");
    add(List.of("gpt-2", "phi-2", "mpt", "olmo", "jais", "exaone4", "mellum"), GPT2);
    addWholeWords(List.of("llama-bpe", "llama3", "llama-v3", "falcon3", "pixtral", "lfm2"), LLAMA3);
    add(List.of("dbrx", "smaug-bpe", "glm4", "chatglm-bpe"), LLAMA3);
    add(List.of("qwen2", "stablelm2", "deepseek-r1-qwen", "megrez", "hunyuan"), QWEN2);
    addWholeWords(List.of("tekken"), TEKKEN);
    add(List.of("gpt-4o", "llama4"), GPT4O);
    add(
        List.of("starcoder", "refact", "command-r", "smollm", "codeshell", "exaone", "minerva-7b"),
        "\\p{N}",
        GPT2);
    add(List.of("falcon"), "[\\p{P}$+<=>^~|`]+", GPT2, "[0-9][0-9][0-9]");
    add(
        List.of("deepseek-coder"),
        "[\\r\\n]",
        "\\s?\\p{L}+",
        "\\s?\\p{P}+",
        "[\u4E00-\u9FA5\u0800-\u4E00\uAC00-\uD7FF]+",
        "\\p{N}");
    add(
        List.of("deepseek-v3", "hunyuan-dense"),
        "\\p{N}{1,3}",
        "[\u4E00-\u9FA5\u3040-\u309F\u30A0-\u30FF]+",
        DEEPSEEK3);
    add(List.of("bloom", "gpt3-finnish", "poro-chat"), BLOOM);
    add(List.of("viking"), BLOOM, "\\p{N}");
  }

  private static void add(List<String> names, String... expressions) {
    add(names, false, expressions);
  }

  /** Those that ignore merges also have BOS by default. */
  private static void addWholeWords(List<String> names, String... expressions) {
    add(names, true, expressions);
  }

  private static void add(List<String> names, boolean wholeWords, String... expressions) {
    List<Pattern> patterns =
        java.util.Arrays.stream(expressions)
            .map(expression -> Pattern.compile(expression, Pattern.UNICODE_CHARACTER_CLASS))
            .toList();
    for (String name : names) {
      ALL.put(name, new PreTokenizer(name, patterns, wholeWords, wholeWords));
    }
  }

  /**
   * Finds a pre-tokenizer.
   *
   * @param name the value of {@code tokenizer.ggml.pre}
   * @param label what the error message calls the model
   * @return the pre-tokenizer
   * @throws UnsupportedModelException if the name is unknown; the message lists the known
   */
  static PreTokenizer of(String name, String label) {
    PreTokenizer found = ALL.get(name);
    if (found == null) {
      throw new UnsupportedModelException(
          "%s: tokenizer.ggml.pre '%s' is not supported; known: %s"
              .formatted(label, name, String.join(", ", ALL.keySet())));
    }
    return found;
  }

  /**
   * All names.
   *
   * @return in the order of the table
   */
  static List<String> names() {
    return List.copyOf(ALL.keySet());
  }

  /**
   * Cuts a text.
   *
   * @param text well-formed text
   * @return the end of each word, from left to right; together the words are the text
   */
  IntList split(String text) {
    IntList ends = new IntList();
    ends.add(text.length());
    for (Pattern expression : expressions) {
      ends = cut(expression.matcher(text), ends);
    }
    return ends;
  }

  private static IntList cut(Matcher matcher, IntList pieces) {
    IntList ends = new IntList();
    int start = 0;
    for (int i = 0; i < pieces.size(); i++) {
      int end = pieces.get(i);
      // Lookahead does not see past the region, as if the piece were the whole text.
      matcher.region(start, end);
      while (matcher.find()) {
        if (matcher.start() > start) {
          ends.add(matcher.start());
        }
        ends.add(matcher.end());
        start = matcher.end();
      }
      if (start < end) {
        ends.add(end);
        start = end;
      }
    }
    return ends;
  }
}
