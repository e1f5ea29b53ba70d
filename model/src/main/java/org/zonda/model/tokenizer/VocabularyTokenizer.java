package org.zonda.model.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import org.zonda.model.ZondaException;

/**
 * What all tokenizers of a {@link Vocabulary} share: special tokens, prompts, decoding. A subclass
 * turns the text between two special tokens into tokens, and an ordinary token into bytes.
 */
abstract sealed class VocabularyTokenizer implements Tokenizer
    permits SentencePieceTokenizer, BytePairTokenizer, WordPieceTokenizer, UnigramTokenizer {

  private static final byte[] NOTHING = new byte[0];

  final Vocabulary vocabulary;
  private final SpecialTokens specialTokens;
  private final BitSet ends;
  private final PromptFrame frame;

  /**
   * Prepares the tokenizer.
   *
   * @param vocabulary the tokens
   * @param frame what stands around a prompt
   */
  VocabularyTokenizer(Vocabulary vocabulary, PromptFrame frame) {
    this.vocabulary = vocabulary;
    this.specialTokens = new SpecialTokens(vocabulary);
    this.ends = MarkerNames.endsOf(vocabulary);
    this.frame = frame;
  }

  /**
   * Encodes the text between two special tokens.
   *
   * @param text well-formed text, not empty
   * @param output receives the tokens
   */
  abstract void encodeText(String text, IntList output);

  /** The UTF-8 of a normal or unused token. */
  abstract byte[] textBytes(int token);

  /** Whether a token begins with a space that the tokenizer may have put before a text. */
  abstract boolean beginsWithPrefix(int token);

  @Override
  public final int[] encode(String text, Specials specials) {
    IntList output = new IntList();
    encode(List.of(new Segment(text, specials == Specials.PARSED)), output);
    return output.toArray();
  }

  @Override
  public final int[] encodePrompt(String text, Specials specials) {
    return encodePrompt(List.of(new Segment(text, specials == Specials.PARSED)));
  }

  @Override
  public final int[] encodePrompt(List<Segment> segments) {
    IntList output = new IntList();
    encode(segments, output);
    int size = output.size();
    int bos = frame.bos().orElse(-1);
    int eos = frame.eos().orElse(-1);
    boolean prepend = frame.addBos() && (size == 0 || output.get(0) != bos);
    boolean append = frame.addEos() && (size == 0 || output.get(size - 1) != eos);
    int[] prompt = new int[size + (prepend ? 1 : 0) + (append ? 1 : 0)];
    if (prepend) {
      prompt[0] = bos;
    }
    output.copyTo(prompt, prepend ? 1 : 0);
    if (append) {
      prompt[prompt.length - 1] = eos;
    }
    return prompt;
  }

  /** Neighbouring text is one fragment, whichever segments it is from. */
  private void encode(List<Segment> segments, IntList output) {
    StringBuilder pending = new StringBuilder();
    for (Segment segment : segments) {
      String text = wellFormed(segment.text());
      int position = 0;
      for (SpecialTokens.Match match : specialTokens.find(text, segment.special())) {
        flush(pending.append(text, position, match.start()), output);
        output.add(match.token());
        position = match.end();
      }
      pending.append(text, position, text.length());
    }
    flush(pending, output);
  }

  private void flush(StringBuilder pending, IntList output) {
    if (!pending.isEmpty()) {
      encodeText(pending.toString(), output);
      pending.setLength(0);
    }
  }

  /** Replaces lone surrogates, which no UTF-8 can express, by U+FFFD. */
  private static String wellFormed(String text) {
    StringBuilder repaired = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isSurrogate(c)) {
        continue;
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
        continue;
      }
      if (repaired == null) {
        repaired = new StringBuilder(text);
      }
      repaired.setCharAt(i, '\uFFFD');
    }
    return repaired == null ? text : repaired.toString();
  }

  @Override
  public final String decode(int[] tokens) {
    TokenStream stream = stream(false);
    StringBuilder text = new StringBuilder();
    for (int token : tokens) {
      text.append(stream.push(token));
    }
    return text.append(stream.finish()).toString();
  }

  @Override
  public final TokenStream stream(boolean afterText) {
    return new Utf8TokenStream(this, !afterText);
  }

  @Override
  public final byte[] bytes(int token) {
    return switch (type(token)) {
      case CONTROL, UNKNOWN -> NOTHING;
      case USER_DEFINED -> piece(token).getBytes(StandardCharsets.UTF_8);
      case BYTE -> new byte[] {(byte) Vocabulary.byteValue(piece(token))};
      case NORMAL, UNUSED -> textBytes(token);
    };
  }

  @Override
  public final String piece(int token) {
    check(token);
    return vocabulary.piece(token);
  }

  @Override
  public final OptionalInt findToken(String piece) {
    return vocabulary.find(piece);
  }

  @Override
  public final boolean isControl(int token) {
    TokenType type = type(token);
    return type == TokenType.CONTROL || type == TokenType.UNKNOWN;
  }

  @Override
  public final boolean isEndOfGeneration(int token) {
    check(token);
    return ends.get(token);
  }

  @Override
  public final List<Integer> endOfGenerationTokens() {
    return ends.stream().boxed().toList();
  }

  @Override
  public final OptionalInt bos() {
    return frame.bos();
  }

  @Override
  public final OptionalInt eos() {
    return frame.eos();
  }

  @Override
  public final int vocabularySize() {
    return vocabulary.size();
  }

  final TokenType type(int token) {
    check(token);
    return vocabulary.type(token);
  }

  private void check(int token) {
    if (token < 0 || token >= vocabulary.size()) {
      throw new ZondaException(
          "%s: token %d is outside the vocabulary; expected 0 to %d"
              .formatted(vocabulary.label(), token, vocabulary.size() - 1));
    }
  }
}
