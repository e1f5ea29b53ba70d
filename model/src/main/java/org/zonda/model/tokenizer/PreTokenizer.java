package org.zonda.model.tokenizer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.zonda.model.UnsupportedModelException;
import org.zonda.model.ZondaException;

/**
 * Cuts a text into the words within which byte-level BPE merges, by the regular expressions that
 * the models' authors published in their {@code tokenizer.json}; {@code tokenizer.ggml.pre} names
 * them. Each expression cuts what the one before left: matches and the gaps between them are pieces
 * alike. Adding a pre-tokenizer is one entry.
 *
 * <p>In the expressions {@code \s} is Unicode's White_Space and {@code \p{L}} and its like are the
 * general categories. None of them repeats a group, and an attempt that fails costs no more than
 * one pass over a run of like characters that is then consumed: time stays linear and the stack
 * flat on any input.
 *
 * @param name the value of {@code tokenizer.ggml.pre}
 * @param expressions applied one after another
 * @param ignoresMerges whether a word that is a token is that token, whatever the merges say
 * @param addsBos whether prompts begin with BOS where the metadata says nothing
 * @param addsEos whether prompts end with EOS where the metadata says nothing
 */
record PreTokenizer(
    String name,
    List<Pattern> expressions,
    boolean ignoresMerges,
    boolean addsBos,
    boolean addsEos) {

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

  /** DeepSeek LLM's letters: those of alphabets with two cases. */
  private static final String DEEPSEEK_LETTERS =
      "A-Za-z\u00B5\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u01BA\u01BC-\u01BF\u01C4-\u0293"
          + "\u0295-\u02AF\u0370-\u0373\u0376\u0377\u037B-\u037D\u037F\u0386\u0388-\u038A\u038C"
          + "\u038E-\u03A1\u03A3-\u03F5\u03F7-\u0481\u048A-\u052F\u0531-\u0556\u10A0-\u10C5"
          + "\u13A0-\u13F5\u13F8-\u13FD\u1C90-\u1CBA\u1CBD-\u1CBF\u1D00-\u1D2B\u1D6B-\u1D77"
          + "\u1D79-\u1D9A\u1E00-\u1F15\u1F18-\u1F1D\u1F20-\u1F45\u1F48-\u1F4D\u1F50-\u1F57\u1F59"
          + "\u1F5B\u1F5D\u1F5F-\u1F7D\u1F80-\u1FB4\u1FB6-\u1FBC\u1FBE\u1FC2-\u1FC4\u1FC6-\u1FCC"
          + "\u1FD0-\u1FD3\u1FD6-\u1FDB\u1FE0-\u1FEC\u1FF2-\u1FF4\u1FF6-\u1FFC\u2102\u2107"
          + "\u210A-\u2113\u2115\u2119-\u211D\u2124\u2126\u2128\u212A-\u212D\u212F-\u2134\u2139"
          + "\u213C-\u213F\u2145-\u2149\u214E\u2183\u2184\u2C00-\u2C7B\u2C7E-\u2CE4\u2CEB-\u2CEE"
          + "\u2CF2\u2CF3\uA640-\uA66D\uA680-\uA69B\uA722-\uA76F\uA771-\uA787\uA78B-\uA78E"
          + "\uAB70-\uABBF\uFB00-\uFB06\uFB13-\uFB17\uFF21-\uFF3A\uFF41-\uFF5A"
          + "\uD801\uDC00-\uD801\uDC4F\uD801\uDCB0-\uD801\uDCD3\uD801\uDCD8-\uD801\uDCFB"
          + "\uD803\uDC80-\uD803\uDCB2\uD803\uDCC0-\uD803\uDCF2\uD806\uDCA0-\uD806\uDCDF"
          + "\uD83A\uDD00-\uD83A\uDD43";

  private static final String BLOOM = " ?[^(\\s|.,!?\u2026\u3002\uFF0C\u3001\u0964\u06D4\u060C)]+";

  private static final Map<String, PreTokenizer> ALL = new LinkedHashMap<>();

  static {
    // What llama.cpp falls back to, and what files without tokenizer.ggml.pre were made for.
    add(List.of("default"), "[\\p{P}$+<=>^~|]+", GPT2, "\\p{N}+", "[0-9][0-9][0-9]");
    add(List.of("gpt-2", "phi-2", "mpt", "olmo", "jais", "exaone4", "mellum", "trillion"), GPT2);
    add(List.of("jina-es", "jina-de", "jina-v2-es", "jina-v2-de", "modern-bert"), GPT2);
    add(List.of("gigachat", "a.x-4.0", "granite-docling"), GPT2);
    addEncoder(List.of("roberta-bpe", "jina-v1-en", "jina-v2-code"), GPT2);
    addWholeWords(List.of("llama-bpe", "llama3", "llama-v3", "falcon3", "pixtral", "lfm2"), LLAMA3);
    addWholeWords(List.of("falcon-h1", "midm-2.0", "jina-v5-nano"), LLAMA3);
    add(List.of("dbrx", "smaug-bpe", "glm4", "chatglm-bpe"), LLAMA3);
    add(List.of("qwen2", "stablelm2", "deepseek-r1-qwen", "megrez", "hunyuan"), QWEN2);
    add(List.of("kormo", "f2llmv2", "solar-open", "grok-2"), QWEN2);
    add(
        List.of("qwen35"),
        "(?i:"
            + CONTRACTIONS
            + ")|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}"
            + "| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*"
            + LINES_AND_SPACES);
    add(List.of("seed-coder"), GPT4_WORDS + "\\p{N}| ?[^\\s\\p{L}\\p{N}]+" + LINES_AND_SPACES);
    addWholeWords(List.of("tekken"), TEKKEN);
    add(List.of("gpt-4o", "llama4", "kanana2", "talkie", "minimax-m2"), GPT4O);
    add(
        List.of("starcoder", "refact", "command-r", "smollm", "codeshell", "exaone", "minerva-7b"),
        "\\p{N}",
        GPT2);
    add(List.of("mellum2"), "\\p{N}", GPT2);
    add(List.of("falcon"), "[\\p{P}$+<=>^~|`]+", GPT2, "[0-9][0-9][0-9]");
    add(
        List.of("deepseek-llm"),
        "[\\r\\n]",
        "\\s?[" + DEEPSEEK_LETTERS + "]+",
        "\\s?[!-/:-~\uFF01-\uFF0F\uFF1A-\uFF5E\u2018-\u201F\u3000-\u3002]+",
        "(?<!\\s)\\s++\\z", // \s+$, tried once for each run
        "[\u4E00-\u9FA5\u0800-\u4E00\uAC00-\uD7FF]+",
        "\\p{N}+");
    add(
        List.of("deepseek-coder"),
        "[\\r\\n]",
        "\\s?\\p{L}+",
        "\\s?\\p{P}+",
        "[\u4E00-\u9FA5\u0800-\u4E00\uAC00-\uD7FF]+",
        "\\p{N}");
    add(
        List.of("deepseek-v3", "hunyuan-dense", "joyai-llm"),
        "\\p{N}{1,3}",
        "[\u4E00-\u9FA5\u3040-\u309F\u30A0-\u30FF]+",
        DEEPSEEK3);
    add(List.of("bloom", "gpt3-finnish", "poro-chat"), BLOOM);
    add(List.of("viking"), BLOOM, "\\p{N}");
  }

  private static void add(List<String> names, String... expressions) {
    put(names, false, false, false, expressions);
  }

  /** Those that ignore merges also have BOS by default. */
  private static void addWholeWords(List<String> names, String... expressions) {
    put(names, true, true, false, expressions);
  }

  /** Encoders have BOS and EOS by default. */
  private static void addEncoder(List<String> names, String... expressions) {
    put(names, false, true, true, expressions);
  }

  private static void put(
      List<String> names,
      boolean ignoresMerges,
      boolean addsBos,
      boolean addsEos,
      String... expressions) {
    List<Pattern> patterns =
        java.util.Arrays.stream(expressions)
            .map(expression -> Pattern.compile(expression, Pattern.UNICODE_CHARACTER_CLASS))
            .toList();
    for (String name : names) {
      ALL.put(name, new PreTokenizer(name, patterns, ignoresMerges, addsBos, addsEos));
    }
  }

  /**
   * Finds a pre-tokenizer.
   *
   * @param name the value of {@code tokenizer.ggml.pre}
   * @param label what the error message calls the model
   * @return the pre-tokenizer
   * @throws UnsupportedModelException if the name is unknown; the message lists the known, and says
   *     how to go on with another
   */
  static PreTokenizer of(String name, String label) {
    PreTokenizer found = ALL.get(name);
    if (found == null) {
      throw new UnsupportedModelException(
          "%s: tokenizer.ggml.pre '%s' is not supported; known: %s; --pre-tokenizer default (or another of these) goes on with that one instead"
              .formatted(label, name, known()));
    }
    return found;
  }

  /**
   * Finds a pre-tokenizer that was asked for in place of the model's.
   *
   * @param name as it was asked for
   * @return the pre-tokenizer
   * @throws ZondaException if the name is unknown; the message lists the known
   */
  static PreTokenizer chosen(String name) {
    PreTokenizer found = ALL.get(name);
    if (found == null) {
      throw new ZondaException(
          "pre-tokenizer '%s' was asked for; known: %s".formatted(name, known()));
    }
    return found;
  }

  private static String known() {
    return String.join(", ", ALL.keySet());
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
