package org.zonda.model.tokenizer;

import java.util.Objects;

/**
 * A part of a prompt: either trusted text in which the names of special tokens are those tokens (a
 * chat template's own words), or untrusted text in which they are only text (what a user wrote).
 *
 * @param text any text, possibly empty
 * @param special whether {@code <|im_end|>} and the like are recognised in it
 */
public record Segment(String text, boolean special) {

  /** Checks that the text is there. */
  public Segment {
    Objects.requireNonNull(text, "text");
  }

  /**
   * Trusted text.
   *
   * @param text a template's words
   * @return a segment in which special tokens are parsed
   */
  public static Segment template(String text) {
    return new Segment(text, true);
  }

  /**
   * Untrusted text.
   *
   * @param text a message's content
   * @return a segment in which special tokens stay plain text
   */
  public static Segment plain(String text) {
    return new Segment(text, false);
  }
}
