package org.zonda.model.tokenizer;

import java.text.Normalizer;
import java.util.function.Consumer;

/**
 * Cleans a text and cuts it into words as BERT's basic tokenizer does (Devlin et al. 2018,
 * arXiv:1810.04805): control characters are dropped; white space separates words; every punctuation
 * mark and every Chinese character is a word; upper case and accents go where the model knows none.
 *
 * <p>Each character is decomposed for itself, so that time stays linear: what the normal form of
 * the whole text would add, the order of accents, goes with them.
 *
 * @param lowerCase whether to write in lower case
 * @param stripAccents whether to decompose characters and drop their nonspacing marks
 */
record BertWords(boolean lowerCase, boolean stripAccents) {

  /**
   * Cuts a text.
   *
   * @param text well-formed text
   * @param output receives the words from left to right, none empty
   */
  void split(String text, Consumer<CharSequence> output) {
    Cutter cutter = new Cutter(output);
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (!isDropped(c)) {
        add(c, cutter);
      }
    }
    cutter.end();
  }

  private void add(int c, Cutter cutter) {
    if (isSpace(c)) {
      cutter.end();
    } else if (isChinese(c)) {
      // A compatibility ideograph is one by itself, and again once it is decomposed.
      cutter.end();
      normalise(c, cutter);
      cutter.end();
    } else if (c < 0x80) {
      cutter.add(lowerCase ? Character.toLowerCase(c) : c);
    } else {
      normalise(c, cutter);
    }
  }

  private void normalise(int c, Cutter cutter) {
    if (!stripAccents) {
      addLower(c, cutter);
      return;
    }
    String parts = Normalizer.normalize(Character.toString(c), Normalizer.Form.NFD);
    for (int i = 0; i < parts.length(); ) {
      int part = parts.codePointAt(i);
      i += Character.charCount(part);
      if (Character.getType(part) != Character.NON_SPACING_MARK) {
        addLower(part, cutter);
      }
    }
  }

  private void addLower(int c, Cutter cutter) {
    if (lowerCase && c == '\u0130') { // the only letter whose lower case is two characters
      cutter.add('i');
      cutter.add('\u0307');
    } else {
      cutter.add(lowerCase ? Character.toLowerCase(c) : c);
    }
  }

  private static boolean isDropped(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL -> c != '\t' && c != '\n' && c != '\r';
      case Character.FORMAT, Character.PRIVATE_USE, Character.SURROGATE -> true;
      default -> c == 0xFFFD;
    };
  }

  private static boolean isSpace(int c) {
    return c == '\t' || c == '\n' || c == '\r' || Character.isSpaceChar(c);
  }

  /** All of ASCII that is neither letter, digit nor space, and Unicode's punctuation. */
  private static boolean isPunctuation(int c) {
    if (c < 0x80) {
      return c > ' ' && c < 0x7F && !Character.isLetterOrDigit(c);
    }
    return switch (Character.getType(c)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      default -> false;
    };
  }

  /** The blocks of CJK ideographs that BERT knows; Hangul and kana are not among them. */
  private static boolean isChinese(int c) {
    return c >= 0x4E00 && c <= 0x9FFF
        || c >= 0x3400 && c <= 0x4DBF
        || c >= 0x20000 && c <= 0x2A6DF
        || c >= 0x2A700 && c <= 0x2B73F
        || c >= 0x2B740 && c <= 0x2B81F
        || c >= 0x2B820 && c <= 0x2CEAF
        || c >= 0xF900 && c <= 0xFAFF
        || c >= 0x2F800 && c <= 0x2FA1F;
  }

  /** Collects a word until it ends. */
  private static final class Cutter {
    private final Consumer<CharSequence> output;
    private final StringBuilder word = new StringBuilder();

    Cutter(Consumer<CharSequence> output) {
      this.output = output;
    }

    void add(int c) {
      if (isPunctuation(c)) {
        end();
        word.appendCodePoint(c);
        end();
      } else {
        word.appendCodePoint(c);
      }
    }

    void end() {
      if (!word.isEmpty()) {
        output.accept(word);
        word.setLength(0);
      }
    }
  }
}
